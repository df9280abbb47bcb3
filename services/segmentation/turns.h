// SPDX-License-Identifier: Apache-2.0
// services/segmentation/turns.h: text inside a section that speaks of something else than the section.
//
//   …全年办结1,203件。但仍存在人手不足等问题。   -> PROBLEM from 但 on
//   下一步，我局将…                            -> PLAN to the end of the section
//
// Pure; linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/node.h"
#include "services/segmentation/roles.h"

namespace duban {

// Nodes without heading, sorted, with role, level and limit. `nodes` come from AssignRoles.
std::vector<Node> FindTurns(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Years& years,
                            const Rules& rules);

}  // namespace duban
