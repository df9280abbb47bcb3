// SPDX-License-Identifier: Apache-2.0
// services/indicator/arithmetic.h: whether a printed figure is what its parts give, as people print figures.
//
//   AgreesAsPrinted("98.2", 100.0 * 4312 / 4388)   // true: 98.268 cut off
//
// Pure functions; safe to call from any thread.

#pragma once

#include <optional>
#include <string_view>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/unit_classes.h"

namespace duban {

// Whether `computed`, rounded or cut off to the decimals of `printed` (plain notation), is `printed`.
bool AgreesAsPrinted(std::string_view printed, double computed);

// The values that a figure may stand for, both ends included.
struct ValueRange {
  double low = 0;
  double high = 0;
};

// Whether some value of `computed` is printed so.
bool AgreesAsPrinted(std::string_view printed, ValueRange computed);

// What one unit of the last printed digit is worth: 1000 for 1.2万件, 0 for whole numbers printed in full. None if the
// figure is not printed in plain digits.
std::optional<double> PrintedStep(const v1::Quantity& quantity);

// What the figure may have been before it was rounded or cut off to 万 or 亿. None if its print does not tell.
std::optional<ValueRange> PrintedRange(const v1::Quantity& quantity);

// Whether the figure is a percentage to the digit: 98.2% and 百分之九十八, not 九成 or 三分之二.
bool IsPrintedPercent(const v1::Quantity& quantity);

// Whether some whole number out of `denominator` gives a rate that prints as `printed` percent. True above 10^6, where
// any does.
bool WholeNumberGives(std::string_view printed, double denominator);

// Whether the figure is printed without 约, 余, 近 and the like.
inline bool IsExact(const v1::Quantity& quantity) {
  return quantity.qualifier() == v1::Quantity::EXACT && !quantity.has_value_high();
}

}  // namespace duban
