// SPDX-License-Identifier: Apache-2.0
// services/ingest/grid.h: a table's cells as lines of text, a row each, cells between tabs.
//
//   项目 ┃  2023年    ┃        项目 ⇥ 2023年件数 ⇥ 2023年人数
//        ┃ 件数 │ 人数 ┃   ->   公证 ⇥ 520 ⇥ 610
//   公证 ┃ 520  │ 610  ┃
//
// So that each row can be read by itself, words of a cell that spans rows stand in each of them, those of one that
// spans columns of a row of figures in each of these, and a head of several rows becomes one; numbers are never
// repeated. No cell is left out. Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <vector>

namespace duban {

struct GridCell {
  std::string text;        // one line
  int columns = 1;         // that it spans
  int rows = 1;            // that it spans
  bool continues = false;  // the one above goes on in it
};

using GridRow = std::vector<GridCell>;

// The lines of a table, empty rows left out. A row of one cell is a line without tabs: a caption or 单位：万元.
std::vector<std::string> WriteGrid(const std::vector<GridRow>& rows);

}  // namespace duban
