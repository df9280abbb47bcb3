// SPDX-License-Identifier: Apache-2.0
// services/cli/table.h: rows of text as an aligned table for a terminal, or as CSV.
//
//   Table table({"指标", "值", "单位"});
//   table.Add({"受理法律援助案件", "786", "宗"});
//   fputs(table.ToText().c_str(), stdout);
//
// Chinese characters take two columns of a terminal. Not thread-safe.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace duban {

class Table {
 public:
  // Cells of column `whole` are never cut in text: they go on in lines below. -1: none.
  explicit Table(std::vector<std::string> heads, int whole = -1) : heads_(std::move(heads)), whole_(whole) {}

  // `cells` has as many entries as there are heads; they are kept as Printable makes them.
  void Add(std::vector<std::string> cells);

  // Aligned columns, two blanks between them, a rule under the heads. Cells wider than 48 columns are cut with `…`, or
  // go on below.
  std::string ToText() const;

  // RFC 4180, heads first, lines end with CRLF. A cell that begins with = + - @ and is no plain number has an
  // apostrophe before it, because spreadsheets would evaluate it as a formula.
  std::string ToCsv() const;

  bool empty() const { return rows_.empty(); }

 private:
  std::vector<std::string> heads_;
  int whole_;
  std::vector<std::vector<std::string>> rows_;
};

// UTF-8 `text` with a blank for each control character (C0, DEL, C1): a report must not move the cursor, end a line or
// set a colour in a reader's terminal.
std::string Printable(std::string_view text);

// Columns that UTF-8 `text` takes on a terminal.
int DisplayWidth(std::string_view text);

// `text` in pieces of at most `width` columns, 2 or more; one empty piece if there is none.
std::vector<std::string> WrapToWidth(std::string_view text, int width);

// `text` if it fits `width` columns, else its beginning and `…`, at most `width` columns in all.
std::string CutToWidth(std::string_view text, int width);

}  // namespace duban
