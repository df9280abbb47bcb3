// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/paper.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

constexpr uint32_t kLongestTailLine = 44;
constexpr uint32_t kLongestSignature = 30;
constexpr uint32_t kLongestDate = 16;
constexpr uint32_t kLongestButton = 8;

std::string_view WordsOf(std::string_view text, const Line& line) {
  return text.substr(line.begin, line.end - line.begin);
}

bool IsDate(std::string_view words, const Line& line, const Rules& rules) {
  if (line.chars > kLongestDate) return false;
  while (!words.empty() && IsPunctuation(DecodeBefore(words, words.size()).value)) {
    words.remove_suffix(DecodeBefore(words, words.size()).size);
  }
  return words.ends_with("日") && !YearsIn(words, rules).empty();
}

}  // namespace

Scan ScanPaper(std::string_view text, const Rules& rules) {
  Scan scan = ScanText(text, rules);
  std::vector<Line>& lines = scan.lines;
  std::vector<bool> numbered(lines.size(), false);
  for (const Candidate& c : scan.candidates) numbered[c.line] = true;
  const auto& lexicon = rules.outline();
  size_t keep = lines.size();
  for (size_t i = lines.size(); i-- > 0;) {
    const std::string_view words = WordsOf(text, lines[i]);
    const bool short_line = lines[i].chars <= kLongestTailLine && lines[i].first_stop == kNowhere;
    if (!short_line) break;
    if (StartsWithAny(words, lexicon.attachments())) keep = i;
    if (numbered[i]) continue;
    if (lines[i].chars <= kLongestButton && HoldsAny(words, lexicon.furniture())) keep = i;
    if (IsDate(words, lines[i], rules)) keep = i;
    if (keep == i + 1 && lines[i].chars <= kLongestSignature && EndsWithAny(words, lexicon.signature_endings()))
      keep = i;
  }
  if (keep == 0 || keep == lines.size()) return scan;
  scan.end = lines[keep].begin;
  lines.resize(keep);
  const auto beyond = [&scan](const auto& found) { return found.begin >= scan.end; };
  std::erase_if(scan.candidates, beyond);
  std::erase_if(scan.brackets, beyond);
  return scan;
}

}  // namespace duban
