// SPDX-License-Identifier: Apache-2.0
// services/ingest/period_headings.h: what one title or heading says of the report and of the plan.
//
//   ReadHeading("2023年上半年工作总结", words).report      // 2023, months 1 to 6, 总结
//   for (std::string_view heading : Headings(text)) …     // lines and pieces that may be headings
//
// Texts are folded. Pure functions; safe to call from any thread. Linear in the text.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "services/ingest/months.h"
#include "services/ingest/period.h"
#include "services/ingest/words.h"

namespace duban {

inline constexpr size_t kLongestHeading = 40 * 3;  // bytes

// What a title or heading says of the report or of the plan. Places are bytes of the heading.
struct HeadingHalf {
  int year = 0;
  WordHit year_at, word;  // word is what makes it a report or a plan; not found if nothing does
  MonthsMention months{0, 0, 0, 0};
  bool said() const { return word.found(); }
};

struct HeadingPeriods {
  HeadingHalf report, plan;
};

// Year by year: the words between one year and the next tell which half it is of.
HeadingPeriods ReadHeading(std::string_view heading, const PeriodWords& lexicon);

// Lines, and sentences or pieces between blanks that begin with an enumerator, short enough. A line with one blank is
// whole if its number stands before that (一、 2023年工作情况); one with more is a row of cells.
std::vector<std::string_view> Headings(std::string_view text);

}  // namespace duban
