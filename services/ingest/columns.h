// SPDX-License-Identifier: Apache-2.0
// services/ingest/columns.h: a sheet set in two columns, taken apart into blocks that are read one after another.
//
//   for (Sheet& block : SplitColumns(std::move(sheet))) …   // head, left column, right column, foot
//
// Pure functions; safe to call from any thread. n log n in the pieces of the sheet.

#pragma once

#include <vector>

#include "services/ingest/sheet.h"

namespace duban {

// The blocks in reading order; the sheet itself where it has one column only. A table is no pair of columns: its cells
// do not fill their width.
std::vector<Sheet> SplitColumns(Sheet sheet);

}  // namespace duban
