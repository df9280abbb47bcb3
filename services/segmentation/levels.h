// SPDX-License-Identifier: Apache-2.0
// services/segmentation/levels.h: levels of enumerators that depend on what else stands in the paper.
//
//   SettleLevels(text, rules, &scan);
//   // 第一章 above 一、: level 0.  一是…（一）…（二）…二是…: the list inside the item is of level 5.
//   // 1 …, 1.1 …, 1.2 …, 2 …: candidates of their own
//
// Pure function; linear.

#pragma once

#include <string_view>

#include "services/segmentation/scan.h"

namespace duban {

void SettleLevels(std::string_view text, const Rules& rules, Scan* scan);

}  // namespace duban
