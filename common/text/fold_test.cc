// SPDX-License-Identifier: Apache-2.0
#include "common/text/fold.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace duban {
namespace {

TEST(FoldTest, FoldsWidthAndBlanks) {
  struct Case {
    std::string_view text;
    std::string_view folded;
  };
  for (const Case& c : std::vector<Case>{
           {"", ""},
           {"办结１，２０３件（含旧存）", "办结1,203件(含旧存)"},
           {"９６．１％", "96.1%"},
           {"Ａ类；Ｂ类：ｃ", "A类;B类:c"},
           {"　全年 办案", " 全年 办案"},
           {"办\u200B结\uFEFF", "办结"},
           {"一、“双减”。《要点》①—", "一、“双减”。《要点》①—"},
           {"甲\t乙\n丙", "甲\t乙\n丙"},
           {"￥５００", "¥500"},
       }) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(Fold(c.text), c.folded);
    EXPECT_EQ(FoldedText(c.text).text(), c.folded);
  }
}

// The oracle keeps the original offset of every folded byte.
TEST(FoldTest, OffsetsAreThoseOfTheOracle) {
  std::mt19937 random(2);
  const std::vector<std::string> pieces = {"a", "１", "法", "　", "\u200B", "\uFEFF", "（", "￥", "\u00A0", "。", "\n"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = static_cast<int>(random() % 12); i > 0; --i) text += pieces[random() % pieces.size()];
    const FoldedText folded(text);
    size_t at = 0;
    for (const CodePoint& c : CodePoints(text)) {
      const std::string piece = Fold(text.substr(c.offset, c.size));
      ASSERT_EQ(folded.ToFolded(c.offset), at) << text;
      if (!piece.empty()) {
        ASSERT_EQ(folded.ToOriginal(at), c.offset) << text;
      }
      at += piece.size();
    }
    ASSERT_EQ(folded.ToFolded(text.size()), folded.text().size());
    ASSERT_EQ(folded.ToOriginal(folded.text().size()), text.size());
  }
}

}  // namespace
}  // namespace duban
