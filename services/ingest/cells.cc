// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/cells.h"

#include <algorithm>
#include <utility>

#include "common/text/fold.h"
#include "common/text/utf8.h"

namespace duban {

std::vector<std::string> SplitCells(std::string_view line) {
  constexpr std::string_view kWideBlank = "　";
  std::vector<std::string> cells;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end =
        std::min({line.find('\t', begin), line.find("  ", begin), line.find(kWideBlank, begin), line.size()});
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
