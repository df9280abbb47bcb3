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

#include "common/text/utf8.h"
#include "services/indicator/figure_context.h"
#include "services/indicator/figure_reader.h"
#include "services/indicator/folded_chars.h"
#include "services/indicator/numeral.h"
#include "services/indicator/numeral_signs.h"

namespace duban {
namespace {

using Unit = UnitLexicon::Unit;

// How many characters before an ordinal tell whether it is a place in an order; how far a name may go on behind its
// number.
constexpr size_t kRankReach = 8;
constexpr size_t kNameReach = 14;

// What a reading comes to.
struct Figure {
  Decimal value;
  std::optional<Decimal> high;
  std::string unit;
  v1::Quantity::Kind kind = v1::Quantity::COUNT;
  bool bare = false;
};

class Scanner {
 public:
  Scanner(std::string_view text, const UnitLexicon& units, NumeralScope scope)
      : text_(text), units_(units), scope_(scope), chars_(text), reader_(chars_, units) {}

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
  // Each reads what begins at `i` or with `reading` and answers where to go on, > i.
  size_t ScanFixed(size_t i);
  size_t ScanNumber(size_t i);
  size_t ScanOrdinal(const Reading& reading);
  size_t ScanTop(const Reading& reading);
  size_t ScanMeasured(const Reading& reading, const std::optional<Reading>& high);
  size_t ScanBare(const Reading& reading, const std::optional<Reading>& high);

  bool IsWordOnly(const Reading& reading, bool approximated) const;
  bool IsPeriod(const Reading& reading) const;
  bool IsNameOfMeasure(const Reading& reading) const;
  bool HasRankContext(size_t at) const;
  PhraseTable::Hit RankUnitAt(size_t at) const {
    return chars_.gap(at) <= FoldedChars::kBlank ? units_.tables().rank_units.Match(chars_, at) : PhraseTable::Hit();
  }
  bool IsTop(size_t begin) const;
  bool IsDialled(const Reading& low, const Reading& high) const;
  bool IsMoneyWithoutUnit(const Reading& reading) const;
  bool IsApproximated(const Reading& reading) const {
    return reader_.Before(reading).qualifier != v1::Quantity::QUALIFIER_UNSPECIFIED;
  }

  // Appends a figure that was read as `reading`, with its qualifier and spans. Answers reading.end.
  size_t Emit(const Reading& reading, Figure figure);

  std::string_view text_;
  const UnitLexicon& units_;
  const NumeralScope scope_;
  const FoldedChars chars_;
  const FigureReader reader_;
  std::vector<FoundQuantity> found_;
};

size_t Scanner::ScanFixed(size_t i) {
  const PhraseTable::Hit hit = units_.tables().fixed.MatchIf(chars_, i, [&](const PhraseTable::Hit& word) {
    const UnitLexicon::Fixed& fixed = units_.fixed(word.id);
    // 居全县首位: a place where places are spoken of.
    const bool stands =
        fixed.rule->kind() != v1::Quantity::RANK || (HasRankContext(i) && EndsClause(chars_, i + word.length));
    return stands && !EndsWithAny(chars_, i, fixed.not_after) &&
           !StandsAny(chars_, i + word.length, fixed.not_before) &&
           (fixed.only_after.empty() || EndsWithAny(chars_, i, fixed.only_after));
  });
  if (!hit) return i + 1;
  const UnitLexicon::Fixed& fixed = units_.fixed(hit.id);
  const bool bare = fixed.rule->unit().empty();
  if (bare && scope_ == NumeralScope::kMeasured) return i + hit.length;
  Reading reading{.begin = i, .numeral_end = i + hit.length, .end = i + hit.length};
  reading.numeral.chinese = true;
  Emit(reading, {.value = fixed.value, .unit = fixed.rule->unit(), .kind = fixed.rule->kind(), .bare = bare});
  if (fixed.rule->qualifier() != v1::Quantity::QUALIFIER_UNSPECIFIED) {
    found_.back().quantity.set_qualifier(fixed.rule->qualifier());
  }
  return reading.end;
}

size_t Scanner::ScanNumber(size_t i) {
  if (const size_t end = NameEnd(chars_, units_, i); end > i) return end;
  Reading reading = reader_.Read(i);
  const size_t run_end = reader_.RunEnd(reading);
  // 队伍31支: a sign of bills that ends a word.
  const bool word = reading.numeral.formal && reading.numeral.end == i + 1 && IsAsciiDigit(chars_[i + 1]);
  if (word) return i + 1;
  if (reading.numeral.end == i || run_end > reading.numeral.end) return run_end;
  if (const size_t end = DateEnd(chars_, units_, i, reading.numeral); end > i) return end;
  const bool signed_unit = reading.unit != nullptr && reading.unit->rule->may_have_sign();
  if (IsPartOfToken(chars_, i, i) && !(signed_unit && reader_.SignBefore(i).length > 0)) return TokenEnd(chars_, i);
  // 28.2.5亿: what is left of a number that is none.
  const bool left =
      MagnitudeOf(chars_[i]) > 0 && i > 0 && IsAsciiDigit(chars_[i - 1]) && chars_.gap(i) == FoldedChars::kNone;
  if (left) return reading.end;
  if (units_.tables().ordinal.Match(chars_, i)) return ScanOrdinal(reading);
  if (const auto ratio = reader_.ReadRatio(reading)) {
    reading.end = ratio->end;
    return Emit(
        reading,
        {.value = reading.numeral.value, .unit = ":" + ratio->numeral.value.ToString(), .kind = v1::Quantity::OTHER});
  }
  if (const auto below = reader_.ReadDenominator(reading)) {
    const auto percent = Decimal::Quotient(reading.numeral.value, below->numeral.value, 100, 2);
    reading.numeral_end = reading.end = below->end;
    return Emit(reading, {.value = *percent, .unit = "%", .kind = v1::Quantity::PERCENT});
  }
  if (const auto many = reader_.ReadPerMany(reading)) {
    reading.numeral_end = reading.numeral.end;
    reading.end = many->end;
    const bool ten = many->numeral.value > Decimal::Create(10000);
    return Emit(reading, {.value = reading.numeral.value, .unit = ten ? "/10万" : "/1万", .kind = v1::Quantity::OTHER});
  }
  const std::optional<Reading> high = reader_.ReadHigh(&reading);
  const Reading& last = high ? *high : reading;
  if (last.unit != nullptr && last.unit->rule->rule() == UnitRules::Units::NOT_A_QUANTITY) {
    Decimal minutes;
    reading = last;
    reader_.AddSmallerUnits(&reading, &minutes);
    return reading.end;
  }
  if (last.unit != nullptr || last.numeral.fraction != Numeral::Fraction::kNone) return ScanMeasured(reading, high);
  if (!last.plus && IsPartOfToken(chars_, last.numeral_end, last.numeral_end)) {
    return TokenEnd(chars_, last.numeral_end - 1);
  }
  return ScanBare(reading, high);
}

// 第N and a rank unit, or 全市第N at the end of a clause, is a place; any other ordinal is no quantity.
size_t Scanner::ScanOrdinal(const Reading& reading) {
  const size_t end = reading.numeral.end;
  const PhraseTable::Hit unit = RankUnitAt(end);
  const size_t behind = end + unit.length;
  const bool alone =
      chars_.gap(reading.begin - 1) >= FoldedChars::kLineBreak && chars_.gap(end) >= FoldedChars::kLineBreak;
  const bool ranked = unit ? chars_[end] == u'名' || EndsClause(chars_, behind) || HasRankContext(reading.begin)
                           : alone || (EndsClause(chars_, end) && HasRankContext(reading.begin));
  if (!ranked) {
    // 第1至3名: both ends are ordinals.
    Reading low{.begin = reading.begin, .numeral = reading.numeral, .end = end};
    const std::optional<Reading> high = reader_.ReadHigh(&low);
    return high ? high->end : reading.end;
  }
  Reading place{.begin = reading.begin, .numeral = reading.numeral, .numeral_end = end, .end = behind};
  Emit(place, {.value = reading.numeral.value, .unit = "名", .kind = v1::Quantity::RANK, .bare = !unit});
  found_.back().quantity.set_qualifier(v1::Quantity::EXACT);
  return place.end;
}

// 前N: a place with a rank unit, or at the end of a clause where places are spoken of; else the number of an ordinal.
size_t Scanner::ScanTop(const Reading& reading) {
  const size_t end = reading.numeral.end;
  const PhraseTable::Hit unit = RankUnitAt(end);
  const bool alone =
      EndsClause(chars_, end) && (HasRankContext(reading.begin) || BeginsSentence(chars_, reading.begin - 1));
  if (!unit && !alone) return reading.end;
  Reading place{.begin = reading.begin, .numeral = reading.numeral, .numeral_end = end, .end = end + unit.length};
  return Emit(place, {.value = reading.numeral.value, .unit = "名", .kind = v1::Quantity::RANK, .bare = !unit});
}

// A numeral, or a range, with a unit or a fraction.
size_t Scanner::ScanMeasured(const Reading& reading, const std::optional<Reading>& high) {
  Reading last = high ? *high : reading;
  // The signs of bills make up words too: 队伍万余人 goes on at 万.
  if (IsWordOnly(reading, IsApproximated(reading))) return reading.numeral.formal ? reading.begin + 1 : last.end;
  last.begin = reading.begin;
  if (IsPeriod(reading) || IsPeriod(last) || IsNameOfMeasure(last)) return last.end;
  const bool fraction = last.numeral.fraction != Numeral::Fraction::kNone;
  const bool percent = fraction || last.unit->rule->kind() == v1::Quantity::PERCENT;
  if (IsTop(reading.begin) && !percent) return ScanTop(reading);

  Figure figure{.value = reading.numeral.value, .kind = v1::Quantity::PERCENT};
  if (high) figure.high = last.numeral.value;
  if (!high && reading.numeral.is_range) figure.high = reading.numeral.high;
  last.inexact |= reading.inexact;
  if (fraction) {
    figure.unit = last.numeral.fraction == Numeral::Fraction::kPermille ? "‰" : "%";
  } else {
    const auto value = FigureReader::InUnit(figure.value, last);
    if (!value) return last.end;
    figure.value = *value;
    if (figure.high) figure.high = FigureReader::InUnit(*figure.high, last);
    figure.unit = last.unit->name;
    figure.kind = last.unit->rule->kind();
    if (!high) {
      const Unit* unit = reader_.AddSmallerUnits(&last, &figure.value);
      figure.unit = unit->name;
      figure.kind = unit->rule->kind();
    }
  }
  const bool may_have_sign = !high && (fraction || last.unit->rule->may_have_sign());
  const NumberSign sign = may_have_sign ? reader_.SignBefore(reading.begin) : NumberSign();
  if (sign.minus) {
    figure.value = figure.value.Negated();
    last.begin -= sign.length;
  }
  const size_t end = Emit(last, std::move(figure));
  if (sign.length > 0 && !sign.minus) {
    found_.back().plus = true;
    found_.back().extent_begin = std::min(found_.back().extent_begin, chars_.offset(reading.begin - sign.length));
  }
  return end;
}

// A numeral, or a range, without a unit.
size_t Scanner::ScanBare(const Reading& reading, const std::optional<Reading>& high) {
  const bool approximated = IsApproximated(reading);
  if (IsTop(reading.begin) && !high) return ScanTop(reading);
  if (IsWordOnly(reading, approximated)) return reading.numeral.formal ? reading.begin + 1 : reading.end;
  Figure figure{.value = reading.numeral.value, .bare = true};
  if (high) figure.high = high->numeral.value;
  if (!high && reading.numeral.is_range) figure.high = reading.numeral.high;
  Reading whole = high ? *high : reading;
  whole.begin = reading.begin;
  const PhraseTable::Hit currency = units_.tables().prefix.Match(chars_, reading.begin);
  if (currency || IsMoneyWithoutUnit(reading)) {
    figure.unit = currency ? units_.currency(currency.id) : "元";
    figure.kind = v1::Quantity::MONEY;
    return Emit(whole, std::move(figure));
  }
  if (high && IsDialled(reading, *high)) return TokenEnd(chars_, reading.begin);
  const bool stated = high || (approximated && !reading.numeral.chinese && !IsYearLike(reading.numeral));
  const bool label = !stated && IsBareLabel(chars_, units_, reading.begin, reading.numeral);
  if (scope_ == NumeralScope::kMeasured || label || (reading.numeral.magnitude_only && !reading.inexact))
    return whole.end;
  return Emit(whole, std::move(figure));
}

// Whether a Chinese numeral is no count here: 一个, 百场宣讲, 半路, bills' figures outside money.
bool Scanner::IsWordOnly(const Reading& reading, bool approximated) const {
  const Numeral& numeral = reading.numeral;
  const bool qualified = approximated || reading.inexact;
  if (numeral.fraction != Numeral::Fraction::kNone) return false;
  if (numeral.magnitude_only && numeral.magnitude > 1) return !qualified;
  if (!numeral.chinese) return false;
  const Unit* unit = reading.unit;
  const bool alone =
      chars_.gap(reading.begin) >= FoldedChars::kLineBreak && chars_.gap(numeral.end) >= FoldedChars::kLineBreak;
  if (numeral.formal && numeral.signs < 3 && !alone && (unit == nullptr || unit->rule->kind() != v1::Quantity::MONEY))
    return true;
  if (numeral.value.IsZero()) return true;
  if (chars_[reading.begin] == u'半') {
    return unit == nullptr || unit->rule->kind() != v1::Quantity::DURATION ||
           EndsWithAny(chars_, reading.begin, {u"上", u"下", u"前", u"后", u"大", u"多", u"小"});
  }
  if (numeral.signs == 1 && numeral.value <= Decimal::Create(2) && chars_[reading.begin] != u'两' &&
      chars_[reading.begin] != u'兩') {
    // 不少于一次 is a bound, 开展一次 an article.
    return unit == nullptr || !(approximated || unit->rule->measures_one());
  }
  return false;
}

// 近三个月, 前11个月, 五年来, 连续三年: a time and no measure.
bool Scanner::IsPeriod(const Reading& reading) const {
  if (reading.unit == nullptr || reading.unit->rule->kind() != v1::Quantity::DURATION) return false;
  if (IsTop(reading.begin)) return true;
  const auto& tables = units_.tables();
  const bool goes_on = chars_.gap(reading.end) <= FoldedChars::kBlank;
  const auto placed = [&](const PhraseTable& before, const PhraseTable& behind) {
    return before.Match(chars_, reading.begin) || (goes_on && behind.Match(chars_, reading.end));
  };
  return (reading.unit->rule->period() && placed(tables.period_before, tables.period_behind)) ||
         (reading.unit->rule->descriptive() && placed(tables.term_before, tables.term_behind));
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

// A telephone number: 0750-3821234.
bool Scanner::IsDialled(const Reading& low, const Reading& high) const {
  return (chars_[low.begin] == u'0' && low.numeral.digits > 1 && !low.numeral.decimal) || high.numeral.digits >= 7;
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

size_t Scanner::Emit(const Reading& reading, Figure figure) {
  FoundQuantity& found = found_.emplace_back();
  v1::Quantity& quantity = found.quantity;
  const size_t begin_byte = chars_.offset(reading.begin);
  const size_t end_byte = chars_.end_offset(reading.end);
  quantity.set_text(std::string(text_.substr(begin_byte, end_byte - begin_byte)));
  quantity.mutable_span()->set_begin(static_cast<int32_t>(begin_byte));
  quantity.mutable_span()->set_end(static_cast<int32_t>(end_byte));
  quantity.set_value(figure.value.ToDouble());
  quantity.set_decimal(figure.value.ToString());
  if (figure.high && *figure.high > figure.value) quantity.set_value_high(figure.high->ToDouble());
  quantity.set_unit(std::move(figure.unit));
  quantity.set_kind(figure.kind);

  const Approximation before = reader_.Before(reading);
  const Approximation behind = reader_.Behind(reading.end);
  // 正负0.5%以内: what stands behind says more.
  found.either_way = before.qualifier == v1::Quantity::EXACT;
  v1::Quantity::Qualifier qualifier = found.either_way ? v1::Quantity::QUALIFIER_UNSPECIFIED : before.qualifier;
  const auto take = [&](v1::Quantity::Qualifier weaker) {
    if (qualifier == v1::Quantity::QUALIFIER_UNSPECIFIED) qualifier = weaker;
  };
  if (reading.inexact) take(reading.rough ? v1::Quantity::ABOUT : v1::Quantity::OVER);
  if (reading.unit != nullptr) take(reading.unit->rule->qualifier());
  take(behind.qualifier);
  take(v1::Quantity::EXACT);
  quantity.set_qualifier(qualifier);

  found.value = figure.value;
  found.numeral_end = chars_.end_offset(reading.numeral_end);
  found.extent_begin = chars_.offset(before.at);
  found.extent_end = chars_.end_offset(behind.at);
  found.bare = figure.bare;
  found.chinese = reading.numeral.chinese;
  found.descriptive = (reading.unit != nullptr && reading.unit->rule->descriptive()) ||
                      units_.tables().per_words.Match(chars_, reading.begin);
  found.top = IsTop(reading.begin);
  found.bound_behind = behind.bound;
  return reading.end;
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
