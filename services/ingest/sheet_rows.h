// SPDX-License-Identifier: Apache-2.0
// services/ingest/sheet_rows.h: the pieces of a sheet, or of a column of it, as rows.
//
//   for (const SheetRow& row : FindRows(std::move(sheet))) …   // from the top down
//
// Pure functions; safe to call from any thread. n log n in the pieces.

#pragma once

#include <vector>

#include "services/ingest/sheet.h"

namespace duban {

// A line that ends so close to the right edge is full; in letters' heights.
inline constexpr double kRaggedEdge = 2.2;

using SheetRow = std::vector<TextPiece>;  // from left to right

// Pieces whose middles lie on one height are a row. Places must be finite.
std::vector<SheetRow> FindRows(Sheet sheet);

}  // namespace duban
