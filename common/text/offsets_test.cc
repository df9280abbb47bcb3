// SPDX-License-Identifier: Apache-2.0
#include "common/text/offsets.h"

#include <random>
#include <string>
#include <vector>

#include "common/text/utf8.h"
#include "duban/v1/outline.pb.h"
#include "gtest/gtest.h"

namespace duban {
namespace {

TEST(OffsetConverterTest, CountsInEachEncoding) {
  const std::string text = "a法𠀋b";
  struct Case {
    size_t utf8, utf16, utf32;
  };
  for (const Case& c : std::vector<Case>{{0, 0, 0}, {1, 1, 1}, {4, 2, 2}, {8, 4, 3}, {9, 5, 4}}) {
    EXPECT_EQ(OffsetConverter(text, v1::UTF8).FromUtf8(c.utf8), c.utf8);
    EXPECT_EQ(OffsetConverter(text, v1::UTF16).FromUtf8(c.utf8), c.utf16);
    EXPECT_EQ(OffsetConverter(text, v1::UTF32).FromUtf8(c.utf8), c.utf32);
    EXPECT_EQ(OffsetConverter(text, v1::UTF8).ToUtf8(c.utf8), c.utf8);
    EXPECT_EQ(OffsetConverter(text, v1::UTF16).ToUtf8(c.utf16), c.utf8);
    EXPECT_EQ(OffsetConverter(text, v1::UTF32).ToUtf8(c.utf32), c.utf8);
  }
  EXPECT_EQ(OffsetConverter(text, v1::UTF16).ToUtf8(3), 4u) << "inside the surrogate pair";
  EXPECT_EQ(OffsetConverter(text, v1::UTF16).FromUtf8(99), 5u);
  EXPECT_EQ(OffsetConverter(text, v1::UTF32).ToUtf8(99), 9u);
  EXPECT_EQ(OffsetConverter("", v1::UTF16).ToUtf8(0), 0u);
}

TEST(OffsetConverterTest, IsTheOracleOnLongTexts) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"a", "é", "法", "𠀋"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = static_cast<int>(random() % 600); i > 0; --i) text += pieces[random() % pieces.size()];
    const OffsetConverter utf16(text, v1::UTF16), utf32(text, v1::UTF32);
    size_t units = 0, points = 0;
    for (const CodePoint& c : CodePoints(text)) {
      ASSERT_EQ(utf16.FromUtf8(c.offset), units);
      ASSERT_EQ(utf32.FromUtf8(c.offset), points);
      ASSERT_EQ(utf16.ToUtf8(units), c.offset);
      ASSERT_EQ(utf32.ToUtf8(points), c.offset);
      units += c.size == 4 ? 2 : 1;
      ++points;
    }
    ASSERT_EQ(utf16.FromUtf8(text.size()), units);
    ASSERT_EQ(utf32.ToUtf8(points), text.size());
  }
}

TEST(ConvertSpansTest, ReachesEverySpan) {
  const std::string text = "一、工作";
  v1::Outline outline;
  v1::Section* section = outline.add_sections();
  section->mutable_span()->set_end(12);
  section->mutable_heading_span()->set_begin(6);
  section->mutable_heading_span()->set_end(12);
  outline.add_sentences()->mutable_span()->set_begin(6);
  ConvertSpans(OffsetConverter(text, v1::UTF32), &outline);
  EXPECT_EQ(section->span().end(), 4);
  EXPECT_EQ(section->heading_span().begin(), 2);
  EXPECT_EQ(section->heading_span().end(), 4);
  EXPECT_EQ(outline.sentences(0).span().begin(), 2);
}

}  // namespace
}  // namespace duban
