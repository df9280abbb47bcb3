// SPDX-License-Identifier: Apache-2.0
// services/segmentation/decimals.h: headings numbered 1, 1.1, 1.1.1.
//
//   AddDecimals(text, rules, &scan);
//   // 1 工作情况 ⏎ 1.1 普法 ⏎ … ⏎ 1.2 调解 ⏎ … ⏎ 2 工作计划: four more candidates, of levels 1, 2, 2, 1
//
// Pure function; linear.

#pragma once

#include <string_view>

#include "services/segmentation/scan.h"

namespace duban {

// Adds the decimal numbers at the beginnings of lines to the candidates, if the paper is numbered so.
void AddDecimals(std::string_view text, const Rules& rules, Scan* scan);

}  // namespace duban
