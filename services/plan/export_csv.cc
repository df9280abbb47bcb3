// SPDX-License-Identifier: Apache-2.0
// Excel takes a file for UTF-8 only with a byte order mark.
#include "common/text/csv.h"
#include "services/plan/export_sheet.h"

namespace duban {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

}  // namespace

std::string PlanExporter::Csv(const PlanExport& plan) const {
  std::vector<std::string> heads;
  for (const auto& column : words_.columns()) heads.push_back(column.head());
  std::string text = kByteOrderMark + CsvLine(heads);
  int number = 0;
  for (const v1::Tracking& tracking : plan.trackings) {
    std::vector<std::string> cells = SheetCells(words_, themes_, plan, tracking, ++number);
    for (std::string& cell : cells) cell = InertCell(std::move(cell));
    text += CsvLine(cells);
  }
  return text;
}

}  // namespace duban
