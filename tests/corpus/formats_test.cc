// SPDX-License-Identifier: Apache-2.0
// One report is one report, whatever its format: txt, HTML, DOCX, PDF and OFD give the same text, metadata and outline.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/text/utf8.h"
#include "services/ingest/report_files.h"
#include "tests/corpus/corpus.h"

namespace duban {
namespace {

const Corpus& Samples() {
  static const Corpus* const corpus =
      new Corpus(Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples"));
  return *corpus;
}

// The lines of the outline, a section each, as a person reads them.
std::vector<std::string> Lines(const v1::Analysis& analysis) {
  std::vector<std::string> lines;
  for (const v1::Section& section : analysis.sections()) {
    lines.push_back(fmt::format("{} {} {} {} {}", section.parent(), section.level(), section.marker(),
                                section.heading(), v1::Section::Role_Name(section.role())));
  }
  return lines;
}

// Where two lists of lines part; empty if they are equal.
std::string Difference(const std::vector<std::string>& have, const std::vector<std::string>& want) {
  const auto [h, w] = std::mismatch(have.begin(), have.end(), want.begin(), want.end());
  if (h == have.end() && w == want.end()) return "";
  return fmt::format("line {}: have {}\nwant {}", h - have.begin(), h == have.end() ? "no more" : *h,
                     w == want.end() ? "no more" : *w);
}

Paragraphs ParagraphsOf(const std::string& text) {
  Paragraphs paragraphs;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    paragraphs.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return paragraphs;
}

TEST(FormatsTest, EveryFormatGivesTheSameOutline) {
  for (const ExpectedReport& expected : Samples().expected().report()) {
    SCOPED_TRACE(expected.file());
    const v1::Analysis want = Samples().Analyze(expected.file());
    const Paragraphs paragraphs = ParagraphsOf(want.document().text());
    ASSERT_GT(want.sections_size(), 5);
    struct Format {
      std::string name, bytes;
    };
    for (const Format& format : std::vector<Format>{{"txt", want.document().text()},
                                                    {"html", MakeHtml(paragraphs)},
                                                    {"docx", MakeDocx(paragraphs)},
                                                    {"ofd", MakeOfd(paragraphs)},
                                                    {"pdf", MakePdf(paragraphs)}}) {
      SCOPED_TRACE(format.name);
      const auto have = Samples().local().Analyze(format.bytes, "report." + format.name);
      ASSERT_TRUE(have.ok()) << have.status();
      EXPECT_EQ(Difference(ParagraphsOf(have->document().text()), paragraphs), "");
      EXPECT_EQ(have->document().title(), want.document().title());
      EXPECT_EQ(have->document().agency().name(), want.document().agency().name());
      EXPECT_EQ(have->document().report_year(), want.document().report_year());
      EXPECT_EQ(have->document().plan_year(), want.document().plan_year());
      EXPECT_EQ(Difference(Lines(*have), Lines(want)), "");
      EXPECT_EQ(have->indicators_size(), want.indicators_size());
      EXPECT_EQ(have->plan_items_size(), want.plan_items_size());
      EXPECT_EQ(have->findings_size(), want.findings_size());
    }
  }
}

}  // namespace
}  // namespace duban
