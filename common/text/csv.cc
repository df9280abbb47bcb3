// SPDX-License-Identifier: Apache-2.0
#include "common/text/csv.h"

#include <algorithm>
#include <string_view>

namespace duban {
namespace {

bool IsPlainNumber(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const size_t end = std::min(text.find_first_not_of(kDigits), text.size());
  if (end == 0 || end == text.size()) return end > 0;
  text.remove_prefix(end);
  return text.size() > 1 && text[0] == '.' && text.find_first_not_of(kDigits, 1) == std::string_view::npos;
}

std::string CsvCell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + CsvCell(cells[i]);
  return line + "\r\n";
}

std::string InertCell(std::string cell) {
  const bool risky = !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos;
  if (risky && !IsPlainNumber(cell)) cell.insert(0, 1, '\'');
  return cell;
}

}  // namespace duban
