// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/figure_reader.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "common/text/utf8.h"
#include "services/indicator/figure_context.h"

namespace duban {
namespace {

using Unit = UnitLexicon::Unit;

// Doublings beyond this are no report's.
constexpr int64_t kMostDoublings = 20;
// To so many decimals an amount of several units is rounded: 20分 of 1小时20分.
constexpr int kDecimals = 4;
// From here on a number may carry a plus sign for "and more".
constexpr int64_t kLeastWithPlus = 100;

bool IsOneOf(char16_t c, std::u16string_view set) { return c != 0 && set.find(c) != set.npos; }

}  // namespace

Reading FigureReader::Read(size_t begin) const {
  Reading reading = ReadUntil(begin, chars_.size());
  const size_t soft = reading.numeral.soft;
  if (soft == 0 || reading.unit != nullptr || reading.numeral.fraction != Numeral::Fraction::kNone) return reading;
  return ReadUntil(begin, soft);
}

Reading FigureReader::ReadUntil(size_t begin, size_t limit) const {
  Reading reading{.begin = begin, .numeral = ReadNumeral(chars_, begin, limit)};
  const Numeral& numeral = reading.numeral;
  const size_t end = numeral.end;
  reading.inexact = numeral.inexact;
  reading.numeral_end = reading.end = end;
  if (end == begin) return reading;
  const bool inexact = IsInexactSign(numeral);
  if (numeral.fraction != Numeral::Fraction::kNone) {
    if (inexact && EndsClause(chars_, end + 1)) {
      reading.inexact = true;
      reading.numeral_end = reading.end = end + 1;
    }
    return reading;
  }
  // 500千瓦时: the last magnitude is a part of the unit.
  if (end - begin > 1 && chars_[end - 1] == u'千' && units_.tables().units.Match(chars_, end - 1)) {
    return ReadUntil(begin, end - 1);
  }
  if (FindUnit(end, &reading)) return reading;
  if (chars_[end] == u'+' && (numeral.magnitude >= 4 || numeral.value >= Decimal::Create(kLeastWithPlus)) &&
      !IsAsciiDigit(chars_[end + 1]) && !IsAsciiLetter(chars_[end + 1])) {
    reading.plus = reading.inexact = true;
    reading.numeral_end = reading.end = end + 1;
    FindUnit(reading.numeral_end, &reading);
  } else if (inexact && (FindUnit(end + 1, &reading) || EndsClause(chars_, end + 1))) {
    reading.rough = IsOneOf(chars_[end], u"来來");
    reading.inexact = true;
    reading.numeral_end = end + 1;
    reading.end = std::max(reading.end, end + 1);
  }
  return reading;
}

// 余, 多, 几, and 来 (十来个), behind a numeral.
bool FigureReader::IsInexactSign(const Numeral& numeral) const {
  const char16_t sign = chars_[numeral.end];
  if (chars_.gap(numeral.end) == FoldedChars::kBreak) return false;
  if (IsOneOf(sign, u"来來")) {
    return numeral.chinese ? numeral.magnitude > 0 : numeral.digits >= 2 && chars_[numeral.end - 1] == u'0';
  }
  return IsOneOf(sign, u"余餘多几");
}

// The longest unit at `at` that the rules allow there.
bool FigureReader::FindUnit(size_t at, Reading* reading) const {
  const FoldedChars::Gap gap = chars_.gap(at);
  // A number alone on its line is a cell, and what begins the next line is no unit of it.
  const bool cell = chars_.gap(reading->begin) >= FoldedChars::kLineBreak && !reading->numeral.chinese;
  if (gap == FoldedChars::kBreak || (gap == FoldedChars::kLineBreak && cell)) return false;
  const PhraseTable::Hit hit = units_.tables().units.MatchIf(chars_, at, [&](const PhraseTable::Hit& word) {
    return UnitStands(units_.unit(word.id), *reading, at + word.length);
  });
  if (!hit) return false;
  reading->unit = &units_.unit(hit.id);
  reading->unit_id = hit.id;
  reading->end = at + hit.length;
  return true;
}

bool FigureReader::UnitStands(const Unit& unit, const Reading& reading, size_t end) const {
  if (unit.rule->digits_only() && reading.numeral.chinese && reading.numeral.signs < 2) return false;
  const bool goes_on = chars_.gap(end) <= FoldedChars::kBlank;
  if (goes_on && StandsAny(chars_, end, unit.not_before)) return false;
  if (!unit.only_before.empty() && !(goes_on && StandsAny(chars_, end, unit.only_before))) return false;
  return unit.only_after.empty() || EndsWithAny(chars_, reading.begin, unit.only_after);
}

size_t FigureReader::RunEnd(const Reading& reading) const {
  size_t end = reading.numeral.end;
  if (reading.unit != nullptr) return end;
  while (end < chars_.size() && (end == reading.begin || chars_.gap(end) == FoldedChars::kNone) &&
         (IsNumeralSign(chars_[end]) || IsAsciiDigit(chars_[end]))) {
    ++end;
  }
  return end;
}

std::optional<Reading> FigureReader::ReadHigh(Reading* low) const {
  const size_t at = low->end;
  if (!IsOneOf(chars_[at], u"-–—~至到−―") || chars_.gap(at) > FoldedChars::kBlank) return {};
  if (chars_.gap(at + 1) > FoldedChars::kBlank) return {};
  if (!IsAsciiDigit(chars_[at + 1]) && !IsNumeralSign(chars_[at + 1])) return {};
  if (low->unit != nullptr && low->unit->rule->rule() == UnitRules::Units::NOT_A_QUANTITY) return {};
  // 从15天到8天 is a change; 由3至5名律师组成 is none.
  const PhraseTable::Hit change = units_.tables().change_words.Match(chars_, low->begin);
  const bool made_of = change.length == 1 && chars_[low->begin - 1] == u'由' && low->unit == nullptr;
  if (change && !made_of) return {};
  Reading high = Read(at + 1);
  if (high.numeral.end == at + 1 || RunEnd(high) > high.numeral.end || high.numeral.magnitude_only) return {};
  if (low->unit != nullptr && (high.unit == nullptr || high.unit->name != low->unit->name)) return {};
  if (low->numeral.magnitude == 0 && low->unit == nullptr && high.numeral.magnitude >= 4) {
    const auto scaled = low->numeral.value.Scaled(high.numeral.magnitude);
    if (scaled.ok() && *scaled < high.numeral.value) low->numeral.value = *scaled;
  }
  if (high.numeral.value <= low->numeral.value) return {};
  if (high.unit == nullptr && low->numeral.fraction != Numeral::Fraction::kNone) {
    high.numeral.fraction = low->numeral.fraction;
  }
  return high;
}

std::optional<Reading> FigureReader::ReadRatio(const Reading& first) const {
  const size_t at = first.numeral.end;
  if (first.numeral.chinese || !IsOneOf(chars_[at], u":∶比") || !IsAsciiDigit(chars_[at + 1])) return {};
  Reading second{.begin = at + 1, .numeral = ReadNumeral(chars_, at + 1, chars_.size())};
  second.end = second.numeral.end;
  const bool chain = chars_[second.end] == chars_[at] && IsAsciiDigit(chars_[second.end + 1]);
  if (second.end == second.begin || second.numeral.magnitude > 0 || second.numeral.value.IsZero() || chain) return {};
  return second;
}

std::optional<Reading> FigureReader::ReadDenominator(const Reading& numerator) const {
  const size_t at = numerator.numeral.end;
  if (chars_[at] != u'/' || !IsAsciiDigit(chars_[at + 1]) || numerator.numeral.chinese) return {};
  // A fraction of something: behind a word, and not a page or a date.
  const bool in_text = numerator.begin > 0 && chars_.gap(numerator.begin) <= FoldedChars::kBlank &&
                       IsHanChar(chars_[numerator.begin - 1]);
  Reading below{.begin = at + 1, .numeral = ReadNumeral(chars_, at + 1, chars_.size())};
  below.end = below.numeral.end;
  const bool small = numerator.numeral.digits <= 2 && below.numeral.digits <= 2;
  const bool proper = numerator.numeral.value.IsWhole() && below.numeral.value.IsWhole() &&
                      numerator.numeral.value < below.numeral.value && !numerator.numeral.value.IsZero();
  if (!in_text || !small || !proper || below.numeral.magnitude > 0 || chars_[below.end] == u'/') return {};
  return below;
}

std::optional<Reading> FigureReader::ReadPerMany(const Reading& first) const {
  const size_t at = first.numeral.end;
  if (chars_[at] != u'/' || !IsAsciiDigit(chars_[at + 1]) || first.numeral.chinese) return {};
  Reading many{.begin = at + 1, .numeral = ReadNumeral(chars_, at + 1, chars_.size())};
  many.end = many.numeral.end;
  const Decimal& value = many.numeral.value;
  const bool round = value == Decimal::Create(10000) || value == Decimal::Create(100000);
  if (!round || many.numeral.magnitude == 0 || !EndsClause(chars_, many.end)) return {};
  return many;
}

void FigureReader::AddDigitBehind(Reading* reading, Decimal* value) const {
  const size_t at = reading->end;
  const NumeralSign sign = NumeralSignOf(chars_[at]);
  Reading next{};
  // 三成五个百分点 and 占三成五项: another figure. 五、 on the next line: a heading.
  const FoldedChars::Gap gap = chars_.gap(at);
  const bool apart = gap == FoldedChars::kBreak || (gap == FoldedChars::kLineBreak && chars_[at + 1] == u'、');
  const int digit = chars_[at] == u'半' ? 5 : sign.digit;
  if (digit <= 0 || apart || IsNumeralSign(chars_[at + 1]) || FindUnit(at + 1, &next)) {
    return;
  }
  const auto added = Decimal::Create(digit).Scaled(reading->unit->rule->exponent() - 1);
  const auto sum = added.ok() ? value->Plus(*added) : added;
  if (!sum.ok()) return;
  *value = *sum;
  reading->numeral_end = reading->end = at + 1;
}

const UnitLexicon::Smaller* FigureReader::SmallerUnit(const Unit& unit, Reading* rest) const {
  const size_t at = rest->numeral.end;
  size_t size = 0;
  const UnitLexicon::Smaller* found = nullptr;
  for (const UnitLexicon::Smaller& smaller : unit.then) {
    for (const std::u16string& word : smaller.words) {
      if (word.size() <= size || !StandsAny(chars_, at, {word})) continue;
      size = word.size();
      found = &smaller;
    }
  }
  if (at == rest->begin || found == nullptr) return nullptr;
  // 3元5分钟: the longer unit is another one.
  const bool other = FindUnit(at, rest) && rest->unit->rule->kind() == v1::Quantity::DURATION && rest->end > at + size;
  const bool less = rest->numeral.value.IsWhole() && rest->numeral.value < Decimal::Create(found->per);
  rest->end = std::max(rest->end, at + size);
  return other || !less ? nullptr : found;
}

const Unit* FigureReader::AddSmallerUnits(Reading* reading, Decimal* value) const {
  const Unit* whole = reading->unit;
  if (whole->rule->digit_behind()) AddDigitBehind(reading, value);
  const Decimal amount = *value;
  int64_t scale = 1;  // so many of the last unit make one of the whole
  int64_t parts = 0;  // so many of the last unit follow
  for (int power = whole->rule->exponent(); power < 0; ++power) scale *= 10;
  while (!reading->unit->then.empty() && chars_.gap(reading->end) <= FoldedChars::kBlank) {
    Reading rest{.begin = reading->end, .numeral = ReadNumeral(chars_, reading->end, chars_.size())};
    const UnitLexicon::Smaller* smaller = SmallerUnit(*reading->unit, &rest);
    if (smaller == nullptr) break;
    scale *= smaller->per;
    parts = parts * smaller->per + static_cast<int64_t>(rest.numeral.value.ToDouble());
    const auto part = Decimal::Quotient(Decimal::Create(parts), Decimal::Create(scale), 1, kDecimals);
    const auto sum = part.ok() ? amount.Plus(*part) : part;
    if (!sum.ok()) break;
    *value = *sum;
    if (smaller->as != nullptr && reading->unit == whole) whole = smaller->as;
    reading->end = rest.end;
    if (rest.unit == nullptr) break;
    reading->unit = rest.unit;
  }
  return whole;
}

std::optional<Decimal> FigureReader::InUnit(const Decimal& value, const Reading& reading) {
  const UnitRules::Units& rule = *reading.unit->rule;
  if (rule.rule() == UnitRules::Units::DOUBLINGS) {
    if (!value.IsWhole() || value > Decimal::Create(kMostDoublings)) return std::nullopt;
    return Decimal::Create(((int64_t{1} << static_cast<int>(value.ToDouble())) - 1) * 100);
  }
  const absl::StatusOr<Decimal> result =
      rule.rule() == UnitRules::Units::PLUS_HALF ? value.Plus(Decimal::Create(5, 1)) : value.Scaled(rule.exponent());
  return result.ok() ? std::optional(*result) : std::nullopt;
}

NumberSign FigureReader::SignBefore(size_t begin) const {
  if (begin == 0 || chars_.gap(begin) != FoldedChars::kNone || units_.tables().before.Match(chars_, begin)) return {};
  if (const PhraseTable::Hit word = units_.tables().minus_words.Match(chars_, begin)) return {word.length, true};
  const char16_t sign = chars_[begin - 1];
  const bool minus = sign == u'-' || sign == u'−';
  const bool stands = begin == 1 || IsHanChar(chars_[begin - 2]) || IsPunctuation(chars_[begin - 2]);
  return (minus || sign == u'+') && stands ? NumberSign{1, minus} : NumberSign();
}

Approximation FigureReader::Before(const Reading& reading) const {
  size_t at = reading.begin;
  if (const PhraseTable::Hit currency = units_.tables().prefix.Match(chars_, at)) at -= currency.length;
  // 至少 may stand before the verb: 至少开展1次.
  for (int reach = 0; reach <= units_.longest_reach() && at > 0; ++reach, --at) {
    const PhraseTable::Hit hit = units_.tables().before.MatchIf(chars_, at, [&](const PhraseTable::Hit& word) {
      const UnitLexicon::Qualifier& qualifier = units_.before(word.id);
      if (qualifier.rule->reach() < reach) return false;
      if (qualifier.rule->magnitude_only() && !reading.numeral.magnitude_only) return false;
      return !EndsWithAny(chars_, at - word.length, qualifier.not_after);
    });
    if (hit) {
      const UnitRules::Qualifiers& rule = *units_.before(hit.id).rule;
      return {.at = at - hit.length, .qualifier = rule.qualifier(), .bound = rule.bound()};
    }
    if (EndsClause(chars_, at - 1) || !IsHanChar(chars_[at - 1]) || IsNumeralSign(chars_[at - 1])) break;
  }
  return {.at = reading.begin};
}

Approximation FigureReader::Behind(size_t end) const {
  if (chars_.gap(end) > FoldedChars::kBlank) return {.at = end};
  const PhraseTable::Hit hit = units_.tables().behind.MatchIf(chars_, end, [&](const PhraseTable::Hit& word) {
    return !StandsAny(chars_, end + word.length, units_.behind(word.id).not_before);
  });
  if (!hit) return {.at = end};
  const UnitRules::Qualifiers& rule = *units_.behind(hit.id).rule;
  return {.at = end + hit.length, .qualifier = rule.qualifier(), .bound = rule.bound()};
}

}  // namespace duban
