// SPDX-License-Identifier: Apache-2.0
// services/segmentation/problems.h: the shortcomings that a report admits.
//
// Pure; linear.

#pragma once

#include <string_view>

#include "duban/v1/outline.pb.h"
#include "services/segmentation/node.h"

namespace duban {

// One row per innermost enumerated item of a PROBLEM section; where there are none, one per shortcoming named in its
// sentences. Their ids are q1, q2 … in order. outline->sections() are the nodes, in the same order, and
// outline->sentences() are filled.
void AddProblems(std::string_view text, const std::vector<Node>& nodes, const Rules& rules, v1::Outline* outline);

}  // namespace duban
