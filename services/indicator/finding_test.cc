// SPDX-License-Identifier: Apache-2.0
// What does not add up, end to end from the text: findings rest on labels and relations, so they are tested with them.
#include "services/indicator/finding.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/base/lexicon.h"
#include "embedded/findings.textproto.h"
#include "services/indicator/extractor.h"
#include "services/indicator/extractor_cases.pb.h"

namespace duban {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr std::string_view kStop = "。";

v1::IndicatorSet Extract(std::string_view text) {
  static const auto& extractor = *new std::unique_ptr<const Extractor>(Extractor::Create().value());
  v1::Document document;
  document.set_text(std::string(text));
  document.set_report_year(2023);
  document.set_plan_year(2024);
  v1::Outline outline;
  v1::Section* section = outline.add_sections();
  section->set_id("s1");
  section->set_role(v1::Section::ACHIEVEMENT);
  section->mutable_span()->set_end(static_cast<int32_t>(text.size()));
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find(kStop, begin) + kStop.size();
    v1::Sentence* sentence = outline.add_sentences();
    sentence->set_section("s1");
    sentence->mutable_span()->set_begin(static_cast<int32_t>(begin));
    sentence->mutable_span()->set_end(static_cast<int32_t>(end));
    begin = end;
  }
  return extractor->Extract(document, outline);
}

std::vector<std::string> Findings(std::string_view text) {
  std::vector<std::string> findings;
  const v1::IndicatorSet set = Extract(text);
  for (const v1::Finding& finding : set.findings()) {
    findings.push_back(fmt::format("{} {:g}", v1::Finding::Type_Name(finding.type()), finding.reported()));
  }
  return findings;
}

TEST(FindingTest, FindsWhatDoesNotAddUpAndNothingElse) {
  const auto cases = ParseLexicon<v1::ExtractorCases>("findings.textproto", embedded::findings_textproto);
  ASSERT_TRUE(cases.ok()) << cases.status();
  EXPECT_GE(cases->cases_size(), 60);
  for (const v1::ExtractorCases::Case& c : cases->cases()) {
    SCOPED_TRACE(c.text());
    EXPECT_THAT(Findings(c.text()), ElementsAreArray(c.finding()));
  }
}

TEST(FindingTest, TellsFiguresIndicatorsAndSeverity) {
  const v1::IndicatorSet set = Extract("已办结复议案件11件，和解案件占已办案件的97%。");
  ASSERT_EQ(set.findings_size(), 1);
  const v1::Finding& finding = set.findings(0);
  EXPECT_EQ(finding.reported(), 97);
  EXPECT_EQ(finding.computed(), 100);
  EXPECT_EQ(finding.severity(), v1::Finding::MEDIUM);
  EXPECT_THAT(finding.indicators(), ::testing::ElementsAre("i2", "i1"));
  EXPECT_EQ(Extract("受理调解案件200宗，调解成功180宗，调解成功率70%。").findings(0).severity(), v1::Finding::HIGH);
  EXPECT_EQ(Extract("受理调解案件200宗，调解成功180宗，调解成功率90.5%。").findings(0).severity(), v1::Finding::LOW);
}

// Figures of other things in any order, rates among them, whatever their numbers: standing near each other is no claim.
TEST(FindingPropertyTest, NeverOnFiguresThatMerelyStandNearEachOther) {
  const std::vector<std::string> counts = {"开展普法宣传活动{}场",   "建成法治公园{}个",     "办理公证业务{}件",
                                           "审查行政规范性文件{}件", "接收社区矫正对象{}人", "培训执法人员{}人次",
                                           "受理复议案件{}件",       "排查矛盾纠纷{}起",     "接听热线{}个",
                                           "检查企业{}家",           "审核合同{}份",         "挽回损失{}万元"};
  const std::vector<std::string> rates = {"群众满意率{}%",   "安全感指数{}%",       "村居法律顾问覆盖率{}%",
                                          "线上办理占比{}%", "占全市业务总量的{}%", "平台使用率{}%",
                                          "信息公开率{}%",   "负责人出庭应诉率{}%"};
  std::mt19937 random(7);
  const auto pick = [&](size_t size) { return random() % size; };
  int figures = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> words = counts;
    std::shuffle(words.begin(), words.end(), random);
    std::string text;
    for (size_t i = 0; i < 4; ++i) {
      const size_t number = 1 + pick(std::vector<size_t>{9, 99, 999, 99999}[pick(4)]);
      text += fmt::format(fmt::runtime(words[i]), number) + (pick(3) == 0 ? "。" : "，");
      if (pick(2) != 0) continue;
      const std::string rate = fmt::format("{}.{}", pick(100), pick(10));
      text += fmt::format(fmt::runtime(rates[pick(rates.size())]), rate) + (pick(3) == 0 ? "。" : "，");
    }
    text += "成效明显。";
    SCOPED_TRACE(text);
    const v1::IndicatorSet set = Extract(text);
    figures += set.indicators_size();
    ASSERT_THAT(Findings(text), IsEmpty());
  }
  EXPECT_GT(figures, 10000);
}

// However a true rate is shortened, and however its parts are cut to 万, nothing is found.
TEST(FindingPropertyTest, NeverOnTrueRates) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const int whole = 1 + static_cast<int>(random() % 60000);
    const int part = 1 + static_cast<int>(random() % whole);
    const double rate = 100.0 * part / whole;
    const auto print = [&](int number) {
      return number >= 10000 && random() % 2 == 0 ? fmt::format("{:.1f}万", number / 10000.0)
                                                  : fmt::format("{}", number);
    };
    const std::string percent = fmt::format("{:.{}f}", rate, random() % 3);
    const std::string named =
        fmt::format("受理调解案件{}宗，调解成功{}宗，调解成功率{}%。", print(whole), print(part), percent);
    const std::string share =
        fmt::format("办结行政复议案件{}件，和解{}件，占办结案件总数的{}%。", print(whole), print(part), percent);
    const std::string possible = fmt::format("已办结复议案件{}件，和解案件占已办案件的{}%。", print(whole), percent);
    for (const std::string& text : {named, share, possible}) ASSERT_THAT(Findings(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace duban
