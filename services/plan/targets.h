// SPDX-License-Identifier: Apache-2.0
// services/plan/targets.h: a promised number held against the number that a later report states.
//
//   const TargetChecker checker(lexicon, reader, voices, distinctions);
//   for (const TargetResult& r : checker.Check(plan, commitment, index, matches)) …
//   // {planned 80, actual 62, unit 场, met false}, and the passage that states it
//
// Immutable: safe to call from any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/figures.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/voice.h"
#include "services/plan/word_set.h"

namespace duban {

struct TargetResult {
  v1::Tracking::Target target;            // actual is set
  int passage = 0;                        // that states actual
  size_t at = 0;                          // byte of PlanItem.text at which it is promised
  bool of_core = false;                   // promised in the clause that names the thing
  const v1::Indicator* answer = nullptr;  // that states actual, while the surest are sought
  double score = 0;                       // how surely both figures measure the same thing, 0 to 1
};

class TargetChecker {
 public:
  // `reader`, `voices` and `distinctions` must outlive the checker.
  TargetChecker(const TrackLexicon& lexicon, const GramReader& reader, const VoiceReader& voices,
                const Distinctions& distinctions);

  // A result for each target of the commitment that a passage of `index` answers, in the order of the targets; a
  // promise of all (全覆盖) counts as 100 %. `plan` is the analysis that holds the commitment.
  std::vector<TargetResult> Check(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index,
                                  const GramWeights& weights) const;

  // Whether the core of `commitment` promises a number.
  bool CorePromisesFigure(const v1::Analysis& plan, const Commitment& commitment) const;

  // The same for a share of less than all: where no figure answers it, no word keeps it.
  bool CorePromisesShare(const v1::Analysis& plan, const Commitment& commitment) const;

  // Whether a passage of `index` states a figure of the catalog metric of one of the targets, or one that counts about
  // as many of a thing with a like name, answer or not.
  bool MayBeAnswered(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index) const;

 private:
  using Candidate = FigureMatcher::Candidate;

  static bool IsMet(const v1::PlanTarget& promise, const v1::Indicator& actual);
  // Whether what follows in the year cannot undo it, so that a report on its first months tells it.
  static bool IsMetForGood(const v1::PlanTarget& promise, const v1::Indicator& actual);
  // The figure of the year before `year` in the report that made the plan; nullptr if it tells none.
  const v1::Indicator* LastYear(const v1::Analysis& plan, int year, std::string_view label, const std::string& metric,
                                const GramWeights& weights) const;
  // One figure answers one target, the one that it does most surely: 急救站9个 is not the number of 急救中心 too.
  static void KeepSurest(std::vector<TargetResult>* results);
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
  FigureMatcher figures_;
  WordSet every_;
  WordSet full_reached_;
  WordSet share_suffix_;
};

}  // namespace duban
