// SPDX-License-Identifier: Apache-2.0
// Verdicts by words, and which reports give them.
#include "services/plan/tracker.h"

#include <gtest/gtest.h>

#include "services/plan/tracker_test_util.h"

namespace duban {
namespace {

using Status = v1::Tracking;

struct Case {
  const char* item;
  v1::Analysis report;
  Status::Status status;
  const char* rule;
};

TEST(TrackerTest, JudgesByWords) {
  for (const Case& c : std::vector<Case>{
           {"建成柳荫路公共法律服务站。", Report("柳荫路公共法律服务站5月建成投用。"), Status::DELIVERED, "done_word"},
           {"出台《梧桐县普法考核办法》。", Report("印发《梧桐县普法考核办法》，细化指标20项。"), Status::DELIVERED,
            "done_word"},
           {"深化“石榴籽”调解品牌建设。", Report("“石榴籽”调解品牌深入人心，群众赠送锦旗。"), Status::DELIVERED,
            "reported"},
           {"建成柳荫路公共法律服务站。", Report("柳荫路公共法律服务站正在装修，预计明年投用。"), Status::PARTIAL,
            "under_way"},
           {"建成柳荫路公共法律服务站。", Report("柳荫路公共法律服务站项目稳步推进。"), Status::PARTIAL, "going_on"},
           {"创建柳荫路省级示范站。", Report("柳荫路省级示范站创建材料已上报，待省级复核。"), Status::PARTIAL,
            "under_way"},
           {"出台《梧桐县停车条例》。", Report("《梧桐县停车条例（草案）》提请会议审议。"), Status::PARTIAL,
            "going_on"},
           {"出台《梧桐县停车条例》。", Report("《梧桐县停车条例（草案）》提请审议，7月公布施行。"), Status::DELIVERED,
            "done_word"},
           {"推进柳荫路公共法律服务站管理改革。", Report("柳荫路公共法律服务站管理改革稳步推进。"), Status::DELIVERED,
            "reported"},
           {"建成柳荫路公共法律服务站。", Report("办理公证20件。", "柳荫路公共法律服务站建设滞后。"), Status::MISSED,
            "said_failed"},
           {"完成梅岭、竹溪司法所改造。", Report("梅岭司法所完成改造；竹溪司法所未能按期完成改造。"), Status::PARTIAL,
            nullptr},
           {"组建沉香木器行业调解委员会。", Report("办理公证20件。", "", "组建沉香木器行业调解委员会。"),
            Status::CARRIED_OVER, "next_plan"},
           {"组建沉香木器行业调解委员会。", Report("办理公证20件。"), Status::NOT_REPORTED, "not_mentioned"},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(c.item), {c.report});
    SCOPED_TRACE(std::string(c.item) + " / " + c.report.document().text());
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << tracking.rule();
    if (c.rule != nullptr) {
      EXPECT_EQ(tracking.rule(), c.rule);
    }
    EXPECT_GE(tracking.score(), 0);
    EXPECT_LE(tracking.score(), 1);
    EXPECT_EQ(tracking.evidence_size() > 0, c.status != Status::NOT_REPORTED);
    for (const v1::Evidence& evidence : tracking.evidence()) {
      const std::string& text = c.report.document().text();
      EXPECT_EQ(evidence.text(), text.substr(evidence.span().begin(), evidence.span().end() - evidence.span().begin()));
      EXPECT_EQ(evidence.document(), "r");
    }
  }
}

TEST(TrackerTest, PendingWithoutReports) {
  const v1::Tracking tracking = TrackOne(Plan("建成柳荫路公共法律服务站。"), {});
  EXPECT_EQ(tracking.status(), Status::PENDING);
  EXPECT_EQ(tracking.evidence_size(), 0);
}

// The report of the plan's year decides where there is one; a later one only where there is none.
TEST(TrackerTest, TheReportOfTheYearDecides) {
  v1::Analysis later = Report("柳荫路公共法律服务站建成投用。", "", "", {}, "later");
  later.mutable_document()->set_report_year(2025);
  const v1::Analysis of_year = Report("柳荫路公共法律服务站正在装修。");
  EXPECT_EQ(TrackOne(Plan("建成柳荫路公共法律服务站。"), {later, of_year}).status(), Status::PARTIAL);
  EXPECT_EQ(TrackOne(Plan("建成柳荫路公共法律服务站。"), {later}).status(), Status::DELIVERED);
}

// What was written before the plan's year, or about another place, is no evidence; a higher region may be all that a
// report tells.
TEST(TrackerTest, ReportsOfOtherYearsAndPlacesAreNoEvidence) {
  struct {
    int report_year;
    const char* plan_region;
    const char* report_region;
    Status::Status status;
  } const kCases[] = {
      {2022, "", "", Status::PENDING},
      {2023, "", "", Status::PENDING},
      {2024, "", "", Status::DELIVERED},
      {2025, "", "", Status::DELIVERED},
      {0, "", "", Status::DELIVERED},
      {2024, "510104", "510104", Status::DELIVERED},
      {2024, "510104", "510105", Status::PENDING},
      {2024, "510104", "510100", Status::DELIVERED},
      {2024, "510104", "520100", Status::PENDING},
      {2024, "510104", "", Status::DELIVERED},
      {2024, "510000", "510105", Status::DELIVERED},
  };
  for (const auto& c : kCases) {
    v1::Analysis plan = Plan("建成柳荫路公共法律服务站。");
    v1::Analysis report = Report("柳荫路公共法律服务站建成投用。");
    plan.mutable_document()->mutable_region()->set_code(c.plan_region);
    report.mutable_document()->set_report_year(c.report_year);
    report.mutable_document()->mutable_region()->set_code(c.report_region);
    const v1::Tracking tracking = TrackOne(plan, {report});
    EXPECT_EQ(tracking.status(), c.status) << c.report_year << c.plan_region << c.report_region;
    EXPECT_EQ(tracking.evidence_size() > 0, c.status == Status::DELIVERED);
  }
}

v1::Analysis HalfYear(v1::Analysis report) {
  report.mutable_document()->set_name("half");
  report.mutable_document()->set_plan_year(2024);
  report.mutable_document()->mutable_period()->set_year(2024);
  report.mutable_document()->mutable_period()->set_first_month(1);
  report.mutable_document()->mutable_period()->set_last_month(6);
  return report;
}

// A report on the first months shows what is done by then, and never that something is not.
TEST(TrackerTest, HalfYearReportsShowOnlyWhatIsDone) {
  const v1::Analysis station = Plan("建成柳荫路公共法律服务站。");
  const v1::Analysis lectures =
      Plan("举办“送法进厂”活动60场。", {{"60场", "举办“送法进厂”活动", 60, "场", v1::Indicator::TARGET}});
  const auto held = [](const std::string& words, double value) {
    return Report("举办“送法进厂”活动" + words + "。", "", "", {{words.c_str(), "举办“送法进厂”活动", value, "场"}});
  };
  const v1::Analysis paths =
      Plan("新建滨湖健步道30公里。", {{"30公里", "新建滨湖健步道", 30, "公里", v1::Indicator::TARGET}});
  const auto built = [](const std::string& words, double value) {
    return Report("新建滨湖健步道" + words + "。", "", "", {{words.c_str(), "新建滨湖健步道", value, "公里"}});
  };
  const v1::Analysis none = Report("办理公证20件。");
  struct Row {
    const v1::Analysis* plan;
    std::vector<v1::Analysis> reports;
    Status::Status status;
    const char* rule;
  };
  for (const Row& row : std::vector<Row>{
           {&station, {HalfYear(Report("柳荫路公共法律服务站5月建成投用。"))}, Status::DELIVERED, "done_word"},
           {&station, {HalfYear(Report("柳荫路公共法律服务站5月建成投用。")), none}, Status::DELIVERED, "done_word"},
           {&station, {HalfYear(Report("柳荫路公共法律服务站正在装修。"))}, Status::PARTIAL, "under_way"},
           {&station,
            {HalfYear(Report("柳荫路公共法律服务站正在装修。")), none},
            Status::NOT_REPORTED,
            "not_mentioned"},
           {&station, {HalfYear(Report("", "柳荫路公共法律服务站建设滞后。"))}, Status::PARTIAL, "half_year"},
           {&station, {HalfYear(none)}, Status::PENDING, "half_year"},
           {&station,
            {HalfYear(Report("办理公证20件。", "", "建成柳荫路公共法律服务站。"))},
            Status::PENDING,
            "half_year"},
           {&lectures, {HalfYear(held("32场", 32))}, Status::PARTIAL, "figure_untold"},
           {&paths, {HalfYear(built("12公里", 12))}, Status::PARTIAL, "figure_untold"},
           {&paths, {HalfYear(built("12公里", 12)), built("31公里", 31)}, Status::DELIVERED, "target_met"},
           {&station,
            {HalfYear(Report("柳荫路公共法律服务站主体工程完工，正在装修。")),
             Report("柳荫路公共法律服务站10月对外开放。")},
            Status::DELIVERED,
            "reported"},
           {&lectures, {HalfYear(held("64场", 64))}, Status::DELIVERED, "target_met"},
           {&lectures, {HalfYear(held("32场", 32)), held("61场", 61)}, Status::DELIVERED, "target_met"},
           {&lectures, {HalfYear(held("32场", 32)), held("48场", 48)}, Status::MISSED, "target_missed"},
       }) {
    const v1::Tracking tracking = TrackOne(*row.plan, row.reports);
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(row.status))
        << row.reports.front().document().text();
    EXPECT_EQ(tracking.rule(), row.rule) << row.reports.front().document().text();
  }
}

// A plan of the year after that comes as a paper of its own.
TEST(TrackerTest, PlansOnTheirOwnPromiseAgainAndTellNoResult) {
  const v1::Analysis plan = Plan("组建沉香木器行业调解委员会。");
  v1::Analysis next = Report("", "", "组建沉香木器行业调解委员会。", {}, "plan");
  next.mutable_document()->set_report_year(0);
  next.mutable_document()->set_plan_year(2025);
  EXPECT_EQ(TrackOne(plan, {next}).status(), Status::PENDING);
  EXPECT_EQ(TrackOne(plan, {Report("办理公证20件。"), next}).status(), Status::CARRIED_OVER);
  next.mutable_document()->set_plan_year(2026);
  EXPECT_EQ(TrackOne(plan, {Report("办理公证20件。"), next}).status(), Status::NOT_REPORTED);
}

TEST(TrackerTest, SurvivesSpansThatDoNotFit) {
  v1::Analysis plan = Plan("建成柳荫路公共法律服务站。");
  plan.mutable_plan_items(0)->mutable_span()->set_begin(-7);
  plan.mutable_plan_items(0)->mutable_span()->set_end(9000);
  v1::Analysis report = Report("柳荫路公共法律服务站建成投用。");
  for (v1::Section& section : *report.mutable_sections()) {
    section.mutable_span()->set_begin(-3);
    section.mutable_span()->set_end(80000);
  }
  EXPECT_EQ(TrackOne(plan, {report}).evidence_size() <= 3, true);
}

}  // namespace
}  // namespace duban
