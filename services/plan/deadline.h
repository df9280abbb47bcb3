// SPDX-License-Identifier: Apache-2.0
// services/plan/deadline.h: when a commitment is due.
//
//   const DeadlineFinder deadlines(lexicon);
//   deadlines.DueDate("6月底前建成投用", 2024)                -> "2024-06-30"
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <optional>
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
  // in `year`, and one of an earlier year is none. Empty if there is none, or if its year is unknown (0).
  std::string DueDate(std::string_view text, int year) const;

  // The same of a table's cell that holds nothing but a deadline: 6月, 2024.6.30, 全年.
  std::string DueDateOfCell(std::string_view cell, int year) const;

 private:
  // The latest deadline; `bare`: a month needs no 底 or 前 behind it.
  std::string Latest(std::string_view text, int year, bool bare) const;
  // The year that stands right before `end`, as in 2025年 or 明年; nullopt if none does.
  std::optional<int> YearBefore(std::string_view text, size_t end, int year) const;

  std::vector<std::pair<std::string, int>> phrases_;  // words and the month whose last day they mean
  WordSet suffixes_;
  WordSet year_counts_;
  std::vector<std::pair<std::string, int>> month_parts_;     // words and the day; 0 is the month's last
  std::vector<std::pair<std::string, int>> relative_years_;  // words and years behind the plan's
};

}  // namespace duban
