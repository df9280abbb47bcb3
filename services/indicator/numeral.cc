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

#include <string>

#include "absl/status/status.h"
#include "services/indicator/numeral_signs.h"

namespace duban {
namespace {

constexpr int kWan = 4;
constexpr int kYi = 8;

// Reads one numeral; see the top of the file. After an error status() tells it and the result is void.
class NumeralReader {
 public:
  NumeralReader(const FoldedChars& chars, size_t begin, size_t limit) : chars_(chars), begin_(begin), limit_(limit) {}

  Numeral Read() {
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

  const absl::Status& status() const { return status_; }

 private:
  // The digits, and 十 百 千, of one section.
  struct Section {
    Decimal value;
    size_t end = 0;
    bool any = false;     // something was read
    bool closed = false;  // a decimal or a range: only 万 and 亿 may follow
    bool only_magnitude = false;
  };

  char16_t At(size_t i) const {
    if (i >= limit_ || (i > begin_ && chars_.gap(i) == FoldedChars::kBreak)) return u'\0';
    return chars_[i];
  }

  // The sign at `i`, if it goes with the signs before it.
  NumeralSign SignAt(size_t i) const {
    const NumeralSign sign = NumeralSignOf(At(i));
    if ((sign.formal && plain_) || (sign.plain && formal_)) return {};
    return sign;
  }

  void Note(const NumeralSign& sign) {
    formal_ |= sign.formal;
    plain_ |= sign.plain;
  }

  Decimal Take(const absl::StatusOr<Decimal>& value) {
    if (value.ok()) return *value;
    status_ = value.status();
    return Decimal();
  }

  Decimal Scaled(const Decimal& value, int exponent) { return Take(value.Scaled(exponent)); }
  void Add(Decimal* sum, const Decimal& value, int exponent) { *sum = Take(sum->Plus(Scaled(value, exponent))); }

  // 2 for 百分之 at `i`, 3 for 千分之, 4 for 万分之, else 0.
  int FractionOf(size_t i) const {
    if (At(i + 1) != u'分' || At(i + 2) != u'之') return 0;
    const int magnitude = NumeralSignOf(At(i)).magnitude;
    return magnitude >= 2 && magnitude <= kWan ? magnitude : 0;
  }

  void ReadPercentage(int exponent) {
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
  void ReadRatio() {
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

  void ReadPlain(size_t i);
  Section ReadSection(size_t i, int above);
  void ReadDecimals(Section* section);
  bool ReadFirstDigits(Section* section, int* last);
  bool ReadLaterDigits(Section* section, int* last, int room, bool zero);
  bool ReadSignDigit(Section* section, int* last, int above, bool zero);
  bool ReadDigitPair(Section* section, int below);
  void ReadDigitString(Section* section);
  DigitRun ReadDigits(size_t i);

  const FoldedChars& chars_;
  const size_t begin_;
  const size_t limit_;
  Numeral result_{.end = begin_};
  Decimal high_;
  bool formal_ = false;
  bool plain_ = false;
  absl::Status status_;
};

// Sections with their 万 and 亿.
void NumeralReader::ReadPlain(size_t i) {
  const size_t start = i;
  Decimal above_yi, above_wan, rest;
  int above = 0;         // the magnitude before the section: 0, kWan or kYi
  bool wan_free = true;  // no 万 since the last 亿
  bool yi_free = true;
  bool closed = false;  // only 亿 may follow 万
  result_.chinese = !IsAsciiDigit(At(i));
  for (bool more = true; more && status_.ok();) {
    Section section = ReadSection(i, above);
    const bool bare_start = !section.any && i == start && MagnitudeOf(At(i)) >= kWan;
    if (bare_start) section.value = Decimal::Create(1);
    if (!section.any && !bare_start && !(above == kWan && MagnitudeOf(At(i)) == kYi)) break;
    if (section.any) i = section.end;
    if (i == start || section.any) result_.magnitude_only = (bare_start || section.only_magnitude) && above == 0;
    closed |= section.closed;
    const char16_t inner = At(i);
    if (section.any && (inner == u'余' || inner == u'多' || inner == u'几') && MagnitudeOf(At(i + 1)) >= kWan) {
      result_.inexact = closed = true;
      ++i;
    }
    const int magnitude = MagnitudeOf(At(i));
    if (magnitude == kWan && wan_free) {
      above_wan = Scaled(section.value, kWan);
      high_ = Scaled(high_, kWan);
      wan_free = false;
      above = kWan;
      result_.magnitude = kWan;
      ++i;
      more = !closed || MagnitudeOf(At(i)) == kYi;
    } else if (magnitude == kYi && yi_free) {
      Add(&above_wan, section.value, 0);
      above_yi = Scaled(above_wan, kYi);
      high_ = Scaled(high_, kYi);
      result_.magnitude = above == kWan ? kWan + kYi : kYi;
      above_wan = Decimal();
      yi_free = false;
      wan_free = true;
      above = kYi;
      more = !closed;
      ++i;
    } else {
      rest = section.value;
      more = false;
      const bool some = At(i) == u'几' && result_.magnitude > 0 && !section.closed;  // 二十几
      result_.inexact |= some;
      i += some ? 1 : 0;
    }
    result_.end = i;
  }
  result_.value = above_yi;
  Add(&result_.value, above_wan, 0);
  Add(&result_.value, rest, 0);
  result_.high = high_;
  result_.formal = formal_;
}

// `above` is the magnitude that the section stands behind.
NumeralReader::Section NumeralReader::ReadSection(size_t i, int above) {
  Section section{.end = i};
  int last = kWan;    // magnitudes must stay below
  bool zero = false;  // 零 since the last magnitude
  while (status_.ok() && !section.closed) {
    const char16_t c = At(section.end);
    const bool behind = section.any || above > 0;
    const int room = section.any ? last : above;
    if (IsAsciiDigit(c)) {
      if (!(behind ? ReadLaterDigits(&section, &last, room, zero) : ReadFirstDigits(&section, &last))) break;
      zero = false;
      continue;
    }
    const NumeralSign sign = SignAt(section.end);
    if (sign.digit == 0 && behind && !zero &&
        (SignAt(section.end + 1).digit > 0 || SignAt(section.end + 1).magnitude == 1 ||
         IsAsciiDigit(At(section.end + 1)))) {
      zero = true;
      section.end += 1;
      if (!section.any) section.any = true, last = above > 0 ? kWan : last;
      continue;
    }
    if (sign.digit >= 0) {
      if (!ReadSignDigit(&section, &last, above, zero)) break;
      zero = false;
      continue;
    }
    const int tens = sign.tens;
    const int magnitude = tens > 0 ? 1 : sign.magnitude;
    if (magnitude == 0 || magnitude >= std::min(last, kWan)) break;
    // Without a digit: 百余, 一百十, 一千零十.
    if (behind && magnitude != 1) break;
    Note(sign);
    section.only_magnitude = !behind && tens == 0;
    Add(&section.value, Decimal::Create(tens > 0 ? tens : 1), magnitude);
    section.any = true;
    section.end += 1;
    last = magnitude;
    zero = false;
    result_.magnitude = std::max(result_.magnitude, magnitude);
  }
  if (section.any && !section.only_magnitude && !section.closed) ReadDecimals(&section);
  return section;
}

// 点 and digits behind a section: 九十九点二, 二点五万. Not 三点五十分.
void NumeralReader::ReadDecimals(Section* section) {
  if (At(section->end) != u'点') return;
  std::string digits;
  size_t i = section->end + 1;
  for (; SignAt(i).digit >= 0; ++i) digits.push_back(static_cast<char>('0' + SignAt(i).digit));
  if (digits.empty() || (MagnitudeOf(At(i)) > 0 && MagnitudeOf(At(i)) < kWan)) return;
  section->value = Take(section->value.Plus(Take(Decimal::FromDigits(digits, digits.size()))));
  section->end = i;
  section->closed = true;
  result_.decimal = true;
}

// A run of ASCII digits that begins the numeral.
bool NumeralReader::ReadFirstDigits(Section* section, int* last) {
  const DigitRun digits = ReadDigits(section->end);
  result_.digits = static_cast<int>(digits.count);
  const int magnitude = MagnitudeOf(At(digits.end));
  const bool with = magnitude > 0 && magnitude < kWan;
  section->value = Scaled(*digits.value, with ? magnitude : 0);
  section->end = digits.end + (with ? 1 : 0);
  section->any = true;
  section->closed = digits.decimal;
  if (!with) return false;
  *last = magnitude;
  result_.magnitude = magnitude;
  return true;
}

// A run of ASCII digits behind a magnitude, which leaves `room` places: 3 万 4000, 3 千 5 百.
bool NumeralReader::ReadLaterDigits(Section* section, int* last, int room, bool zero) {
  const DigitRun digits = ReadDigits(section->end);
  if (digits.decimal || static_cast<int>(digits.count) > room) return false;
  const int magnitude = MagnitudeOf(At(digits.end));
  const bool with = magnitude > 0 && magnitude < *last && digits.count == 1;
  if (magnitude > 0 && magnitude < kWan && !with) return false;
  const bool short_tail = !with && !zero && magnitude == 0 && digits.count == 1 && room >= 2;
  Add(&section->value, *digits.value, with ? magnitude : short_tail ? room - 1 : 0);
  section->only_magnitude = false;
  section->end = digits.end + (with ? 1 : 0);
  section->any = true;
  if (with) *last = magnitude;
  return with;
}

// A Chinese digit: with its magnitude, as a tail, or alone.
bool NumeralReader::ReadSignDigit(Section* section, int* last, int above, bool zero) {
  const NumeralSign sign = SignAt(section->end);
  Note(sign);
  const bool behind = section->any || above > 0;
  const NumeralSign next = SignAt(section->end + 1);
  if (next.digit >= 0) {
    if (above == 0 && ReadDigitPair(section, behind ? *last : kWan)) return false;
    if (behind) return false;
    ReadDigitString(section);
    return false;
  }
  if (next.magnitude > 0 && next.magnitude < kWan) {
    if (next.magnitude >= *last || sign.digit == 0) return false;
    Note(next);
    Add(&section->value, Decimal::Create(sign.digit), next.magnitude);
    section->only_magnitude = false;
    section->end += 2;
    section->any = true;
    *last = next.magnitude;
    result_.magnitude = std::max(result_.magnitude, static_cast<int>(next.magnitude));
    return true;
  }
  const int room = section->any ? *last : above;
  const bool short_tail = behind && !zero && room >= 2 && next.magnitude == 0;
  if (behind && !zero && room >= 2 && section->any && next.magnitude > 0) return false;  // 三百五万
  Add(&section->value, Decimal::Create(sign.digit), short_tail ? room - 1 : 0);
  section->only_magnitude = false;
  section->end += 1;
  section->any = true;
  return false;
}

// Two digits that follow each other: a range, of ones or of the magnitude behind them.
bool NumeralReader::ReadDigitPair(Section* section, int below) {
  const NumeralSign low = SignAt(section->end);
  const NumeralSign high = SignAt(section->end + 1);
  const bool neighbours =
      low.plain && low.digit > 0 && (high.digit == low.digit + 1 || (low.digit == 3 && high.digit == 5));
  if (!neighbours || SignAt(section->end + 2).digit >= 0 || chars_.gap(section->end + 1) != FoldedChars::kNone)
    return false;
  if (section->any && below != 1) return false;
  const int magnitude = SignAt(section->end + 2).magnitude;
  const bool with = magnitude > 0 && magnitude < kWan;
  if (with && section->any) return false;
  high_ = Take(section->value.Plus(Scaled(Decimal::Create(high.digit), with ? magnitude : 0)));
  Add(&section->value, Decimal::Create(low.digit), with ? magnitude : 0);
  section->only_magnitude = false;
  section->end += with ? 3 : 2;
  section->any = true;
  section->closed = true;
  if (with) result_.magnitude = magnitude;
  result_.is_range = true;
  return true;
}

// 一七二零.
void NumeralReader::ReadDigitString(Section* section) {
  std::string digits;
  size_t i = section->end;
  for (; SignAt(i).digit >= 0 && (digits.size() != 1 || chars_.gap(i) == FoldedChars::kNone); ++i) {
    Note(SignAt(i));
    digits.push_back(static_cast<char>('0' + SignAt(i).digit));
  }
  section->value = Take(Decimal::FromDigits(digits, 0));
  section->end = i;
  section->any = true;
}

DigitRun NumeralReader::ReadDigits(size_t i) {
  DigitRun run = ReadDigitRun(chars_, i, limit_);
  if (!run.value.ok()) {
    status_ = run.value.status();
    run.value = Decimal();
  }
  result_.grouped |= run.grouped;
  result_.decimal |= run.decimal;
  return run;
}

}  // namespace

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
