// SPDX-License-Identifier: Apache-2.0
// services/ingest/sheet.h: from text that stands at places of a sheet of paper (PDF, OFD) to the lines of a page.
//
//   std::vector<Sheet> sheets;  // pieces of text with their boxes, in any order
//   Page page = ReadSheets(std::move(sheets));
//
// Pure functions; safe to call from any thread. n log n in the pieces of a sheet.

#pragma once

#include <string>
#include <vector>

#include "services/ingest/page.h"

namespace duban {

// A run of characters and its box; y grows downwards. Any unit of length.
struct TextPiece {
  double x = 0, y = 0, width = 0, height = 0;
  std::string text;
};

using Sheet = std::vector<TextPiece>;

// The sheets in reading order as one page: cells of a row between tabs, page numbers, running heads and feet off.
// Where paragraphs begin with an indent, each is one line, also over the sheet's break.
Page ReadSheets(std::vector<Sheet> sheets);

}  // namespace duban
