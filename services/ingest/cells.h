// SPDX-License-Identifier: Apache-2.0
// services/ingest/cells.h: a line of text as cells of a table.
//
//   SplitCells("公证办证    件\t5,210")   // 公证办证, 件, 5,210
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace duban {

// What stands between tabs, wide blanks and runs of blanks, folded and without blanks; empty cells are left out.
std::vector<std::string> SplitCells(std::string_view line);

// Whether a folded cell is digits with their marks alone: 5,210 98.5% -3.
bool IsFigure(std::string_view cell);

}  // namespace duban
