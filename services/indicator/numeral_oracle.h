// SPDX-License-Identifier: Apache-2.0
// services/indicator/numeral_oracle.h: writes numbers as numerals and reads them back, slowly and by the rules of
// grammar. For tests only: numeral.cc is held against it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duban {

// How a whole number is written.
struct NumeralStyle {
  bool formal = false;        // 壹拾贰
  bool two_as_liang = false;  // 两千, 两万 (never 两十)
  bool bare_ten = false;      // 十二 instead of 一十二 at the beginning
  bool short_tail = false;    // 三万四 for 34000
};

// `value` < 10^16 in Chinese.
std::string WriteChinese(uint64_t value, const NumeralStyle& style);

// `value` < 10^16 as digits with 亿 and 万 between them: 3亿4万5000.
std::string WriteMixed(uint64_t value);

// `value` with a comma after every three digits.
std::string WriteGrouped(uint64_t value);

// The digits of `value` one by one: 一七二零.
std::string WriteDigitString(uint64_t value);

// The value of a Chinese numeral that one of the above wrote; nullopt if it is not grammatical. Exponential in nothing
// but patience: it splits at the greatest magnitude and reads both sides.
std::optional<uint64_t> ReadChineseSlowly(std::u32string_view numeral);

}  // namespace duban
