// SPDX-License-Identifier: Apache-2.0
#include "services/plan/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "common/base/lexicon.h"
#include "embedded/plan_words.textproto.h"
#include "embedded/track_words.textproto.h"
#include "services/plan/plan_targets.h"
#include "services/plan/planner.h"

namespace duban {
namespace {

using Status = v1::Tracking;

const TrackLexicon& Lexicon() {
  static const TrackLexicon* const lexicon =
      new TrackLexicon(ParseLexicon<TrackLexicon>("track_words.textproto", embedded::track_words_textproto).value());
  return *lexicon;
}

const PlanTargetReader& TargetReader() {
  static const PlanTargetReader* const reader =
      new PlanTargetReader(ParseLexicon<PlanLexicon>("plan_words.textproto", embedded::plan_words_textproto).value());
  return *reader;
}

struct Figure {
  const char* words;  // where it stands in the text
  const char* label;
  double value;
  const char* unit;
  v1::Indicator::Aspect aspect = v1::Indicator::ACTUAL;
  v1::Quantity::Qualifier qualifier = v1::Quantity::EXACT;
};

void AddFigures(const std::vector<Figure>& figures, v1::Analysis* analysis) {
  for (const Figure& figure : figures) {
    v1::Indicator& indicator = *analysis->add_indicators();
    const size_t at = analysis->document().text().find(figure.words);
    indicator.set_id("i" + std::to_string(analysis->indicators_size()));
    indicator.set_label(figure.label);
    indicator.set_aspect(figure.aspect);
    indicator.mutable_span()->set_begin(static_cast<int32_t>(at));
    indicator.mutable_span()->set_end(static_cast<int32_t>(at + std::string_view(figure.words).size()));
    indicator.mutable_quantity()->set_value(figure.value);
    indicator.mutable_quantity()->set_unit(figure.unit);
    indicator.mutable_quantity()->set_kind(std::string_view(figure.unit) == "%" ? v1::Quantity::PERCENT
                                                                                : v1::Quantity::COUNT);
    indicator.mutable_quantity()->set_qualifier(figure.qualifier);
  }
}

// A plan of one item.
v1::Analysis Plan(const std::string& item, const std::vector<Figure>& targets = {}) {
  v1::Analysis plan;
  plan.mutable_document()->set_text(item);
  plan.mutable_document()->set_plan_year(2024);
  v1::PlanItem& promise = *plan.add_plan_items();
  promise.set_id("p1");
  promise.set_text(item);
  promise.set_year(2024);
  promise.mutable_span()->set_end(static_cast<int32_t>(item.size()));
  AddFigures(targets, &plan);
  std::vector<const v1::Indicator*> figures;
  for (const v1::Indicator& indicator : plan.indicators()) figures.push_back(&indicator);
  for (v1::PlanTarget& target : TargetReader().Read(item, {0, item.size()}, figures, 2024)) {
    *promise.add_plan_targets() = std::move(target);
  }
  return plan;
}

// A report of three parts.
v1::Analysis Report(const std::string& done, const std::string& problems = "", const std::string& next = "",
                    const std::vector<Figure>& figures = {}, const std::string& name = "r") {
  v1::Analysis report;
  report.mutable_document()->set_name(name);
  report.mutable_document()->set_report_year(2024);
  std::string* text = report.mutable_document()->mutable_text();
  const auto add = [&](const std::string& words, v1::Section::Role role) {
    v1::Section& section = *report.add_sections();
    section.set_id("s" + std::to_string(report.sections_size()));
    section.set_level(1);
    section.set_role(role);
    section.mutable_span()->set_begin(static_cast<int32_t>(text->size()));
    *text += words + "\n";
    section.mutable_span()->set_end(static_cast<int32_t>(text->size()));
  };
  add(done, v1::Section::ACHIEVEMENT);
  add(problems, v1::Section::PROBLEM);
  add(next, v1::Section::PLAN);
  AddFigures(figures, &report);
  return report;
}

// Adds a section of level 2 over `words`, whose heading, without marker, is the bytes [begin, end) of them.
void AddHeading(const std::string& words, size_t begin, size_t end, v1::Analysis* report) {
  const size_t at = report->document().text().find(words);
  v1::Section section;
  section.set_id("h");
  section.set_parent("s1");
  section.set_level(2);
  section.set_role(v1::Section::ACHIEVEMENT);
  section.set_marker(words.substr(0, begin));
  section.set_heading(words.substr(begin, end - begin));
  section.mutable_span()->set_begin(static_cast<int32_t>(at));
  section.mutable_span()->set_end(static_cast<int32_t>(at + words.size()));
  section.mutable_heading_span()->set_begin(static_cast<int32_t>(at + begin));
  section.mutable_heading_span()->set_end(static_cast<int32_t>(at + end));
  // Sections stand in order of the text.
  v1::Section problems = report->sections(1), next = report->sections(2);
  *report->mutable_sections(1) = section;
  *report->mutable_sections(2) = problems;
  *report->add_sections() = next;
}

v1::Tracking TrackOne(const v1::Analysis& plan, const std::vector<v1::Analysis>& results) {
  const std::vector<v1::Tracking> trackings = Tracker(Lexicon()).Track(plan, results);
  EXPECT_EQ(trackings.size(), 1u);
  return trackings.front();
}

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

// Words alike about another thing are no evidence.
TEST(TrackerTest, LookAlikesAreNoEvidence) {
  for (const auto& [item, done] : std::initializer_list<std::pair<const char*, const char*>>{
           {"建成城东公共法律服务中心。", "城西公共法律服务中心建成投用。"},
           {"出台《梧桐县普法考核办法》。", "出台《梧桐县人民调解员等级评定办法》。"},
           {"开展道路运输执法专项监督。", "开展食品药品执法专项监督，抽查案卷30卷。"},
           {"选聘特邀行政执法监督员。", "行政执法监督工作机制进一步完善。"},
           {"创建全国综合减灾示范社区。", "创建省级综合减灾示范社区2个。"},
           {"出台《梧桐县档案管理办法》。", "修订《梧桐县停车管理办法》。"},
           {"举办“梧桐杯”青少年长跑赛。", "举办“梧桐杯”中老年书法展。"},
           {"开展户外广告“亮剑”行动。", "开展渣土运输“亮剑”行动。"},
           {"新增青年律师。", "“十四五”以来累计新增青年律师95名。"},
           {"开发“码上评”系统。", "加强系统建设，开展评查工作，推进信息化。"},
           {"持续推进各项工作。", "持续推进各项工作，加强机制建设。"},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(item), {Report(done)});
    EXPECT_EQ(Status::Status_Name(tracking.status()), "NOT_REPORTED") << item << " / " << done << tracking.score();
  }
}

struct TargetCase {
  const char* item;
  Figure target;
  const char* done;
  Figure actual;
  Status::Status status;
};

TEST(TrackerTest, JudgesByFigures) {
  using I = v1::Indicator;
  using Q = v1::Quantity;
  for (const TargetCase& c : std::initializer_list<TargetCase>{
           {"举办“送法进厂”活动60场。",
            {"60场", "举办“送法进厂”活动", 60, "场", I::TARGET},
            "举办“送法进厂”活动62场。",
            {"62场", "举办“送法进厂”活动", 62, "场"},
            Status::DELIVERED},
           {"举办“送法进厂”活动60场。",
            {"60场", "举办“送法进厂”活动", 60, "场", I::TARGET},
            "举办“送法进厂”活动59场次。",
            {"59场次", "举办“送法进厂”活动", 59, "场次"},
            Status::MISSED},
           {"举办“送法进厂”活动60场。",
            {"60场", "举办“送法进厂”活动", 60, "场", I::TARGET},
            "举办“送法进厂”活动近60场。",
            {"60场", "举办“送法进厂”活动", 60, "场", I::ACTUAL, Q::NEARLY},
            Status::MISSED},
           {"败诉率控制在5%以内。",
            {"5%", "败诉率", 5, "%", I::TARGET, Q::AT_MOST},
            "行政诉讼败诉率4.2%。",
            {"4.2%", "行政诉讼败诉率", 4.2, "%"},
            Status::DELIVERED},
           {"败诉率控制在5%以内。",
            {"5%", "败诉率", 5, "%", I::TARGET, Q::AT_MOST},
            "行政诉讼败诉率6.1%。",
            {"6.1%", "行政诉讼败诉率", 6.1, "%"},
            Status::MISSED},
           {"审批时限压缩到7天。",
            {"7天", "审批时限", 7, "天", I::TARGET},
            "审批时限为9个工作日。",
            {"9个工作日", "审批时限", 9, "个工作日"},
            Status::MISSED},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(c.item, {c.target}), {Report(c.done, "", "", {c.actual})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.item << c.done;
    ASSERT_TRUE(tracking.has_target()) << c.item;
    EXPECT_EQ(tracking.target().planned(), c.target.value);
    EXPECT_EQ(tracking.target().actual(), c.actual.value);
    EXPECT_EQ(tracking.target().met(), c.status == Status::DELIVERED);
  }
}

TEST(TrackerTest, AllIsAHundredPercent) {
  const v1::Tracking met = TrackOne(Plan("实现村级法律顾问全覆盖。"), {Report("村级法律顾问实现全覆盖。")});
  EXPECT_EQ(met.status(), Status::DELIVERED);
  EXPECT_EQ(met.target().planned(), 100);
  const v1::Tracking missed =
      TrackOne(Plan("实现村级法律顾问全覆盖。"),
               {Report("村级法律顾问覆盖率为82%。", "", "", {{"82%", "村级法律顾问覆盖率", 82, "%"}})});
  EXPECT_EQ(missed.status(), Status::MISSED);
  EXPECT_EQ(missed.target().actual(), 82);
}

TEST(TrackerTest, OtherYearsAndThingsDoNotAnswerATarget) {
  const v1::Analysis plan = Plan("办理公证900件。", {{"900件", "办理公证", 900, "件", v1::Indicator::TARGET}});
  v1::Analysis report = Report("办理公证820件。", "", "", {{"820件", "办理公证", 820, "件"}});
  report.mutable_indicators(0)->set_year(2022);
  EXPECT_FALSE(TrackOne(plan, {report}).has_target());
  report.mutable_indicators(0)->set_year(2024);
  EXPECT_TRUE(TrackOne(plan, {report}).has_target());
  report.mutable_indicators(0)->mutable_quantity()->set_unit("元");
  EXPECT_FALSE(TrackOne(plan, {report}).has_target());
}

// The figure of the same thing answers a target: not the largest one, nor the only one near.
TEST(TrackerTest, OnlyFiguresOfTheSameThingAnswerATarget) {
  const v1::Analysis plan =
      Plan("办理法律援助案件700件。", {{"700件", "办理法律援助案件", 700, "件", v1::Indicator::TARGET}});
  const std::string both = "澄江县司法局办理法律援助案件512件，人民调解组织化解纠纷3400件。";
  v1::Tracking tracking = TrackOne(
      plan, {Report(both, "", "", {{"512件", "办理法律援助案件", 512, "件"}, {"3400件", "化解纠纷", 3400, "件"}})});
  EXPECT_EQ(tracking.status(), Status::MISSED);
  EXPECT_EQ(tracking.target().actual(), 512);

  // Without the figure of the thing there is no answer.
  tracking =
      TrackOne(plan, {Report("法律援助工作者指导化解纠纷3400件。", "", "", {{"3400件", "化解纠纷", 3400, "件"}})});
  EXPECT_FALSE(tracking.has_target());
  EXPECT_NE(tracking.status(), Status::DELIVERED) << tracking.rule();

  // One figure of the unit needs no label where the sentence bears the promised name; two do.
  const v1::Analysis named =
      Plan("开展“荷风普法”巡讲80场。", {{"80场", "开展“荷风普法”巡讲", 80, "场", v1::Indicator::TARGET}});
  const std::string words = "“荷风普法”巡讲走进9个乡镇，全年62场，另办电影晚会95场。";
  EXPECT_EQ(TrackOne(named, {Report(words, "", "", {{"62场", "乡镇", 62, "场"}})}).target().actual(), 62);
  EXPECT_FALSE(TrackOne(named, {Report(words, "", "", {{"62场", "乡镇", 62, "场"}, {"95场", "电影晚会", 95, "场"}})})
                   .has_target());
}

// A catalog metric makes a figure an answer also where the words differ, unless another name stands by it.
TEST(TrackerTest, AFigureOfTheMetricIsAMention) {
  v1::Analysis plan = Plan("选聘调解能手15名。", {{"15名", "调解能手", 15, "名", v1::Indicator::TARGET}});
  v1::Analysis report = Report("新增人民调解员9名。", "", "", {{"9名", "人民调解员", 9, "名"}});
  EXPECT_EQ(TrackOne(plan, {report}).status(), Status::NOT_REPORTED);
  plan.mutable_indicators(0)->set_metric("mediation.mediators");
  report.mutable_indicators(0)->set_metric("mediation.mediators");
  const v1::Tracking tracking = TrackOne(plan, {report});
  EXPECT_EQ(tracking.status(), Status::MISSED);
  EXPECT_EQ(tracking.target().actual(), 9);
  EXPECT_LT(tracking.score(), 0.6);

  v1::Analysis named = Plan("选聘“老街坊”调解员15名。", {{"15名", "“老街坊”调解员", 15, "名", v1::Indicator::TARGET}});
  const v1::Tracking plain = TrackOne(named, {Report("办理公证20件。")});
  EXPECT_EQ(plain.status(), Status::NOT_REPORTED);
  EXPECT_LE(plain.score(), 0.9);
  named.mutable_indicators(0)->set_metric("mediation.mediators");
  report = Report("“蜂巢”驿站队伍增加9名。", "", "", {{"9名", "“蜂巢”驿站", 9, "名"}});
  report.mutable_indicators(0)->set_metric("mediation.mediators");
  const v1::Tracking doubtful = TrackOne(named, {report});
  EXPECT_EQ(doubtful.status(), Status::NOT_REPORTED);
  EXPECT_LE(doubtful.score(), 0.5);
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

// The index only skips what cannot reach the least score: against scoring every passage.
TEST(PassageIndexTest, FindsWhatScoringEveryPassageFinds) {
  const GramReader reader(Lexicon());
  std::mt19937 random(11);
  const std::vector<std::string> words = {"法律", "援助", "城东", "城西", "中心", "“蜂巢”", "调解",
                                          "公证", "推进", "律师", "矫正", "，",   "3件"};
  const auto sentence = [&] {
    std::string text;
    for (int i = 0; i < 8; ++i) text += words[random() % words.size()];
    return text + "。";
  };
  for (int round = 0; round < 50; ++round) {
    std::string done;
    for (int i = 0; i < 20; ++i) done += sentence();
    const v1::Analysis report = Report(done);
    const v1::Analysis plan = Plan(sentence());
    GramWeights weights(Lexicon());
    std::vector<Passage> passages = ResultPassages(report, reader);
    for (const Passage& passage : passages) weights.Count(passage.own);
    const PassageIndex index(std::move(passages), weights);
    const Commitment commitment = ReadCommitment(plan.plan_items(0), reader, weights);
    if (commitment.core < 0) continue;
    std::vector<int> found, expected;
    for (const Match& match : index.Find(commitment, 0.4, 0.5)) {
      if (match.core_score >= 0.4) found.push_back(match.passage);
    }
    for (int p = 0; p < static_cast<int>(index.passages().size()); ++p) {
      if (index.Score(commitment.clauses[commitment.core], p) >= 0.4) expected.push_back(p);
    }
    EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected)) << plan.document().text();
  }
}

// A heading of the upper levels is evidence where it is a sentence on its line or holds a figure; else it is a slogan.
TEST(TrackerTest, HeadingsThatTellResultsAreEvidence) {
  const std::string marker = "（二）", other = "\n办理公证20件。";
  const v1::Analysis plan =
      Plan("开展“荷风普法”活动80场次。", {{"80场次", "开展“荷风普法”活动", 80, "场次", v1::Indicator::TARGET}});
  for (const std::string stop : {"。", ""}) {
    const std::string heading = "开展“荷风普法”活动62场次";
    v1::Analysis report = Report(marker + heading + stop + other, "", "",
                                 {{"62场次", "开展“荷风普法”活动", 62, "场次"}, {"20件", "办理公证", 20, "件"}});
    AddHeading(marker + heading + stop + other, marker.size(), marker.size() + heading.size(), &report);
    const v1::Tracking tracking = TrackOne(plan, {report});
    EXPECT_EQ(tracking.status(), Status::MISSED) << tracking.rule();
    EXPECT_EQ(tracking.target().actual(), 62);
    EXPECT_EQ(tracking.evidence(0).text(), marker + heading + stop);
  }
  struct {
    const char* behind;
    Status::Status status;
  } const kCases[] = {{"。\n办理公证20件。", Status::DELIVERED},
                      {"\n办理公证20件。", Status::NOT_REPORTED},
                      {"。办理公证20件。", Status::NOT_REPORTED}};
  for (const auto& c : kCases) {
    const std::string heading = "成立沉香木器行业调解委员会";
    v1::Analysis report = Report(marker + heading + c.behind);
    AddHeading(marker + heading + c.behind, marker.size(), marker.size() + heading.size(), &report);
    EXPECT_EQ(TrackOne(Plan("组建沉香木器行业调解委员会。"), {report}).status(), c.status) << c.behind;
  }
}

TEST(TrackerTest, EvidenceBeginsBehindAHeadingInBrackets) {
  for (const int level : {2, 5}) {
    const std::string words = "沉香调解】　组建沉香木器行业调解委员会。";
    v1::Analysis report = Report("【" + words);
    AddHeading(words, 0, std::string_view("沉香调解").size(), &report);
    report.mutable_sections(1)->set_level(level);
    const v1::Tracking tracking = TrackOne(Plan("组建沉香木器行业调解委员会。"), {report});
    ASSERT_GT(tracking.evidence_size(), 0);
    EXPECT_EQ(tracking.evidence(0).text(), "组建沉香木器行业调解委员会。");
  }
}

// Former bugs
TEST(TrackerTest, ParticlesAreNoNames) {
  // 在 and 个 in front of 渔港码头 were taken for two names of it: NOT_REPORTED.
  const v1::Tracking tracking =
      TrackOne(Plan("在渔港码头设立“渔民法务驿站”。"), {Report("“渔民法务驿站”在2个渔港码头挂牌。")});
  EXPECT_EQ(tracking.status(), Status::DELIVERED);
}

TEST(GramReaderTest, LeavesOutTheWordsOfTheGenre) {
  const GramReader reader(Lexicon());
  const auto count = [&](std::string_view text) { return reader.Read(text).places.size(); };
  EXPECT_EQ(count("持续推进各类重点工作"), 0u);
  EXPECT_EQ(count("公证"), 1u);
  EXPECT_EQ(count("建设公证处，12件"), 2u);
  EXPECT_EQ(DistinctGrams(reader.Read("社矫")), DistinctGrams(reader.Read("社区矫正")));
  const Grams named = reader.Read("出台《甲办法》，弘扬“枫桥经验”，打造“乙”书画展");
  ASSERT_EQ(named.names.size(), 2u);
  EXPECT_EQ(named.names[0].text, "甲办法");
  EXPECT_TRUE(named.names[0].is_title);
  EXPECT_EQ(named.names[1].text, "乙");
  EXPECT_EQ(named.names[1].behind, named.places.back().run) << "书画展";
  EXPECT_EQ(count(""), 0u);
}

}  // namespace
}  // namespace duban
