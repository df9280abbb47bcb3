// SPDX-License-Identifier: Apache-2.0
// services/ingest/dates.h: dates and years as pages write them.
//
//   FindDate("发布时间:2024-03-01 10:06")      // "2024-03-01"
//   FindDate("二〇二四年三月一日")              // "2024-03-01"
//   FindYears("2023年工作总结及2024年工作计划")  // {2023, 0, 7}, {2024, 19, 7}
//
// Texts are folded (common/text/fold.h). Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace duban {

// The first full date of `text` as YYYY-MM-DD; empty if there is none. Years 1990 to 2099.
std::string FindDate(std::string_view text);

// The date that all of `text` is (blanks aside), as in a signature; empty otherwise.
std::string WholeDate(std::string_view text);

// A calendar year that is written as one: 2023年, 2023年度, 二〇二三年, 2021-2022年 (the later). Spans of more years
// (2021-2025年) are left out.
struct YearMention {
  int year;
  size_t begin;  // of its first digit
  size_t size;   // up to and with 年
};
std::vector<YearMention> FindYears(std::string_view text);

}  // namespace duban
