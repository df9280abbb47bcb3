// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/numeral_oracle.h"

#include <vector>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr std::string_view kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr std::string_view kFormalDigits[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
constexpr std::string_view kMagnitudes[] = {"", "十", "百", "千"};
constexpr std::string_view kFormalMagnitudes[] = {"", "拾", "佰", "仟"};

struct Magnitude {
  std::u32string_view signs;
  uint64_t value;
};
constexpr Magnitude kFalling[] = {
    {U"亿億", 100'000'000}, {U"万萬", 10'000}, {U"千仟", 1'000}, {U"百佰", 100}, {U"十拾", 10}};

// 1 to 9999.
std::string WriteSection(uint64_t value, const NumeralStyle& style, bool first) {
  std::string text;
  bool zero = false;
  for (int power = 3; power >= 0; --power) {
    uint64_t unit = 1;
    for (int i = 0; i < power; ++i) unit *= 10;
    const uint64_t digit = value / unit % 10;
    if (digit == 0) {
      zero = !text.empty();
      continue;
    }
    if (zero) text += "零";
    zero = false;
    const bool omit = digit == 1 && power == 1 && text.empty() && first && style.bare_ten && !style.formal;
    const bool liang = digit == 2 && power >= 2 && style.two_as_liang && !style.formal;
    if (!omit) text += liang ? "两" : (style.formal ? kFormalDigits : kDigits)[digit];
    text += (style.formal ? kFormalMagnitudes : kMagnitudes)[power];
  }
  return text;
}

std::optional<uint64_t> DigitOf(char32_t c) {
  for (uint64_t digit = 0; digit < 10; ++digit) {
    if (DecodeAt(kDigits[digit], 0).value == c || DecodeAt(kFormalDigits[digit], 0).value == c) return digit;
  }
  if (c == U'两') return 2;
  return std::nullopt;
}

std::optional<uint64_t> ReadPart(std::u32string_view numeral, bool last);

// What stands behind a magnitude of `above`: nothing, 零 and a smaller numeral, a numeral, or a short tail.
std::optional<uint64_t> ReadTail(std::u32string_view tail, uint64_t above, bool last) {
  if (tail.empty()) return 0;
  if (tail.front() == U'零') return tail.size() > 1 ? ReadPart(tail.substr(1), last) : std::nullopt;
  if (last && tail.size() == 1 && DigitOf(tail.front()) && above >= 100) return *DigitOf(tail.front()) * (above / 10);
  const auto value = ReadPart(tail, last);
  if (!value || *value >= above) return std::nullopt;
  return value;
}

// `last`: nothing of the numeral follows, so that a short tail may end it.
std::optional<uint64_t> ReadPart(std::u32string_view numeral, bool last) {
  if (numeral.empty()) return std::nullopt;
  for (const Magnitude& magnitude : kFalling) {
    const size_t at = numeral.find_last_of(magnitude.signs);
    if (at == numeral.npos) continue;
    const std::u32string_view before = numeral.substr(0, at);
    const auto many = before.empty() && magnitude.value == 10 ? std::optional<uint64_t>(1) : ReadPart(before, false);
    const auto rest = ReadTail(numeral.substr(at + 1), magnitude.value, last);
    if (!many || !rest) return std::nullopt;
    return *many * magnitude.value + *rest;
  }
  uint64_t value = 0;
  for (const char32_t c : numeral) {
    const auto digit = DigitOf(c);
    if (!digit) return std::nullopt;
    value = value * 10 + *digit;
  }
  return value;
}

}  // namespace

std::string WriteChinese(uint64_t value, const NumeralStyle& style) {
  if (value == 0) return "零";
  const struct {
    uint64_t unit;
    std::string_view sign;
  } sections[] = {{100'000'000, "亿"}, {10'000, "万"}, {1, ""}};
  std::string text;
  uint64_t last_unit = 1;
  bool gap = false;
  if (value >= 1'000'000'000'000) {
    // Above 万亿 the number of 亿 is a numeral itself.
    text = WriteChinese(value / 100'000'000,
                        {.formal = style.formal, .two_as_liang = style.two_as_liang, .bare_ten = style.bare_ten}) +
           "亿";
    last_unit = 100'000'000;
    gap = value / 100'000'000 % 10 == 0;
    value %= 100'000'000;
  }
  for (const auto& [unit, sign] : sections) {
    const uint64_t section = value / unit % 10'000;
    if (section == 0) {
      gap = true;
      continue;
    }
    const bool tail = style.short_tail && !style.formal && !text.empty() && unit * 10'000 == last_unit && !gap &&
                      section % 1000 == 0 && sign.empty();
    if (tail) {
      text += kDigits[section / 1000];
      break;
    }
    if (!text.empty() && (section < 1000 || gap)) text += "零";
    const bool liang = section == 2 && unit > 1 && style.two_as_liang && !style.formal;
    text += liang ? "两" : WriteSection(section, style, text.empty());
    text += sign;
    last_unit = unit;
    gap = false;
  }
  return text;
}

std::string WriteMixed(uint64_t value) {
  std::string text;
  if (value >= 100'000'000) text += std::to_string(value / 100'000'000) + "亿";
  if (value / 10'000 % 10'000 > 0) text += std::to_string(value / 10'000 % 10'000) + "万";
  const uint64_t rest = value % 10'000;
  if (text.empty()) return std::to_string(rest);
  // All four places are written, so that nothing reads as a short tail.
  if (rest > 0) text += std::string(4 - std::to_string(rest).size(), '0') + std::to_string(rest);
  return text;
}

std::string WriteGrouped(uint64_t value) {
  std::string text = std::to_string(value);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string WriteDigitString(uint64_t value) {
  std::string text;
  for (const char digit : std::to_string(value)) text += kDigits[digit - '0'];
  return text;
}

std::optional<uint64_t> ReadChineseSlowly(std::u32string_view numeral) { return ReadPart(numeral, true); }

}  // namespace duban
