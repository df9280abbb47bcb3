// SPDX-License-Identifier: Apache-2.0
// services/segmentation/contents.h: the lines of a report's table of contents.
//
//   一、工作总结……1      both are lines of the contents
//   二、工作计划……5
//
// Pure; linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/scan.h"

namespace duban {

// Per line of `scan` whether it is one of a list of contents. `text` is what was scanned.
std::vector<bool> ContentsLines(std::string_view text, const Scan& scan, const Rules& rules);

}  // namespace duban
