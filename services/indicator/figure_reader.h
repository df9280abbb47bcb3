// SPDX-License-Identifier: Apache-2.0
// services/indicator/figure_reader.h: reads what belongs to one figure at a known place: numeral, unit, the other end
// of a range, approximators. What is a figure at all, quantity.cc decides. Immutable; indices count characters of
// `chars`.

#pragma once

#include <cstddef>
#include <optional>

#include "services/indicator/folded_chars.h"
#include "services/indicator/numeral.h"
#include "services/indicator/unit_lexicon.h"

namespace duban {

// A numeral and the unit behind it.
struct Reading {
  size_t begin = 0;
  Numeral numeral;         // numeral.end == begin: there is none
  size_t numeral_end = 0;  // behind 余
  bool inexact = false;    // 余, 多, 几 inside or behind
  bool rough = false;      // 来
  bool plus = false;       // 10 万+
  bool negative = false;   // a minus stands at `begin`
  const UnitLexicon::Unit* unit = nullptr;
  size_t unit_id = 0;
  size_t end = 0;
};

// A word that says how exact a number is.
struct Approximation {
  // Where it begins, or ends if it stands behind; the number's own if there is none.
  size_t at = 0;
  v1::Quantity::Qualifier qualifier = v1::Quantity::QUALIFIER_UNSPECIFIED;
  bool bound = false;
};

// What stands before a number that may have a sign; length 0 if nothing does.
struct NumberSign {
  size_t length = 0;
  bool minus = false;
};

class FigureReader {
 public:
  // Both must outlive the reader.
  FigureReader(const FoldedChars& chars, const UnitLexicon& units) : chars_(chars), units_(units) {}

  // The numeral and unit at `begin`. If white space stands inside the numeral and no unit follows, it ends there
  // instead.
  Reading Read(size_t begin) const;

  // The upper end of a range that `low` begins: 20-40, 一百至三百元, 20%-30%. Gives `low` the magnitude of both
  // (5至10万元).
  std::optional<Reading> ReadHigh(Reading* low) const;

  // The second part of a ratio: 1 in 3.6:1, 3.6比1.
  std::optional<Reading> ReadRatio(const Reading& first) const;

  // The denominator of 1/3.
  std::optional<Reading> ReadDenominator(const Reading& numerator) const;

  // The second part of 684.5/10万: so many in a hundred thousand, or in ten thousand.
  std::optional<Reading> ReadPerMany(const Reading& first) const;

  // Adds what follows in smaller units while they fall (三元五角, 3小时30分), or as the next place (三成五), to
  // `value`, and moves the reading's end behind it. Answers the unit of `value`: the reading's, but 分钟 for 2分30秒.
  const UnitLexicon::Unit* AddSmallerUnits(Reading* reading, Decimal* value) const;

  // `value` of the reading's unit in the unit to report: 九成 is 90 %. None if it leaves the range of Decimal.
  static std::optional<Decimal> InUnit(const Decimal& value, const Reading& reading);

  // -2.5%, 负2.5%, +2.5%: a sign and no hyphen, nor the end of 正负.
  NumberSign SignBefore(size_t begin) const;

  Approximation Before(const Reading& reading) const;
  Approximation Behind(size_t end) const;

  // Behind the numeral signs and digits that follow the numeral without a gap; its end if there are none.
  size_t RunEnd(const Reading& reading) const;

 private:
  // The digit of 三成五.
  void AddDigitBehind(Reading* reading, Decimal* value) const;
  // Which smaller unit of `unit` stands behind the numeral of `rest`, whose end moves behind it; nullptr if none does
  // or the numeral is too large for it.
  const UnitLexicon::Smaller* SmallerUnit(const UnitLexicon::Unit& unit, Reading* rest) const;
  Reading ReadUntil(size_t begin, size_t limit) const;
  bool FindUnit(size_t at, Reading* reading) const;
  bool UnitStands(const UnitLexicon::Unit& unit, const Reading& reading, size_t end) const;
  bool IsInexactSign(const Numeral& numeral) const;

  const FoldedChars& chars_;
  const UnitLexicon& units_;
};

}  // namespace duban
