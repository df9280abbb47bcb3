// SPDX-License-Identifier: Apache-2.0
// Failures, intentions and steps on the way, by rule and not by list.
#include "services/plan/voice.h"

#include <gtest/gtest.h>

#include "services/plan/tracker_test_util.h"

namespace duban {
namespace {

using Status = v1::Tracking;

struct Case {
  const char* item;
  const char* done;
  Status::Status status;
};

TEST(VoiceTest, JudgesWhatWasNotDoneIntendedOrBegun) {
  for (const Case& c : std::initializer_list<Case>{
           // Failed: the act of the item is denied.
           {"建成柳荫路公共法律服务站。", "柳荫路公共法律服务站未建成。", Status::MISSED},
           {"开办“银龄课堂”。", "没有如期开办“银龄课堂”。", Status::MISSED},
           {"开办“银龄课堂”。", "因师资不足，“银龄课堂”未能按期开办。", Status::MISSED},
           {"承办“梧桐杯”书法展。", "“梧桐杯”书法展不再由我县承办。", Status::MISSED},
           {"举办“荷风”读书周。", "“荷风”读书周活动因故取消。", Status::MISSED},
           {"招录基层调解员。", "基层调解员招录计划落空。", Status::MISSED},
           {"实施青螺湖清淤工程。", "青螺湖清淤工程未获批复，没有开工。", Status::MISSED},
           {"实施青螺湖清淤工程。", "青螺湖清淤工程暂停。", Status::MISSED},
           {"实施青螺湖清淤工程。", "青螺湖清淤工程前期手续办结，因资金缺口无法实施。", Status::MISSED},
           // Done: what is denied is another thing, describes one, or only looks like a denial.
           {"建成柳荫路公共法律服务站。", "柳荫路公共法律服务站建成投用，滨江体育公园二期未能开工。",
            Status::DELIVERED},
           {"建成柳荫路公共法律服务站。", "柳荫路公共法律服务站建成投用，未发生一起投诉。", Status::DELIVERED},
           {"建成未成年人保护工作站。", "未成年人保护工作站建成投用。", Status::DELIVERED},
           {"取消户籍证明事项。", "户籍证明事项全部取消。", Status::DELIVERED},
           {"整治消防通道堵塞。", "对未落实责任的单位开展消防通道堵塞整治。", Status::DELIVERED},
           {"整治消防通道堵塞。", "开展消防通道堵塞整治，约谈未按期整改的物业公司。", Status::DELIVERED},
           {"清理涉企收费。", "清理涉企收费，3项涉企收费全部取消。", Status::DELIVERED},
           {"整治工地扬尘。", "开展工地扬尘整治，责令3处工地停工。", Status::DELIVERED},
           {"办理土地争议复议案件。", "12件土地争议复议案件审结，其中4件依法驳回。", Status::DELIVERED},
           // Intended.
           {"出台《梧桐县停车条例》。", "拟出台《梧桐县停车条例》。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "下一步，将建成青螺湖健身中心。", Status::PARTIAL},
           {"修订《梧桐县犬类管理办法》。", "《梧桐县犬类管理办法》列入明年修订计划。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "计划建成青螺湖健身中心。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "青螺湖健身中心建成开放，为明年承办赛事打下基础。", Status::DELIVERED},
           {"开展防汛模拟演练。", "防汛模拟演练圆满完成。", Status::DELIVERED},
           {"实施“石榴籽”培养计划。", "“石榴籽”培养计划完成首批选拔。", Status::DELIVERED},
           // Begun: a step is done, or work goes on, where more was promised.
           {"创建省级园林县城。", "省级园林县城创建工作稳步推进。", Status::PARTIAL},
           {"出台《梧桐县停车条例》。", "《梧桐县停车条例》已完成起草。", Status::PARTIAL},
           {"组建青螺湖旅游集团。", "青螺湖旅游集团组建方案已报县政府。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "青螺湖健身中心奠基动工。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "青螺湖健身中心主体工程完工。", Status::PARTIAL},
           {"完成青螺湖健身中心主体工程。", "青螺湖健身中心主体工程完工。", Status::DELIVERED},
           {"完成梅岭粮库升级。", "梅岭粮库升级接近尾声。", Status::PARTIAL},
           {"完成梅岭危房改造。", "梅岭危房改造仅完成一半。", Status::PARTIAL},
           // A promise to begin is kept by what is begun, and not by steps before it.
           {"启动青螺湖健身中心建设。", "青螺湖健身中心已开工。", Status::DELIVERED},
           {"青螺湖健身中心开工建设。", "青螺湖健身中心进场施工。", Status::DELIVERED},
           {"启动青螺湖健身中心建设。", "青螺湖健身中心正在施工。", Status::DELIVERED},
           {"启动青螺湖健身中心建设。", "青螺湖健身中心正在进行施工招标。", Status::PARTIAL},
           {"启动青螺湖健身中心建设。", "青螺湖健身中心即将开工。", Status::PARTIAL},
           {"启动青螺湖健身中心建设。", "青螺湖健身中心未能按期开工。", Status::MISSED},
           {"建成青螺湖健身中心，启动竹溪粮库改造。", "青螺湖健身中心正在施工，竹溪粮库改造已开工。", Status::PARTIAL},
           // Former bugs: a share of the work, what is done behind a failure, and words of delay that are none.
           {"完成梅岭危房改造。", "梅岭危房改造完成80%。", Status::PARTIAL},
           {"完成梅岭危房改造。", "梅岭危房改造完成率达70%。", Status::PARTIAL},
           {"完成梅岭危房改造。", "梅岭危房改造完成工程量60%。", Status::PARTIAL},
           {"完成梅岭危房改造。", "梅岭危房改造完成投资860万元，占总投资的60%。", Status::PARTIAL},
           {"申报梅岭省级湿地公园。", "梅岭省级湿地公园已申报。", Status::DELIVERED},
           {"完成梅岭危房改造。", "梅岭危房改造完成100%。", Status::DELIVERED},
           {"完成梅岭危房改造。", "梅岭危房改造完成一半以上。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "青螺湖健身中心建设克服工期滞后影响，于11月建成开放。", Status::DELIVERED},
           {"建成青螺湖健身中心。", "青螺湖健身中心建设滞后，竹溪粮库扩容改造建成投用。", Status::MISSED},
           {"建成青螺湖健身中心。", "青螺湖健身中心完成招标、主体施工和装修，已建成开放。", Status::DELIVERED},
           {"建成青螺湖健身中心。", "青螺湖健身中心完成装修，明年5月投用。", Status::PARTIAL},
           {"建成青螺湖健身中心。", "青螺湖健身中心仍在施工。", Status::PARTIAL},
           {"举办青螺湖龙舟赛。", "青螺湖龙舟赛推迟至国庆期间举行。", Status::DELIVERED},
           {"举办青螺湖龙舟赛。", "青螺湖龙舟赛推迟。", Status::MISSED},
           {"盘活停滞项目。", "盘活停滞项目。", Status::DELIVERED},
           {"启动青螺湖健身中心选址。", "青螺湖健身中心完成选址。", Status::DELIVERED},
           {"制定《梧桐县停车条例》。", "研究制定《梧桐县停车条例》。", Status::DELIVERED},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(c.item), {Report(c.done)});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status))
        << c.item << " / " << c.done << " " << tracking.rule();
  }
}

// A figure of what was denied or is only planned answers nothing.
TEST(VoiceTest, FiguresOfWhatIsNotDoneAnswerNothing) {
  struct {
    const char* done;
    Status::Status status;
  } const kCases[] = {
      {"新建口袋公园6个。", Status::DELIVERED},
      {"新建口袋公园6个的任务没有完成。", Status::MISSED},
      {"计划新建口袋公园6个。", Status::PARTIAL},
      {"下一步，新建口袋公园6个。", Status::PARTIAL},
      {"对未完成绿化的小区，新建口袋公园6个。", Status::DELIVERED},
  };
  const v1::Analysis plan = Plan("新建口袋公园6个。", {{"6个", "新建口袋公园", 6, "个", v1::Indicator::TARGET}});
  for (const auto& c : kCases) {
    const v1::Tracking tracking = TrackOne(plan, {Report(c.done, "", "", {{"6个", "新建口袋公园", 6, "个"}})});
    EXPECT_EQ(Status::Status_Name(tracking.status()), Status::Status_Name(c.status)) << c.done << tracking.rule();
  }
}

TEST(VoiceTest, SurvivesEmptyAndOddText) {
  const GramReader reader(TrackWords());
  const VoiceReader voices(TrackWords(), PlanWords(), reader);
  for (const char* text : {"", "未", "没有", "拟", "仅", "的", "，，；", "未的", "取消", "完成"}) {
    voices.Listen(text, "");
    EXPECT_FALSE(voices.DeniesFigure(text, 99));
  }
  EXPECT_TRUE(voices.Listen("未建成", "").not_done);
}

}  // namespace
}  // namespace duban
