// SPDX-License-Identifier: Apache-2.0
// How quantities are found
//
// One pass over the folded characters stops only where a numeral, a fixed expression (一半) or a bracket begins. At a
// numeral the longest reading is taken (numeral.h), then its surroundings are asked in the order in which they overrule
// each other: names and idioms, dates and clock times, formulas and codes, ordinals, then ranges, ratios, the unit, and
// what qualifies the number before and behind. Whatever was decided, the pass goes on behind what was read, so that the
// cost is linear: every rule looks at a bounded number of characters.
//
// Chinese numerals need more than digits do, because most of them are words: a lone 一 or 二 counts only with units
// that measure (一倍), a magnitude without a digit only with an approximator (上百场, 百余场, but not 百场宣讲), and a
// run of numeral signs that does not read as one numeral (十四五, 百千万工程) is none.
#include "services/indicator/quantity.h"

#include <optional>
#include <string>
#include <utility>

#include "services/indicator/figure_context.h"
#include "services/indicator/folded_chars.h"
#include "services/indicator/numeral.h"

namespace duban {
namespace {

using Kind = v1::Quantity;
using Unit = UnitLexicon::Unit;

// How many characters before an ordinal tell whether it is a place in an order; how far a name may go on behind its
// number.
constexpr size_t kRankReach = 8;
constexpr size_t kNameReach = 14;
// Doublings beyond this are no report's.
constexpr int64_t kMostDoublings = 20;

// A numeral and the unit behind it.
struct Reading {
  size_t begin = 0;
  Numeral numeral;
  size_t numeral_end = 0;  // behind 余
  bool inexact = false;    // 余, 多, 几 inside or behind
  bool plus = false;       // 10 万+
  const Unit* unit = nullptr;
  size_t unit_id = 0;
  size_t end = 0;
};

struct Approximation {
  size_t begin = 0;  // of the word; the number's beginning if there is none
  v1::Quantity::Qualifier qualifier = v1::Quantity::QUALIFIER_UNSPECIFIED;
};

class Scanner {
 public:
  Scanner(std::string_view text, const UnitLexicon& units, NumeralScope scope)
      : text_(text), units_(units), scope_(scope), chars_(text) {}

  std::vector<FoundQuantity> Scan() {
    for (size_t i = 0; i < chars_.size();) {
      const uint8_t start = units_.StartOf(chars_[i]);
      size_t next = i + 1;
      if ((start & UnitLexicon::kBracket) != 0) next = BracketEnd(chars_, i);
      if ((start & UnitLexicon::kFixed) != 0) next = ScanFixed(i);
      if (next == i + 1 && (start & (UnitLexicon::kDigit | UnitLexicon::kNumeralSign)) != 0) next = ScanNumber(i);
      i = next;
    }
    return std::move(found_);
  }

 private:
  // Each reads what begins at `i` and answers where to go on, > i.
  size_t ScanFixed(size_t i);
  size_t ScanNumber(size_t i);
  size_t ScanOrdinal(const Reading& reading);
  size_t ScanBare(const Reading& reading, const std::optional<Reading>& high);

  Reading Read(size_t begin) const;
  Reading ReadUntil(size_t begin, size_t limit) const;
  bool FindUnit(size_t at, Reading* reading) const;
  bool UnitStands(const Unit& unit, const Reading& reading, size_t end) const;
  size_t RunEnd(const Reading& reading) const;
  bool IsWordOnly(const Reading& reading, bool approximated) const;
  bool IsPeriod(const Reading& reading) const;
  bool IsNameOfMeasure(const Reading& reading) const;
  bool HasRankContext(size_t at) const;
  bool IsTop(size_t begin) const;
  bool IsMoneyWithoutUnit(const Reading& reading) const;
  std::optional<Reading> ReadHigh(Reading* low) const;
  std::optional<Reading> ReadRatio(const Reading& reading) const;
  Approximation Before(const Reading& reading) const;
  void AddSmallerUnits(Reading* reading, Decimal* value) const;
  static std::optional<Decimal> InUnit(const Decimal& value, const Reading& reading);

  // Appends a quantity that ends at `end`; fills in qualifier and spans.
  void Emit(const Reading& reading, size_t end, const Decimal& value, const std::optional<Decimal>& high,
            std::string unit, v1::Quantity::Kind kind);

  std::string_view text_;
  const UnitLexicon& units_;
  const NumeralScope scope_;
  const FoldedChars chars_;
  std::vector<FoundQuantity> found_;
};

size_t Scanner::ScanFixed(size_t i) {
  const PhraseTable::Hit hit = units_.tables().fixed.MatchIf(chars_, i, [&](const PhraseTable::Hit& word) {
    const UnitLexicon::Fixed& fixed = units_.fixed(word.id);
    return !EndsWithAny(chars_, i, fixed.not_after) && !StandsAny(chars_, i + word.length, fixed.not_before);
  });
  if (!hit) return i + 1;
  const UnitLexicon::Fixed& fixed = units_.fixed(hit.id);
  Reading reading{.begin = i, .numeral_end = i + hit.length, .end = i + hit.length};
  reading.numeral.chinese = true;
  Emit(reading, reading.end, fixed.value, std::nullopt, fixed.rule->unit(), fixed.rule->kind());
  if (fixed.rule->qualifier() != v1::Quantity::QUALIFIER_UNSPECIFIED) {
    found_.back().quantity.set_qualifier(fixed.rule->qualifier());
  }
  return reading.end;
}

size_t Scanner::ScanNumber(size_t i) {
  if (const size_t end = NameEnd(chars_, units_, i); end > i) return end;
  Reading reading = Read(i);
  if (reading.numeral.end == i) return RunEnd(reading);
  const size_t run_end = RunEnd(reading);
  if (run_end > reading.numeral.end) return run_end;
  if (const size_t end = DateEnd(chars_, units_, i, reading.numeral); end > i) return end;
  if (IsPartOfToken(chars_, i, i)) return TokenEnd(chars_, i);
  if (i > 0 && units_.tables().ordinal.Match(chars_, i)) return ScanOrdinal(reading);
  if (const auto ratio = ReadRatio(reading)) {
    Emit(reading, ratio->end, reading.numeral.value, std::nullopt, ":" + ratio->numeral.value.ToString(), Kind::OTHER);
    return ratio->end;
  }
  const std::optional<Reading> high = ReadHigh(&reading);
  const Reading& last = high ? *high : reading;
  if (last.unit != nullptr && last.unit->rule->rule() == UnitRules::Units::NOT_A_QUANTITY) return last.end;
  if (last.unit == nullptr && !reading.plus && IsPartOfToken(chars_, last.numeral_end, last.numeral_end)) {
    return TokenEnd(chars_, last.numeral_end - 1);
  }
  const bool fraction = last.numeral.fraction != Numeral::Fraction::kNone;
  if (last.unit == nullptr && !fraction) return ScanBare(reading, high);
  const Approximation before = Before(reading);
  if (IsWordOnly(reading, before.qualifier != v1::Quantity::QUALIFIER_UNSPECIFIED) || IsPeriod(last) ||
      IsNameOfMeasure(last)) {
    return last.end;
  }
  Reading measured = last;
  measured.begin = i;
  measured.inexact = reading.inexact || last.inexact;
  if (fraction) {
    const bool permille = last.numeral.fraction == Numeral::Fraction::kPermille;
    const std::optional<Decimal> upper = high ? std::optional(last.numeral.value) : std::nullopt;
    Emit(measured, last.end, reading.numeral.value, upper, permille ? "‰" : "%", Kind::PERCENT);
    return last.end;
  }
  if (IsTop(i) && units_.tables().rank_units.Match(chars_, last.numeral_end) &&
      last.unit->rule->kind() == Kind::COUNT) {
    Emit(measured, last.end, reading.numeral.value, std::nullopt, "名", Kind::RANK);
    return last.end;
  }
  std::optional<Decimal> value = InUnit(reading.numeral.value, last);
  std::optional<Decimal> upper;
  if (high) upper = InUnit(last.numeral.value, last);
  if (!high && reading.numeral.is_range) upper = InUnit(reading.numeral.high, last);
  if (!value) return last.end;
  if (!high) AddSmallerUnits(&measured, &*value);
  Emit(measured, measured.end, *value, upper, last.unit->name, last.unit->rule->kind());
  return measured.end;
}

// 第N and a rank unit, or 全市第N at the end of a clause, is a place; any other ordinal is no quantity.
size_t Scanner::ScanOrdinal(const Reading& reading) {
  const PhraseTable::Hit unit = units_.tables().rank_units.Match(chars_, reading.numeral.end);
  const bool ranked = unit && (chars_[reading.numeral.end] == u'名' || HasRankContext(reading.begin));
  const bool placed = !unit && EndsClause(chars_, reading.numeral.end) && HasRankContext(reading.begin);
  if (!ranked && !placed) return reading.end;
  Reading place = reading;
  place.inexact = false;
  place.end = reading.numeral.end + unit.length;
  place.numeral_end = reading.numeral.end;
  Emit(place, place.end, reading.numeral.value, std::nullopt, "名", Kind::RANK);
  found_.back().bare = !unit;
  found_.back().quantity.set_qualifier(v1::Quantity::EXACT);
  return place.end;
}

// A numeral without a unit.
size_t Scanner::ScanBare(const Reading& reading, const std::optional<Reading>& high) {
  const size_t end = high ? high->numeral_end : reading.numeral_end;
  std::optional<Decimal> upper;
  if (high) upper = high->numeral.value;
  if (!high && reading.numeral.is_range) upper = reading.numeral.high;
  if (IsTop(reading.begin) && EndsClause(chars_, end) && HasRankContext(reading.begin)) {
    Emit(reading, end, reading.numeral.value, upper, "名", Kind::RANK);
    found_.back().bare = true;
    return end;
  }
  const bool approximated = Before(reading).qualifier != v1::Quantity::QUALIFIER_UNSPECIFIED;
  if (IsWordOnly(reading, approximated)) return end;
  if (IsMoneyWithoutUnit(reading)) {
    Emit(reading, end, reading.numeral.value, upper, "元", Kind::MONEY);
    found_.back().bare = true;
    return end;
  }
  const bool known = approximated && !reading.numeral.chinese && !IsYearLike(reading.numeral);
  if (scope_ == NumeralScope::kMeasured) return end;
  if (!high && !known && IsBareLabel(chars_, units_, reading.begin, reading.numeral)) return end;
  if (reading.numeral.magnitude_only && !reading.inexact) return end;
  Emit(reading, end, reading.numeral.value, upper, "", Kind::COUNT);
  found_.back().bare = true;
  return end;
}

// The numeral and unit at `begin`. If white space stands inside the numeral and no unit follows, it ends there instead.
Reading Scanner::Read(size_t begin) const {
  Reading reading = ReadUntil(begin, chars_.size());
  const size_t soft = reading.numeral.soft;
  if (soft == 0 || reading.unit != nullptr || reading.numeral.fraction != Numeral::Fraction::kNone) return reading;
  return ReadUntil(begin, soft);
}

Reading Scanner::ReadUntil(size_t begin, size_t limit) const {
  Reading reading{.begin = begin, .numeral = ReadNumeral(chars_, begin, limit)};
  const Numeral& numeral = reading.numeral;
  reading.inexact = numeral.inexact;
  reading.numeral_end = reading.end = numeral.end;
  if (numeral.end == begin) return reading;
  constexpr std::u16string_view kInexact = u"余餘多来來几";
  const char16_t next = chars_[numeral.end];
  const bool inexact_sign = kInexact.find(next) != kInexact.npos && next != 0 &&
                            chars_.gap(numeral.end) < FoldedChars::kBreak &&
                            ((next != u'来' && next != u'來') || (numeral.chinese && numeral.magnitude > 0));
  const bool fraction = numeral.fraction != Numeral::Fraction::kNone;
  if (fraction) {
    if (inexact_sign && EndsClause(chars_, numeral.end + 1)) {
      reading.inexact = true;
      reading.numeral_end = reading.end = numeral.end + 1;
    }
    return reading;
  }
  if (FindUnit(numeral.end, &reading)) return reading;
  if (next == u'+' && (numeral.magnitude >= 4 || numeral.value >= Decimal::Create(100)) &&
      !IsAsciiDigit(chars_[numeral.end + 1]) && !IsAsciiLetter(chars_[numeral.end + 1])) {
    reading.plus = reading.inexact = true;
    reading.numeral_end = reading.end = numeral.end + 1;
    FindUnit(reading.numeral_end, &reading);
    return reading;
  }
  if (!inexact_sign) return reading;
  const bool found = FindUnit(numeral.end + 1, &reading);
  if (found || ((next == u'余' || next == u'多') && EndsClause(chars_, numeral.end + 1))) {
    reading.inexact = true;
    reading.numeral_end = numeral.end + 1;
    reading.end = found ? reading.end : numeral.end + 1;
  }
  return reading;
}

// The longest unit at `at` that the rules allow there.
bool Scanner::FindUnit(size_t at, Reading* reading) const {
  const FoldedChars::Gap gap = chars_.gap(at);
  const bool begins_line = chars_.gap(reading->begin) >= FoldedChars::kLineBreak;
  if (gap == FoldedChars::kBreak || (gap == FoldedChars::kLineBreak && begins_line && !reading->numeral.chinese))
    return false;
  const PhraseTable::Hit hit = units_.tables().units.MatchIf(chars_, at, [&](const PhraseTable::Hit& word) {
    return UnitStands(units_.unit(word.id), *reading, at + word.length);
  });
  if (!hit) return false;
  reading->unit = &units_.unit(hit.id);
  reading->unit_id = hit.id;
  reading->end = at + hit.length;
  return true;
}

bool Scanner::UnitStands(const Unit& unit, const Reading& reading, size_t end) const {
  if (unit.rule->digits_only() && reading.numeral.chinese && reading.numeral.signs < 2) return false;
  const bool goes_on = chars_.gap(end) <= FoldedChars::kBlank;
  if (goes_on && StandsAny(chars_, end, unit.not_before)) return false;
  if (!unit.only_before.empty() && !(goes_on && StandsAny(chars_, end, unit.only_before))) return false;
  return unit.only_after.empty() || EndsWithAny(chars_, reading.begin, unit.only_after);
}

// Behind the numeral signs and digits that follow without a gap; the numeral's end if there are none.
size_t Scanner::RunEnd(const Reading& reading) const {
  size_t end = reading.numeral.end;
  if (end > reading.begin && reading.unit != nullptr && reading.end == end) return end;
  while (end < chars_.size() && (end == reading.begin || chars_.gap(end) == FoldedChars::kNone) &&
         (IsNumeralSign(chars_[end]) || IsAsciiDigit(chars_[end]))) {
    ++end;
  }
  return end;
}

// Whether a Chinese numeral is no count here: 一个, 百场宣讲, 半路, bills' figures outside money.
bool Scanner::IsWordOnly(const Reading& reading, bool approximated) const {
  const Numeral& numeral = reading.numeral;
  const bool qualified = approximated || reading.inexact;
  if (numeral.magnitude_only && numeral.magnitude > 1 && numeral.fraction == Numeral::Fraction::kNone)
    return !qualified;
  if (!numeral.chinese || numeral.fraction != Numeral::Fraction::kNone) return false;
  const Unit* unit = reading.unit;
  if (numeral.formal && numeral.signs < 3 && (unit == nullptr || unit->rule->kind() != Kind::MONEY)) return true;
  if (numeral.value.IsZero()) return true;
  if (chars_[reading.begin] == u'半') {
    return unit == nullptr || unit->rule->kind() != Kind::DURATION ||
           EndsWithAny(chars_, reading.begin, {u"上", u"下", u"前", u"后", u"大", u"多", u"小"});
  }
  if (numeral.signs == 1 && numeral.value <= Decimal::Create(2) && chars_[reading.begin] != u'两' &&
      chars_[reading.begin] != u'兩') {
    return unit == nullptr || !unit->rule->measures_one();
  }
  return false;
}

// 近三年, 前11个月, 五年来: a time and no measure.
bool Scanner::IsPeriod(const Reading& reading) const {
  if (reading.unit == nullptr || reading.unit->rule->kind() != Kind::DURATION) return false;
  if (IsTop(reading.begin)) return true;
  if (!reading.unit->rule->descriptive()) return false;
  return units_.tables().period_before.Match(chars_, reading.begin) ||
         units_.tables().period_behind.Match(chars_, reading.end);
}

// 十五分钟法律服务圈.
bool Scanner::IsNameOfMeasure(const Reading& reading) const {
  if (reading.unit == nullptr) return false;
  const UnitLexicon::Words& tails = units_.name_tail(reading.unit_id);
  if (tails.empty()) return false;
  for (size_t i = reading.end; i < reading.end + kNameReach && !EndsClause(chars_, i); ++i) {
    if (StandsAny(chars_, i, tails)) return true;
  }
  return false;
}

bool Scanner::HasRankContext(size_t at) const {
  for (size_t k = 0; k <= kRankReach && k < at; ++k) {
    if (units_.tables().rank_contexts.Match(chars_, at - k)) return true;
    if (EndsClause(chars_, at - k - 1)) return false;
  }
  return false;
}

bool Scanner::IsTop(size_t begin) const {
  const PhraseTable::Hit hit = units_.tables().top.Match(chars_, begin);
  return hit && !EndsWithAny(chars_, begin - hit.length, units_.top().not_after);
}

// 讨薪3.5亿.
bool Scanner::IsMoneyWithoutUnit(const Reading& reading) const {
  if (reading.numeral.magnitude < 4 || !EndsClause(chars_, reading.numeral_end)) return false;
  size_t at = reading.begin;
  for (int fillers = 0; fillers <= 3; ++fillers) {
    if (units_.tables().money_words.Match(chars_, at)) return true;
    const PhraseTable::Hit filler = units_.tables().money_fillers.Match(chars_, at);
    if (!filler) return false;
    at -= filler.length;
  }
  return false;
}

// The upper end of a range that `low` begins: 20-40, 一百至三百元, 20%-30%.
std::optional<Reading> Scanner::ReadHigh(Reading* first) const {
  const Reading& low = *first;
  constexpr std::u16string_view kConnectors = u"-–—~至到−―";
  const size_t at = low.end;
  const char16_t connector = chars_[at];
  if (connector == 0 || kConnectors.find(connector) == kConnectors.npos || chars_.gap(at) > FoldedChars::kBlank)
    return {};
  const char16_t next = chars_[at + 1];
  if (!IsAsciiDigit(next) && !IsNumeralSign(next)) return {};
  if (chars_.gap(at + 1) > FoldedChars::kBlank) return {};
  const PhraseTable::Hit change = units_.tables().change_words.Match(chars_, low.begin);
  const bool of_word = change.length == 1 && chars_[low.begin - 1] == u'由';
  if (change && (low.unit != nullptr || !of_word)) return {};
  Reading high = Read(at + 1);
  if (high.numeral.end == at + 1 || RunEnd(high) > high.numeral.end || high.numeral.magnitude_only) return {};
  if (low.unit != nullptr && low.unit->rule->rule() == UnitRules::Units::NOT_A_QUANTITY) return {};
  const bool same_unit = high.unit != nullptr && low.unit != nullptr && high.unit->name == low.unit->name;
  if (low.unit != nullptr && !same_unit) return {};
  // 5至10万元: the magnitude is both ends'.
  if (low.numeral.magnitude == 0 && low.unit == nullptr && high.numeral.magnitude >= 4) {
    const auto scaled = low.numeral.value.Scaled(high.numeral.magnitude);
    if (scaled.ok() && *scaled < high.numeral.value) first->numeral.value = *scaled;
  }
  if (high.numeral.value <= low.numeral.value) return {};
  if (low.numeral.fraction != Numeral::Fraction::kNone && high.unit == nullptr)
    high.numeral.fraction = low.numeral.fraction;
  return high;
}

// 3.6:1, 3.6比1.
std::optional<Reading> Scanner::ReadRatio(const Reading& reading) const {
  const size_t at = reading.numeral.end;
  const char16_t sign = chars_[at];
  if ((sign != u':' && sign != u'∶' && sign != u'比') || !IsAsciiDigit(chars_[at + 1]) || reading.numeral.chinese)
    return {};
  Reading second{.begin = at + 1, .numeral = ReadNumeral(chars_, at + 1, chars_.size())};
  if (second.numeral.magnitude > 0 || second.numeral.value.IsZero() || chars_[second.numeral.end] == sign) return {};
  second.end = second.numeral.end;
  return second;
}

Approximation Scanner::Before(const Reading& reading) const {
  size_t at = reading.begin;
  if (const PhraseTable::Hit currency = units_.tables().prefix.Match(chars_, at)) at -= currency.length;
  const PhraseTable::Hit hit = units_.tables().before.MatchIf(chars_, at, [&](const PhraseTable::Hit& word) {
    const UnitLexicon::Qualifier& qualifier = units_.before(word.id);
    if (qualifier.rule->magnitude_only() && !reading.numeral.magnitude_only) return false;
    return !EndsWithAny(chars_, at - word.length, qualifier.not_after);
  });
  if (!hit) return {.begin = reading.begin};
  return {.begin = at - hit.length, .qualifier = units_.before(hit.id).rule->qualifier()};
}

// 三元五角: an amount goes on through smaller units while they fall.
void Scanner::AddSmallerUnits(Reading* reading, Decimal* value) const {
  while (!reading->unit->then.empty() && chars_.gap(reading->end) <= FoldedChars::kBlank) {
    Reading rest{.begin = reading->end, .numeral = ReadNumeral(chars_, reading->end, chars_.size())};
    if (rest.numeral.end == rest.begin || !StandsAny(chars_, rest.numeral.end, reading->unit->then)) return;
    const int exponent = chars_[rest.numeral.end] == u'分' ? -2 : -1;
    const auto added = rest.numeral.value.Scaled(exponent);
    if (!added.ok()) return;
    const auto sum = value->Plus(*added);
    if (!sum.ok()) return;
    *value = *sum;
    FindUnit(rest.numeral.end, &rest);
    reading->end = rest.numeral.end + 1;
    if (rest.unit == nullptr) return;
    reading->unit = rest.unit;
  }
}

std::optional<Decimal> Scanner::InUnit(const Decimal& value, const Reading& reading) {
  const UnitRules::Units& rule = *reading.unit->rule;
  if (rule.rule() == UnitRules::Units::DOUBLINGS) {
    if (!value.IsWhole() || value > Decimal::Create(kMostDoublings)) return std::nullopt;
    return Decimal::Create(((int64_t{1} << static_cast<int>(value.ToDouble())) - 1) * 100);
  }
  const absl::StatusOr<Decimal> result =
      rule.rule() == UnitRules::Units::PLUS_HALF ? value.Plus(Decimal::Create(5, 1)) : value.Scaled(rule.exponent());
  return result.ok() ? std::optional(*result) : std::nullopt;
}

void Scanner::Emit(const Reading& reading, size_t end, const Decimal& value, const std::optional<Decimal>& high,
                   std::string unit, v1::Quantity::Kind kind) {
  FoundQuantity& found = found_.emplace_back();
  v1::Quantity& quantity = found.quantity;
  const size_t begin_byte = chars_.offset(reading.begin);
  const size_t end_byte = chars_.end_offset(end);
  quantity.set_text(std::string(text_.substr(begin_byte, end_byte - begin_byte)));
  quantity.mutable_span()->set_begin(static_cast<int32_t>(begin_byte));
  quantity.mutable_span()->set_end(static_cast<int32_t>(end_byte));
  quantity.set_value(value.ToDouble());
  quantity.set_decimal(value.ToString());
  if (high && *high > value) quantity.set_value_high(high->ToDouble());
  quantity.set_unit(std::move(unit));
  quantity.set_kind(kind);
  found.value = value;
  found.numeral_end = chars_.end_offset(reading.numeral_end);
  found.chinese = reading.numeral.chinese;
  found.top = IsTop(reading.begin);
  found.descriptive = reading.unit != nullptr && reading.unit->rule->descriptive();

  const Approximation before = Before(reading);
  found.extent_begin = chars_.offset(before.begin);
  found.extent_end = end_byte;
  v1::Quantity::Qualifier qualifier = before.qualifier;
  const auto take = [&](v1::Quantity::Qualifier weaker) {
    if (qualifier == v1::Quantity::QUALIFIER_UNSPECIFIED) qualifier = weaker;
  };
  if (reading.inexact) take(v1::Quantity::OVER);
  if (reading.unit != nullptr) take(reading.unit->rule->qualifier());
  const PhraseTable::Hit behind = units_.tables().behind.MatchIf(chars_, end, [&](const PhraseTable::Hit& word) {
    return !StandsAny(chars_, end + word.length, units_.behind(word.id).not_before);
  });
  if (behind && chars_.gap(end) <= FoldedChars::kBlank) {
    take(units_.behind(behind.id).rule->qualifier());
    found.bound_behind = units_.behind(behind.id).rule->bound();
    found.extent_end = chars_.end_offset(end + behind.length);
  }
  take(v1::Quantity::EXACT);
  quantity.set_qualifier(qualifier);
}

}  // namespace

std::vector<FoundQuantity> ScanQuantities(std::string_view text, const UnitLexicon& units, NumeralScope scope) {
  return Scanner(text, units, scope).Scan();
}

std::vector<v1::Quantity> FindQuantities(std::string_view text, const UnitLexicon& units) {
  std::vector<v1::Quantity> quantities;
  for (FoundQuantity& found : ScanQuantities(text, units, NumeralScope::kMeasured)) {
    quantities.push_back(std::move(found.quantity));
  }
  return quantities;
}

}  // namespace duban
