// SPDX-License-Identifier: Apache-2.0
// services/indicator/table_line.h: a line of a flattened table and its cells.
//
//   ReadTableLine("受理  件  423", {0, 18})   // 受理, 件, 423
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/indicator/figure.h"

namespace duban {

struct TableLine {
  Range range;
  std::vector<Range> cells;
};

// The cells of the line at `range`, cut at tabs, bars and runs of blanks. A cell between two tabs or bars may be empty.
TableLine ReadTableLine(std::string_view text, Range range);

// Size of what parts two cells at `pos`; 0 if nothing does.
size_t GapAt(std::string_view text, size_t pos, size_t end);

// Whether a cell is left out.
bool IsBlank(std::string_view cell);

// Whether it is a number with sign, commas and point, and nothing else but a % sign behind.
bool IsNumber(std::string_view cell);

}  // namespace duban
