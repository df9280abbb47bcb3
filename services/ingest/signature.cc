// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/signature.h"

#include "services/ingest/dates.h"
#include "services/ingest/squeeze.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kSignatureLine = 40 * 3;  // bytes of a line that may be a signature
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
    if (const DateMention day = FindDateMention(line); !day.date.empty()) {
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
