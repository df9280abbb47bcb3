// SPDX-License-Identifier: Apache-2.0
// services/ingest/page.h: a report's page between its format and its clean text: lines with what the format tells of
// them.
//
// Every format's reader makes a Page (html.h, ReadPlainText below); clean.h takes it apart.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace duban {

struct PageLine {
  std::string text;      // valid UTF-8, without line breaks, untrimmed
  bool main = true;      // in the page's main text, as far as the format tells
  bool title = false;    // marked as the page's heading (h1 and the like)
  bool whole = false;    // a paragraph, cell row or heading as a whole: never to be joined with the next
  int blank_before = 0;  // empty lines in front
};

struct Page {
  std::vector<PageLine> lines;  // none empty
  // Metadata that the format carries beside the text: name and value.
  std::vector<std::pair<std::string, std::string>> meta;
  // Of the format, where the bytes' beginning does not tell it (DOCX, OFD); else empty.
  std::string media_type;
};

// The lines of a plain text. Line breaks are LF, CRLF, CR, form feed, U+2028 and U+2029.
Page ReadPlainText(std::string_view text);

}  // namespace duban
