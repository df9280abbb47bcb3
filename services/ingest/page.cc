// SPDX-License-Identifier: Apache-2.0
// A running head or foot is a line that stands first or last on at least half of three sheets or more, digits aside; a
// line of digits and dashes at a sheet's end is its number.
#include "services/ingest/page.h"

#include <map>

#include "common/text/fold.h"
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

// A line without digits and blanks: what a running head has in common over pages.
std::string Skeleton(const std::string& line) {
  std::string out;
  for (const CodePoint& c : CodePoints(line)) {
    if (!IsDigit(c.value) && !IsSpace(c.value)) out.append(line, c.offset, c.size);
  }
  return out;
}

bool IsPageNumber(const std::string& line) {
  const std::string folded = Fold(line);
  bool digits = false;
  for (const CodePoint& c : CodePoints(folded)) {
    digits = digits || IsDigit(c.value);
    const bool other = c.value == '-' || c.value == '/' || c.value == U'—' || c.value == U'–' || c.value == U'第' ||
                       c.value == U'页' || c.value == U'共' || IsSpace(c.value) || IsDigit(c.value);
    if (!other) return false;
  }
  return digits;
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

Page JoinSheets(std::vector<Page> sheets) {
  std::map<std::string, size_t> ends;  // sheets whose first or last line has that skeleton
  for (Page& sheet : sheets) {
    std::vector<PageLine>& lines = sheet.lines;
    if (!lines.empty() && IsPageNumber(lines.back().text)) lines.pop_back();
    if (lines.empty()) continue;
    ++ends[Skeleton(lines.front().text)];
    if (lines.size() > 1) ++ends[Skeleton(lines.back().text)];
  }
  const auto runs = [&](const PageLine& line) {
    return sheets.size() >= 3 && ends[Skeleton(line.text)] * 2 >= sheets.size();
  };
  Page whole;
  for (Page& sheet : sheets) {
    std::vector<PageLine>& lines = sheet.lines;
    if (!lines.empty() && runs(lines.front())) lines.erase(lines.begin());
    if (!lines.empty() && runs(lines.back())) lines.pop_back();
    // A sheet's break is no paragraph's.
    if (!lines.empty()) lines.front().blank_before = 0;
    whole.lines.insert(whole.lines.end(), lines.begin(), lines.end());
  }
  return whole;
}

}  // namespace duban
