// SPDX-License-Identifier: Apache-2.0
// How cells find their columns
//
// Cells are laid from the left into the columns that no cell of a row above still covers. A slot knows the cell that
// covers it and whether it is that cell's first one. Pages say that cells are wider and taller than they are: a row's
// cells span no more than the widest of the other rows has columns, nor than kMostColumns, and what is repeated may not
// grow beyond a multiple of the table. A cell always has a column of its own, so that none is lost.
#include "services/ingest/grid.h"

#include <algorithm>
#include <string_view>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/cells.h"

namespace duban {
namespace {

constexpr size_t kMostColumns = 64;
constexpr size_t kLongestRepeated = 30 * 3;  // bytes of a cell
constexpr size_t kMostRepeated = 4;          // times the bytes of the table

bool IsNumber(std::string_view text) { return IsFigure(WithoutSpace(Fold(text))); }

// What covers one column of a row.
struct Slot {
  const GridCell* cell = nullptr;  // null: nothing
  bool own = false;                // the cell begins in this row
  bool first = false;              // it is the cell's first column
};

using SlotRow = std::vector<Slot>;

class Grid {
 public:
  explicit Grid(const std::vector<GridRow>& rows) {
    const std::vector<size_t> limits = Limits(rows);
    for (size_t i = 0; i < rows.size(); ++i) Lay(rows[i], limits[i]);
    for (const GridRow& row : rows) {
      for (const GridCell& cell : row) budget_ += kMostRepeated * cell.text.size();
    }
  }

  std::vector<std::string> Write() {
    std::vector<std::string> lines;
    size_t row = 0;
    while (row < slots_.size() && IsLine(slots_[row])) Add(TextOf(slots_[row++]), &lines);
    if (const size_t head = HeadRows(row); head > 1) {
      Add(HeadOf(row, head), &lines);
      row += head;
    }
    for (; row < slots_.size(); ++row) Add(TextOf(slots_[row]), &lines);
    return lines;
  }

 private:
  struct Cover {
    const GridCell* cell = nullptr;
    int rows = 0;  // below
    bool first = false;
  };

  // Up to which column the cells of each row may span: as far as another row reaches.
  static std::vector<size_t> Limits(const std::vector<GridRow>& rows) {
    std::vector<size_t> widths(rows.size());
    std::vector<size_t> ends(rows.size() + 1);  // columns that cells of rows above cover up to that row
    size_t covered = 0, widest = 0, second = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      covered -= ends[i];
      size_t own = 0, below = 0;
      for (const GridCell& cell : rows[i]) {
        const size_t columns = std::min(static_cast<size_t>(cell.columns), kMostColumns);
        own += columns;
        if (cell.rows < 2) continue;
        below += columns;
        ends[std::min(i + static_cast<size_t>(cell.rows), rows.size())] += columns;
      }
      widths[i] = std::min(own + covered, kMostColumns);
      covered += below;
      second = std::max(second, std::min(widest, widths[i]));
      widest = std::max(widest, widths[i]);
    }
    for (size_t& width : widths) width = width == widest ? second : widest;
    return widths;
  }

  void Lay(const GridRow& row, size_t limit) {
    SlotRow& slots = slots_.emplace_back();
    size_t left = row.size();  // cells that are not laid
    const auto covered = [&](size_t column) { return column < covers_.size() && covers_[column].rows > 0; };
    const auto take = [&] {
      Cover& cover = covers_[slots.size()];
      --cover.rows;
      slots.push_back({cover.cell, false, cover.first});
    };
    for (const GridCell& cell : row) {
      while (covered(slots.size())) take();
      const bool continues = cell.continues && TrimSpace(cell.text).empty();
      const size_t begin = slots.size();
      const size_t end = std::min(begin + static_cast<size_t>(cell.columns), std::max(begin + left, limit) - left + 1);
      for (size_t column = begin; column < end; ++column) {
        if (covers_.size() <= column) covers_.resize(column + 1);
        Cover& cover = covers_[column];
        if (!continues) cover = {&cell, column < kMostColumns ? cell.rows - 1 : 0, column == begin};
        slots.push_back({cover.cell, !continues, cover.first});
      }
      --left;
    }
    while (covered(slots.size())) take();
  }

  // A row of one cell, as wide as it may be.
  static bool IsLine(const SlotRow& slots) {
    return std::all_of(slots.begin(), slots.end(),
                       [&](const Slot& slot) { return slot.own && slot.cell == slots.front().cell; });
  }

  static bool HasNumber(const SlotRow& slots) {
    return std::any_of(slots.begin(), slots.end(),
                       [](const Slot& slot) { return slot.cell != nullptr && slot.own && IsNumber(slot.cell->text); });
  }

  // Rows of a head in which one cell stands above several columns; 1 if the head is none. Behind a head, captions
  // aside, figures stand.
  size_t HeadRows(size_t row) const {
    if (row >= slots_.size()) return 1;
    int deepest = 1, widest = 1;
    for (const Slot& slot : slots_[row]) {
      if (slot.cell == nullptr) continue;
      deepest = std::max(deepest, slot.cell->rows);
      widest = std::max(widest, slot.cell->columns);
    }
    if (widest == 1) return 1;
    size_t end = row;
    while (end < slots_.size() && !HasNumber(slots_[end])) ++end;
    if (deepest == 1 && end == row + 2 && end < slots_.size()) return 2;
    const size_t head = std::min(static_cast<size_t>(deepest), end - row);
    size_t behind = row + head;
    while (behind < end && IsLine(slots_[behind])) ++behind;
    return behind == end && end < slots_.size() ? head : 1;
  }

  // What stands above each column, from the top down.
  std::string HeadOf(size_t row, size_t count) {
    std::string line;
    size_t columns = 0;
    for (size_t i = 0; i < count; ++i) columns = std::max(columns, slots_[row + i].size());
    for (size_t column = 0; column < columns; ++column) {
      if (column > 0) line += '\t';
      const GridCell* above = nullptr;
      for (size_t i = 0; i < count; ++i) {
        const SlotRow& slots = slots_[row + i];
        const GridCell* cell = column < slots.size() ? slots[column].cell : nullptr;
        if (cell != nullptr && cell != above && (slots[column].first || Spend(*cell))) line += cell->text;
        above = cell;
      }
    }
    return line;
  }

  std::string TextOf(const SlotRow& slots) {
    if (!slots.empty() && IsLine(slots)) return slots.front().cell->text;
    const bool figures = HasNumber(slots);
    std::string line;
    for (const Slot& slot : slots) {
      if (&slot != &slots.front()) line += '\t';
      if (slot.cell == nullptr) continue;
      // 合计 over two columns labels the figures behind whichever of them a reader takes for the label.
      const bool again = (slot.first ? !slot.own : figures && slot.own) && !IsNumber(slot.cell->text);
      if ((slot.first && slot.own) || (again && Spend(*slot.cell))) line += slot.cell->text;
    }
    return line;
  }

  // Whether a cell's text may be repeated once more.
  bool Spend(const GridCell& cell) {
    if (cell.text.size() > kLongestRepeated || cell.text.size() > budget_) return false;
    budget_ -= cell.text.size();
    return true;
  }

  static void Add(std::string line, std::vector<std::string>* lines) {
    if (!TrimSpace(line).empty()) lines->push_back(std::move(line));
  }

  std::vector<SlotRow> slots_;
  std::vector<Cover> covers_;
  size_t budget_ = 0;
};

}  // namespace

std::vector<std::string> WriteGrid(const std::vector<GridRow>& rows) { return Grid(rows).Write(); }

}  // namespace duban
