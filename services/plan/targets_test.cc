// SPDX-License-Identifier: Apache-2.0
// Verdicts by figures.
#include "services/plan/targets.h"

#include <gtest/gtest.h>

#include "services/plan/tracker_test_util.h"

namespace duban {
namespace {

using Status = v1::Tracking;

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

// One part is reached by its figure, the other one is told in words.
TEST(TrackerTest, APartThatIsNotDoneIsNotDelivered) {
  struct {
    const char* item;
    const char* done;
    Status::Status status;
  } const kCases[] = {
      {"新增车位80个，建成梅岭停车调度中心。", "新增车位92个，梅岭停车调度中心主体已完工，预计明年投用。",
       Status::PARTIAL},
      {"新增车位80个，建成梅岭停车调度中心。", "新增车位92个。梅岭停车调度中心尚未开工。", Status::PARTIAL},
      {"建成梅岭停车调度中心、新增车位80个。", "新增车位92个，梅岭停车调度中心正在装修。", Status::PARTIAL},
      {"新增车位80个，建成梅岭停车调度中心。", "新增车位92个，梅岭停车调度中心建成投用，柳荫路公园正在施工。",
       Status::DELIVERED},
      {"新增车位80个，建成梅岭停车调度中心。", "新增车位92个。竹溪粮食储备库正在施工。", Status::DELIVERED},
      {"新增车位80个，建成梅岭停车调度中心。", "新增车位92个，梅岭停车调度中心投入使用，预计明年再增车位40个。",
       Status::DELIVERED},
  };
  for (const auto& c : kCases) {
    const v1::Analysis plan = Plan(c.item, {{"80个", "新增车位", 80, "个", v1::Indicator::TARGET}});
    const v1::Tracking tracking = TrackOne(plan, {Report(c.done, "", "", {{"92个", "新增车位", 92, "个"}})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.item << c.done;
    EXPECT_EQ(tracking.rule(), c.status == Status::PARTIAL ? "target_partly" : "target_met") << c.done;
  }
}

// A figure in front of the thing tells how large it is, not what is done of it.
TEST(TrackerTest, TheSizeOfAThingIsNotItsResult) {
  const v1::Analysis plan =
      Plan("改造低产茶园3000亩。", {{"3000亩", "改造低产茶园", 3000, "亩", v1::Indicator::TARGET}});
  const v1::Tracking part = TrackOne(
      plan, {Report("3000亩低产茶园改造任务已完成1800亩。", "", "",
                    {{"3000亩", "低产茶园改造", 3000, "亩"}, {"1800亩", "低产茶园改造任务已完成", 1800, "亩"}})});
  EXPECT_EQ(part.status(), Status::MISSED);
  EXPECT_EQ(part.target().actual(), 1800);
  const v1::Tracking two =
      TrackOne(plan, {Report("改造低产茶园3100亩，完成1800亩。", "", "",
                             {{"3100亩", "改造低产茶园", 3100, "亩"}, {"1800亩", "完成", 1800, "亩"}})});
  EXPECT_EQ(two.status(), Status::DELIVERED);
}

// A report names in fewer words what was promised; a kind or a place of its own makes another thing of it.
TEST(TrackerTest, AFigureOfTheThingInFewerWordsAnswers) {
  using I = v1::Indicator;
  for (const TargetCase& c : std::initializer_list<TargetCase>{
           {"新增梨园面积800亩。",
            {"800亩", "新增梨园面积", 800, "亩", I::TARGET},
            "新发展梨园910亩。",
            {"910亩", "新发展梨园", 910, "亩"},
            Status::DELIVERED},
           {"招聘护理专业人员60名。",
            {"60名", "招聘护理专业人员", 60, "名", I::TARGET},
            "通过公开考试等方式引进护理人员41名。",
            {"41名", "引进护理人员", 41, "名"},
            Status::MISSED},
           {"新建农村道路40公里。",
            {"40公里", "新建农村道路", 40, "公里", I::TARGET},
            "新建城区道路41公里。",
            {"41公里", "新建城区道路", 41, "公里"},
            Status::NOT_REPORTED},
           {"新增梨园面积800亩。",
            {"800亩", "新增梨园面积", 800, "亩", I::TARGET},
            "新发展桃园910亩。",
            {"910亩", "新发展桃园", 910, "亩"},
            Status::NOT_REPORTED},
           {"新增梨园面积800亩。",
            {"800亩", "新增梨园面积", 800, "亩", I::TARGET},
            "新发展梨园9100亩。",
            {"9100亩", "新发展梨园", 9100, "亩"},
            Status::NOT_REPORTED},
           {"完成固定资产投资7亿元。",
            {"7亿元", "固定资产投资", 7e8, "元", I::TARGET},
            "竹溪水库顺利开工，完成投资8亿元。",
            {"8亿元", "投资", 8e8, "元"},
            Status::NOT_REPORTED},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(c.item, {c.target}), {Report(c.done, "", "", {c.actual})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.item << c.done;
  }
}

// What is promised in the words of last year is promised again in them, whether it was done or not.
TEST(TrackerTest, AFigureOfTheYearComesBeforeTheNextPlan) {
  using I = v1::Indicator;
  const v1::Analysis plan = Plan("新增梨园面积800亩。", {{"800亩", "新增梨园面积", 800, "亩", I::TARGET}});
  const v1::Tracking tracking =
      TrackOne(plan, {Report("新发展梨园910亩。", "", "新增梨园面积900亩。",
                             {{"910亩", "新发展梨园", 910, "亩"}, {"900亩", "新增梨园面积", 900, "亩", I::TARGET}})});
  EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(Status::DELIVERED));
}

// One figure answers one target, and a thing without an answer may be told to be like the promised one.
TEST(TrackerTest, OneFigureAnswersOneTarget) {
  using I = v1::Indicator;
  const v1::Analysis plan =
      Plan("建成区级急救调度中心1个、急救站9个。",
           {{"1个", "建成区级急救调度中心", 1, "个", I::TARGET}, {"9个", "急救站", 9, "个", I::TARGET}});
  const v1::Tracking tracking = TrackOne(
      plan, {Report("建成急救站9个，区级急救调度中心因选址调整未能建成。", "", "", {{"9个", "建成急救站", 9, "个"}})});
  EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(Status::PARTIAL));
  EXPECT_EQ(tracking.target().planned(), 9);
}

TEST(TrackerTest, SilenceIsNotSureWhereAFigureIsAlike) {
  using I = v1::Indicator;
  const v1::Analysis plan = Plan("改造农村户厕500户。", {{"500户", "改造农村户厕", 500, "户", I::TARGET}});
  const v1::Tracking like = TrackOne(plan, {Report("旱厕清零516户。", "", "", {{"516户", "旱厕清零", 516, "户"}})});
  const v1::Tracking other = TrackOne(plan, {Report("走访企业516户。", "", "", {{"516户", "走访企业", 516, "户"}})});
  EXPECT_EQ(like.rule(), "not_mentioned");
  EXPECT_EQ(other.rule(), "not_mentioned");
  EXPECT_LT(like.score(), other.score());
}

// Former bugs: figures that are not the promised one's were taken for it, and no others.
TEST(TrackerTest, NoFigureOfAnotherKindMisses) {
  using I = v1::Indicator;
  struct {
    const char* item;
    Figure target;
    const char* done;
    std::vector<Figure> actual;
    Status::Status status;
  } const kCases[] = {
      // Stocks and what is new of them.
      {"建成充电站累计达到100个。",
       {"100个", "建成充电站", 100, "个", I::TARGET},
       "建成充电站累计达120个，新增35个。",
       {{"120个", "建成充电站", 120, "个"}, {"35个", "新增", 35, "个"}},
       Status::DELIVERED},
      {"规上企业达到12家。",
       {"12家", "规上企业", 12, "家", I::TARGET},
       "规上企业累计达13家，其中今年新增2家。",
       {{"13家", "规上企业", 13, "家"}, {"2家", "规上企业", 2, "家"}},
       Status::DELIVERED},
      {"新增规上企业12家。",
       {"12家", "新增规上企业", 12, "家", I::TARGET},
       "规上企业累计30家，其中今年新增9家。",
       {{"30家", "规上企业", 30, "家"}, {"9家", "新增规上企业", 9, "家"}},
       Status::MISSED},
      {"举办招聘会12场。",
       {"12场", "举办招聘会", 12, "场", I::TARGET},
       "全年共计举办招聘会15场，新增线上招聘会4场。",
       {{"15场", "举办招聘会", 15, "场"}, {"4场", "线上招聘会", 4, "场"}},
       Status::DELIVERED},
      // Years that the figure is summed up from.
      {"举办招聘会12场。",
       {"12场", "举办招聘会", 12, "场", I::TARGET},
       "自2月起举办招聘会15场。",
       {{"15场", "举办招聘会", 15, "场"}},
       Status::DELIVERED},
      {"举办招聘会12场。",
       {"12场", "举办招聘会", 12, "场", I::TARGET},
       "自2024年1月起举办招聘会15场。",
       {{"15场", "举办招聘会", 15, "场"}},
       Status::DELIVERED},
      // What is handed on is of this year.
      {"化解信访积案30件。",
       {"30件", "化解信访积案", 30, "件", I::TARGET},
       "上年结转信访积案32件全部化解。",
       {{"32件", "信访积案", 32, "件"}},
       Status::DELIVERED},
  };
  for (const auto& c : kCases) {
    const v1::Tracking tracking = TrackOne(Plan(c.item, {c.target}), {Report(c.done, "", "", c.actual)});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.item << c.done;
  }
  const v1::Analysis jobs = Plan("举办招聘会12场。", {{"12场", "举办招聘会", 12, "场", I::TARGET}});
  EXPECT_FALSE(TrackOne(jobs, {Report("自2021年以来举办招聘会15场。", "", "", {{"15场", "举办招聘会", 15, "场"}})})
                   .has_target());
  const v1::Analysis firms = Plan("规上企业达到20家。", {{"20家", "规上企业", 20, "家", I::TARGET}});
  EXPECT_NE(TrackOne(firms, {Report("规上企业新增3家，总数达21家。", "", "",
                                    {{"3家", "规上企业新增", 3, "家"}, {"21家", "总数", 21, "家"}})})
                .status(),
            Status::MISSED);
  const v1::Analysis parking = Plan("新建停车场5个。", {{"5个", "新建停车场", 5, "个", I::TARGET}});
  EXPECT_NE(TrackOne(parking, {Report("城东停车场2个、城西停车场3个。", "", "",
                                      {{"2个", "城东停车场", 2, "个"}, {"3个", "城西停车场", 3, "个"}})})
                .status(),
            Status::MISSED);
}

// A town's own figure stands beside that of its county.
TEST(TrackerTest, AFigureOfTheCountyDoesNotAnswerForATown) {
  const v1::Analysis plan = Plan("改造农村户厕300座。", {{"300座", "改造农村户厕", 300, "座", v1::Indicator::TARGET}});
  v1::Analysis report = Report("全县改造农村户厕400座，全镇改造农村户厕210座。", "", "",
                               {{"400座", "改造农村户厕", 400, "座"}, {"210座", "改造农村户厕", 210, "座"}});
  report.mutable_document()->mutable_agency()->set_level(v1::Agency::TOWN);
  EXPECT_EQ(TrackOne(plan, {report}).target().actual(), 210);
  EXPECT_EQ(TrackOne(plan, {report}).status(), Status::MISSED);
  report = Report("全县改造农村户厕400座。", "", "", {{"400座", "改造农村户厕", 400, "座"}});
  report.mutable_document()->mutable_agency()->set_level(v1::Agency::TOWN);
  EXPECT_EQ(TrackOne(plan, {report}).status(), Status::DELIVERED);
}

// The number of a table's column of targets is one of the task, not a share of all.
TEST(TrackerTest, ANumberBesideATaskIsItsFigure) {
  struct {
    const char* cell;
    const char* unit;  // nullptr: the cell holds no number
    double value;
    Status::Status status;
  } const kCases[] = {
      {"300座", "座", 300, Status::DELIVERED}, {"400座", "座", 400, Status::MISSED},
      {"300", "", 300, Status::DELIVERED},     {"10月底前", nullptr, 0, Status::DELIVERED},
      {"2025", nullptr, 0, Status::DELIVERED}, {"2025年", nullptr, 0, Status::DELIVERED},
  };
  for (const auto& c : kCases) {
    const std::string task = "改造农村户厕", item = task + "\t" + c.cell;
    v1::Analysis plan = Plan(item);
    const std::vector<v1::PlanTarget> targets =
        PlanTargetReader(PlanWords()).ReadCell(item, {task.size() + 1, item.size()}, {0, task.size()}, {}, 2024);
    ASSERT_EQ(targets.size(), c.unit == nullptr ? 0u : 1u) << c.cell;
    for (const v1::PlanTarget& target : targets) {
      EXPECT_EQ(target.value(), c.value);
      EXPECT_EQ(target.unit(), c.unit);
      *plan.mutable_plan_items(0)->add_plan_targets() = target;
    }
    const v1::Tracking tracking =
        TrackOne(plan, {Report("完成改造农村户厕320座，改造户满意率98%。", "", "",
                               {{"320座", "改造农村户厕", 320, "座"}, {"98%", "改造户满意率", 98, "%"}})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.cell << tracking.rule();
    EXPECT_NE(tracking.target().planned(), 100) << c.cell;
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

TEST(TrackerTest, ACountedPartIsAShareOfAll) {
  struct {
    const char* item;
    double part;
    const char* done;
    Status::Status status;
  } const kCases[] = {
      {"实现村级应急广播全覆盖。", 24, "30个村中有24个建成村级应急广播。", Status::MISSED},
      {"实现村级应急广播全覆盖。", 24, "30个村中有24个通了班车。", Status::NOT_REPORTED},
  };
  for (const auto& c : kCases) {
    const v1::Tracking tracking =
        TrackOne(Plan(c.item),
                 {Report(c.done, "", "", {{"30个", "村中", 30, "个"}, {"24个", "建成村级应急广播", c.part, "个"}})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.done << tracking.rule();
    EXPECT_EQ(tracking.target().actual(), c.status == Status::MISSED ? 80 : 0);
  }
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

// Former bug: the figure of the first months was taken for the year's.
TEST(TrackerTest, FiguresOfSomeMonthsDoNotAnswerForTheYear) {
  const v1::Analysis plan = Plan("改造电梯800台。", {{"800台", "改造电梯", 800, "台", v1::Indicator::TARGET}});
  struct {
    const char* done;
    std::vector<Figure> figures;
    Status::Status status;
    double actual;  // 0: no figure answers
  } const kCases[] = {
      {"截至6月底，改造电梯430台；全年改造电梯812台。",
       {{"430台", "改造电梯", 430, "台"}, {"812台", "改造电梯", 812, "台"}},
       Status::DELIVERED,
       812},
      {"上半年改造电梯430台，全年改造电梯712台。",
       {{"430台", "改造电梯", 430, "台"}, {"712台", "改造电梯", 712, "台"}},
       Status::MISSED,
       712},
      {"前三季度改造电梯830台。", {{"830台", "改造电梯", 830, "台"}}, Status::DELIVERED, 830},
      {"前三季度改造电梯530台。", {{"530台", "改造电梯", 530, "台"}}, Status::PARTIAL, 0},
      {"截至12月底，改造电梯530台。", {{"530台", "改造电梯", 530, "台"}}, Status::MISSED, 530},
  };
  for (const auto& c : kCases) {
    const v1::Tracking tracking = TrackOne(plan, {Report(c.done, "", "", c.figures)});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.done;
    EXPECT_EQ(tracking.target().actual(), c.actual) << c.done;
  }
}

// Former bug: 12 of 14 villages over the sum kept a promise of all.
TEST(TrackerTest, WhatAllArePromisedToReachSomeDoNot) {
  const Figure sum = {"30万元", "村集体收入", 300000, "元", v1::Indicator::TARGET};
  const v1::Analysis all = Plan("村集体收入全部达到30万元。", {sum}), each = Plan("村集体收入达到30万元。", {sum});
  const auto report = [](const std::string& words, const char* some, double part) {
    return Report(words, "", "",
                  {{"14个", "村", 14, "个"}, {some, "村集体收入", part, "个"}, {"30万元", "村集体收入", 300000, "元"}});
  };
  const v1::Tracking missed = TrackOne(all, {report("14个村中有12个村集体收入达到30万元。", "12个", 12)});
  EXPECT_EQ(missed.status(), Status::MISSED);
  EXPECT_EQ(missed.target().planned(), 14);
  EXPECT_EQ(missed.target().actual(), 12);
  EXPECT_EQ(missed.target().unit(), "个");
  EXPECT_EQ(TrackOne(each, {report("14个村中有12个村集体收入达到30万元。", "12个", 12)}).status(), Status::DELIVERED);
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

}  // namespace
}  // namespace duban
