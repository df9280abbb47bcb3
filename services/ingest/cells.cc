// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/cells.h"

#include <utility>

#include "common/text/fold.h"
#include "common/text/utf8.h"

namespace duban {

namespace {

constexpr std::string_view kWideBlank = "　";

// Where the cell at `begin` ends.
size_t CellEnd(std::string_view line, size_t begin) {
  // A wide blank begins with E3.
  for (size_t at = begin; (at = line.find_first_of("\t \xE3", at)) != std::string_view::npos; ++at) {
    const std::string_view rest = line.substr(at);
    if (rest[0] == '\t' || rest.starts_with("  ") || rest.starts_with(kWideBlank)) return at;
  }
  return line.size();
}

}  // namespace

std::vector<std::string> SplitCells(std::string_view line) {
  std::vector<std::string> cells;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = CellEnd(line, begin);
    std::string cell = WithoutSpace(Fold(line.substr(begin, end - begin)));
    if (!cell.empty()) cells.push_back(std::move(cell));
    begin = end + (line.substr(end).starts_with(kWideBlank) ? kWideBlank.size() : 1);
  }
  return cells;
}

bool IsFigure(std::string_view cell) {
  return cell.find_first_of("0123456789") != std::string_view::npos &&
         cell.find_first_not_of("0123456789.,%+-") == std::string_view::npos;
}

}  // namespace duban
