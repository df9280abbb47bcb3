// SPDX-License-Identifier: Apache-2.0
// Things of like names, and figures of another year, kind or size.
#include "services/plan/distinction.h"

#include <gtest/gtest.h>

#include "services/plan/tracker_test_util.h"

namespace duban {
namespace {

using Status = v1::Tracking;

TEST(DistinctionTest, TellsThingsOfLikeNamesApart) {
  const GramReader reader(TrackWords());
  const Distinctions distinctions(TrackWords(), PlanWords(), reader);
  struct {
    const char* clause;
    const char* sentence;
    bool other;
  } const kCases[] = {
      // Another name before what both share.
      {"举办网格员培训班4期", "举办档案管理人员培训班4期。", true},
      {"将农村孤儿护理补贴提高到每月200元", "城市孤儿护理补贴提高到每月200元。", true},
      {"建成东坪路24小时自助书屋", "西坪路24小时自助书屋建成开放。", true},
      {"启动市盲人学校迁建工程", "青石县盲人学校迁建工程开工。", true},
      {"启动市盲人学校迁建工程", "梧桐市盲人学校迁建工程开工。", false},
      {"启动市盲人学校迁建工程", "盲人学校迁建工程开工。", false},
      {"举办网格员培训班4期", "举办网格员业务培训班4期。", false},
      {"建成东坪路自助书屋", "西坪路、东坪路自助书屋建成开放。", false},
      {"在高校设立基层联络点3个", "在梧桐学院设立基层联络点3个。", false},
      {"开设不动产便民窗口6个", "新设不动产便民窗口4个。", false},
      {"全面推行证明事项告知承诺", "深入推行证明事项告知承诺。", false},
      // Codes and grades.
      {"创建4A级景区1家", "新增3A级景区1家。", true},
      {"创建4A级景区1家", "新增4A级景区1家、3A级景区2家。", false},
      {"PM2.5平均浓度降至30", "PM10平均浓度为26。", true},
      {"创建三级甲等医院", "创建二级甲等医院。", true},
      {"完成博物馆二期工程", "博物馆一期工程免费开放。", true},
      {"举办研讨班4期", "举办研讨班3期。", false},
      // Ended, not made.
      {"新增氢能公交车20辆", "报废氢能公交车20辆。", true},
      {"新增氢能公交车20辆", "新增氢能公交车22辆，报废旧车9辆。", false},
      {"整治违法建筑", "拆除违法建筑120处。", false},
      // Former bugs: figures with a unit, another part of the sentence that ends something, and counts of levels.
      {"新建农村道路15km", "新建农村道路16.2km。", false},
      {"建成光伏电站20MW", "建成光伏电站２３MW。", false},
      {"新增绿地8m2", "新增绿地9m2。", false},
      {"改造G318沿线道路", "改造G319沿线道路。", true},
      {"新建5G基站100个", "新建4G基站120个。", true},
      {"建设城南公园", "拆除旧厂房3栋，城南公园对外开放。", false},
      {"新增氢能公交车20辆", "优化线路，氢能公交车报废20辆。", true},
      {"完成河畔小区改造", "河畔小区改造拆除违建12处。", false},
      {"健全县乡村三级物流网络", "县、乡两级物流网络延伸，四级网络联通。", false},
      {"健全县乡村三级物流体系", "市县乡村四级物流体系建成。", false},
      {"完善三级网络", "完善四级网络。", false},
      {"", "", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(distinctions.IsOther(c.clause, c.sentence), c.other) << c.clause << c.sentence;
  EXPECT_TRUE(distinctions.AreOtherShares("家庭医生签约率", "家庭医生签约满意度"));
  EXPECT_FALSE(distinctions.AreOtherShares("签约率", "重点人群签约率"));
}

TEST(DistinctionTest, PapersOfAnotherKindAreNoEvidence) {
  const v1::Analysis plan = Plan("修订《梧桐县防汛应急预案》。");
  EXPECT_EQ(TrackOne(plan, {Report("印发《梧桐县防汛应急预案宣传手册》。")}).status(), Status::NOT_REPORTED);
  EXPECT_EQ(TrackOne(plan, {Report("印发《梧桐县防汛应急预案（试行）》。")}).status(), Status::DELIVERED);
}

// What counts as the figure of the year: not last year's, a sum over years, a stock, or a whole of which a part is
// told.
TEST(DistinctionTest, FiguresOfAnotherYearOrKindAnswerNothing) {
  struct {
    const char* done;
    std::vector<Figure> figures;
    double actual;  // 0: none
  } const kCases[] = {
      {"2023年新增社区食堂9家，2024年新增社区食堂4家。",
       {{"9家", "新增社区食堂", 9, "家"}, {"4家", "新增社区食堂", 4, "家"}},
       4},
      {"去年新增社区食堂9家。", {{"9家", "新增社区食堂", 9, "家"}}, 0},
      {"新增社区食堂累计达到30家，其中今年4家。",
       {{"30家", "新增社区食堂", 30, "家"}, {"4家", "新增社区食堂", 4, "家"}},
       4},
      {"社区食堂总数30家。", {{"30家", "社区食堂总数", 30, "家"}}, 0},
      {"新增社区食堂6家中的4家。", {{"6家", "新增社区食堂", 6, "家"}, {"4家", "新增社区食堂", 4, "家"}}, 4},
      {"新增社区食堂三家。", {}, 3},
      {"新增社区食堂一家。", {}, 1},
      {"第三家社区食堂开业。", {}, 0},
  };
  const v1::Analysis plan = Plan("新增社区食堂6家。", {{"6家", "新增社区食堂", 6, "家", v1::Indicator::TARGET}});
  for (const auto& c : kCases) {
    const v1::Tracking tracking = TrackOne(plan, {Report(c.done, "", "", c.figures)});
    EXPECT_EQ(tracking.target().actual(), c.actual) << c.done << tracking.rule();
    EXPECT_EQ(tracking.status() == Status::MISSED, c.actual != 0) << c.done << tracking.rule();
  }
}

// The core is done, and a figure beside it falls short.
TEST(DistinctionTest, AFigureBesideTheCoreIsAPart) {
  const v1::Analysis plan =
      Plan("建成梅岭便民服务中心，新增自助终端20台。", {{"20台", "新增自助终端", 20, "台", v1::Indicator::TARGET}});
  const auto report = [](const std::string& core) {
    return Report(core + "新增自助终端15台。", "", "", {{"15台", "新增自助终端", 15, "台"}});
  };
  EXPECT_EQ(TrackOne(plan, {report("梅岭便民服务中心建成启用。")}).status(), Status::PARTIAL);
  EXPECT_EQ(TrackOne(plan, {report("办理公证20件。")}).status(), Status::MISSED);
}

}  // namespace
}  // namespace duban
