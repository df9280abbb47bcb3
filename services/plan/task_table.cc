// SPDX-License-Identifier: Apache-2.0
// Cells that span several rows leave later rows short in front, so a row that is shorter than its head is read from its
// end. A table ends with the first line that has one cell only.

#include "services/plan/task_table.h"

#include <algorithm>
#include <string>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr size_t kLongestHead = 45;  // bytes of a column's head

Piece LineAt(std::string_view text, size_t begin, size_t end) {
  return {begin, std::min(end, std::min(text.find('\n', begin), text.size()))};
}

// The cells of a line, trimmed, empty ones too; one for a line that is no row.
std::vector<Piece> Cells(std::string_view text, const Piece& line) {
  std::vector<Piece> cells;
  size_t begin = line.begin;
  for (size_t at = line.begin; at <= line.end; ++at) {
    if (at < line.end && text[at] != '\t' && text[at] != '|') continue;
    const Piece cell{begin, at};
    const Piece words = Trimmed(text, cell);
    cells.push_back(words.empty() ? Piece{begin, begin} : words);
    begin = at + 1;
  }
  // Bars may stand around a row.
  const std::string_view words = TrimSpace(line.of(text));
  if (words.size() > 1 && words.starts_with('|') && cells.front().empty()) cells.erase(cells.begin());
  if (cells.size() > 1 && words.ends_with('|') && cells.back().empty()) cells.pop_back();
  return cells;
}

}  // namespace

TaskTableFinder::TaskTableFinder(const PlanLexicon& lexicon) {
  const auto add = [&](const auto& words, Column column) {
    for (const std::string& word : words) heads_.emplace_back(word, column);
  };
  add(lexicon.number_column(), Column::kNumber);
  add(lexicon.task_column(), Column::kTask);
  add(lexicon.unit_label(), Column::kUnit);
  add(lexicon.partner_label(), Column::kPartners);
  add(lexicon.due_column(), Column::kDue);
}

TaskTableFinder::Column TaskTableFinder::ColumnOf(std::string_view head) const {
  const std::string bare = WithoutSpace(head);
  const auto found = std::find_if(heads_.begin(), heads_.end(), [&](const auto& entry) { return entry.first == bare; });
  return found == heads_.end() ? Column::kOther : found->second;
}

std::vector<TaskTableFinder::Column> TaskTableFinder::HeadOf(std::string_view text,
                                                             const std::vector<Piece>& cells) const {
  if (cells.size() < 2) return {};
  std::vector<Column> columns;
  bool task = false, other = false;
  for (const Piece& cell : cells) {
    const std::string_view head = cell.of(text);
    columns.push_back(head.size() <= kLongestHead ? ColumnOf(head) : Column::kOther);
    task |= columns.back() == Column::kTask;
    other |= columns.back() == Column::kUnit || columns.back() == Column::kDue;
  }
  return task && other ? columns : std::vector<Column>{};
}

std::vector<TaskTable> TaskTableFinder::Find(std::string_view text, Piece range) const {
  std::vector<TaskTable> tables;
  std::vector<Column> columns;  // of the table that is open; empty if none is
  for (size_t begin = range.begin; begin < range.end;) {
    const Piece line = LineAt(text, begin, range.end);
    begin = line.end + 1;
    const std::vector<Piece> cells = Cells(text, line);
    if (std::vector<Column> head = HeadOf(text, cells); !head.empty()) {
      columns = std::move(head);
      tables.push_back({line, {}});
      continue;
    }
    if (columns.empty()) continue;
    if (cells.size() < 2 || cells.size() > columns.size()) {
      columns.clear();
      continue;
    }
    tables.back().range.end = line.end;
    TaskRow row;
    const size_t missing = columns.size() - cells.size();
    for (size_t i = 0; i < cells.size(); ++i) {
      switch (columns[i + missing]) {
        case Column::kNumber:
          row.number = cells[i];
          break;
        case Column::kTask:
          if (row.task.empty()) row.task.begin = cells[i].begin;
          if (!cells[i].empty()) row.task.end = cells[i].end;
          break;
        case Column::kUnit:
          row.unit = cells[i];
          break;
        case Column::kPartners:
          row.partners = cells[i];
          break;
        case Column::kDue:
          row.due = cells[i];
          break;
        case Column::kOther:
          break;
      }
    }
    if (!row.task.empty()) tables.back().rows.push_back(row);
  }
  return tables;
}

}  // namespace duban
