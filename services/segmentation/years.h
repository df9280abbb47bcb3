// SPDX-License-Identifier: Apache-2.0
// services/segmentation/years.h: the years that a heading names.
//
//   YearsIn("2023年工作总结和二〇二四年工作计划", rules)  -> {2023, 2024}
//
// Pure; linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/rules.h"

namespace duban {

// Numbers of four digits from 1900 to 2099 before 年, in the order of the text.
std::vector<int> YearsIn(std::string_view text, const Rules& rules);

}  // namespace duban
