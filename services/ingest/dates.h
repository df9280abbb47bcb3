// SPDX-License-Identifier: Apache-2.0
// services/ingest/dates.h: dates and years as pages write them.
//
//   FindDate("发布时间:2024-03-01 10:06")      // "2024-03-01"
//   FindDate("二〇二四年三月一日")              // "2024-03-01"
//   FindYears("2023年工作总结及2024年工作计划", lexicon.year_word())  // {2023, 0, 7}, {2024, 19, 7}
//
// Texts are folded (common/text/fold.h). Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/words.h"

namespace duban {

// A day, YYYY-MM-DD, and where it stands.
struct DateMention {
  std::string date;  // empty: none
  size_t begin = 0, end = 0;
};

// The first full date of `text`. Years 1990 to 2099.
DateMention FindDateMention(std::string_view text);
inline std::string FindDate(std::string_view text) { return FindDateMention(text).date; }

// The date that all of `text` is (blanks aside), as in a signature; empty otherwise.
std::string WholeDate(std::string_view text);

// A calendar year that is written as one, before one of `words`: 2023年, 2023年度, 2023学年, 二〇二三年, 2021-2022年
// (the later). Spans of more years (2021-2025年) are left out.
struct YearMention {
  int year;
  size_t begin;  // of its first digit
  size_t size;   // up to and with the word
};
std::vector<YearMention> FindYears(std::string_view text, const WordList& words);

// A number from 1 to 31 at *at: 3, 03, 三, 十三, 二十, 三十一. Moves *at behind it; 0 if there is none.
int ReadSmall(std::string_view text, size_t* at);

// What stands between the ends of a range: - — ~ 至 到 and the like.
bool IsRangeDash(char32_t c);

}  // namespace duban
