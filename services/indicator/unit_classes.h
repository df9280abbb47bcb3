// SPDX-License-Identifier: Apache-2.0
// services/indicator/unit_classes.h: which units count the same sort of thing.
//
//   SameUnit("宗", "件")   // true
//
// The classes are data/unit_classes.textproto. Pure functions; safe to call from any thread.

#pragma once

#include <string_view>

#include "services/indicator/unit_classes.pb.h"

namespace duban {

// Whether two units count the same sort of thing: 宗 件 起; 人 名 位; 场 场次.
bool SameUnit(std::string_view a, std::string_view b);

// Whether two units count the same things, each as often as it came or once: 辆次 and 辆, 人次 and 人.
bool SameThings(std::string_view a, std::string_view b);

// The unit that stands for all that are SameUnit as `unit`: 宗 for 件 and 起.
std::string_view RepresentativeUnit(std::string_view unit);

// What `unit` counts; OTHER for units that are of no class.
UnitClasses::Sort SortOfUnit(std::string_view unit);

}  // namespace duban
