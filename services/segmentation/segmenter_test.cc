// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/segmenter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/text/utf8.h"
#include "embedded/outline_cases.textproto.h"
#include "embedded/role_cases.textproto.h"
#include "services/segmentation/outline_cases.pb.h"

namespace duban {
namespace {

using segmentation::OutlineCase;
using segmentation::OutlineCases;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

v1::Outline Segment(const v1::Document& document) {
  static const std::unique_ptr<const Segmenter>& segmenter = *[] {
    auto created = Segmenter::Create();
    EXPECT_TRUE(created.ok()) << Message(created.status());
    return new std::unique_ptr<const Segmenter>(*std::move(created));
  }();
  return segmenter->Segment(document);
}

v1::Document DocumentOf(const OutlineCase& c) {
  v1::Document document;
  for (const std::string& line : c.line()) document.mutable_text()->append(line).append("\n");
  document.set_title(c.title());
  document.set_report_year(c.report_year());
  document.set_plan_year(c.plan_year());
  document.set_kind(c.kind());
  return document;
}

const OutlineCases& Cases() {
  static const OutlineCases& cases = *[] {
    auto* all = new OutlineCases;
    for (const auto& [name, content] : {std::pair("outline_cases.textproto", embedded::outline_cases_textproto),
                                        std::pair("role_cases.textproto", embedded::role_cases_textproto)}) {
      auto parsed = ParseLexicon<OutlineCases>(name, content);
      EXPECT_TRUE(parsed.ok()) << Message(parsed.status());
      all->MergeFrom(*parsed);
    }
    return all;
  }();
  return cases;
}

std::string_view TextOf(const v1::Document& document, const v1::Span& span) {
  return std::string_view(document.text()).substr(span.begin(), span.end() - span.begin());
}

bool IsUnnamed(const v1::Section& section) { return section.marker().empty() && section.heading().empty(); }

std::vector<std::string> Named(const v1::Outline& outline) {
  std::vector<std::string> out;
  for (const v1::Section& s : outline.sections()) {
    if (IsUnnamed(s)) continue;
    out.push_back(std::to_string(s.level()) + " " + s.marker() + "|" + s.heading() + "|" +
                  v1::Section::Role_Name(s.role()));
  }
  return out;
}

std::vector<std::string> Unnamed(const v1::Document& document, const v1::Outline& outline) {
  std::vector<std::string> out;
  for (const v1::Section& s : outline.sections()) {
    if (!IsUnnamed(s)) continue;
    out.push_back(v1::Section::Role_Name(s.role()) + "|" + std::string(FirstCodePoints(TextOf(document, s.span()), 6)));
  }
  return out;
}

std::vector<std::string> Problems(const v1::Document& document, const v1::Outline& outline) {
  std::vector<std::string> out;
  for (const v1::Problem& p : outline.problems()) {
    out.push_back(p.title() + "|" + std::string(FirstCodePoints(TextOf(document, p.span()), 6)));
  }
  return out;
}

TEST(SegmenterTest, ReadsThePatternsOfTheGenre) {
  ASSERT_GE(Cases().cases_size(), 140);
  for (const OutlineCase& c : Cases().cases()) {
    SCOPED_TRACE(c.name());
    const v1::Document document = DocumentOf(c);
    const v1::Outline outline = Segment(document);
    EXPECT_THAT(Named(outline), ElementsAreArray(c.section()));
    EXPECT_THAT(Unnamed(document, outline), ElementsAreArray(c.unnamed()));
    EXPECT_THAT(Problems(document, outline), ElementsAreArray(c.problem()));
  }
}

// What must hold of every outline, whatever the text.
void ExpectWellFormed(const v1::Document& document, const v1::Outline& outline) {
  const int32_t size = static_cast<int32_t>(document.text().size());
  std::map<std::string, const v1::Section*> by_id;
  int32_t last = 0;
  for (const v1::Section& s : outline.sections()) {
    SCOPED_TRACE(s.id() + " " + s.marker() + s.heading());
    EXPECT_EQ(s.id(), "s" + std::to_string(by_id.size() + 1));
    EXPECT_GE(s.span().begin(), last) << "sections are not in order";
    last = s.span().begin();
    EXPECT_LE(s.span().begin(), s.heading_span().begin());
    EXPECT_LE(s.heading_span().begin(), s.heading_span().end());
    EXPECT_LE(s.heading_span().end(), s.span().end());
    EXPECT_LE(s.span().end(), size);
    EXPECT_TRUE(IsCodePointBoundary(document.text(), s.span().begin()));
    EXPECT_TRUE(IsCodePointBoundary(document.text(), s.span().end()));
    EXPECT_NE(s.role(), v1::Section::ROLE_UNSPECIFIED);
    EXPECT_GE(s.level(), 0);
    EXPECT_LE(s.level(), 5);
    if (!s.parent().empty()) {
      ASSERT_TRUE(by_id.contains(s.parent())) << "no parent before its child";
      EXPECT_LE(by_id[s.parent()]->span().begin(), s.span().begin());
      EXPECT_GE(by_id[s.parent()]->span().end(), s.span().end()) << "reaches beyond its parent " << s.parent();
    }
    by_id[s.id()] = &s;
  }
  last = 0;
  for (const v1::Sentence& s : outline.sentences()) {
    EXPECT_GE(s.span().begin(), last) << "sentences overlap";
    EXPECT_LT(s.span().begin(), s.span().end());
    last = s.span().end();
    if (s.section().empty()) continue;
    ASSERT_TRUE(by_id.contains(s.section()));
    EXPECT_LE(by_id[s.section()]->span().begin(), s.span().begin());
    EXPECT_GE(by_id[s.section()]->span().end(), s.span().end());
  }
  EXPECT_LE(last, size);
  int problems = 0;
  for (const v1::Problem& p : outline.problems()) {
    EXPECT_EQ(p.id(), "q" + std::to_string(++problems));
    ASSERT_TRUE(by_id.contains(p.section()));
    EXPECT_LT(p.span().begin(), p.span().end());
    EXPECT_LE(p.span().end(), size);
  }
}

TEST(SegmenterTest, OutlinesAreWellFormed) {
  for (const OutlineCase& c : Cases().cases()) {
    SCOPED_TRACE(c.name());
    const v1::Document document = DocumentOf(c);
    ExpectWellFormed(document, Segment(document));
  }
}

TEST(SegmenterTest, OutlinesOfShuffledLinesAreWellFormed) {
  std::mt19937 random(20240101);
  std::vector<std::string> lines;
  for (const OutlineCase& c : Cases().cases()) lines.insert(lines.end(), c.line().begin(), c.line().end());
  for (int round = 0; round < 300; ++round) {
    v1::Document document;
    const size_t count = 1 + random() % 40;
    for (size_t i = 0; i < count; ++i) {
      std::string line = lines[random() % lines.size()];
      if (random() % 4 == 0) line = std::string(FirstCodePoints(line, random() % 30));
      document.mutable_text()->append(line).append(random() % 5 == 0 ? " " : "\n");
    }
    SCOPED_TRACE(document.text());
    ExpectWellFormed(document, Segment(document));
    if (HasFailure()) return;
  }
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Levels, headings without punctuation, and roles.
std::vector<std::string> Shape(const v1::Outline& outline) {
  std::vector<std::string> out;
  for (const v1::Section& s : outline.sections()) {
    std::string words;
    for (const CodePoint& c : CodePoints(s.heading())) {
      if (!IsPunctuation(c.value) && !IsSpace(c.value)) AppendUtf8(c.value, &words);
    }
    out.push_back(std::to_string(s.level()) + words + v1::Section::Role_Name(s.role()));
  }
  return out;
}

TEST(SegmenterTest, HalfWidthPunctuationMakesNoDifference) {
  for (const OutlineCase& c : Cases().cases()) {
    SCOPED_TRACE(c.name());
    v1::Document document = DocumentOf(c);
    const std::vector<std::string> want = Shape(Segment(document));
    for (const auto& [wide, narrow] : {std::pair("（", "("), std::pair("）", ")"), std::pair("，", ","),
                                       std::pair("：", ":"), std::pair("；", ";")}) {
      document.set_text(Replaced(document.text(), wide, narrow));
      document.set_title(Replaced(document.title(), wide, narrow));
    }
    EXPECT_EQ(Shape(Segment(document)), want);
  }
}

TEST(SegmenterTest, IndentationAndLineEndingsMakeNoDifference) {
  for (const OutlineCase& c : Cases().cases()) {
    SCOPED_TRACE(c.name());
    v1::Document document = DocumentOf(c);
    const std::vector<std::string> want = Shape(Segment(document));
    document.set_text("\r\n　　" + Replaced(document.text(), "\n", "\r\n\r\n　　"));
    EXPECT_EQ(Shape(Segment(document)), want);
  }
}

TEST(SegmenterTest, EveryTextHasAnOutline) {
  for (const std::string text :
       {"", " ", "\n\n", "一、", "（一）", "【】", "——", "。", "一是", "a", "1.", "第一部分"}) {
    SCOPED_TRACE(text);
    v1::Document document;
    document.set_text(text);
    ExpectWellFormed(document, Segment(document));
  }
}

// Former bug: words of cues in one endless heading took time with the square of its size, half a minute at this one.
// What bounds it is the limit of the test program (CMakeLists.txt).
TEST(SegmenterTest, EndlessHeadingsTakeLinearTime) {
  v1::Document document;
  document.set_text("一、");
  for (int i = 0; i < 40'000; ++i) document.mutable_text()->append("工作总结2023年，");
  ExpectWellFormed(document, Segment(document));
}

TEST(SegmenterTest, SentencesKnowTheirInnermostSection) {
  v1::Document document;
  document.set_text("一、工作情况\n（一）普法。举办讲座3场。一是进校园，讲课。二是进社区。完成！\n");
  const v1::Outline outline = Segment(document);
  std::vector<std::string> got;
  for (const v1::Sentence& s : outline.sentences())
    got.push_back(s.section() + " " + std::string(TextOf(document, s.span())));
  EXPECT_THAT(got, ElementsAre("s1 工作情况", "s2 普法。", "s2 举办讲座3场。", "s3 进校园，讲课。", "s4 进社区。",
                               "s4 完成！"));
}

TEST(SegmenterTest, SentencesBeginBehindAHeadingInBrackets) {
  v1::Document document;
  document.set_text(
      "一、工作情况\n【法律援助】　办理法律援助案件630件，挽回损失20万元，回访受援人。\n"
      "【公证】办理公证20件，其中涉外公证3件，上门办理公证5件。减免费用。\n");
  const v1::Outline outline = Segment(document);
  std::vector<std::string> got;
  for (const v1::Sentence& s : outline.sentences())
    got.push_back(s.section() + " " + std::string(TextOf(document, s.span())));
  EXPECT_THAT(got, ElementsAre("s1 工作情况", "s2 法律援助", "s2 办理法律援助案件630件，挽回损失20万元，回访受援人。",
                               "s3 公证", "s3 办理公证20件，其中涉外公证3件，上门办理公证5件。", "s3 减免费用。"));
}

TEST(SegmenterTest, SpansBeginAtTheMarkerAndEndWithTheText) {
  v1::Document document;
  document.set_text("  一、工作情况\n  一是普法。\n  二是调解。\n\n二、工作打算\n略。\n");
  const v1::Outline outline = Segment(document);
  ASSERT_EQ(outline.sections_size(), 4);
  EXPECT_EQ(TextOf(document, outline.sections(0).span()), "一、工作情况\n  一是普法。\n  二是调解。");
  EXPECT_EQ(TextOf(document, outline.sections(1).span()), "一是普法。");
  EXPECT_EQ(TextOf(document, outline.sections(1).heading_span()), "普法");
  EXPECT_EQ(TextOf(document, outline.sections(3).span()), "二、工作打算\n略。");
  EXPECT_EQ(outline.sections(2).parent(), "s1");
  EXPECT_EQ(outline.sections(3).parent(), "");
}

TEST(SegmenterTest, ListsInsideItemsNest) {
  v1::Document document;
  document.set_text("一、做法\n一是普法。①进校园。②进社区。\n二是调解。1.排查。2.化解。\n三是援助。\n");
  const v1::Outline outline = Segment(document);
  std::vector<std::string> got;
  for (const v1::Section& s : outline.sections()) got.push_back(s.id() + "<" + s.parent() + " " + s.heading());
  EXPECT_THAT(got, ElementsAre("s1< 做法", "s2<s1 普法", "s3<s2 进校园", "s4<s2 进社区", "s5<s1 调解", "s6<s5 排查",
                               "s7<s5 化解", "s8<s1 援助"));
}

}  // namespace
}  // namespace duban
