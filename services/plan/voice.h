// SPDX-License-Identifier: Apache-2.0
// services/plan/voice.h: what the words of a report say became of a thing: done, begun, intended, failed.
//
//   const VoiceReader voices(lexicon, acts, reader);
//   voices.Listen("城北公园未建成", "建成城北公园")                 // not_done
//   voices.Listen("《停车办法》已完成起草", "出台《停车办法》")      // going_on: a step only, and another one was
//   promised
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <string_view>

#include "services/plan/grams.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/passages.h"
#include "services/plan/word_set.h"

namespace duban {

struct Voice {
  bool done = false;
  bool under_way = false;  // begun and not finished, whatever was promised
  bool going_on = false;   // work goes on: keeps a promise to go on, but not one to finish
  bool intended = false;   // a plan still
  bool not_done = false;
};

class VoiceReader {
 public:
  // `plan` lends the verbs that a report can deny. `reader` must outlive the result.
  VoiceReader(const TrackLexicon& lexicon, const PlanLexicon& plan, const GramReader& reader);

  // What one clause says of a thing that was promised in the words of `promised`.
  Voice Listen(std::string_view clause, std::string_view promised) const;

  // What the parts of the passage that speak of `clause`, one of `commitment`, say of it.
  Voice Hear(const Commitment& commitment, const CommitmentClause& clause, const Passage& passage) const;

  // Whether the figure at byte `at` of `sentence` is told of what was not done, or is only a plan.
  bool DeniesFigure(std::string_view sentence, size_t at) const;

  // Whether the clauses of the passage that speak most of `part`, one of the things promised in the words of
  // `promised`, or that go on with it, tell that it is still to be done: 中心主体已完工，预计明年开园.
  bool TellsUndone(const CommitmentClause& part, std::string_view promised, const Passage& passage) const;

  // Whether the part of the passage that speaks of the clause sums up several years.
  bool TellsOtherYears(const CommitmentClause& clause, const Passage& passage) const;

 private:
  // Where the clause first says that something was not done, or is intended; npos if it does not.
  size_t Failure(std::string_view clause, std::string_view promised) const;
  size_t Intention(std::string_view clause) const;
  // The bytes up to the end of the verb that the negator in front of `text` denies; 0 if it denies none.
  size_t Denied(std::string_view text) const;
  // Whether the clause tells only that something is begun, where no more was promised in `wanted` or a step: 开工.
  bool KeepsStart(std::string_view clause, std::string_view wanted) const;
  // Whether what is denied at [begin, end) only describes a thing: 对未投保的12户.
  bool Describes(std::string_view clause, size_t begin, size_t end) const;
  // Adds what the words of completion say, in front of all that is denied or intended.
  void HearDone(std::string_view clause, std::string_view promised, Voice* voice) const;
  // Whether the word at [at, end) tells of a step on the way, other than what was promised: 完成选址.
  bool IsStep(std::string_view clause, size_t at, size_t end, std::string_view promised) const;
  // Whether `words`, one clause of a report, name a thing of their own in front of byte `at`, and not that of `wanted`.
  bool NamesOther(const CommitmentClause& wanted, std::string_view words, size_t at) const;
  // How many pairs a part of a sentence shares with the clause.
  size_t Shared(const CommitmentClause& clause, std::string_view part) const;

  const GramReader& reader_;
  WordSet done_;
  WordSet under_way_;
  WordSet going_on_;
  WordSet not_done_;
  WordSet failed_end_;
  WordSet negator_;
  WordSet no_negator_;
  WordSet negated_filler_;
  WordSet object_marker_;
  WordSet reason_;
  WordSet only_;
  WordSet intend_;
  WordSet intend_opening_;
  WordSet no_intend_;
  WordSet later_;
  WordSet step_;
  WordSet start_;
  WordSet begun_;
  WordSet act_noun_;
  WordSet act_;
  WordSet over_years_;
};

}  // namespace duban
