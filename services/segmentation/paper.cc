// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/paper.h"

#include <algorithm>
#include <array>

#include "common/text/utf8.h"
#include "services/segmentation/contents.h"
#include "services/segmentation/levels.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

constexpr uint32_t kLongestTailLine = 44;
constexpr uint32_t kLongestSignature = 30;
constexpr uint32_t kLongestDate = 16;
constexpr uint32_t kLongestButton = 8;
constexpr uint32_t kLongestListed = 60;
constexpr std::array<std::string_view, 2> kColons = {"：", ":"};

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

// A line of the imprint: 抄送：县委办。 云溪县司法局办公室 2023年1月20日印发.
bool IsImprint(std::string_view words, const Line& line, const Rules& rules) {
  if (StartsWithAny(words, rules.outline().imprints())) return true;
  const bool whole = line.chars <= kLongestTailLine && line.first_stop == kNowhere;
  return whole && EndsWithAny(words, rules.outline().imprint_endings()) && !YearsIn(words, rules).empty();
}

// 附件：, not 附件1.
bool OpensAttachmentList(std::string_view words, const Rules& rules) {
  for (const std::string& word : rules.outline().attachments()) {
    if (!words.starts_with(word)) continue;
    const std::string_view rest = words.substr(word.size());
    if (StartsWithAny(rest, kColons) || EndsWithAny(word, kColons)) return true;
  }
  return false;
}

// Lines of lists of attachments above the attachments themselves: 附件：1.某局工作总结 ⏎ 2.某局工作要点. They look like
// items and titles.
std::vector<bool> AttachmentLists(std::string_view text, const Scan& scan, const Rules& rules) {
  const std::vector<Line>& lines = scan.lines;
  std::vector<int> first(lines.size(), 0);  // number at the beginning of the line
  std::vector<int> last(lines.size(), 0);   // last number of the line
  for (const Candidate& c : scan.candidates) {
    if (c.place == Place::kLineStart) first[c.line] = c.number;
    last[c.line] = c.number;
  }
  std::vector<bool> listed(lines.size(), false);
  const auto is_short = [&](size_t i) { return lines[i].chars <= kLongestListed && lines[i].first_stop == kNowhere; };
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!is_short(i) || !OpensAttachmentList(WordsOf(text, lines[i]), rules)) continue;
    listed[i] = true;
    for (int number = last[i]; i + 1 < lines.size() && is_short(i + 1) && first[i + 1] == number + 1; ++number) {
      listed[++i] = true;
    }
  }
  return listed;
}

void DropLines(const std::vector<bool>& dropped, Scan* scan) {
  std::vector<uint32_t> place(dropped.size());
  std::vector<Line> kept;
  for (size_t i = 0; i < dropped.size(); ++i) {
    place[i] = static_cast<uint32_t>(kept.size());
    if (!dropped[i]) kept.push_back(scan->lines[i]);
  }
  scan->lines.swap(kept);
  const auto on_dropped = [&](const auto& found) { return dropped[found.line]; };
  std::erase_if(scan->candidates, on_dropped);
  std::erase_if(scan->brackets, on_dropped);
  for (Candidate& c : scan->candidates) c.line = place[c.line];
  for (Bracket& b : scan->brackets) b.line = place[b.line];
}

// Without signature, date, attachments and buttons at the end.
Scan WithoutTail(std::string_view text, const Rules& rules) {
  Scan scan = ScanText(text, rules);
  std::vector<Line>& lines = scan.lines;
  std::vector<bool> numbered(lines.size(), false);
  for (const Candidate& c : scan.candidates) numbered[c.line] = true;
  const auto& lexicon = rules.outline();
  size_t keep = lines.size();
  for (size_t i = lines.size(); i-- > 0;) {
    const std::string_view words = WordsOf(text, lines[i]);
    if (IsImprint(words, lines[i], rules)) {
      keep = i;
      continue;
    }
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

}  // namespace

Scan ScanPaper(std::string_view text, const Rules& rules) {
  Scan scan = WithoutTail(text, rules);
  std::vector<bool> listed = AttachmentLists(text, scan, rules);
  const std::vector<bool> contents = ContentsLines(text, scan, rules);
  for (size_t i = 0; i < listed.size(); ++i) {
    listed[i] = listed[i] || contents[i] || IsImprint(WordsOf(text, scan.lines[i]), scan.lines[i], rules);
  }
  if (std::find(listed.begin(), listed.end(), true) != listed.end()) DropLines(listed, &scan);
  SettleLevels(text, rules, &scan);
  return scan;
}

}  // namespace duban
