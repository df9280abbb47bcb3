// SPDX-License-Identifier: Apache-2.0
// services/plan/units.h: who answers for a commitment, and who takes part.
//
//   const UnitFinder units(lexicon);
//   units.Find("（责任单位：法律援助中心；配合单位：各司法所）")   // 法律援助中心, {各司法所}
//   units.Find("会同县教育局、团县委开展宣讲")                     // "", {县教育局, 团县委}
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

// Units as written.
struct Units {
  std::string responsible;               // empty if none is named
  std::vector<std::string> cooperating;  // in order, none twice, without the responsible one
};

class UnitFinder {
 public:
  explicit UnitFinder(const PlanLexicon& lexicon);

  // The units that `text` names: the first one answerable, all that take part.
  Units Find(std::string_view text) const;

  // The units of a list, split at 、 and the like: "办公室、各司法所等" -> 办公室, 各司法所.
  std::vector<std::string> Split(std::string_view list) const;

 private:
  // What stands behind the label of `labels` at or behind `from`; empty if there is none. *end is where it ends.
  std::string_view BehindLabel(const WordSet& labels, std::string_view text, size_t from, size_t* end) const;
  // The unit that stands right in front of the verb at `verb`; empty if none does.
  std::string_view BeforeVerb(std::string_view text, size_t verb) const;
  // The list of units right behind `begin`; empty if what stands there is no unit.
  std::string_view BehindPreposition(std::string_view text, size_t begin) const;

  WordSet labels_;
  WordSet verbs_;
  WordSet no_verbs_;
  WordSet suffixes_;
  WordSet partner_labels_;
  WordSet partner_verbs_;
  WordSet partner_prepositions_;
  WordSet partner_suffixes_;
  WordSet actions_;
  WordSet noun_actions_;
  WordSet before_actions_;
};

}  // namespace duban
