// SPDX-License-Identifier: Apache-2.0
// What is evidence for a promise, and what only looks like it.
#include "services/plan/matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/plan/tracker_test_util.h"

namespace duban {
namespace {

using Status = v1::Tracking;

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
           {"改造柳东人民法庭服务站。", "梅西人民法庭服务站完成改造，增设通道。"},
           {"改造澄江县柳东人民法庭服务站。", "澄江县柳西人民法庭服务站改造完成。"},
           {"推荐企业申报省政府绿叶奖。", "推荐企业申报市政府绿叶奖，2家获奖。"},
           {"创建全国劳动和谐示范街。", "创建省级劳动和谐示范街。"},
           {"开发“码上评”系统。", "加强系统建设，开展评查工作，推进信息化。"},
           {"持续推进各项工作。", "持续推进各项工作，加强机制建设。"},
       }) {
    const v1::Tracking tracking = TrackOne(Plan(item), {Report(done)});
    EXPECT_EQ(Status::Status_Name(tracking.status()), "NOT_REPORTED") << item << " / " << done << tracking.score();
  }
}

// The index only skips what cannot reach the least score: against scoring every passage.
TEST(PassageIndexTest, FindsWhatScoringEveryPassageFinds) {
  const GramReader reader(TrackWords());
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
    GramWeights weights(TrackWords());
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
  // All from where the run of characters begins was taken for a name: 均 behind 企业 for 全部.
  EXPECT_EQ(TrackOne(Plan("推动药品零售企业全部配备执业药师。"), {Report("68家药品零售企业均配备执业药师。")}).status(),
            Status::DELIVERED);
}

TEST(GramReaderTest, LeavesOutTheWordsOfTheGenre) {
  const GramReader reader(TrackWords());
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
