// SPDX-License-Identifier: Apache-2.0
// services/plan/task_table.h: the rows of a 任务分解表, which comes out of every format as lines with a tab or a bar
// between the cells.
//
//   序号	工作任务	具体措施	责任单位	配合单位	完成时限
//   1	建成服务中心	落实用地	办公室	各司法所	6月底前     ->  {建成服务中心, {落实用地}, 办公室,
//   各司法所, 6月底前}
//
//   const TaskTableFinder tables(lexicon);
//   for (const TaskTable& table : tables.Find(text, {0, text.size()})) …
//
// Immutable: safe to call from any thread. Linear in the range.

#pragma once

#include <string_view>
#include <vector>

#include "services/plan/clauses.h"
#include "services/plan/lexicon.pb.h"

namespace duban {

// Cells of one row, empty where the table has no such column.
struct TaskRow {
  Piece number;
  Piece words;  // from the first to the last of the columns that say what is to be done, how and how much
  Piece task;   // what is to be done; of several such columns the first that tells the rows apart
  std::vector<Piece> measures;  // what the others of them say, and those that say how
  Piece last_task;              // of several columns of tasks
  Piece target;
  Piece unit;
  Piece partners;
  Piece due;
};

struct TaskTable {
  Piece range;  // from its head to its last row
  std::vector<TaskRow> rows;
};

class TaskTableFinder {
 public:
  explicit TaskTableFinder(const PlanLexicon& lexicon);

  // The tables of `range` whose head names a task and a unit or a deadline, in order.
  std::vector<TaskTable> Find(std::string_view text, Piece range) const;

 private:
  enum class Column { kOther, kNumber, kTask, kMeasure, kTarget, kUnit, kPartners, kDue };

  Column ColumnOf(std::string_view head) const;
  // The columns of a head; empty if `cells` are none.
  std::vector<Column> HeadOf(std::string_view text, const std::vector<Piece>& cells) const;
  // `cells` below `columns`.
  static TaskRow RowOf(const std::vector<Column>& columns, const std::vector<Piece>& cells);

  std::vector<std::pair<std::string, Column>> heads_;
};

}  // namespace duban
