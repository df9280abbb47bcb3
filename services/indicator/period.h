// SPDX-License-Identifier: Apache-2.0
// services/indicator/period.h: the years that a sentence names, and from where on they hold.
//
//   for (const YearMention& m : FindYears("2022年办案512件，今年874件", 2023, words)) …   // {0, 2022}, {…, 2023}
//
// Years inside quotations, points of comparison (较上年, 比2019年) and document numbers are none. Pure functions; safe
// to call from any thread. Linear.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// A year that holds from `begin` on, until the next mention or `end`.
struct YearMention {
  size_t begin = 0;   // of the words that name it
  size_t behind = 0;  // of what follows them
  size_t end = 0;     // the end of its parenthesis or sentence
  int year = 0;
};

// The years named in `sentence`, in order. `base_year` is what 今年 means.
std::vector<YearMention> FindYears(std::string_view text, const SentenceView& sentence, int base_year,
                                   const LabelWords& words);

// The year whose four digits begin at `pos` of `text`; 0 if none of this age does, or if they are part of a longer
// number.
int YearAt(std::string_view text, size_t pos);

// Size of the date, span of time or part of the year that begins at `pos` of `text` (2023年1-11月, 截至11月底 from the
// digit on, 前三季度), 0 if there is none.
size_t DateAt(std::string_view text, size_t pos);

}  // namespace duban
