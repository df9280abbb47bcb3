// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/extractor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/base/lexicon.h"
#include "embedded/extractor_cases.textproto.h"
#include "embedded/extractor_links.textproto.h"
#include "embedded/extractor_tricky.textproto.h"
#include "services/indicator/extractor_cases.pb.h"

namespace duban {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr std::string_view kStop = "。";

const Extractor& TheExtractor() {
  static const auto& extractor = *new std::unique_ptr<const Extractor>(Extractor::Create().value());
  return *extractor;
}

// One section over the whole text, sentences cut behind 。 and at line breaks.
v1::Outline OneSection(std::string_view text, v1::Section::Role role, std::string_view heading) {
  v1::Outline outline;
  v1::Section* section = outline.add_sections();
  section->set_id("s1");
  section->set_role(role);
  section->set_heading(std::string(heading));
  section->mutable_span()->set_end(static_cast<int32_t>(text.size()));
  for (size_t begin = 0; begin < text.size();) {
    const size_t stop = text.find(kStop, begin);
    const size_t end = stop == std::string_view::npos ? text.size() : stop + kStop.size();
    v1::Sentence* sentence = outline.add_sentences();
    sentence->set_section("s1");
    sentence->mutable_span()->set_begin(static_cast<int32_t>(begin));
    sentence->mutable_span()->set_end(static_cast<int32_t>(end));
    begin = end;
  }
  return outline;
}

v1::Document MakeDocument(std::string_view text, int report_year = 2023, int plan_year = 2024) {
  v1::Document document;
  document.set_text(std::string(text));
  document.set_report_year(report_year);
  document.set_plan_year(plan_year);
  return document;
}

v1::IndicatorSet Extract(std::string_view text, v1::Section::Role role = v1::Section::ACHIEVEMENT) {
  return TheExtractor().Extract(MakeDocument(text), OneSection(text, role, ""));
}

std::vector<std::string> Figures(const v1::IndicatorSet& set) {
  std::vector<std::string> figures;
  for (const v1::Indicator& i : set.indicators()) {
    figures.push_back(
        fmt::format("{} {} {} {}", i.quantity().text(), v1::Indicator::Aspect_Name(i.aspect()), i.year(), i.label()));
  }
  return figures;
}

std::vector<std::string> Relations(const v1::IndicatorSet& set) {
  std::map<std::string, std::string> texts;
  for (const v1::Indicator& i : set.indicators()) texts[i.id()] = i.quantity().text();
  const auto text = [&](const std::string& id) { return id.empty() ? std::string("-") : texts.at(id); };
  std::vector<std::string> relations;
  for (const v1::Relation& r : set.relations()) {
    switch (r.type()) {
      case v1::Relation::RATE:
        relations.push_back(fmt::format("RATE {} {} {}", text(r.rate()), text(r.numerator()), text(r.denominator())));
        break;
      case v1::Relation::CHANGE:
        relations.push_back(fmt::format("CHANGE {} {}", text(r.change()), text(r.of())));
        break;
      default:
        relations.push_back(fmt::format("PART {} {}", text(r.part()), text(r.whole())));
    }
  }
  return relations;
}

std::vector<std::string> Findings(const v1::IndicatorSet& set) {
  std::vector<std::string> findings;
  for (const v1::Finding& f : set.findings()) {
    findings.push_back(fmt::format("{} {:g}", v1::Finding::Type_Name(f.type()), f.reported()));
  }
  return findings;
}

void RunCases(std::string_view file, std::string_view text, int at_least) {
  const auto cases = ParseLexicon<v1::ExtractorCases>(file, text);
  ASSERT_TRUE(cases.ok()) << cases.status();
  EXPECT_GE(cases->cases_size(), at_least);
  for (const v1::ExtractorCases::Case& c : cases->cases()) {
    SCOPED_TRACE(c.text());
    const v1::Section::Role role = c.role() == v1::Section::ROLE_UNSPECIFIED ? v1::Section::ACHIEVEMENT : c.role();
    const v1::Document document = MakeDocument(c.text(), c.report_year() != 0 ? c.report_year() : 2023,
                                               c.plan_year() != 0 ? c.plan_year() : 2024);
    const v1::IndicatorSet set = TheExtractor().Extract(document, OneSection(c.text(), role, c.heading()));
    EXPECT_THAT(Figures(set), ElementsAreArray(c.want()));
    EXPECT_THAT(Relations(set), ElementsAreArray(c.relation()));
    EXPECT_THAT(Findings(set), ElementsAreArray(c.finding()));
  }
}

TEST(ExtractorTest, ReadsSentencesOfEverySort) {
  RunCases("extractor_cases.textproto", embedded::extractor_cases_textproto, 85);
}

TEST(ExtractorTest, LinksFiguresAcrossClausesAndSentences) {
  RunCases("extractor_links.textproto", embedded::extractor_links_textproto, 32);
}

TEST(ExtractorTest, LeavesOutWhatMeasuresNothingAndChecksTheRest) {
  RunCases("extractor_tricky.textproto", embedded::extractor_tricky_textproto, 30);
}

TEST(ExtractorTest, TellsSpanSentenceSectionAndDirection) {
  const std::string text = "全年很忙。受理案件约12件，同比下降5%。";
  const v1::IndicatorSet set = Extract(text);
  ASSERT_EQ(set.indicators_size(), 2);
  const v1::Indicator& count = set.indicators(0);
  EXPECT_EQ(text.substr(count.span().begin(), count.span().end() - count.span().begin()), "12件");
  EXPECT_EQ(text.substr(count.sentence().begin(), count.sentence().end() - count.sentence().begin()),
            "受理案件约12件，同比下降5%。");
  EXPECT_EQ(count.section(), "s1");
  EXPECT_EQ(count.id(), "i1");
  EXPECT_EQ(count.quantity().qualifier(), v1::Quantity::ABOUT);
  EXPECT_FALSE(count.quantity().has_span());
  EXPECT_EQ(set.indicators(1).direction(), v1::Indicator::DOWN);
  EXPECT_EQ(set.indicators(1).base(), v1::Indicator::PREVIOUS_YEAR);
}

TEST(ExtractorTest, BoundBehindIsMoreThanThatOnceReached) {
  EXPECT_EQ(Extract("意见采纳率达97%以上。").indicators(0).quantity().qualifier(), v1::Quantity::OVER);
  EXPECT_EQ(Extract("每季度检查不少于2次。").indicators(0).quantity().qualifier(), v1::Quantity::AT_LEAST);
  EXPECT_EQ(Extract("公证业务量不到总量的两成。").indicators(0).quantity().qualifier(), v1::Quantity::AT_MOST);
  const std::string plan = "力争意见采纳率达97%以上。";
  EXPECT_EQ(Extract(plan).indicators(0).quantity().qualifier(), v1::Quantity::AT_LEAST);
}

TEST(ExtractorTest, MapsLabelsToMetrics) {
  const v1::IndicatorSet set = Extract("受理法律援助案件812宗，执业律师93人，同比增长12.4%，擦洗门窗12扇次。");
  std::vector<std::string> metrics;
  for (const v1::Indicator& i : set.indicators()) metrics.push_back(i.metric());
  ASSERT_GE(metrics.size(), 3u);
  EXPECT_EQ(metrics[0], "legal_aid.cases_accepted");
  EXPECT_EQ(metrics[1], "lawyers.practising");
  EXPECT_EQ(metrics[2], "lawyers.practising");
}

// An amount that names no subject belongs to what its sentence spoke of last.
TEST(ExtractorTest, AmountsTakeTheSubjectOfTheirSentence) {
  struct Case {
    std::string text;
    std::string metric;  // of the last figure
  };
  for (const Case& c : std::initializer_list<Case>{
           {"受理法律援助案件812件，挽回经济损失236万元。", "legal_aid.recovered"},
           {"受理法律援助案件812件，其中农民工案件120件，占14.8%；挽回经济损失236万元。", "legal_aid.recovered"},
           {"公证机构办理公证2300件，减免费用16万元。", "notary.fee_relief"},
           {"受理消费投诉812件，挽回经济损失236万元。", ""},
           {"受理法律援助案件812件。受理消费投诉120件，挽回经济损失236万元。", ""},
           {"受理法律援助案件812件，调解纠纷630件，挽回经济损失236万元。", ""},
           {"开展反诈宣传68场次，挽回损失86万元。", ""},
           // The label before alone means the metric: the amount is another thing.
           {"规模以上工业总产值35亿元，协议资金8亿元。", ""},
       }) {
    const v1::IndicatorSet set = Extract(c.text);
    ASSERT_FALSE(set.indicators().empty()) << c.text;
    EXPECT_EQ(set.indicators().rbegin()->metric(), c.metric) << c.text;
  }
}

TEST(ExtractorTest, TextWithoutOutlineOrYears) {
  const v1::IndicatorSet set = TheExtractor().Extract(MakeDocument("办结案件12件。\n审查合同3份。", 0, 0), {});
  EXPECT_THAT(Figures(set), ElementsAreArray({"12件 ACTUAL 0 办结案件", "3份 ACTUAL 0 审查合同"}));
  EXPECT_THAT(Figures(TheExtractor().Extract(MakeDocument(""), {})), IsEmpty());
}

TEST(ExtractorTest, PlanWithoutReportYearPromises) {
  const std::string text = "办理案件不少于50件。";
  const v1::IndicatorSet set =
      TheExtractor().Extract(MakeDocument(text, 0, 2025), OneSection(text, v1::Section::NONE, ""));
  EXPECT_THAT(Figures(set), ElementsAreArray({"50件 TARGET 2025 办理案件"}));
}

// Blanks and full-width forms do not change what is read.
TEST(ExtractorPropertyTest, WidthDoesNotMatter) {
  const auto cases = ParseLexicon<v1::ExtractorCases>("extractor_cases.textproto", embedded::extractor_cases_textproto);
  ASSERT_TRUE(cases.ok());
  for (const v1::ExtractorCases::Case& c : cases->cases()) {
    std::string ascii = c.text();
    for (const auto& [wide, narrow] :
         std::map<std::string, std::string>{{"，", ","}, {"；", ";"}, {"（", "("}, {"）", ")"}}) {
      for (size_t at = ascii.find(wide); at != std::string::npos; at = ascii.find(wide, at))
        ascii.replace(at, wide.size(), narrow);
    }
    SCOPED_TRACE(ascii);
    const v1::Section::Role role = c.role() == v1::Section::ROLE_UNSPECIFIED ? v1::Section::ACHIEVEMENT : c.role();
    EXPECT_EQ(Relations(Extract(ascii, role)), Relations(Extract(c.text(), role)));
    const auto kinds = [&](std::string_view text) {
      std::vector<std::string> read;
      const v1::IndicatorSet set = Extract(text, role);
      for (const v1::Indicator& i : set.indicators()) {
        read.push_back(fmt::format("{} {}", i.quantity().decimal(), v1::Indicator::Aspect_Name(i.aspect())));
      }
      return read;
    };
    EXPECT_EQ(kinds(ascii), kinds(c.text()));
  }
}

// Two texts one after the other read like each alone, in sections of their own.
TEST(ExtractorPropertyTest, SectionsDoNotInfluenceEachOther) {
  const std::string a = "受理行政复议案件76件，办结65件。";
  const std::string b = "受理法律援助案件30件，办结28件。";
  v1::Outline outline = OneSection(a, v1::Section::ACHIEVEMENT, "");
  for (v1::Outline second = OneSection(b, v1::Section::ACHIEVEMENT, "");
       v1::Sentence & sentence : *second.mutable_sentences()) {
    sentence.mutable_span()->set_begin(sentence.span().begin() + static_cast<int32_t>(a.size()));
    sentence.mutable_span()->set_end(sentence.span().end() + static_cast<int32_t>(a.size()));
    sentence.set_section("s2");
    *outline.add_sentences() = sentence;
  }
  outline.add_sections()->set_id("s2");
  std::vector<std::string> both = Figures(Extract(a));
  for (const std::string& figure : Figures(Extract(b))) both.push_back(figure);
  EXPECT_EQ(Figures(TheExtractor().Extract(MakeDocument(a + b), outline)), both);
}

// A planted wrong rate is found, the true one is not, at every precision and however it was shortened.
TEST(ExtractorPropertyTest, RatesAreCheckedAsPrinted) {
  for (int whole : {7, 60, 131, 786, 3302}) {
    for (int part : {whole / 2, whole * 9 / 10, whole - 1}) {
      const double exact = 100.0 * part / whole;
      for (const std::string& printed : {fmt::format("{:.1f}", exact), fmt::format("{:.2f}", exact),
                                         fmt::format("{:.1f}", std::floor(exact * 10) / 10)}) {
        const std::string text = fmt::format("受理调解案件{}宗，调解成功{}宗，调解成功率{}%。", whole, part, printed);
        EXPECT_THAT(Findings(Extract(text)), IsEmpty()) << text;
      }
      const std::string text = fmt::format("受理调解案件{}宗，调解成功{}宗，调解成功率{:.1f}%。", whole, part,
                                           exact > 50 ? exact - 11 : exact + 11);
      EXPECT_EQ(Findings(Extract(text)).size(), 1u) << text;
    }
  }
}

// Every real report of the directory is read without a finding about figures that are only rounded.
TEST(ExtractorCorpusTest, RealReports) {
  const char* dir = std::getenv("DUBAN_REPORTS_DIR");
  if (dir == nullptr) GTEST_SKIP() << "DUBAN_REPORTS_DIR is not set";
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    if (entry.path().extension() != ".txt") continue;
    SCOPED_TRACE(entry.path());
    const auto text = ReadFile(entry.path().string());
    ASSERT_TRUE(text.ok());
    const v1::IndicatorSet set = TheExtractor().Extract(MakeDocument(*text), {});
    EXPECT_GT(set.indicators_size(), 10);
    for (const v1::Indicator& i : set.indicators()) {
      EXPECT_EQ(text->substr(i.span().begin(), i.quantity().text().size()), i.quantity().text());
      EXPECT_FALSE(i.label().empty());
    }
  }
}

}  // namespace
}  // namespace duban
