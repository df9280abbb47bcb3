// SPDX-License-Identifier: Apache-2.0
// services/ingest/table_limits.h: how large the cells of a table of data may be, of whatever format; a table with
// larger ones is layout.

#pragma once

#include <cstddef>

namespace duban {

inline constexpr size_t kLongestTableCell = 600;    // bytes of text in a cell
inline constexpr size_t kLongestCellOfLong = 3000;  // the same of a table with many rows, none of which is most of it
inline constexpr size_t kFewestLongRows = 3;        // of a table whose cells may be longer
inline constexpr int kWidestSpan = 1000;            // rows or columns

}  // namespace duban
