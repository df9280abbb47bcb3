// SPDX-License-Identifier: Apache-2.0
// services/indicator/numeral.h: the value of numerals in digits, in Chinese characters, and mixed.
//
//   ParseNumeral("3万4000")           -> 34000
//   ParseNumeral("百分之九十九点二")   -> 99.2    (fractions are percentages, as everywhere in duban)
//
// Pure functions; safe to call from any thread. Linear in the length of the numeral.

#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/indicator/decimal.h"
#include "services/indicator/folded_chars.h"

namespace duban {

// The value of one numeral, e.g. "3302", "二千八百六十", "1,100万", "百分之九十九点二", "一七二零", "壹拾贰", "廿五",
// "半". Full-width digits, thousands commas and blanks inside do not matter; a sign (-, 负) may lead. INVALID_ARGUMENT
// if `numeral` is not a numeral as a whole; OUT_OF_RANGE beyond ±10^27 or 10 decimals.
absl::StatusOr<Decimal> ParseNumeral(std::string_view numeral);

// A numeral inside a text.
struct Numeral {
  // Its value; for an inexact one the part that is certain: 二十几 is 20, 数百 is 100.
  Decimal value;
  // The upper of two neighbouring digits: 七八 is 7 to 8, 两三百 200 to 300. Only if `is_range`.
  Decimal high;
  // Index behind its last character; equal to the beginning if there is no numeral.
  size_t end = 0;
  // The power of ten of its last magnitude: 4 for 万, 7 for 千万 behind digits; 0 if it has none.
  int magnitude = 0;
  // Digits of its first run of ASCII digits; 0 for Chinese numerals.
  int digits = 0;
  // Number of Chinese numeral signs.
  int signs = 0;
  bool chinese = false;         // begins with a Chinese numeral sign
  bool decimal = false;         // has a decimal point
  bool grouped = false;         // has thousands separators
  bool magnitude_only = false;  // 百, 千万: no digit at all
  bool inexact = false;         // 余, 多, 几, 数 inside
  bool is_range = false;
  bool formal = false;  // 壹贰叁: the figures of bills
  size_t soft = 0;      // index of the first character that white space parts from the numeral's beginning; 0: none
  enum class Fraction { kNone, kPercent, kPermille, kRatio } fraction = Fraction::kNone;
};

// The longest numeral that begins at chars[begin] and ends before `limit`. Its `end` is `begin` if there is none, or
// none within the range of Decimal.
Numeral ReadNumeral(const FoldedChars& chars, size_t begin, size_t limit);

}  // namespace duban
