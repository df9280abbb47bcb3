// SPDX-License-Identifier: Apache-2.0
#include "common/text/utf8.h"

#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duban {
namespace {

using ::testing::ElementsAre;

// The oracle: a sequence is well-formed if encoding what its bits say gives the same bytes again.
size_t SlowValidPrefix(const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t size = lead < 0x80 ? 1 : lead >= 0xC0 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 4;
    if (lead >= 0x80 && lead < 0xC0) return at;
    if (lead >= 0xF8 || at + size > text.size()) return at;
    char32_t value = size == 1 ? lead : lead & ((1u << (7 - size)) - 1);
    for (size_t i = 1; i < size; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at;
      value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    }
    std::string again;
    AppendUtf8(value, &again);
    if (again != text.substr(at, size)) return at;
    at += size;
  }
  return text.size();
}

TEST(Utf8Test, ToldFromMalformed) {
  struct Case {
    std::string text;
    size_t prefix;
  };
  for (const Case& c : std::vector<Case>{
           {"", 0},
           {"abc", 3},
           {"法治政府", 12},
           {"法\xF0\xA0\x80\x8B", 7},
           {std::string("a\0b", 3), 3},
           {"\xEF\xBF\xBD", 3},  // a written U+FFFD is well-formed
           {"\xC0\x80", 0},      // overlong
           {"\xE0\x80\x80", 0},
           {"\xF0\x80\x80\x80", 0},
           {"\xED\xA0\x80", 0},      // a surrogate
           {"\xF4\x90\x80\x80", 0},  // beyond U+10FFFF
           {"ab\xE6\xB3", 2},        // cut short
           {"12345678\xFF", 8},
           {"法\x80", 3},
       }) {
    SCOPED_TRACE(testing::PrintToString(c.text));
    EXPECT_EQ(ValidUtf8Prefix(c.text), c.prefix);
    EXPECT_EQ(IsValidUtf8(c.text), c.prefix == c.text.size());
  }
}

TEST(Utf8Test, PrefixIsThatOfTheOracle) {
  std::mt19937 random(1);
  const std::vector<std::string> pieces = {
      "a",        "12345678", "法",           "\xC3\xA9", "\xF0\xA0\x80\x8B", "\x80",
      "\xED\xA0", "\xE4\xB8", "\xF4\x8F\xBF", "\xBF",     "\xE1\x80\x80",     "\xFF"};
  for (int round = 0; round < 100000; ++round) {
    std::string text;
    for (int i = static_cast<int>(random() % 8); i > 0; --i) text += pieces[random() % pieces.size()];
    if (!text.empty() && random() % 4 == 0) text[random() % text.size()] = static_cast<char>(random());
    ASSERT_EQ(ValidUtf8Prefix(text), SlowValidPrefix(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8Test, EveryCodePointComesBack) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(c, &text);
    const CodePoint forth = DecodeAt(text, 0);
    const CodePoint back = DecodeBefore(text, text.size());
    ASSERT_TRUE(forth.value == c && forth.size == text.size()) << static_cast<uint32_t>(c);
    ASSERT_TRUE(back.value == c && back.offset == 0) << static_cast<uint32_t>(c);
  }
}

TEST(Utf8Test, IteratesWithOffsets) {
  std::vector<size_t> offsets;
  std::vector<char32_t> values;
  for (const CodePoint& c : CodePoints("a法\xFF"
                                       "b")) {
    offsets.push_back(c.offset);
    values.push_back(c.value);
  }
  EXPECT_THAT(offsets, ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(values, ElementsAre('a', U'法', kReplacementCharacter, 'b'));
}

TEST(Utf8Test, DecodesBeforeMalformedBytes) {
  EXPECT_EQ(DecodeBefore("法\x80", 4).value, kReplacementCharacter);
  EXPECT_EQ(DecodeBefore("\x80\x80\x80\x80\x80", 5).offset, 4u);
  EXPECT_EQ(DecodeBefore("法", 0).size, 0u);
}

TEST(Utf8Test, SurrogatesAreReplaced) {
  std::string out;
  AppendUtf8(0xD800, &out);
  AppendUtf8(0x110000, &out);
  EXPECT_EQ(out, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8Test, CountsAndCuts) {
  EXPECT_EQ(CountCodePoints("2023年"), 5u);
  EXPECT_EQ(FirstCodePoints("法治政府", 2), "法治");
  EXPECT_EQ(FirstCodePoints("法治", 0), "");
  EXPECT_EQ(FirstCodePoints("法治", 5), "法治");
}

TEST(Utf8Test, ClassesOfCharacters) {
  EXPECT_TRUE(IsHan(U'法') && IsHan(U'〇') && IsHan(U'𠀋') && IsHan(U'⼯'));
  EXPECT_FALSE(IsHan(U'。') || IsHan(U'a') || IsHan(U'（') || IsHan(U'ア'));
  EXPECT_TRUE(IsDigit('0') && IsDigit(U'９'));
  EXPECT_FALSE(IsDigit(U'一') || IsDigit('a') || IsDigit(U'：'));
  EXPECT_TRUE(IsLatinLetter('z') && IsLatinLetter(U'Ａ') && !IsLatinLetter('@') && !IsLatinLetter('['));
  EXPECT_TRUE(IsSpace(U'　') && IsSpace('\n') && IsSpace(0xFEFF) && IsSpace(0xA0) && !IsSpace(U'。'));
  EXPECT_TRUE(IsPunctuation(U'。') && IsPunctuation(U'（') && IsPunctuation(U'“') && IsPunctuation(U'—') &&
              IsPunctuation(U'《') && IsPunctuation('%'));
  EXPECT_FALSE(IsPunctuation(U'法') || IsPunctuation('1') || IsPunctuation(U'１') || IsPunctuation(' '));
}

TEST(Utf8Test, Trims) {
  EXPECT_EQ(TrimSpace("　 \t办结 12 件\r\n　"), "办结 12 件");
  EXPECT_EQ(TrimSpace(" 　"), "");
  EXPECT_EQ(WithoutSpace("　办结 12\n件"), "办结12件");
}

}  // namespace
}  // namespace duban
