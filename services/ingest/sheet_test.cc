// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "services/ingest/columns.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr double kEm = 10;

// A line's piece: at column `x` and row `y`, in letters and lines.
TextPiece At(double x, double y, const std::string& text) {
  return {x * kEm, y * kEm * 1.5, static_cast<double>(text.size()) / 3 * kEm, kEm, text};
}

std::string Letters(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "文";
  return out;
}

// A paragraph of `lines` lines in a column of 18 letters, the last one short.
void SetColumn(double x, double y, int lines, Sheet* sheet) {
  for (int i = 0; i < lines; ++i) {
    const bool first = i == 0;
    sheet->push_back(At(first ? x + 2 : x, y + i, Letters(i + 1 == lines ? 5 : first ? 16 : 18)));
  }
}

std::vector<std::string> Texts(const Page& page) {
  std::vector<std::string> out;
  for (const PageLine& line : page.lines) out.push_back(line.text);
  return out;
}

TEST(SheetTest, ReadsTwoColumnsOneAfterTheOther) {
  Sheet sheet = {At(11, 0, "青岚县司法局二〇二三年工作总结")};
  SetColumn(0, 2, 8, &sheet);
  SetColumn(20, 2, 8, &sheet);
  sheet.push_back(At(18.2, 12, "- 1 -"));
  EXPECT_THAT(SplitColumns(sheet), SizeIs(4));
  const std::string paragraph = "  " + Letters(16 + 6 * 18 + 5);
  EXPECT_THAT(Texts(ReadSheets({sheet})), ElementsAre("青岚县司法局二〇二三年工作总结", paragraph, paragraph));
}

TEST(SheetTest, AParagraphGoesOnInTheNextColumnAndOnTheNextSheet) {
  Sheet first, second;
  SetColumn(0, 0, 4, &first);
  for (int i = 0; i < 6; ++i) first.push_back(At(i == 0 ? 2 : 0, 4 + i, Letters(i == 0 ? 16 : 18)));
  for (int i = 0; i < 10; ++i) first.push_back(At(20, i, Letters(18)));
  for (int i = 0; i < 3; ++i) second.push_back(At(0, i, Letters(18)));
  SetColumn(0, 3, 7, &second);
  SetColumn(20, 0, 10, &second);
  const std::vector<std::string> texts = Texts(ReadSheets({first, second}));
  EXPECT_THAT(texts, SizeIs(4));
  EXPECT_EQ(texts[1], "  " + Letters(16 + 5 * 18 + 10 * 18 + 3 * 18));
}

TEST(SheetTest, ATableIsNoPairOfColumns) {
  Sheet sheet;
  for (int i = 0; i < 12; ++i) {
    sheet.push_back(At(0, i, Letters(3 + i % 7)));
    sheet.push_back(At(16, i, std::to_string(100 + i * 37)));
  }
  EXPECT_THAT(SplitColumns(sheet), SizeIs(1));
  EXPECT_EQ(ReadSheets({sheet}).lines.front().text, Letters(3) + "\t100");
}

TEST(SheetTest, ProseOfOneColumnStaysWhole) {
  Sheet sheet;
  for (int i = 0; i < 20; ++i)
    sheet.push_back(At(i % 5 == 0 ? 2 : 0, i, Letters(i % 5 == 0 ? 26 : i % 5 == 4 ? 9 : 28)));
  EXPECT_THAT(SplitColumns(sheet), SizeIs(1));
  EXPECT_THAT(ReadSheets({sheet}).lines, SizeIs(4));
}

// Blanks within lines, one below another by chance, are no gutter.
TEST(SheetTest, BlanksInProseAreNoGutter) {
  Sheet sheet;
  for (int i = 0; i < 20; ++i) {
    if (i % 3 == 0) {
      sheet.push_back(At(0, i, Letters(13)));
      sheet.push_back(At(14.5, i, Letters(13)));
    } else {
      sheet.push_back(At(0, i, Letters(28)));
    }
  }
  EXPECT_THAT(SplitColumns(sheet), SizeIs(1));
}

// Former bugs: rows of figures and dates went as numbers of their sheets.
TEST(SheetTest, ANumberOfASheetIsOneNumber) {
  for (const char* line :
       {"3", "- 3 -", "— 12 —", "–3–", "第3页", "第 3 页", "第3页 共12页", "共12页 第3页", "第3页/共12页", "３"}) {
    EXPECT_THAT(Texts(ReadSheets({{At(0, 0, "公证"), At(0, 1, line)}})), ElementsAre("公证")) << line;
  }
  for (const char* line :
       {"2023 786 770", "2024-01-09", "786/770", "12 3", "2023", "第3页 12", "第3章", "—", "1.2", "12%"}) {
    EXPECT_THAT(Texts(ReadSheets({{At(0, 0, "公证"), At(0, 1, line)}})), ElementsAre("公证", line)) << line;
  }
  const Sheet row = {At(0, 0, "年份"), At(8, 0, "件数"), At(0, 1, "2023"), At(8, 1, "786")};
  EXPECT_THAT(Texts(ReadSheets({row})), ElementsAre("年份\t件数", "2023\t786"));
}

// Files set text in places that are none.
TEST(SheetTest, PlacesThatAreNoNumbers) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  EXPECT_THAT(Texts(ReadSheets({{At(3, 0, "公证"), At(nan, 0, "全县")}})), ElementsAre("全县　公证"));
  for (const double place : {nan, inf, -inf, 1e300, -1e300}) {
    Sheet sheet;
    for (int i = 0; i < 8; ++i) {
      sheet.push_back(At(0, i, "全县"));
      sheet.push_back(At(i % 2 == 0 ? place : 9, i, "公证"));
      sheet.push_back(At(40, i, "援助"));
    }
    sheet.push_back(At(0, place, "调解"));
    std::string text;
    for (const std::string& line : Texts(ReadSheets({sheet}))) text += line;
    for (const char* word : {"全县", "公证", "援助", "调解"}) EXPECT_NE(text.find(word), std::string::npos) << place;
  }
}

TEST(SheetTest, NothingAtAll) {
  EXPECT_TRUE(ReadSheets({}).lines.empty());
  EXPECT_TRUE(ReadSheets({{}}).lines.empty());
}

}  // namespace
}  // namespace duban
