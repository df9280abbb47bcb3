// SPDX-License-Identifier: Apache-2.0
// services/plan/targets.h: a promised number held against the number that a later report states.
//
//   const TargetChecker checker(lexicon, reader);
//   for (const TargetResult& r : checker.Check(plan, commitment, index, matches)) …
//   // {planned 80, actual 62, unit 场, met false}, and the passage that states it
//
// Immutable: safe to call from any thread.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/word_set.h"

namespace duban {

struct TargetResult {
  v1::Tracking::Target target;  // actual is set
  int passage = 0;              // that states actual
  double score = 0;             // how surely both figures measure the same thing, 0 to 1
};

class TargetChecker {
 public:
  // `reader` must outlive the checker.
  TargetChecker(const TrackLexicon& lexicon, const GramReader& reader);

  // A result for each target of the commitment that a passage of `index` answers, in the order of the targets; a
  // promise of all (全覆盖) counts as 100 %. `plan` is the analysis that holds the commitment.
  std::vector<TargetResult> Check(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index,
                                  const GramWeights& weights) const;

  // Whether the core of `commitment` promises a number.
  bool CorePromisesFigure(const v1::Analysis& plan, const Commitment& commitment) const;

  // Whether a passage of `index` states a figure of the catalog metric of one of the targets, answer or not.
  bool SharesMetric(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index) const;

 private:
  // A figure of a passage, of the kind that could answer a target.
  struct Candidate {
    const v1::Indicator* indicator;
    int passage;
  };

  bool SameUnit(const v1::Indicator& one, const v1::Indicator& other) const;
  // Whether a figure, whose label has nothing of the target's in `clause`, measures another thing.
  bool MeasuresOther(const CommitmentClause* clause, const Candidate& candidate, const PassageIndex& index,
                     const std::vector<Candidate>& candidates) const;
  // How surely `candidate` answers `target`: 0 if not, above 1 for one of several sure ones that fits best.
  double Likelihood(const v1::Indicator& target, const CommitmentClause* clause, const Commitment& commitment,
                    const Candidate& candidate, const std::vector<Candidate>& candidates, const PassageIndex& index,
                    const GramWeights& weights) const;
  std::vector<Candidate> Candidates(const PassageIndex& index, int year) const;
  static bool IsMet(const v1::PlanTarget& promise, const v1::Indicator& actual);
  // Whether what follows in the year cannot undo it, so that a report on its first months tells it.
  static bool IsMetForGood(const v1::PlanTarget& promise, const v1::Indicator& actual);
  // Whether two figures, known to be of different years, surely measure one thing.
  bool SameThing(const v1::Indicator& one, const v1::Indicator& other, const GramWeights& weights) const;
  // The figure of the year before `year` in the report that made the plan; nullptr if it tells none.
  const v1::Indicator* LastYear(const v1::Analysis& plan, int year, std::string_view label, const std::string& metric,
                                const GramWeights& weights) const;
  // Each fills `result` and answers true if a candidate answers the promise: with a figure of its own, all of
  // something, or with last year's figure of what `label` says.
  bool CheckFigure(const v1::Indicator& target, const v1::PlanTarget& promise, const CommitmentClause* clause,
                   const Commitment& commitment, const PassageIndex& index, const std::vector<Candidate>& candidates,
                   const GramWeights& weights, TargetResult* result) const;
  bool CheckFull(const CommitmentClause& clause, const Commitment& commitment, const PassageIndex& index,
                 const std::vector<Candidate>& candidates, TargetResult* result) const;
  bool CheckAgainstLastYear(const v1::Analysis& plan, const v1::PlanTarget& promise, std::string_view label,
                            const std::string& metric, const PassageIndex& index,
                            const std::vector<Candidate>& candidates, const GramWeights& weights,
                            TargetResult* result) const;
  // Whether the figure was summed up over several years.
  bool SumsOverYears(const Passage& passage, const v1::Indicator& indicator) const;
  // The weight of what `part` is about that `whole` has, and that it has not.
  std::pair<double, double> Split(std::string_view part, std::string_view whole, const GramWeights& weights) const;
  // How much of what `part` is about is in `whole`, 0 to 1.
  double Share(std::string_view part, std::string_view whole, const GramWeights& weights) const;
  // How alike two labels are, 0 to 1.
  double Likeness(std::string_view one, std::string_view other, const GramWeights& weights) const;

  const GramReader& reader_;
  WordSet full_reached_;
  WordSet share_suffix_;
  WordSet over_years_;
  std::vector<std::vector<std::string>> same_units_;
};

}  // namespace duban
