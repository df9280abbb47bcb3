// SPDX-License-Identifier: Apache-2.0
// Excel takes a file for UTF-8 only with a byte order mark. It also evaluates a cell that begins with one of = + - @ as
// a formula, quoted or not, so a report could run one in a reader's spreadsheet; an apostrophe keeps such a cell text.
#include "common/text/csv.h"
#include "services/plan/export_sheet.h"

namespace duban {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

std::string Harmless(std::string cell) {
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) cell.insert(0, 1, '\'');
  return cell;
}

}  // namespace

std::string PlanExporter::Csv(const PlanExport& plan) const {
  std::vector<std::string> heads;
  for (const auto& column : words_.columns()) heads.push_back(column.head());
  std::string text = kByteOrderMark + CsvLine(heads);
  int number = 0;
  for (const v1::Tracking& tracking : plan.trackings) {
    std::vector<std::string> cells = SheetCells(words_, plan, tracking, ++number);
    for (std::string& cell : cells) cell = Harmless(std::move(cell));
    text += CsvLine(cells);
  }
  return text;
}

}  // namespace duban
