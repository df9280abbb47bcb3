// SPDX-License-Identifier: Apache-2.0
// services/indicator/comparison.h: against what a figure is held: 同比, 较上年, 比2020年、2021年.
//
//   const Comparison base = FindComparison(text, figure.before, words);   // 较上年 of 案件较上年增长, PREVIOUS_YEAR
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <cstdint>
#include <string_view>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// Words that name a point of comparison.
struct Comparison {
  Range range;  // empty, at the end of what was searched, if there are none
  v1::Indicator::Base base = v1::Indicator::BASE_UNSPECIFIED;
  uint64_t tags = 0;  // the classes of the words
  int periods = 1;    // how many it names: 2 for 较2020年、2021年

  explicit operator bool() const { return !range.empty(); }
};

// The last point of comparison that `range` names.
Comparison FindComparison(std::string_view text, Range range, const LabelWords& words);

// What changed, of the words `rest` before a verb of change of which `compared` is the point of comparison: those
// before it or, where they are none, behind it. Empty if the change speaks of a figure before.
Range ChangeSubject(std::string_view text, Range rest, Range compared, const LabelWords& words);

// The year that the words of `range` name; 0 if they name none.
int YearIn(std::string_view text, Range range);

}  // namespace duban
