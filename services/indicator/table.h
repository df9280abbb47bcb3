// SPDX-License-Identifier: Apache-2.0
// services/indicator/table.h: figures of tables that were flattened to text, one row or one cell a line.
//
//   指标      单位  2024年  2023年
//   公证办证  件    5210    4479       ->  公证办证 5210件 2024, 公证办证 4479件 2023 BASELINE
//
//   std::vector<Table> tables = FindTables(text, units, words, 2024);
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string_view>
#include <vector>

#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/unit_lexicon.h"

namespace duban {

struct Table {
  Range range;                  // from its header to its last row
  std::vector<Range> rows;      // of figures, in order
  std::vector<Figure> figures;  // `sentence` counts rows, `of` figures of this table
};

// The tables of `text`, in order: a header without numbers, that names a unit or a year, over at least two rows.
// `base_year` is that of the report, 0 if unknown.
std::vector<Table> FindTables(std::string_view text, const UnitLexicon& units, const LabelWords& words, int base_year);

}  // namespace duban
