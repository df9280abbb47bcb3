// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/months.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/dates.h"
#include "services/ingest/ingest_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAreArray;

// "first-last words" of each mention.
std::vector<std::string> Mentions(std::string_view text) {
  std::vector<std::string> out;
  for (const MonthsMention& mention : FindMonths(text, testing::TheReportLexicon())) {
    out.push_back(fmt::format("{}-{} {}", mention.first, mention.last, text.substr(mention.begin, mention.size)));
  }
  return out;
}

TEST(FindMonthsTest, FindsPartsOfAYear) {
  struct Case {
    std::string_view text;
    std::vector<std::string> mentions;
  };
  for (const Case& c : std::vector<Case>{
           {"2023年上半年工作总结和下半年工作计划", {"1-6 上半年", "7-12 下半年"}},
           {"2023年1-9月工作总结", {"1-9 1-9月"}},
           {"2023年1—9月份工作总结", {"1-9 1—9月"}},
           {"一月至五月工作小结", {"1-5 一月至五月"}},
           {"2024年前三季度工作情况", {"1-9 前三季度"}},
           {"第一季度和第二季度", {"1-3 第一季度", "4-6 第二季度"}},
           {"5月份工作小结", {"5-5 5月份"}},
           {"2023年工作情况(截至5月底)", {"1-5 截至5月底"}},
           {"截至5月工作情况", {"1-5 截至5月"}},
           {"截止到十月份底", {"1-10 截止到十月份底"}},
           {"截至2023年5月底工作情况", {"1-5 5月底"}},
           {"截至12月底", {"1-12 截至12月底"}},
           {"截至5月31日,", {"1-5 截至5月31日"}},
           {"截至2月29日", {"1-2 截至2月29日"}},
           // None.
           {"", {}},
           {"2023年工作总结", {}},
           {"2024年3月15日", {}},
           {"3月工作例会", {}},
           {"9-1月", {}},
           {"0-5月", {}},
           {"1-13月", {}},
           {"21-5月", {}},
           {"截至5月15日", {}},
           {"截至5月30日", {}},
           {"截至5月31", {}},
           {"截至13月", {}},
           {"截至目前", {}},
           {"截至", {}},
           {"1-", {}},
       }) {
    SCOPED_TRACE(c.text);
    EXPECT_THAT(Mentions(c.text), ElementsAreArray(c.mentions));
  }
}

TEST(FindYearsTest, FindsYearsThatAreWrittenAsSuch) {
  struct Case {
    std::string_view text;
    std::vector<std::string> years;
  };
  for (const Case& c : std::vector<Case>{
           {"2023年工作总结及2024年工作计划", {"2023 2023年", "2024 2024年"}},
           {"二〇二三年工作总结", {"2023 二〇二三年"}},
           {"2023 年度工作总结", {"2023 2023 年"}},
           {"2022-2023学年工作总结", {"2023 2023学年"}},
           {"2021-2022年", {"2022 2022年"}},
           // None.
           {"2021-2025年规划", {}},
           {"12023年", {}},
           {"2023件", {}},
           {"1989年", {}},
           {"2100年", {}},
           {"2023", {}},
           {"", {}},
       }) {
    SCOPED_TRACE(c.text);
    std::vector<std::string> years;
    for (const YearMention& year : FindYears(c.text, testing::TheReportLexicon().year_word())) {
      years.push_back(fmt::format("{} {}", year.year, c.text.substr(year.begin, year.size)));
    }
    EXPECT_THAT(years, ElementsAreArray(c.years));
  }
}

}  // namespace
}  // namespace duban
