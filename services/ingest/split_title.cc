// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/split_title.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/fields.h"
#include "services/ingest/join.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kLongestTitle = 70;  // code points
constexpr size_t kLongestLine = 360;  // bytes of a title with its stamp
constexpr size_t kHeadLines = 60;     // that a title is looked for in
constexpr std::string_view kStop = "。";
constexpr size_t kYearBytes = 8 * 3;  // that hold a year and a comma

// Where the first line's title ends and a heading begins; 0 if it does nowhere.
size_t EndBeforeItem(std::string_view line, const ingest::ReportLexicon& report) {
  for (const CodePoint& c : CodePoints(FirstCodePoints(line, kLongestTitle))) {
    if (c.offset == 0 || !IsSpace(c.value) || !BeginsItem(TrimSpace(line.substr(c.offset)))) continue;
    return LongestEnding(TrimSpace(line.substr(0, c.offset)), report.paper()) == 0 ? 0 : c.offset;
  }
  return 0;
}

// Whether a report's body begins so: 一、…, 2023年，…, 今年以来…. Folded.
bool OpensBody(std::string_view rest, const ingest::ReportLexicon& report) {
  if (BeginsItem(rest) || LongestAt(rest, 0, report.body_opening()) > 0) return true;
  const std::vector<YearMention> years = FindYears(rest.substr(0, kYearBytes), report.year_word());
  return !years.empty() && years.front().begin == 0 && rest.substr(years.front().size).starts_with(',');
}

// Whether a line reads like a title: it ends with a kind of paper and names its year.
bool IsTitle(std::string_view line, const ingest::ReportLexicon& report) {
  if (line.size() > kLongestLine || LongestEnding(TrimSpace(line), report.paper()) == 0) return false;
  return !FindYears(Fold(line), report.year_word()).empty();
}

// Where the title ends that runs into the first words of a report, which all stands in the line; 0 if it does nowhere.
// The title names its year.
size_t EndBeforeBody(std::string_view line, const ingest::ReportLexicon& report) {
  const std::string_view head = FirstCodePoints(line, kLongestTitle);
  const FoldedText folded(line.substr(0, head.size() + kYearBytes));
  const std::string_view text = folded.text();
  for (const CodePoint& c : CodePoints(text)) {
    if (c.offset >= head.size()) break;
    const std::string_view title = text.substr(0, c.offset);
    if (LongestEnding(title, report.paper()) == 0 || !OpensBody(TrimSpace(text.substr(c.offset)), report)) continue;
    return IsTitle(title, report) && !OpensBody(title, report) ? folded.ToOriginal(c.offset) : 0;
  }
  return 0;
}

// Where a title ends and its stamp of numbers begins; 0 if it does nowhere.
size_t EndBeforeStamp(std::string_view line, const ingest::PageLexicon& words, const ingest::ReportLexicon& report) {
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  if (line.size() > kLongestLine || !IsDigit(DecodeBefore(line, line.size()).value)) return 0;
  for (const CodePoint& c : CodePoints(line)) {
    if (c.offset == 0 || !IsSpace(c.value)) continue;
    const std::string_view title = TrimSpace(line.substr(0, c.offset));
    if (title.empty()) continue;
    if (LongestEnding(title, report.paper()) == 0) continue;
    const std::string_view rest = TrimSpace(line.substr(c.offset));
    const std::vector<PageField> stamp = ParseFields(rest, rest, words);
    return stamp.size() == 1 && stamp.front().label.empty() ? c.offset : 0;
  }
  return 0;
}

void Split(size_t line, size_t offset, Page* page) {
  PageLine rest = page->lines[line];
  rest.text = std::string(TrimSpace(std::string_view(rest.text).substr(offset)));
  rest.title = false;
  rest.blank_before = 0;
  page->lines[line].text.resize(offset);
  page->lines.insert(page->lines.begin() + static_cast<std::ptrdiff_t>(line) + 1, std::move(rest));
}

}  // namespace

Page SplitTitle(Page page, const ingest::PageLexicon& words, const ingest::ReportLexicon& report) {
  if (page.lines.empty()) return page;
  if (const size_t end = EndBeforeItem(page.lines.front().text, report); end > 0) Split(0, end, &page);
  for (size_t i = 0; i < std::min(page.lines.size(), kHeadLines); ++i) {
    const std::string_view line = page.lines[i].text;
    const size_t stop = line.find(kStop);
    if (const size_t end = stop == line.npos ? 0 : EndBeforeBody(line, report); end > 0) Split(i, end, &page);
    if (stop != line.npos || IsTitle(line, report)) break;
  }
  for (size_t i = 0; i < std::min(page.lines.size(), kHeadLines); ++i) {
    if (const size_t end = EndBeforeStamp(page.lines[i].text, words, report); end > 0) Split(i, end, &page);
  }
  return page;
}

}  // namespace duban
