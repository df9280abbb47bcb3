// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/signature.h"

#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/squeeze.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kSignatureLine = 40 * 3;  // bytes of a line that may be a signature
constexpr size_t kMeetingLine = 60 * 3;    // bytes of a line that names the meeting
constexpr size_t kHeadLines = 5;           // in which it stands
constexpr size_t kNoticeBytes = 1500 * 3;  // a notice stands within so much of the beginning

// The next line of *text, which is moved behind it.
std::string_view NextLine(std::string_view* text) {
  const size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return line;
}

bool IsOffice(std::string_view line, const ingest::ReportLexicon& lexicon) {
  return line.size() <= kSignatureLine && LongestEnding(line, lexicon.office()) > 0;
}

// Whether a written date is whole: a text may be cut off within its last number (2022年12月2).
bool IsComplete(std::string_view date) { return date.find("月") == std::string_view::npos || date.ends_with("日"); }

}  // namespace

Signature FindSignature(std::string_view text, const ingest::ReportLexicon& lexicon) {
  const char* const start = text.data();
  std::string before;
  Stretch before_at;
  while (!text.empty()) {
    const std::string_view written = NextLine(&text);
    if (written.size() > kSignatureLine) {
      before.clear();
      continue;
    }
    const size_t offset = static_cast<size_t>(written.data() - start);
    const SqueezedText squeezed(written);
    const std::string& line = squeezed.text();
    const auto at = [&](size_t begin, size_t end) {
      const auto [from, to] = squeezed.ToOriginal(begin, end);
      return Stretch{offset + from, offset + to};
    };
    if (const DateMention day = FindDateMention(line);
        !day.date.empty() && IsComplete(std::string_view(line).substr(day.begin, day.end - day.begin))) {
      const std::string head = line.substr(0, day.begin);
      const bool whole = !WholeDate(line).empty();
      if (IsOffice(head, lexicon) && !WholeDate(line.substr(head.size())).empty()) {
        return {head, day.date, at(0, head.size()), at(day.begin, day.end)};
      }
      if (whole && IsOffice(before, lexicon)) return {before, day.date, before_at, at(day.begin, day.end)};
      if (whole && text.empty()) return {"", day.date, {}, at(day.begin, day.end)};
    }
    before = line;
    if (!line.empty()) before_at = at(0, line.size());
  }
  return {};
}

MadeOn FindMadeOn(std::string_view text) {
  const char* const start = text.data();
  NextLine(&text);  // the title
  for (size_t i = 1; i < kHeadLines && !text.empty(); ++i) {
    const std::string_view written = NextLine(&text);
    const SqueezedText squeezed(written);
    std::string_view line = squeezed.text();
    if (line.size() > kMeetingLine || text.empty()) continue;
    while (!line.empty() && IsPunctuation(DecodeAt(line, 0).value)) line.remove_prefix(DecodeAt(line, 0).size);
    const size_t marks = squeezed.text().size() - line.size();
    const DateMention day = FindDateMention(line);
    if (day.date.empty() || day.begin != 0 || !IsComplete(line.substr(0, day.end))) continue;
    std::string_view rest = line.substr(day.end);
    while (!rest.empty() && IsPunctuation(DecodeBefore(rest, rest.size()).value)) {
      rest.remove_suffix(DecodeBefore(rest, rest.size()).size);
    }
    // A sentence of the body (…在会上作了部署。) is no such line.
    if (!rest.empty() && !(rest.starts_with("在") && rest.ends_with("上"))) continue;
    const auto [from, to] = squeezed.ToOriginal(marks, marks + day.end);
    const size_t offset = static_cast<size_t>(written.data() - start);
    return {day.date, {offset + from, offset + to}};
  }
  return {};
}

Notice FindNotice(std::string_view text, const ingest::ReportLexicon& lexicon) {
  Notice notice;
  const char* const start = text.data();
  text = text.substr(0, kNoticeBytes);
  while (!text.empty() && !notice.issues) {
    const std::string_view line = NextLine(&text);
    const WordHit hit = FindFirst(line, lexicon.notice());
    if (!hit.found()) continue;
    const size_t offset = static_cast<size_t>(line.data() - start);
    notice.issues = true;
    notice.at = {offset + hit.begin, offset + hit.end()};
    for (size_t at = line.find("《"); at < hit.begin; at = line.find("《", at)) {
      const size_t begin = at + std::string_view("《").size();
      const size_t end = line.find("》", begin);
      if (end == std::string_view::npos) break;
      const std::string_view title = line.substr(begin, end - begin);
      if (LongestEnding(title, lexicon.paper()) > 0) {
        notice.papers.emplace_back(title);
        notice.papers_at.push_back({offset + begin, offset + end});
      }
      at = end;
    }
  }
  return notice;
}

}  // namespace duban
