// SPDX-License-Identifier: Apache-2.0
// services/ingest/seen_line.h: a line of a page held against the lexicon by itself, before its neighbours are asked.
//
//   Seen seen = See(line, page_lexicon, nullptr);   // 打印本页: furniture; 来源：某某局: fields, furniture
//
// Pure functions; safe to call from any thread. Linear in the line, times the number of labels.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/clean.h"

namespace duban {

// A line with what it is.
struct Seen {
  const PageLine* line;
  std::string key;  // folded, without blanks; empty for long lines
  size_t size;      // code points of key
  std::vector<PageField> fields;
  bool furniture = false;
  bool table = false;  // a row or a cell of a table of figures
};

// `line` must outlive the answer, whose `table` is left for the caller. `simplifier` is given for a page in traditional
// characters, else null.
Seen See(const PageLine& line, const ingest::PageLexicon& words, const Simplifier* simplifier);

// Whether a line, as written or folded, ends a sentence or a clause of its own.
bool EndsWithStop(std::string_view text);

}  // namespace duban
