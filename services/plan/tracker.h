// SPDX-License-Identifier: Apache-2.0
// services/plan/tracker.h: verdicts over the items of a plan, from the agency's later reports.
//
//   const Tracker tracker(lexicon);
//   tracker.Track(plan, results)   // {DELIVERED, 0.93, evidence {…建成投用。}, rule done_word} …
//
// Immutable: safe to call from any thread. Linear in the reports, and in items times the sentences that share words
// with them.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/distinction.h"
#include "services/plan/grams.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/targets.h"
#include "services/plan/voice.h"
#include "services/plan/word_set.h"

namespace duban {

class Tracker {
 public:
  // `plan` lends the verbs of acts.
  Tracker(const TrackLexicon& lexicon, const PlanLexicon& plan);
  Tracker(const Tracker&) = delete;  // its parts refer to reader_
  Tracker& operator=(const Tracker&) = delete;

  // As Planner::Track.
  std::vector<v1::Tracking> Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const;

 private:
  // As PassageIndex::Find, without the passages that tell of another thing.
  std::vector<Match> Find(const Commitment& commitment, const PassageIndex& index, double least, double coreless) const;
  // Whether a sentence tells in words that the core is done.
  bool TellsCoreDone(const Commitment& commitment, const PassageIndex& index, const std::vector<Match>& matches) const;
  // The passage that tells that a thing which was to be finished is still to be done, of those of which no target is
  // answered; -1 if there is none.
  int UndonePart(const Commitment& commitment, const PassageIndex& index, const GramWeights& weights,
                 const std::vector<TargetResult>& answered) const;
  // `whole_year`: a report on all of the year is among those of `index`.
  void JudgeByReport(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index,
                     const GramWeights& weights, bool whole_year, v1::Tracking* tracking) const;
  void JudgeByWords(const Commitment& commitment, const PassageIndex& index, const std::vector<Match>& matches,
                    bool whole_year, v1::Tracking* tracking) const;

  const TrackLexicon lexicon_;
  GramReader reader_;
  VoiceReader voices_;
  Distinctions distinctions_;
  TargetChecker targets_;
  WordSet completion_;
};

}  // namespace duban
