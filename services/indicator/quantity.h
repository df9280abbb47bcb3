// SPDX-License-Identifier: Apache-2.0
// services/indicator/quantity.h: numbers with units in running Chinese text.
//
//   for (const v1::Quantity& q : FindQuantities("受理法律援助案件786宗, 挽回经济损失约4735万元", units))
//     ...  // {786, "宗", COUNT, EXACT}, {47350000, "元", MONEY, ABOUT}
//
// Values are in base units: 万 and 亿 are folded in, 九成 is 90 %, 三分之二 66.67 %, 翻两番 300 %, 三元五角 3.5 元,
// 3小时30分 3.5 小时. Spans are byte offsets into `text` and begin at the number or its minus, not at the approximator.
// Blanks, line breaks and full-width forms do not change a value. Pure functions; safe to call from any thread. Linear
// in text.size().

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/decimal.h"
#include "services/indicator/unit_lexicon.h"

namespace duban {

// Which numerals are of interest.
enum class NumeralScope {
  // Figures that carry a measure: a unit is written, or a currency is understood (讨薪3.5亿), or it is a rank.
  kMeasured,
  // Bare numerals too (table cells, 由86项降至23, 律师万人比2.9); dates, names, document numbers … stay out.
  kAll,
};

// A quantity and how it was written.
struct FoundQuantity {
  // All fields set; `span` counts from the beginning of the text searched. The unit of a bare numeral is empty.
  v1::Quantity quantity;

  // The value without loss; quantity.value is the nearest double.
  Decimal value;

  // End of the numeral with its magnitude (4735万); the unit follows.
  size_t numeral_end = 0;

  // Where its approximator or bound begins (约, 不少于, 近); the beginning of the number if there is none.
  size_t extent_begin = 0;

  // End of what qualifies it behind the unit (以上, 左右, 以内); the end of the unit if there is none.
  size_t extent_end = 0;

  // No unit is written. `quantity.unit` is then empty, or 元 where an amount of money is meant, or 名 for a rank.
  bool bare = false;

  // Written in Chinese numerals; such small counts often describe structure (三个方面) and not a result.
  bool chinese = false;

  // Seldom measures work: ages, terms of years, and what something else is counted per (每10万人).
  bool descriptive = false;

  // 前三, 前10%: the value bounds a place in an order.
  bool top = false;

  // A plus sign stands before it: +5.2%. The extent holds it, the quantity does not.
  bool plus = false;

  // A deviation to either side: ±0.5%.
  bool either_way = false;

  // 以上, 以下, 以内 … stands behind the number, so that the bound is on a target or, for a result, an approximation.
  bool bound_behind = false;
};

// Every figure of `text` within `scope`, in order, none overlapping. Dates, ordinals, document numbers, hotlines,
// enumerators and numbers inside names are no figures. `text` must be valid UTF-8; it may contain line breaks inside a
// number.
std::vector<FoundQuantity> ScanQuantities(std::string_view text, const UnitLexicon& units, NumeralScope scope);

// The measured quantities of `text` as messages.
std::vector<v1::Quantity> FindQuantities(std::string_view text, const UnitLexicon& units);

}  // namespace duban
