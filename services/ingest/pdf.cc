// SPDX-License-Identifier: Apache-2.0
// A running head or foot is a line that stands first or last on at least half of three pages or more, digits aside; a
// line of digits and dashes at a page's end is its number. Both fall out, so that a sentence goes on over the page's
// break. Reading order is poppler's.
#include "services/ingest/pdf.h"

#include <poppler-document.h>
#include <poppler-page.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status.h"
#include "common/text/fold.h"

namespace duban {
namespace {

// A line without digits and blanks: what a running head has in common over pages.
std::string Skeleton(const std::string& line) {
  std::string out;
  for (const CodePoint& c : CodePoints(line)) {
    if (!IsDigit(c.value) && !IsSpace(c.value)) out.append(line, c.offset, c.size);
  }
  return out;
}

bool IsPageNumber(const std::string& line) {
  bool digits = false;
  for (const CodePoint& c : CodePoints(Fold(line))) {
    digits = digits || IsDigit(c.value);
    const bool other = c.value == '-' || c.value == '/' || c.value == U'—' || c.value == U'–' || c.value == U'第' ||
                       c.value == U'页' || c.value == U'共' || IsSpace(c.value) || IsDigit(c.value);
    if (!other) return false;
  }
  return digits;
}

}  // namespace

absl::StatusOr<Page> ReadPdf(std::string_view bytes) {
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (document == nullptr) return InvalidField("content", "damaged PDF");
  if (document->is_locked()) return absl::FailedPreconditionError("content: encrypted PDF, want one without password");
  std::vector<Page> pages;
  std::map<std::string, int> ends;
  for (int i = 0; i < document->pages(); ++i) {
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (page == nullptr) return InvalidField("content", "damaged PDF");
    const poppler::byte_array utf8 = page->text(poppler::rectf(), poppler::page::physical_layout).to_utf8();
    pages.push_back(ReadPlainText(std::string(utf8.data(), utf8.size())));
    std::vector<PageLine>& lines = pages.back().lines;
    if (!lines.empty() && IsPageNumber(lines.back().text)) lines.pop_back();
    if (lines.empty()) continue;
    ++ends[Skeleton(lines.front().text)];
    if (lines.size() > 1) ++ends[Skeleton(lines.back().text)];
  }
  const auto runs = [&](const PageLine& line) {
    return pages.size() >= 3 && ends[Skeleton(line.text)] * 2 >= static_cast<int>(pages.size());
  };
  Page whole;
  for (Page& page : pages) {
    if (!page.lines.empty() && runs(page.lines.front())) page.lines.erase(page.lines.begin());
    if (!page.lines.empty() && runs(page.lines.back())) page.lines.pop_back();
    // A page's break is no paragraph's.
    if (!page.lines.empty()) page.lines.front().blank_before = 0;
    whole.lines.insert(whole.lines.end(), page.lines.begin(), page.lines.end());
  }
  if (whole.lines.empty())
    return absl::FailedPreconditionError("content: no text layer, want a PDF with text instead of scans");
  return whole;
}

}  // namespace duban
