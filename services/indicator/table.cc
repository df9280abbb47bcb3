// SPDX-License-Identifier: Apache-2.0
// How a table is told from text
//
// Lines are cut into cells at tabs, bars and runs of blanks. Neighbouring lines of several cells are a table of one row
// a line. Neighbouring short lines of one cell are one of one cell a line, if numbers come back at a fixed distance
// behind a header: c numbers after m words make rows of m + c cells, and the header is the row before the first. Either
// way the header must name a unit or a year, which lists in running text do not, or the line above it a unit for all
// (单位：万元), which figures take that have none of their own.
//
// A cell may be left out: as a dash, or as nothing between two tabs or bars. A row of blanks that is shorter than the
// header does not tell which cell it lacks and is passed over.
#include "services/indicator/table.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "common/text/utf8.h"
#include "services/indicator/fragment.h"
#include "services/indicator/numeral_signs.h"
#include "services/indicator/period.h"
#include "services/indicator/quantity.h"
#include "services/indicator/table_line.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kLongestLine = 600;
constexpr size_t kLongestCell = 90;
constexpr size_t kMostColumns = 8;
constexpr size_t kFewestRows = 2;
constexpr std::string_view kStop = "。";
constexpr std::string_view kWideBlank = "　";
constexpr std::string_view kYear = "年";
constexpr std::string_view kYearOf = "年度";
constexpr size_t kDigitsOfYear = 4;

// What a column says about its cells.
struct Column {
  enum Kind { kLabel, kUnit, kSerial, kValue, kYear };
  Kind kind = kLabel;
  int year = 0;
  bool dated = false;  // the header names the year
  v1::Indicator::Aspect aspect = v1::Indicator::ACTUAL;
  std::string unit;  // in parentheses of the header
  std::string name;  // of a column that is more than a period or a plain value
};

class TableReader {
 public:
  TableReader(std::string_view text, const UnitLexicon& units, const LabelWords& words, int base_year)
      : text_(text), units_(units), words_(words), base_year_(base_year) {}

  std::vector<Table> Find() {
    for (size_t begin = 0; begin < text_.size();) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      AddLine({begin, end});
      begin = end + 1;
    }
    Flush();
    return std::move(tables_);
  }

 private:
  std::string_view Cell(Range cell) const { return View(text_, cell); }

  // Lines are gathered as long as they have the same shape: several cells, or one short cell.
  void AddLine(Range range) {
    if (Trim(text_, range).empty()) return;
    const std::string_view view = View(text_, range);
    // Most lines are paragraphs: told by their size, then by their full stop.
    if (view.size() > kLongestLine || view.find(kStop) != std::string_view::npos) return Flush();
    const bool parted = view.find_first_of("\t|") != std::string_view::npos ||
                        view.find("  ") != std::string_view::npos || view.find(kWideBlank) != std::string_view::npos;
    if (!parted && view.size() > kLongestCell) return Flush();
    TableLine line = parted ? ReadTableLine(text_, range) : TableLine{.range = range, .cells = {Trim(text_, range)}};
    const bool several = line.cells.size() > 1;
    if (!lines_.empty() && several != (lines_.back().cells.size() > 1)) Flush();
    if (line.cells.empty() || line.cells.size() > kMostColumns) return Flush();
    lines_.push_back(std::move(line));
  }

  void Flush() {
    if (lines_.size() > kFewestRows) {
      if (lines_.front().cells.size() > 1) {
        ReadRows();
      } else {
        ReadCells();
      }
    }
    lines_.clear();
  }

  bool HasNumber(const TableLine& line) const {
    return std::any_of(line.cells.begin(), line.cells.end(), [&](Range cell) { return IsNumber(Cell(cell)); });
  }

  // One row a line.
  void ReadRows() {
    for (size_t head = 0; head < lines_.size();) {
      size_t end = head + 1;
      while (end < lines_.size() && HasNumber(lines_[end]) && lines_[end].cells.size() <= lines_[head].cells.size())
        ++end;
      if (!HasNumber(lines_[head]) && end - head > kFewestRows) ReadFullRows(head, end);
      head = end;
    }
  }

  // The rows of the lines behind a header that have all its cells.
  void ReadFullRows(size_t head, size_t end) {
    const size_t columns = lines_[head].cells.size();
    std::vector<TableLine> rows;
    for (size_t i = head + 1; i < end; ++i) {
      TableLine row = lines_[i];
      // Tabs tell which cells are there: those that a short row lacks are its last.
      const bool ruled = View(text_, row.range).find('\t') != std::string_view::npos;
      while (ruled && row.cells.size() < columns) row.cells.push_back({row.range.end, row.range.end});
      if (row.cells.size() == columns) rows.push_back(std::move(row));
    }
    if (rows.size() >= kFewestRows) Read(lines_[head].cells, rows);
  }

  // One cell a line: the widest row that the numbers repeat and a header fits.
  void ReadCells() {
    size_t first = 0;
    while (first < lines_.size() && !IsNumber(CellOf(first))) ++first;
    for (size_t columns = kMostColumns; columns >= 2; --columns) {
      for (size_t lead = 0; lead < columns && lead + columns <= first; ++lead) {
        if (ReadGrid(first - lead - columns, columns)) return;
      }
    }
  }

  std::string_view CellOf(size_t line) const { return Cell(lines_[line].cells[0]); }

  // Rows of `columns` cells behind a header that begins at line `head`; false if they are none.
  bool ReadGrid(size_t head, size_t columns) {
    std::vector<Range> header;
    for (size_t k = 0; k < columns; ++k) header.push_back(lines_[head + k].cells[0]);
    std::vector<TableLine> rows;
    for (size_t row = head + columns; row + columns <= lines_.size(); row += columns) {
      TableLine line{.range = {lines_[row].range.begin, lines_[row + columns - 1].range.end}, .cells = {}};
      for (size_t k = 0; k < columns && Fits(CellOf(row + k), CellOf(head + columns + k)); ++k)
        line.cells.push_back(lines_[row + k].cells[0]);
      if (line.cells.size() < columns) break;
      rows.push_back(std::move(line));
    }
    return rows.size() >= kFewestRows && Read(header, rows);
  }

  // Whether two cells may stand in one column.
  static bool Fits(std::string_view a, std::string_view b) {
    return IsNumber(a) == IsNumber(b) || (IsNumber(a) && IsBlank(b)) || (IsBlank(a) && IsNumber(b));
  }

  // 业务收入（万元）: the unit in parentheses; empty if there is none.
  static std::string UnitInParentheses(std::string_view words) {
    const bool wide = words.ends_with("）");
    if (!wide && !words.ends_with(')')) return {};
    words.remove_suffix(wide ? kHan : 1);
    const size_t ascii = words.rfind('(');
    const size_t full = words.rfind("（");
    const size_t open = ascii == std::string_view::npos ? full : ascii;
    if (open == std::string_view::npos) return {};
    return std::string(words.substr(open + (open == full ? kHan : 1)));
  }

  static std::string_view WithoutParentheses(std::string_view words) {
    const size_t open = std::min(words.find('('), words.find("（"));
    return open == 0 ? words : words.substr(0, open);
  }

  // The year that a cell of a column of years names (2021年, 2021年度; 2021 where the header says so); 0 if it names
  // none.
  static int YearOf(std::string_view cell, std::string_view header) {
    const int year = YearAt(cell, 0);
    const std::string_view rest = year == 0 ? std::string_view() : cell.substr(kDigitsOfYear);
    const bool alone = rest.empty() && header.find(kYear) != std::string_view::npos;
    return alone || rest == kYear || rest == kYearOf ? year : 0;
  }

  // Of a year that is not the base year.
  v1::Indicator::Aspect AspectOf(int year) const {
    if (base_year_ == 0 || year == base_year_) return v1::Indicator::ACTUAL;
    return year < base_year_ ? v1::Indicator::BASELINE : v1::Indicator::TARGET;
  }

  Column ReadColumn(std::string_view header, bool numeric) const {
    Column column;
    const std::string_view name = WithoutParentheses(header);
    const WordTable::Match said = words_.table().At(name, 0, Tag::kColumn);
    if (said && said.size == name.size())
      column.kind = said.value == LabelWords::kUnits ? Column::kUnit : Column::kSerial;
    if (column.kind != Column::kLabel || !numeric) return column;
    column.kind = Column::kValue;
    column.unit = UnitInParentheses(header);
    column.year = base_year_;
    if (name.size() >= 7 && DateAt(name, 0) > 0 &&
        std::all_of(name.begin(), name.begin() + 4, [](char c) { return IsAsciiDigit(c); }) &&
        name.substr(4).starts_with(kYear)) {
      column.year = std::stoi(std::string(name.substr(0, 4)));
      column.dated = true;
    } else if (words_.table().In(name, Tag::kBase | Tag::kUp)) {
      column.aspect = v1::Indicator::CHANGE;
    } else if (words_.table().In(name, Tag::kLastYear)) {
      column.year = base_year_ == 0 ? 0 : base_year_ - 1;
    } else if (words_.table().In(name, Tag::kGoal | Tag::kPromise)) {
      column.aspect = v1::Indicator::TARGET;
    } else if (!words_.table().Covers(name, Tag::kValueColumn | Tag::kThisYear)) {
      column.name = std::string(name);
    }
    if (column.aspect == v1::Indicator::ACTUAL) column.aspect = AspectOf(column.year);
    return column;
  }

  // The unit that one of the two lines above `begin`, where a header begins, gives for all figures (单位：万元); empty
  // if neither does or it gives several.
  std::string UnitAbove(size_t begin) const {
    for (int lines = 0; lines < 2; ++lines) {
      const size_t end = begin == 0 ? std::string_view::npos : text_.rfind('\n', begin - 1);
      if (end == std::string_view::npos) break;
      begin = end == 0 ? 0 : text_.rfind('\n', end - 1) + 1;
      const std::string_view line = text_.substr(begin, end - begin);
      if (line.size() > kLongestCell) break;
      for (size_t pos = 0; pos < line.size(); pos += std::max<size_t>(DecodeAt(line, pos).size, 1)) {
        const WordTable::Match header = words_.table().At(line, pos, Tag::kColumn);
        const size_t word = header.value == LabelWords::kUnits ? header.size : 0;
        const CodePoint colon = DecodeAt(line, pos + word);
        if (word == 0 || (colon.value != ':' && colon.value != U'：')) continue;
        const size_t from = pos + word + colon.size;
        size_t to = from;
        while (to < line.size() && GapAt(line, to, line.size()) == 0 && IsHan(DecodeAt(line, to).value)) {
          to += DecodeAt(line, to).size;
        }
        const std::string_view rest = line.substr(to, DecodeAt(line, to).size);
        const bool ends = rest.empty() || rest == ")" || rest == "）" || rest == "]" || rest == "】" || rest == " " ||
                          rest == "\t" || rest == kWideBlank;
        if (ends) return std::string(line.substr(from, to - from));
      }
    }
    return {};
  }

  // False if neither the header nor the line above names a unit or a year, or no row has a name.
  bool Read(std::span<const Range> header, std::span<const TableLine> rows) {
    std::vector<Column> columns;
    const std::string above = UnitAbove(header.front().begin);
    bool named = !above.empty();  // by a unit or a year
    for (size_t k = 0; k < header.size(); ++k) {
      const auto number = [&](const TableLine& row) { return IsNumber(Cell(row.cells[k])); };
      const bool numeric = std::any_of(rows.begin(), rows.end(), number) &&
                           std::all_of(rows.begin(), rows.end(), [&](const TableLine& row) {
                             return number(row) || IsBlank(Cell(row.cells[k]));
                           });
      const std::string_view view = Cell(header[k]);
      columns.push_back(ReadColumn(view, numeric));
      const auto of_year = [&](const TableLine& row) { return YearOf(Cell(row.cells[k]), view) != 0; };
      if (std::all_of(rows.begin(), rows.end(), of_year)) columns.back().kind = Column::kYear;
      named |= columns.back().kind == Column::kUnit || !columns.back().unit.empty() || view.find(kYear) != view.npos;
    }
    // Rows are told by a name or, where the columns have names, by a year.
    const auto any = [&](Column::Kind kind) {
      return std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return column.kind == kind; });
    };
    const bool by_year = any(Column::kYear) && std::none_of(columns.begin(), columns.end(), [](const Column& column) {
                           return column.kind == Column::kValue && (column.name.empty() || column.dated);
                         });
    if (!named || (!any(Column::kLabel) && !by_year) || columns[0].kind == Column::kValue) return false;
    Table table{.range = {header.front().begin, rows.back().range.end}, .rows = {}, .figures = {}};
    for (const TableLine& row : rows) {
      ReadRow(columns, above, row, table.rows.size(), &table.figures);
      table.rows.push_back(row.range);
    }
    if (table.figures.empty()) return false;
    tables_.push_back(std::move(table));
    return true;
  }

  void ReadRow(const std::vector<Column>& columns, const std::string& unit_above, const TableLine& row, size_t index,
               std::vector<Figure>* figures) const {
    std::string label;
    std::string unit;  // of the row
    int year = 0;
    for (size_t k = 0; k < columns.size(); ++k) {
      const std::string_view cell = Cell(row.cells[k]);
      if (columns[k].kind == Column::kYear) year = YearAt(cell, 0);
      if (columns[k].kind == Column::kUnit) unit = std::string(cell);
      if (columns[k].kind != Column::kLabel) continue;
      if (unit.empty()) unit = UnitInParentheses(cell);
      label = std::string(WithoutParentheses(cell));
    }
    if (unit.empty()) unit = unit_above;
    int level = -1;  // the row's figure of the year itself
    for (size_t k = 0; k < columns.size(); ++k) {
      const Column& column = columns[k];
      if (column.kind != Column::kValue) continue;
      std::optional<Figure> figure = ReadCell(row.cells[k], column, unit);
      if (!figure) continue;
      figure->sentence = index;
      figure->label = label + column.name;
      if (year != 0 && !column.dated) {
        figure->year = year;
        figure->year_named = true;
        if (column.aspect == v1::Indicator::ACTUAL) figure->aspect = AspectOf(year);
      }
      if (column.aspect == v1::Indicator::ACTUAL && level < 0) level = static_cast<int>(figures->size());
      if (column.aspect == v1::Indicator::CHANGE) figure->of = level;
      figures->push_back(std::move(*figure));
    }
  }

  // The number and its unit read as if they stood side by side.
  std::optional<Figure> ReadCell(Range cell, const Column& column, const std::string& row_unit) const {
    std::string_view number = Cell(cell);
    const bool change = column.aspect == v1::Indicator::CHANGE;
    const bool down = number.starts_with('-');
    if (down && !change) return std::nullopt;
    if (down || number.starts_with('+')) number.remove_prefix(1);
    const bool percent = number.ends_with('%');
    const std::string& unit = !column.unit.empty() ? column.unit : row_unit;
    static constexpr std::string_view kPercent = "%";
    static constexpr std::string_view kAny = "个";
    const bool none = !percent && !change && unit.empty();
    std::string written(number);
    if (!percent) written += change && column.unit.empty() ? kPercent : none ? kAny : std::string_view(unit);
    const std::vector<FoundQuantity> found = ScanQuantities(written, units_, NumeralScope::kMeasured);
    if (found.size() != 1) return std::nullopt;
    Figure figure;
    figure.quantity = found[0].quantity;
    figure.quantity.set_text(std::string(Cell(cell)));
    if (none) figure.quantity.set_unit("");
    figure.range = figure.extent = cell;
    figure.in_table = true;
    figure.aspect = column.aspect;
    figure.year = column.year;
    figure.year_named = column.dated;
    if (change) {
      figure.direction = down ? v1::Indicator::DOWN : v1::Indicator::UP;
      figure.base = v1::Indicator::PREVIOUS_YEAR;
    }
    return figure;
  }

  std::string_view text_;
  const UnitLexicon& units_;
  const LabelWords& words_;
  const int base_year_;
  std::vector<TableLine> lines_;
  std::vector<Table> tables_;
};

}  // namespace

std::vector<Table> FindTables(std::string_view text, const UnitLexicon& units, const LabelWords& words, int base_year) {
  return TableReader(text, units, words, base_year).Find();
}

}  // namespace duban
