// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/signature.h"

#include "common/text/fold.h"
#include "services/ingest/dates.h"
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
  std::string before;
  while (!text.empty()) {
    const std::string_view written = NextLine(&text);
    if (written.size() > kSignatureLine) {
      before.clear();
      continue;
    }
    const std::string line = WithoutSpace(Fold(written));
    const std::string date = FindDate(line);
    if (!date.empty()) {
      const std::string_view head = std::string_view(line).substr(0, line.find_first_of("0123456789"));
      if (head.size() < line.size() && IsOffice(head, lexicon) && !WholeDate(line.substr(head.size())).empty()) {
        return {std::string(head), date};
      }
      if (!WholeDate(line).empty() && IsOffice(before, lexicon)) return {before, date};
      if (!WholeDate(line).empty() && text.empty()) return {"", date};
    }
    before = line;
  }
  return {};
}

Notice FindNotice(std::string_view text, const ingest::ReportLexicon& lexicon) {
  Notice notice;
  text = text.substr(0, kNoticeBytes);
  while (!text.empty() && !notice.issues) {
    const std::string_view line = NextLine(&text);
    const WordHit hit = FindFirst(line, lexicon.notice());
    if (!hit.found()) continue;
    notice.issues = true;
    for (size_t at = line.find("《"); at < hit.begin; at = line.find("《", at)) {
      const size_t begin = at + std::string_view("《").size();
      const size_t end = line.find("》", begin);
      if (end == std::string_view::npos) break;
      const std::string_view title = line.substr(begin, end - begin);
      if (LongestEnding(title, lexicon.paper()) > 0) notice.papers.emplace_back(title);
      at = end;
    }
  }
  return notice;
}

}  // namespace duban
