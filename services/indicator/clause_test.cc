// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/clause.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace duban {
namespace {

using ::testing::ElementsAre;

constexpr size_t kMostFigures = 128;
constexpr size_t kLongestPiece = 16 << 10;

// `count` times `part`, which holds the figure "3件", and where the figures stand.
std::string Repeat(const std::string& part, size_t count, std::vector<Range>* figures) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = text.size() + part.find("3件");
    figures->push_back({at, at + std::string("3件").size()});
    text += part;
  }
  return text;
}

TEST(PieceEndsTest, ShortSentenceIsOnePiece) {
  std::vector<Range> figures;
  const std::string text = Repeat("，3件", kMostFigures, &figures);
  EXPECT_THAT(PieceEnds(text, {0, text.size()}, figures), ElementsAre(text.size()));
  EXPECT_THAT(PieceEnds(text, {0, text.size()}, {}), ElementsAre(text.size()));
}

TEST(PieceEndsTest, CutsBehindTheLastMarkBeforeAFigure) {
  for (const std::string mark : {"，", "；", "。", ",", ";", "\n", "——"}) {
    SCOPED_TRACE(mark);
    std::vector<Range> figures;
    const std::string text = Repeat("办结" + mark + "甲3件", kMostFigures + 1, &figures);
    const size_t cut = figures.back().begin - std::string("甲").size();
    EXPECT_THAT(PieceEnds(text, {0, text.size()}, figures), ElementsAre(cut, text.size()));
  }
}

TEST(PieceEndsTest, CutsAtTheFigureWhereNoMarkStands) {
  for (const std::string joint : {"、", "和", "（", "："}) {
    SCOPED_TRACE(joint);
    std::vector<Range> figures;
    const std::string text = Repeat(joint + "3件", kMostFigures + 1, &figures);
    EXPECT_THAT(PieceEnds(text, {0, text.size()}, figures), ElementsAre(figures.back().begin, text.size()));
  }
}

TEST(PieceEndsTest, CutsLongWords) {
  std::vector<Range> figures;
  std::string text = Repeat("甲3件，", 1, &figures);
  const size_t cut = text.size();
  text += std::string(kLongestPiece, 'a');
  figures.push_back({text.size(), text.size() + 1});
  text += "3件";
  EXPECT_THAT(PieceEnds(text, {0, text.size()}, figures), ElementsAre(cut, text.size()));
  // The first figure of a piece may stand anywhere.
  EXPECT_THAT(PieceEnds(text, {0, text.size()}, std::vector<Range>{figures.back()}), ElementsAre(text.size()));
}

// Pieces follow one another without a gap, begin behind the figures before, and hold few figures each.
TEST(PieceEndsTest, PiecesCoverTheSentence) {
  for (const std::string part : {"，3件", "3件", "甲、乙3件；其余", "（3件"}) {
    std::vector<Range> figures;
    const std::string text = Repeat(part, 1000, &figures);
    size_t begin = 0;
    size_t figure = 0;
    for (const size_t end : PieceEnds(text, {0, text.size()}, figures)) {
      EXPECT_GT(end, begin) << part;
      size_t held = 0;
      for (; figure < figures.size() && figures[figure].begin < end; ++figure, ++held) {
        EXPECT_GE(figures[figure].begin, begin) << part;
        EXPECT_LE(figures[figure].end, end) << part;
      }
      EXPECT_LE(held, kMostFigures) << part;
      begin = end;
    }
    EXPECT_EQ(begin, text.size());
    EXPECT_EQ(figure, figures.size());
  }
}

}  // namespace
}  // namespace duban
