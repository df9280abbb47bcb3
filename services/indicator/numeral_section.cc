// SPDX-License-Identifier: Apache-2.0
// The sections of a numeral; numeral.cc tells how they are read.
#include <algorithm>
#include <string>

#include "services/indicator/numeral_reader.h"

namespace duban {

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

}  // namespace duban
