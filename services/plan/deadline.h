// SPDX-License-Identifier: Apache-2.0
// services/plan/deadline.h: when a commitment is due, and who answers for it.
//
//   const DeadlineFinder deadlines(lexicon);
//   deadlines.DueDate("6月底前建成投用", 2024)                -> "2024-06-30"
//   const UnitFinder units(lexicon);
//   units.ResponsibleUnit("（责任单位：法律援助中心）")        -> "法律援助中心"
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

class DeadlineFinder {
 public:
  explicit DeadlineFinder(const PlanLexicon& lexicon);

  // The last day, YYYY-MM-DD, that keeps the latest deadline named in `text`; a deadline without a year of its own is
  // in `year`. Empty if there is none, or if its year is unknown (0).
  std::string DueDate(std::string_view text, int year) const;

 private:
  std::vector<std::pair<std::string, int>> phrases_;  // words and the month whose last day they mean
  WordSet suffixes_;
};

class UnitFinder {
 public:
  explicit UnitFinder(const PlanLexicon& lexicon);

  // The unit that `text` names as answerable, as written; the first one named. Empty if none is.
  std::string ResponsibleUnit(std::string_view text) const;

 private:
  WordSet labels_;
  WordSet verbs_;
  WordSet no_verbs_;
  WordSet suffixes_;
};

}  // namespace duban
