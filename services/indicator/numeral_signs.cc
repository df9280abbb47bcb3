// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/numeral_signs.h"

#include <array>
#include <string>
#include <string_view>

namespace duban {
namespace {

// Signs other than 〇 and ○ stand in this range; a table of it gives their place in kSigns.
constexpr char16_t kFirst = u'一';
constexpr char16_t kLast = u'龥';

struct Entry {
  char16_t c;
  NumeralSign sign;
};

constexpr NumeralSign Plain(int digit) { return {.digit = static_cast<int8_t>(digit), .plain = true}; }
constexpr NumeralSign Formal(int digit) { return {.digit = static_cast<int8_t>(digit), .formal = true}; }
constexpr NumeralSign Tens(int tens) { return {.tens = static_cast<int8_t>(tens), .plain = true}; }
constexpr NumeralSign Magnitude(int power, bool plain, bool formal) {
  return {.magnitude = static_cast<int8_t>(power), .formal = formal, .plain = plain};
}

constexpr Entry kSigns[] = {
    {u'零', {.digit = 0}},
    {u'一', Plain(1)},
    {u'二', Plain(2)},
    {u'三', Plain(3)},
    {u'四', Plain(4)},
    {u'五', Plain(5)},
    {u'六', Plain(6)},
    {u'七', Plain(7)},
    {u'八', Plain(8)},
    {u'九', Plain(9)},
    {u'两', Plain(2)},
    {u'兩', Plain(2)},
    {u'壹', Formal(1)},
    {u'贰', Formal(2)},
    {u'貳', Formal(2)},
    {u'叁', Formal(3)},
    {u'肆', Formal(4)},
    {u'伍', Formal(5)},
    {u'陆', Formal(6)},
    {u'陸', Formal(6)},
    {u'柒', Formal(7)},
    {u'捌', Formal(8)},
    {u'玖', Formal(9)},
    {u'廿', Tens(2)},
    {u'卅', Tens(3)},
    {u'卌', Tens(4)},
    {u'十', Magnitude(1, true, false)},
    {u'百', Magnitude(2, true, false)},
    {u'千', Magnitude(3, true, false)},
    {u'拾', Magnitude(1, false, true)},
    {u'佰', Magnitude(2, false, true)},
    {u'仟', Magnitude(3, false, true)},
    {u'万', Magnitude(4, false, false)},
    {u'萬', Magnitude(4, false, false)},
    {u'亿', Magnitude(8, false, false)},
    {u'億', Magnitude(8, false, false)},
};

// 1 + place in kSigns; 0 for no sign.
constexpr auto kPlaces = [] {
  std::array<uint8_t, kLast - kFirst + 1> places{};
  for (size_t i = 0; i < std::size(kSigns); ++i) places[kSigns[i].c - kFirst] = static_cast<uint8_t>(i + 1);
  return places;
}();

}  // namespace

NumeralSign NumeralSignOf(char16_t c) {
  if (c >= kFirst && c <= kLast) {
    const uint8_t place = kPlaces[c - kFirst];
    return place == 0 ? NumeralSign() : kSigns[place - 1].sign;
  }
  if (c == u'〇') return Plain(0);
  if (c == u'○') return {.digit = 0};
  return {};
}

bool IsNumeralSign(char16_t c) {
  const NumeralSign sign = NumeralSignOf(c);
  return (sign.digit >= 0 && c != u'○') || sign.magnitude > 0 || sign.tens > 0 || c == u'半';
}

int MagnitudeOf(char16_t c) { return NumeralSignOf(c).magnitude; }

DigitRun ReadDigitRun(const FoldedChars& chars, size_t begin, size_t limit) {
  DigitRun run;
  std::string digits;
  size_t i = begin;
  const auto is_digit = [&](size_t at) { return at < limit && IsAsciiDigit(chars[at]); };
  const auto joined = [&](size_t at) { return chars.gap(at) == FoldedChars::kNone; };
  const auto take = [&] {
    for (const size_t from = i; is_digit(i) && (i == from || joined(i)); ++i)
      digits.push_back(static_cast<char>(chars[i]));
  };
  // Whether exactly three digits stand at `at`.
  const auto is_group = [&](size_t at) {
    for (size_t k = 0; k < 4; ++k) {
      if (!is_digit(at + k) || (k > 0 && !joined(at + k))) return k == 3;
    }
    return false;
  };
  take();
  if (digits.size() <= 3 && digits[0] != '0') {
    while (i < limit) {
      const bool comma = chars[i] == u',' && joined(i) && joined(i + 1) && is_group(i + 1);
      const bool blank = chars.gap(i) == FoldedChars::kBlank && is_group(i);
      if (!comma && !blank) break;
      i += comma ? 1 : 0;
      take();
      run.grouped = true;
    }
  }
  size_t decimals = 0;
  // A blank may part the point from the digits before it (98 .5%), not from those behind it (1. 5个).
  if (i < limit && chars[i] == u'.' && chars.gap(i) <= FoldedChars::kBlank && is_digit(i + 1) && joined(i + 1)) {
    const size_t whole = digits.size();
    ++i;
    take();
    decimals = digits.size() - whole;
    run.decimal = true;
  }
  run.count = digits.size();
  run.value = Decimal::FromDigits(digits, decimals);
  run.end = i;
  return run;
}

}  // namespace duban
