// SPDX-License-Identifier: Apache-2.0
// services/cli/figure_cells.h: an indicator's figure as cells of a table.
//
//   Table table(WithFigureHeads({"indicator"}, {"metric"}));
//   // 每件补贴100至300元  ->  value 100, to 300, unit 元; 同比下降8%  ->  value 8, unit %, CHANGE, DOWN, SAME_PERIOD
//
// Pure functions; safe to call from any thread.

#pragma once

#include <string>
#include <vector>

#include "duban/v1/indicator.pb.h"

namespace duban {

// `before`, the heads of FigureCells, `after`.
std::vector<std::string> WithFigureHeads(std::vector<std::string> before, const std::vector<std::string>& after);

// Value, the upper end of a range, unit, qualifier, aspect, direction and base of a change; empty where unset.
std::vector<std::string> FigureCells(const v1::Indicator& indicator);

}  // namespace duban
