// SPDX-License-Identifier: Apache-2.0
#include "services/cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace duban {
namespace {

TEST(TableTest, AlignsChineseByDisplayWidth) {
  Table table({"名", "value"});
  table.Add({"律师", "1"});
  table.Add({"ab", "22"});
  EXPECT_EQ(table.ToText(), "名    value\n───────────\n律师  1\nab    22\n");
}

TEST(TableTest, CsvQuotesWhatNeedsIt) {
  Table table({"a", "b"});
  table.Add({"x,y", "say \"no\""});
  table.Add({"line\nbreak", ""});
  EXPECT_EQ(table.ToCsv(), "a,b\r\n\"x,y\",\"say \"\"no\"\"\"\r\nline break,\r\n");
}

TEST(TableTest, CsvCellsAreNoFormulas) {
  Table table({"a", "b", "c"});
  table.Add({"=HYPERLINK(1)", "-12.5", "+3"});
  table.Add({"@x", "-公证", "+1+2"});
  EXPECT_EQ(table.ToCsv(), "a,b,c\r\n'=HYPERLINK(1),-12.5,+3\r\n'@x,'-公证,'+1+2\r\n");
}

TEST(TableTest, ControlCharactersOfCellsAreBlanks) {
  Table table({"a"});
  table.Add(
      {"局\x1b[2J\x07\x7f\xC2\x9B"
       "2J律\t师"});
  EXPECT_THAT(table.ToText(), ::testing::EndsWith("\n局 [2J   2J律 师\n"));
  EXPECT_THAT(table.ToCsv(), ::testing::EndsWith("\n局 [2J   2J律 师\r\n"));
}

TEST(PrintableTest, KeepsAllElse) {
  EXPECT_EQ(Printable("约 4735 万元…é\xff"), "约 4735 万元…é\xff");
  EXPECT_EQ(Printable(std::string_view("\0\n", 2)), "  ");
}

TEST(CutToWidthTest, CutsBetweenCodePoints) {
  struct Case {
    std::string_view text;
    int width;
    std::string_view want;
  };
  for (const Case& c : {Case{"abc", 3, "abc"}, Case{"abcd", 3, "ab…"}, Case{"法律援助", 8, "法律援助"},
                        Case{"法律援助", 7, "法律援…"}, Case{"法律援助", 6, "法律…"}, Case{"", 3, ""}}) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(CutToWidth(c.text, c.width), c.want);
    EXPECT_LE(DisplayWidth(CutToWidth(c.text, c.width)), c.width);
  }
}

TEST(DisplayWidthTest, InvalidBytesCountOnce) {
  EXPECT_EQ(DisplayWidth("\xff"
                         "a"),
            2);
}

TEST(TableTest, WrapsTheWholeColumn) {
  Table table({"id", "reason", "n"}, /*whole=*/1);
  table.Add({"1", std::string(60, 'x'), "7"});
  table.Add({"2", "short", "8"});
  const std::string text = table.ToText();
  EXPECT_NE(text.find("1   " + std::string(48, 'x') + "  7\n    " + std::string(12, 'x') + "\n2   short"),
            std::string::npos)
      << text;
}

TEST(WrapToWidthTest, CountsColumns) {
  EXPECT_EQ(WrapToWidth("", 4), std::vector<std::string>{""});
  EXPECT_EQ(WrapToWidth("督办台账", 4), (std::vector<std::string>{"督办", "台账"}));
  EXPECT_EQ(WrapToWidth("a督办", 4), (std::vector<std::string>{"a督", "办"}));
}

}  // namespace
}  // namespace duban
