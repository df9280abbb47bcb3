// SPDX-License-Identifier: Apache-2.0
#include "services/cli/table.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "common/text/csv.h"

namespace duban {
namespace {

constexpr int kMaxCellWidth = 48;

// Columns of a code point; 1 for bytes that are not UTF-8.
int CodePointWidth(UChar32 c) {
  if (c < 0) return 1;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  if (width == U_EA_WIDE || width == U_EA_FULLWIDTH) return 2;
  const int type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || type == U_CONTROL_CHAR ? 0 : 1;
}

// Calls visit(begin, end, c) per code point until it returns false; c is below 0 for bytes that are not UTF-8.
template <typename Visit>
void ForEachCodePoint(std::string_view text, Visit visit) {
  const int32_t size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const int32_t begin = i;
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    if (!visit(begin, i, c)) return;
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  ForEachCodePoint(text, [&](int begin, int end, UChar32 c) {
    if (c >= 0 && u_charType(c) == U_CONTROL_CHAR) {
      out += ' ';
    } else {
      out += text.substr(begin, end - begin);
    }
    return true;
  });
  return out;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  ForEachCodePoint(text, [&](int, int, UChar32 c) {
    width += CodePointWidth(c);
    return true;
  });
  return width;
}

std::string CutToWidth(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  int used = 1;  // the ellipsis
  int keep = 0;
  ForEachCodePoint(text, [&](int, int end, UChar32 c) {
    used += CodePointWidth(c);
    if (used > width) return false;
    keep = end;
    return true;
  });
  return std::string(text.substr(0, keep)) + "…";
}

std::vector<std::string> WrapToWidth(std::string_view text, int width) {
  std::vector<std::string> pieces(1);
  int used = 0;
  ForEachCodePoint(text, [&](int begin, int end, UChar32 c) {
    const int columns = CodePointWidth(c);
    if (used + columns > width) {
      pieces.emplace_back();
      used = 0;
    }
    used += columns;
    pieces.back() += text.substr(begin, end - begin);
    return true;
  });
  return pieces;
}

void Table::Add(std::vector<std::string> cells) {
  cells.resize(heads_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::ToText() const {
  std::vector<int> widths;
  for (const std::string& head : heads_) widths.push_back(DisplayWidth(head));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(kMaxCellWidth, DisplayWidth(row[i])));
    }
  }
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = CutToWidth(cells[i], kMaxCellWidth);
      out += cell + std::string(widths[i] - DisplayWidth(cell) + 2, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + '\n';
  };
  line(heads_);
  int total = 0;
  for (int width : widths) total += width + 2;
  for (int i = 0; i < total - 2; ++i) text += "─";
  text += '\n';
  for (std::vector<std::string> row : rows_) {
    if (whole_ < 0) {
      line(row);
      continue;
    }
    for (const std::string& piece : WrapToWidth(row[whole_], kMaxCellWidth)) {
      row[whole_] = piece;
      line(row);
      std::fill(row.begin(), row.end(), "");
    }
  }
  return text;
}

std::string Table::ToCsv() const {
  std::string text = CsvLine(heads_);
  for (std::vector<std::string> row : rows_) {
    for (std::string& cell : row) cell = InertCell(std::move(cell));
    text += CsvLine(row);
  }
  return text;
}

}  // namespace duban
