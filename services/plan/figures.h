// SPDX-License-Identifier: Apache-2.0
// services/plan/figures.h: the figures of later reports that could answer a promised one, and how surely one does.
//
//   const FigureMatcher figures(lexicon, reader, voices, distinctions);
//   const auto candidates = figures.Candidates(index, 2024);
//   figures.Likelihood(target, clause, commitment, candidates[0], candidates, index, weights)   // 0.83
//
// Immutable: safe to call from any thread. Linear in the report.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/distinction.h"
#include "services/plan/grams.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/voice.h"
#include "services/plan/word_set.h"

namespace duban {

// 个百分点 -> 百分点.
std::string_view BareUnit(std::string_view unit);

// Whether `text` tells of `part` as one of the things that `whole` counts, and no more of them: 12个乡镇中有8个.
bool IsWholeOf(std::string_view text, const v1::Indicator& whole, const v1::Indicator& part);

class FigureMatcher {
 public:
  // Share of one label that another one must have to speak of the same.
  static constexpr double kMostly = 0.4;
  // Likeness of labels that surely measure one thing.
  static constexpr double kSurelyAlike = 0.8;

  // A figure of a passage, of the kind that could answer a target.
  struct Candidate {
    const v1::Indicator* indicator;
    int passage;
    bool part_year;    // told of some months of the year only
    bool sum = false;  // summed up over the years, with the part of this year behind it
    // The things that it is told of, and those of which they are a part; nullptr if it is told of no part. Where it
    // counts the part itself, only the latter.
    const v1::Indicator* part = nullptr;
    const v1::Indicator* whole = nullptr;
    // Keeps an indicator that the report has none for: small numbers in characters.
    std::shared_ptr<const v1::Indicator> spoken = nullptr;
  };

  // `reader`, `voices` and `distinctions` must outlive the matcher.
  FigureMatcher(const TrackLexicon& lexicon, const GramReader& reader, const VoiceReader& voices,
                const Distinctions& distinctions);

  // The figures of `index` that tell what was reached in `year` (0 for any), in order of their passages; none that is
  // told of several years, of a wider region, or the whole of a part told behind it.
  std::vector<Candidate> Candidates(const PassageIndex& index, int year) const;

  // Whether a sentence tells of `candidate` and of another figure of its unit that answers about as surely as `score`,
  // so that each may be but a part: 城东停车场2个、城西停车场3个.
  bool IsOneOfSeveral(const v1::Indicator& target, const CommitmentClause* clause, const Commitment& commitment,
                      const Candidate& candidate, double score, const std::vector<Candidate>& candidates,
                      const PassageIndex& index, const GramWeights& weights) const;

  // How surely `candidate`, one of `candidates`, answers `target`: 0 if not, above 1 for one of several sure ones that
  // fits best. `clause` is that of the target, nullptr if it is not known.
  double Likelihood(const v1::Indicator& target, const CommitmentClause* clause, const Commitment& commitment,
                    const Candidate& candidate, const std::vector<Candidate>& candidates, const PassageIndex& index,
                    const GramWeights& weights) const;

  // Whether both count things of one unit, about as many, and their names have a character in common: 改造户厕 and
  // 改厕.
  bool MayMeasure(const v1::Indicator& target, const v1::Indicator& actual) const;

  // Whether the words around the figure tell that it was reached, and of the thing that `clause` promises (nullptr if
  // it is not known): it is not denied or only intended.
  bool IsTold(const CommitmentClause* clause, const Candidate& candidate, const PassageIndex& index) const;

  // Whether two figures, known to be of different years, surely measure one thing.
  bool SameThing(const v1::Indicator& one, const v1::Indicator& other, const GramWeights& weights) const;

  // How much of what `part` is about is in `whole`, 0 to 1.
  double Share(std::string_view part, std::string_view whole, const GramWeights& weights) const;

 private:
  // The words of a figure's clause in front of it.
  static std::string_view WordsBefore(const Passage& passage, const v1::Indicator& indicator);
  // Adds the numbers below ten in characters that end a clause of passage `p`, which are no article: 建成食堂三家.
  void AddSpoken(const Passage& passage, int p, int year, std::vector<Candidate>* out) const;
  bool SameUnit(const v1::Indicator& one, const v1::Indicator& other) const;
  // Whether a figure, whose label has nothing of the target's in `clause`, measures another thing.
  bool MeasuresOther(const CommitmentClause* clause, const Candidate& candidate, const PassageIndex& index,
                     const std::vector<Candidate>& candidates) const;
  // Whether the figure was summed up over several years, or is that of more than the agency's own region: 全省 in the
  // report of a county.
  bool IsOfOthers(const Passage& passage, const v1::Indicator& indicator, int year) const;
  // Whether the clause of the figure opens with another year than `year` (2023年新建站点9个), or with one since which
  // it was summed up (自2021年以来).
  bool IsOfOtherYear(std::string_view clause, int year) const;
  // Whether a figure is all there is where `next`, behind it, is the part of this year: 累计改造90户，其中今年20户.
  bool IsSum(std::string_view text, const v1::Indicator& indicator, const v1::Indicator& next) const;
  // Whether a figure only sizes the thing of which `next`, behind it, is done: 3000亩果园项目已完成1800亩.
  bool IsSize(std::string_view text, const v1::Indicator& indicator, const v1::Indicator& next) const;
  // Whether the clause of the figure names what the target does, at most without some of its modifiers, says nothing
  // else, and counts about as many: 引进护理人员41名 for 招聘护理专业人员60名.
  bool NamesSame(const v1::Indicator& target, const CommitmentClause& clause, const Candidate& candidate,
                 const PassageIndex& index) const;
  // What a label names, without the word for what of it is measured (面积).
  std::string_view ThingOf(std::string_view label) const;
  // Whether `clause` promises how many there are to be in all, whatever is new of them: 企业达到20家.
  bool PromisesStock(const CommitmentClause& clause) const;
  // Whether it is what is new of a stock told in the same sentence, where `clause` promises the stock:
  // 新增3家，总数达21家.
  bool IsNewOfStock(const CommitmentClause& clause, const Candidate& candidate, const PassageIndex& index,
                    const std::vector<Candidate>& candidates) const;
  // Whether it is a stock where `target` counts what is new: 拥有量1860件 for 新增150件.
  bool IsStock(const CommitmentClause& clause, const Candidate& candidate, const PassageIndex& index) const;
  // Whether the figure is that of some months only, of whatever its report covers: 截至6月底建站9个，全年20个.
  bool IsOfPartYear(const Passage& passage, const v1::Indicator& indicator) const;
  // The weight of what `part` is about that `whole` has, and that it has not.
  std::pair<double, double> Split(std::string_view part, std::string_view whole, const GramWeights& weights) const;
  // How alike two labels are, 0 to 1.
  double Likeness(std::string_view one, std::string_view other, const GramWeights& weights) const;

  const GramReader& reader_;
  const VoiceReader& voices_;
  const Distinctions& distinctions_;
  WordSet over_years_;
  WordSet part_year_;
  WordSet whole_year_;
  WordSet units_;
  WordSet flow_;
  WordSet stock_;
  WordSet sum_;
  WordSet this_year_;
  WordSet last_year_;
  WordSet done_;
  WordSet measure_;
  WordSet lead_in_;
  WordSet in_all_;
  WordSet handed_on_;
  struct Scope {
    v1::Agency::Level level;
    WordSet words;
    WordSet own;
    bool beside;  // one of `own` must stand in the sentence
  };
  std::vector<Scope> scopes_;
  std::vector<std::vector<std::string>> same_units_;
};

}  // namespace duban
