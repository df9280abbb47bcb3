// SPDX-License-Identifier: Apache-2.0
// services/indicator/numeral_signs.h: the characters of numerals and runs of digits, below numeral.h. Pure functions.
//
// The signs are the grammar of numerals itself, a closed set, and so they are code; the words around numerals are data.

#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "services/indicator/decimal.h"
#include "services/indicator/folded_chars.h"

namespace duban {

// What a character can be in a Chinese numeral.
struct NumeralSign {
  int8_t digit = -1;     // its value
  int8_t magnitude = 0;  // its power of ten: 1 for 十
  int8_t tens = 0;       // 2 for 廿
  bool formal = false;   // 壹 拾: goes with its like and with 万, 亿, 零 only
  bool plain = false;    // 一 十: likewise
};

NumeralSign NumeralSignOf(char16_t c);

// Characters that Chinese numerals are made of: digits, magnitudes, 零 and 半, but not 点, 余, 几.
bool IsNumeralSign(char16_t c);

// The power of ten of a magnitude: 1 for 十, 8 for 亿; 0 for any other character.
int MagnitudeOf(char16_t c);

inline bool IsAsciiDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

// A run of ASCII digits with thousands separators (commas, single blanks) and a decimal point.
struct DigitRun {
  absl::StatusOr<Decimal> value = Decimal();
  size_t end = 0;
  size_t count = 0;  // digits
  bool grouped = false;
  bool decimal = false;
};

// The longest run that begins at chars[begin], a digit, and ends before `limit`.
DigitRun ReadDigitRun(const FoldedChars& chars, size_t begin, size_t limit);

}  // namespace duban
