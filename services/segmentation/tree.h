// SPDX-License-Identifier: Apache-2.0
// services/segmentation/tree.h: headings in a row become a tree.
//
// Pure; linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/node.h"

namespace duban {

// Gives every node its level (if it has none), parent and end. `nodes` are sorted by begin. A node ends where the next
// one that is not inside it begins, without the blanks before it, or at its limit.
void BuildTree(std::string_view text, std::vector<Node>* nodes);

}  // namespace duban
