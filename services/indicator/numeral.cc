// SPDX-License-Identifier: Apache-2.0
// How a numeral is read
//
// A Chinese numeral is a sum of  digit x magnitude  groups whose magnitudes fall (二千八百六十), nested in sections of
// 万 and 亿 (3 亿 2 千万). One pass keeps three partial sums: of the section that is being read, below 亿, and above.
// The coefficient of a magnitude may be a run of digits, with a decimal point if nothing but 万 and 亿 follows (2.5
// 千万). Three forms break the rule and are told apart by what stands next to a digit:
//   digit strings        一七二零    two or more digits and no magnitude before them
//   neighbouring digits  七八个, 两三百: exactly two that follow each other, a range
//   short tails          三万四 = 34000, but 三万零四 = 30004 and 三万四百 = 30400
// A figure of bills (壹贰叁, 拾佰仟) does not mix with plain ones, or 队伍十余支 would hold fifty-odd.
//
// The oracle in numeral_oracle.h builds every value from grammar rules instead; numeral_test.cc compares both.
#include "services/indicator/numeral.h"

#include <fmt/format.h>

#include "absl/status/status.h"
#include "services/indicator/numeral_reader.h"

namespace duban {

Numeral NumeralReader::Read() {
  if (const int exponent = FractionOf(begin_); exponent > 0) {
    ReadPercentage(exponent);
  } else if (At(begin_) == u'半') {
    result_.value = Decimal::Create(5, 1);
    result_.end = begin_ + 1;
    result_.chinese = true;
  } else {
    ReadPlain(begin_);
    ReadRatio();
  }
  for (size_t i = begin_ + 1; i < result_.end; ++i) {
    if (chars_.gap(i) != FoldedChars::kNone) {
      result_.soft = i;
      break;
    }
  }
  for (size_t i = begin_; i < result_.end; ++i) result_.signs += IsNumeralSign(chars_[i]) ? 1 : 0;
  if (!status_.ok()) result_.end = begin_;
  return result_;
}

void NumeralReader::ReadPercentage(int exponent) {
  ReadPlain(begin_ + 3);
  if (result_.end == begin_ + 3) {
    result_.end = begin_;
    return;
  }
  result_.chinese = true;
  result_.magnitude_only = false;
  result_.fraction = exponent == 3 ? Numeral::Fraction::kPermille : Numeral::Fraction::kPercent;
  if (exponent == kWan) result_.value = Scaled(result_.value, -2);
}

// 三分之二 behind 三.
void NumeralReader::ReadRatio() {
  if (result_.end == begin_ || At(result_.end) != u'分' || At(result_.end + 1) != u'之') return;
  NumeralReader numerator(chars_, result_.end + 2, limit_);
  numerator.ReadPlain(numerator.begin_);
  const Numeral& above = numerator.result_;
  if (above.end == numerator.begin_ || !numerator.status_.ok()) return;
  if (!result_.value.IsWhole() || !above.value.IsWhole() || result_.value.IsZero() || above.value > result_.value)
    return;
  const bool chinese = result_.chinese;
  const Decimal value = Take(Decimal::Quotient(above.value, result_.value, 100, 2));
  result_ = above;
  result_.value = value;
  result_.chinese = chinese;
  result_.magnitude_only = false;
  result_.fraction = Numeral::Fraction::kRatio;
}

Numeral ReadNumeral(const FoldedChars& chars, size_t begin, size_t limit) {
  return NumeralReader(chars, begin, limit).Read();
}

absl::StatusOr<Decimal> ParseNumeral(std::string_view numeral) {
  const FoldedChars chars(numeral);
  const bool negative = chars[0] == u'-' || chars[0] == u'负' || chars[0] == u'−';
  const size_t begin = negative ? 1 : 0;
  NumeralReader reader(chars, begin, chars.size());
  const Numeral read = reader.Read();
  if (!reader.status().ok()) return reader.status();
  // 一二 is a digit string where it stands for itself.
  const bool pair = read.is_range && read.magnitude == 0 && read.signs == 2;
  if (read.end == begin || read.end != chars.size() || read.inexact || (read.is_range && !pair)) {
    return absl::InvalidArgumentError(fmt::format("numeral: \"{}\", want digits or a Chinese numeral", numeral));
  }
  Decimal value = read.value;
  if (pair) {
    const auto tens = read.value.Scaled(1);
    value = *tens->Plus(read.high);
  }
  return negative ? value.Negated() : value;
}

}  // namespace duban
