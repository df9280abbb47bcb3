// SPDX-License-Identifier: Apache-2.0
// Cells that span several rows leave later rows short in front, so a row that is shorter than its head is read from its
// end. A table ends with the first line that has one cell only. Where the first of two columns of tasks says the same
// in neighbouring rows, it groups them, and the last one tells what each is to do.

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

// |---|:---:|, the rule below the head of a table in Markdown.
bool IsRule(std::string_view line) {
  return line.find('-') != std::string_view::npos && line.find_first_not_of("-:| \t") == std::string_view::npos;
}

void AddWords(const Piece& cell, TaskRow* row) {
  if (cell.empty()) return;
  if (row->words.empty()) row->words.begin = cell.begin;
  row->words.end = std::max(row->words.end, cell.end);
}

// Tells the rows of a table apart by their last task where the first one groups them.
void SettleTasks(std::string_view text, TaskTable* table) {
  std::vector<TaskRow>& rows = table->rows;
  const auto grouped = [&](const TaskRow& a, const TaskRow& b) {
    return !a.last_task.empty() && !b.last_task.empty() && a.task.of(text) == b.task.of(text);
  };
  const bool groups = std::adjacent_find(rows.begin(), rows.end(), grouped) != rows.end();
  for (TaskRow& row : rows) {
    if (row.last_task.empty()) continue;
    if (groups) {
      row.task = row.last_task;
    } else {
      row.measures.insert(row.measures.begin(), row.last_task);
    }
  }
}

}  // namespace

TaskTableFinder::TaskTableFinder(const PlanLexicon& lexicon) {
  const auto add = [&](const auto& words, Column column) {
    for (const std::string& word : words) heads_.emplace_back(word, column);
  };
  add(lexicon.number_column(), Column::kNumber);
  add(lexicon.task_column(), Column::kTask);
  add(lexicon.measure_column(), Column::kMeasure);
  add(lexicon.target_column(), Column::kTarget);
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
  for (const Piece& cell : cells) {
    const std::string_view head = cell.of(text);
    columns.push_back(head.size() <= kLongestHead ? ColumnOf(head) : Column::kOther);
  }
  const auto has = [&columns](Column column) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  if (!has(Column::kUnit) && !has(Column::kDue)) return {};
  for (const Column other : {Column::kMeasure, Column::kTarget}) {
    if (!has(Column::kTask)) std::replace(columns.begin(), columns.end(), other, Column::kTask);
  }
  return has(Column::kTask) ? columns : std::vector<Column>{};
}

TaskRow TaskTableFinder::RowOf(const std::vector<Column>& columns, const std::vector<Piece>& cells) {
  TaskRow row;
  const size_t missing = columns.size() - cells.size();
  for (size_t i = 0; i < cells.size(); ++i) {
    const Column column = columns[i + missing];
    if (column == Column::kTask || column == Column::kMeasure || column == Column::kTarget) AddWords(cells[i], &row);
    switch (column) {
      case Column::kNumber:
        row.number = cells[i];
        break;
      case Column::kTask:
        if (!cells[i].empty()) (row.task.empty() ? row.task : row.last_task) = cells[i];
        break;
      case Column::kMeasure:
        if (!cells[i].empty()) row.measures.push_back(cells[i]);
        break;
      case Column::kTarget:
        row.target = cells[i];
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
  return row;
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
    if (IsRule(line.of(text))) continue;
    TaskRow row = RowOf(columns, cells);
    if (!row.task.empty()) tables.back().rows.push_back(std::move(row));
  }
  for (TaskTable& table : tables) SettleTasks(text, &table);
  return tables;
}

}  // namespace duban
