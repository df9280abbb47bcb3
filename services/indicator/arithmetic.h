// SPDX-License-Identifier: Apache-2.0
// services/indicator/arithmetic.h: whether a printed figure is what its parts give, as people print figures.
//
//   AgreesAsPrinted("98.2", 100.0 * 4312 / 4388)   // true: 98.268 cut off
//
// Pure functions; safe to call from any thread.

#pragma once

#include <string_view>

#include "duban/v1/indicator.pb.h"

namespace duban {

// Whether `computed`, rounded or cut off to the decimals of `printed` (plain notation), is `printed`.
bool AgreesAsPrinted(std::string_view printed, double computed);

// Whether some whole number of `denominator` gives a rate that prints as `printed` percent. True above 10^6, where any
// does.
bool WholeNumberGives(std::string_view printed, double denominator);

// Whether the figure is printed without 约, 余, 近 and the like.
inline bool IsExact(const v1::Quantity& quantity) {
  return quantity.qualifier() == v1::Quantity::EXACT && !quantity.has_value_high();
}

// Whether two units count the same sort of thing: 宗 件 起; 人 名 位; 场 场次.
bool SameUnit(std::string_view a, std::string_view b);

// The unit that stands for all that are SameUnit as `unit`: 宗 for 件 and 起.
std::string_view RepresentativeUnit(std::string_view unit);

}  // namespace duban
