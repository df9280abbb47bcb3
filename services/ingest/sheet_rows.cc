// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/sheet_rows.h"

#include <algorithm>
#include <utility>

namespace duban {

std::vector<SheetRow> FindRows(Sheet sheet) {
  const auto middle = [](const TextPiece& piece) { return piece.y + piece.height / 2; };
  std::stable_sort(sheet.begin(), sheet.end(),
                   [&](const TextPiece& a, const TextPiece& b) { return middle(a) < middle(b); });
  std::vector<SheetRow> rows;
  double last = 0;
  for (TextPiece& piece : sheet) {
    if (rows.empty() || middle(piece) - last >= piece.height * 0.4) rows.emplace_back();
    last = middle(piece);
    rows.back().push_back(std::move(piece));
  }
  for (SheetRow& row : rows) {
    std::stable_sort(row.begin(), row.end(), [](const TextPiece& a, const TextPiece& b) { return a.x < b.x; });
  }
  return rows;
}

}  // namespace duban
