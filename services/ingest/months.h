// SPDX-License-Identifier: Apache-2.0
// services/ingest/months.h: parts of a year as titles name them.
//
//   FindMonths("2023年上半年工作总结和下半年工作计划", lexicon)   // {1, 6, 7, 9}, {7, 12, 31, 9}
//   FindMonths("2023年1—9月工作总结", lexicon)                  // {1, 9, 7, 8}
//   FindMonths("2023年工作情况（截至5月底）", lexicon)            // {1, 5, 20, 13}
//
// Texts are folded (common/text/fold.h). Pure functions; safe to call from any thread. Cost is words x text: for titles
// and headings.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "services/ingest/lexicon.pb.h"

namespace duban {

struct MonthsMention {
  int first, last;  // months, 1 to 12
  size_t begin;     // bytes
  size_t size;
};

// The part of a year that stands at `at`; size 0 if none does.
MonthsMention MonthsAt(std::string_view text, size_t at, const ingest::ReportLexicon& lexicon);

// Every part of a year that `text` names, in order, none overlapping: words of the lexicon, ranges of months, and what
// is up to a month. Single months are dates and are left out, but for 5月份.
std::vector<MonthsMention> FindMonths(std::string_view text, const ingest::ReportLexicon& lexicon);

}  // namespace duban
