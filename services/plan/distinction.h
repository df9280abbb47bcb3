// SPDX-License-Identifier: Apache-2.0
// services/plan/distinction.h: whether a sentence that shares most words with a promise speaks of another thing.
//
//   const Distinctions distinctions(lexicon, plan, reader);
//   distinctions.IsOther("举办河长培训班", "举办财务人员培训班4期")      // true: another name before what both share
//   distinctions.IsOther("创建4A级景区", "新增3A级景区1家")               // true: another code
//
// Immutable: safe to call from any thread. Quadratic in the two texts, which are a clause and a sentence.

#pragma once

#include <string_view>

#include "services/plan/grams.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

class Distinctions {
 public:
  // `plan` lends the verbs, which are no names. `reader` must outlive the result.
  Distinctions(const TrackLexicon& lexicon, const PlanLexicon& plan, const GramReader& reader);

  // Whether `sentence` tells of another thing than `clause` promises: one with another code, of another grade, that was
  // ended and not made, or that bears another name before the words that both share.
  bool IsOther(std::string_view clause, std::string_view sentence) const;

  // What the words of a label name, without verbs, generic words and figures in front of it; empty if they name
  // nothing.
  std::string_view NameOf(std::string_view label) const { return NameBefore(label, label.size()); }

  // Whether the labels of two shares end with words for two kinds of them: 率 and 满意度.
  bool AreOtherShares(std::string_view one, std::string_view other) const;

 private:
  // Whether the number at byte `number`, with a word of grade up to `behind`, counts levels: 县乡村三级, 四级网络.
  bool CountsLevels(std::string_view text, size_t number, size_t behind) const;
  bool HasOtherGrade(std::string_view clause, std::string_view sentence) const;
  // Whether what was to be made is ended in the part of the sentence that shares most with the clause.
  bool IsEnded(std::string_view clause, std::string_view sentence) const;
  bool HasOtherName(std::string_view clause, std::string_view sentence) const;
  // What stands right before byte `at`, back to a stop, a figure, a particle or a verb; empty if it names nothing.
  std::string_view NameBefore(std::string_view text, size_t at) const;
  bool AreTwoNames(std::string_view wanted, std::string_view have) const;

  const GramReader& reader_;
  WordSet generic_;
  WordSet act_;
  WordSet particle_;
  WordSet place_suffix_;
  WordSet grade_;
  WordSet levelled_;
  WordSet making_;
  WordSet made_;
  WordSet ending_;
};

}  // namespace duban
