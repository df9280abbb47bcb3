// SPDX-License-Identifier: Apache-2.0
// How lines become paragraphs
//
// Pieces whose middles lie on one height are a line; gaps between them are nothing, a blank or the next cell. A running
// head or foot is a line that stands first or last on at least half of three sheets or more, digits aside; a line at a
// sheet's end that is one number and marks is its own. A text whose paragraphs are indented says of every line whether
// it goes on: it does if it begins at the sheet's left edge and the line before reaches the right one. Texts without
// indents are left to JoinLines, which goes by the words.
#include "services/ingest/sheet.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <utility>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/columns.h"
#include "services/ingest/join.h"
#include "services/ingest/sheet_rows.h"

namespace duban {
namespace {

// In letters' heights.
constexpr double kBlank = 0.15, kWideBlank = 0.7, kNextCell = 2;
constexpr double kFlush = 0.8, kWidestIndent = 3.2;
constexpr double kNarrowest = 16;  // a text set narrower says nothing by its edges
constexpr double kNewBlock = 1.7;  // lines' usual distance times this is an empty line

constexpr size_t kLongestPageNumber = 3;  // digits

struct SheetLine {
  std::string text;
  double left = 0, right = 0, top = 0, height = 0;
  double indent = 0;  // from the block's left edge
  int blank_before = 0;
  size_t block = 0;  // of its sheet (columns.h)
};

void Append(const TextPiece& piece, SheetLine* line) {
  if (!line->text.empty()) {
    const double gap = (piece.x - line->right) / std::max(line->height, 1e-6);
    const char32_t before = DecodeBefore(line->text, line->text.size()).value;
    const char32_t behind = DecodeAt(piece.text, 0).value;
    if (gap >= kNextCell) {
      line->text += '\t';
    } else if (gap >= kWideBlank) {
      line->text += "　";
    } else if (gap >= kBlank && before < 0x80 && behind < 0x80) {
      line->text += ' ';
    }
  } else {
    line->left = piece.x;
    line->top = piece.y;
  }
  line->text += piece.text;
  line->right = std::max(line->right, piece.x + piece.width);
  line->height = std::max(line->height, piece.height);
}

std::vector<SheetLine> FindLines(Sheet sheet) {
  std::vector<SheetLine> lines;
  for (const SheetRow& row : FindRows(std::move(sheet))) {
    SheetLine line;
    for (const TextPiece& piece : row) {
      if (!TrimSpace(piece.text).empty()) Append(piece, &line);
    }
    if (!line.text.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

// A line without digits and blanks: what a running head has in common over sheets.
std::string Skeleton(const std::string& line) {
  std::string out;
  for (const CodePoint& c : CodePoints(line)) {
    if (!IsDigit(c.value) && !IsSpace(c.value)) out.append(line, c.offset, c.size);
  }
  return out;
}

// 3, - 3 -, 第3页, 第3页/共12页: one number, or two each of which has its word in front. A row of figures is none, nor
// is a date. What a number stands between are structural characters like the marks, no words.
bool IsPageNumber(const std::string& line) {
  constexpr std::u32string_view kMarks = U"-/—–第页共";
  const std::string folded = Fold(line);
  size_t numbers = 0, named = 0, digits = 0;
  char32_t before = 0;
  for (const CodePoint& c : CodePoints(folded)) {
    if (IsDigit(c.value)) {
      if (digits == 0) {
        ++numbers;
        named += before == U'第' || before == U'共';
      }
      if (++digits > kLongestPageNumber) return false;
      continue;
    }
    digits = 0;
    if (IsSpace(c.value)) continue;
    if (kMarks.find(c.value) == std::u32string_view::npos) return false;
    before = c.value;
  }
  return numbers == 1 || (numbers == 2 && named == 2);
}

void DropFurniture(std::vector<std::vector<SheetLine>>* sheets) {
  std::map<std::string, size_t> ends;  // sheets whose first or last line has that skeleton
  for (std::vector<SheetLine>& lines : *sheets) {
    if (!lines.empty() && IsPageNumber(lines.back().text)) lines.pop_back();
    if (lines.empty()) continue;
    ++ends[Skeleton(lines.front().text)];
    if (lines.size() > 1) ++ends[Skeleton(lines.back().text)];
  }
  const auto runs = [&](const SheetLine& line) {
    return sheets->size() >= 3 && ends[Skeleton(line.text)] * 2 >= sheets->size();
  };
  for (std::vector<SheetLine>& lines : *sheets) {
    if (!lines.empty() && runs(lines.front())) lines.erase(lines.begin());
    if (!lines.empty() && runs(lines.back())) lines.pop_back();
  }
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Fills indents and empty lines of a block.
void Measure(std::span<SheetLine> lines) {
  double edge = 1e12;
  std::vector<double> distances;
  for (size_t i = 0; i < lines.size(); ++i) {
    edge = std::min(edge, lines[i].left);
    if (i > 0) distances.push_back(lines[i].top - lines[i - 1].top);
  }
  const double usual = Quantile(distances, 0.5);
  for (size_t i = 0; i < lines.size(); ++i) {
    lines[i].indent = lines[i].left - edge;
    // A sheet's break is no paragraph's.
    lines[i].blank_before = i > 0 && distances[i - 1] > kNewBlock * usual ? 1 : 0;
  }
}

// The lines of a sheet in reading order.
std::vector<SheetLine> ReadBlocks(Sheet sheet) {
  std::vector<SheetLine> lines;
  size_t number = 0;
  for (Sheet& block : SplitColumns(std::move(sheet))) {
    for (SheetLine& line : FindLines(std::move(block))) {
      line.block = number;
      lines.push_back(std::move(line));
    }
    ++number;
  }
  return lines;
}

bool IsIndented(const SheetLine& line) {
  return line.indent >= kFlush * line.height && line.indent <= kWidestIndent * line.height;
}

bool EndsSentence(const std::string& line) {
  return line.ends_with("。") || line.ends_with("；") || line.ends_with("！") || line.ends_with("：");
}

// How a text is set.
struct Setting {
  double width = 0;          // of a full line
  bool indents = false;      // paragraphs begin with an indent
  bool flush_items = false;  // but headings do not
};

bool IsFull(const SheetLine& line, const Setting& setting) {
  return line.indent + line.right - line.left >= setting.width - kRaggedEdge * line.height;
}

bool IsFlush(const SheetLine& line) { return line.indent < kFlush * line.height; }

Setting FindSetting(const std::vector<SheetLine>& lines) {
  Setting setting;
  std::vector<double> widths, heights;
  size_t indented = 0, flush = 0;
  for (const SheetLine& line : lines) {
    widths.push_back(line.indent + line.right - line.left);
    heights.push_back(line.height);
    indented += IsIndented(line);
    flush += IsFlush(line);
  }
  setting.width = Quantile(widths, 0.8);
  setting.indents = lines.size() >= 4 && setting.width >= kNarrowest * Quantile(heights, 0.5) &&
                    std::min(indented, flush) * 10 >= lines.size();
  for (size_t i = 1; i < lines.size(); ++i) {
    setting.flush_items |= IsFlush(lines[i]) && !IsFull(lines[i - 1], setting) && BeginsItem(lines[i].text);
  }
  return setting;
}

// Files may set text anywhere; places that are no numbers or on no sheet would not stay within what is counted.
void Tame(TextPiece* piece) {
  constexpr double kFarthest = 1e6;
  for (double* value : {&piece->x, &piece->y, &piece->width, &piece->height}) {
    *value = std::isfinite(*value) ? std::clamp(*value, -kFarthest, kFarthest) : 0;
  }
}

// Of a text with indents.
bool GoesOn(const SheetLine& before, const SheetLine& line, const Setting& setting) {
  if (!IsFull(before, setting) || !IsFlush(line) || line.blank_before > 0) return false;
  return !setting.flush_items || !EndsSentence(before.text) || !BeginsItem(line.text);
}

}  // namespace

Page ReadSheets(std::vector<Sheet> sheets) {
  for (Sheet& sheet : sheets) {
    for (TextPiece& piece : sheet) Tame(&piece);
  }
  std::vector<std::vector<SheetLine>> read;
  for (Sheet& sheet : sheets) read.push_back(ReadBlocks(std::move(sheet)));
  DropFurniture(&read);
  std::vector<SheetLine> lines;
  for (std::vector<SheetLine>& sheet : read) {
    for (auto begin = sheet.begin(); begin != sheet.end();) {
      const auto end = std::find_if(begin, sheet.end(), [&](const SheetLine& l) { return l.block != begin->block; });
      Measure({begin, end});
      begin = end;
    }
    std::move(sheet.begin(), sheet.end(), std::back_inserter(lines));
  }
  const Setting setting = FindSetting(lines);
  Page page;
  for (size_t i = 0; i < lines.size(); ++i) {
    const SheetLine& line = lines[i];
    if (i > 0 && setting.indents && GoesOn(lines[i - 1], line, setting)) {
      AppendLine(line.text, &page.lines.back().text);
    } else {
      page.lines.push_back({.text = (IsIndented(line) ? "  " : "") + line.text, .blank_before = line.blank_before});
    }
  }
  return page;
}

}  // namespace duban
