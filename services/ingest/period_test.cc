// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/period.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "services/ingest/ingest_test_util.h"

namespace duban {
namespace {

// "report year/months plan year kind" of a paper.
std::string Read(std::string_view title, std::string_view text, const std::vector<std::string>& own_days = {}) {
  static const PeriodWords& words = *new PeriodWords(testing::TheReportLexicon());
  CleanPage page;
  page.title = title;
  page.text = text;
  const Periods periods = FindPeriods(title, PageText(page), own_days, words);
  return fmt::format("{}/{}-{} {} {}", periods.report_year, periods.first_month, periods.last_month, periods.plan_year,
                     v1::Document::Kind_Name(periods.kind));
}

TEST(FindPeriodsTest, TitlesTell) {
  struct Case {
    std::string_view title, periods;
  };
  for (const Case& c : std::vector<Case>{
           {"青岚县司法局2023年工作总结", "2023/1-12 0 SUMMARY"},
           {"青岚县司法局2024年工作要点", "0/1-12 2024 PLAN"},
           {"青岚县司法局2023年工作总结及2024年工作计划", "2023/1-12 2024 SUMMARY_AND_PLAN"},
           {"青岚县司法局2023年工作总结及下一年工作计划", "2023/1-12 2024 SUMMARY_AND_PLAN"},
           {"2023年上半年工作总结和下半年工作计划", "2023/1-6 2023 SUMMARY_AND_PLAN"},
           {"2023年1-9月工作情况及下步打算", "2023/1-9 2023 SUMMARY_AND_PLAN"},
           {"2023年工作计划完成情况", "2023/1-12 0 SUMMARY"},
           {"青岚县2024年政府工作报告重点任务分解表", "0/1-12 2024 PLAN"},
           {"青岚县2024年重点工作任务清单", "0/1-12 2024 PLAN"},
           {"青岚县2023年工作总结和2024年重点任务清单", "2023/1-12 2024 SUMMARY_AND_PLAN"},
           {"2023年工作计划的报告", "0/1-12 2023 PLAN"},
           {"法治政府建设工作报告(2023年)", "2023/1-12 0 SUMMARY"},
           {"2023年工作情况(截至5月底)", "2023/1-5 0 SUMMARY"},
           {"截至2023年10月底工作情况及下步打算", "2023/1-10 2023 SUMMARY_AND_PLAN"},
           {"", "0/1-12 0 KIND_UNSPECIFIED"},
       }) {
    SCOPED_TRACE(c.title);
    EXPECT_EQ(Read(c.title, ""), c.periods);
  }
}

// The title goes before the headings, they go before the body.
TEST(FindPeriodsTest, WhatTheTitleLeavesOpenTheTextTells) {
  struct Case {
    std::string_view title, text, periods;
  };
  const std::string_view body =
      "2022年，我局坚持党建引领，审核文件96件，提出意见210条，均被采纳，全年无一件被复议机关撤销或者变更。";
  for (const Case& c : std::vector<Case>{
           {"工作总结", "一、2021年工作回顾\n二、2022年工作打算", "2021/1-12 2022 SUMMARY_AND_PLAN"},
           {"工作总结", "一、 2021年工作回顾\n二、 2022年工作打算\n", "2021/1-12 2022 SUMMARY_AND_PLAN"},
           {"工作总结", "1 2021年工作回顾\n2 2022年工作打算\n", "2021/1-12 2022 SUMMARY_AND_PLAN"},
           {"2023年工作总结", "一、2021年工作回顾", "2023/1-12 0 SUMMARY"},
           {"工作总结", body, "2022/1-12 0 SUMMARY"},
           {"", body, "2022/1-12 0 KIND_UNSPECIFIED"},
           {"2023年工作总结", "下一步，我局将抓好普法。", "2023/1-12 2024 SUMMARY_AND_PLAN"},
           {"2023年工作总结", "2024年，我局将抓好普法。", "2023/1-12 2024 SUMMARY_AND_PLAN"},
           {"2023年工作总结", "2024年1月9日，我局将总结报送县委。", "2023/1-12 0 SUMMARY"},
       }) {
    SCOPED_TRACE(fmt::format("{} {}", c.title, c.text));
    EXPECT_EQ(Read(c.title, c.text), c.periods);
  }
}

TEST(FindPeriodsTest, DaysOfTheirOwnTellNoYear) {
  const std::string_view text = "2024年1月9日\n2023年办案。";
  EXPECT_EQ(Read("工作总结", text, {"2024-01-09"}), "2023/1-12 0 SUMMARY");
}

TEST(FillYearsTest, DaysTellWhatThePaperDoesNot) {
  struct Case {
    std::string date;
    v1::Document::Kind kind;
    int last_month;
    std::string filled;  // report year, plan year; empty: it tells nothing
  };
  for (const Case& c : std::vector<Case>{
           {"2024-01-12", v1::Document::SUMMARY, 12, "2023 0"},
           {"2024-01-12", v1::Document::SUMMARY_AND_PLAN, 12, "2023 2024"},
           {"2024-01-12", v1::Document::PLAN, 12, "0 2024"},
           {"2023-12-28", v1::Document::SUMMARY, 12, "2023 0"},
           {"2023-07-06", v1::Document::SUMMARY_AND_PLAN, 6, "2023 2023"},
           {"2023-09-16", v1::Document::SUMMARY, 12, ""},
           {"2023-05-06", v1::Document::SUMMARY, 6, ""},
           {"2024-01-12", v1::Document::KIND_UNSPECIFIED, 12, ""},
           {"", v1::Document::SUMMARY, 12, ""},
       }) {
    SCOPED_TRACE(c.date + v1::Document::Kind_Name(c.kind));
    Periods periods;
    periods.kind = c.kind;
    periods.last_month = c.last_month;
    const bool could = FillYears(c.date, &periods);
    EXPECT_EQ(could, !c.filled.empty());
    EXPECT_EQ(could ? fmt::format("{} {}", periods.report_year, periods.plan_year) : "", c.filled);
  }
  Periods known;
  known.kind = v1::Document::SUMMARY;
  known.report_year = 2021;
  EXPECT_FALSE(FillYears("2024-01-12", &known));
  EXPECT_EQ(known.report_year, 2021);
}

}  // namespace
}  // namespace duban
