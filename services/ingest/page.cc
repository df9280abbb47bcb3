// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/page.h"

#include "common/text/utf8.h"

namespace duban {
namespace {

// Size of the line break at `offset`, 0 if there is none.
size_t BreakSize(std::string_view text, size_t offset) {
  switch (text[offset]) {
    case '\r':
      return offset + 1 < text.size() && text[offset + 1] == '\n' ? 2 : 1;
    case '\n':
    case '\f':
    case '\v':
      return 1;
    case '\xE2':
      return text.substr(offset, 3) == "\u2028" || text.substr(offset, 3) == "\u2029" ? 3 : 0;
    default:
      return 0;
  }
}

}  // namespace

Page ReadPlainText(std::string_view text) {
  Page page;
  int blank = 0;
  size_t begin = 0;
  const auto add = [&](size_t end) {
    const std::string_view line = text.substr(begin, end - begin);
    if (TrimSpace(line).empty()) {
      ++blank;
      return;
    }
    page.lines.push_back({.text = std::string(line), .blank_before = blank});
    blank = 0;
  };
  for (size_t at = 0; at < text.size();) {
    const size_t size = BreakSize(text, at);
    if (size > 0) {
      add(at);
      begin = at + size;
    }
    at += size > 0 ? size : 1;
  }
  add(text.size());
  return page;
}

}  // namespace duban
