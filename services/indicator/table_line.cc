// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/table_line.h"

#include <algorithm>
#include <iterator>

#include "services/indicator/fragment.h"

namespace duban {
namespace {

constexpr std::string_view kWideBlank = "　";
constexpr std::string_view kDash = "—";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

size_t GapAt(std::string_view text, size_t pos, size_t end) {
  if (text[pos] == '\t' || text[pos] == '|') return 1;
  size_t blanks = pos;
  size_t count = 0;
  while (blanks < end) {
    if (text[blanks] == ' ') {
      ++blanks;
      ++count;
    } else if (text.compare(blanks, kWideBlank.size(), kWideBlank) == 0) {
      blanks += kWideBlank.size();
      count += 2;
    } else {
      break;
    }
  }
  return count >= 2 ? blanks - pos : 0;
}

TableLine ReadTableLine(std::string_view text, Range range) {
  TableLine line{.range = range, .cells = {}};
  size_t start = range.begin;
  bool ruled = false;  // the gap before `start` is a tab or a bar
  const auto add = [&](size_t end, bool rule) {
    const std::string_view words = text.substr(start, end - start);
    // A dash is a cell; Trim takes it for a joint.
    const bool dash = words.find(kDash) != std::string_view::npos && Trim(text, {start, end}).empty();
    const Range cell =
        dash ? Range{start + words.find(kDash), start + words.find(kDash) + kDash.size()} : Trim(text, {start, end});
    if (!cell.empty() || (ruled && rule && !line.cells.empty())) line.cells.push_back(cell);
  };
  for (size_t pos = range.begin; pos < range.end;) {
    const size_t gap = GapAt(text, pos, range.end);
    if (gap > 0) {
      const bool rule = text[pos] == '\t' || text[pos] == '|';
      add(pos, rule);
      start = pos + gap;
      ruled = rule;
    }
    pos += std::max<size_t>(gap, 1);
  }
  add(range.end, false);
  return line;
}

bool IsBlank(std::string_view cell) {
  static constexpr std::string_view kBlanks[] = {"", "-", "/", "\\", kDash, "——", "–", "无"};
  return std::find(std::begin(kBlanks), std::end(kBlanks), cell) != std::end(kBlanks);
}

bool IsNumber(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  if (cell.ends_with('%')) cell.remove_suffix(1);
  if (cell.empty() || !IsDigit(cell.front()) || !IsDigit(cell.back())) return false;
  return std::all_of(cell.begin(), cell.end(), [](char c) { return IsDigit(c) || c == ',' || c == '.'; });
}

}  // namespace duban
