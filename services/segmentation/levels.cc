// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/levels.h"

#include <algorithm>
#include <array>
#include <vector>

#include "services/segmentation/decimals.h"

namespace duban {
namespace {

constexpr int kItemLevel = 5;
constexpr int kDeepestHeading = 4;

// 第一章 (壹、, I.) is of the level of 一、, and one above it where both stand in the paper. Where 第一节 stands
// between them, it is of the level of 一、, which goes one down with all below it.
void SettleChapters(const Rules& rules, Scan* scan) {
  const std::array<int, 3> above = {rules.SeriesOf("chapter"), rules.SeriesOf("formal"), rules.SeriesOf("roman")};
  const int section = rules.SeriesOf("chapter-section");
  const int han = rules.SeriesOf("han");
  const auto is_above = [&above](const Candidate& c) {
    return c.place == Place::kLineStart && std::find(above.begin(), above.end(), c.series) != above.end();
  };
  bool chapters = false, sections = false, below = false;
  for (const Candidate& c : scan->candidates) {
    chapters |= is_above(c);
    sections |= chapters && c.series == section;
    below |= chapters && c.series == han && c.place == Place::kLineStart;
  }
  if (!chapters || !below) return;
  for (Candidate& c : scan->candidates) {
    if (is_above(c)) {
      c.level = 0;
    } else if (c.series == section) {
      c.level = 1;
    } else if (sections && c.level >= 1 && c.level < kDeepestHeading) {
      ++c.level;
    }
  }
}

// （一） inside an item of a paragraph (一是…（一）…（二）…二是…) is an item itself: the list begins behind an item,
// and the items go on behind the list, or begin the line that holds both.
void SettleItems(const Rules& rules, Scan* scan) {
  std::vector<Candidate>& candidates = scan->candidates;
  const int paren = rules.SeriesOf("han-paren");
  const auto is_item = [&](const Candidate& c) { return c.level == kItemLevel && c.number > 0; };
  // By candidate: the next item of its line, none at the end.
  std::vector<size_t> next(candidates.size(), candidates.size());
  for (size_t i = candidates.size(); i-- > 1;) {
    if (candidates[i].line != candidates[i - 1].line) continue;
    next[i - 1] = is_item(candidates[i]) ? i : next[i];
  }
  const Candidate* item = nullptr;  // the last one of the line
  bool leads = false;               // an item begins the line
  int last = 0;                     // number of the last item of the list inside
  for (size_t i = 0; i < candidates.size(); ++i) {
    Candidate& c = candidates[i];
    if (i == 0 || c.line != candidates[i - 1].line) {
      item = nullptr;
      leads = is_item(c) && c.place == Place::kLineStart;
      last = 0;
    }
    if (is_item(c)) {
      item = &c;
      last = 0;
      continue;
    }
    if (c.series != paren || item == nullptr || c.number != last + 1) continue;
    const bool goes_on = next[i] < candidates.size() && candidates[next[i]].series == item->series &&
                         candidates[next[i]].number == item->number + 1;
    if (last == 0 && !goes_on && !leads) continue;
    last = c.number;
    c.level = kItemLevel;
    c.sure = false;
  }
}

}  // namespace

void SettleLevels(std::string_view text, const Rules& rules, Scan* scan) {
  AddDecimals(text, rules, scan);
  SettleChapters(rules, scan);
  SettleItems(rules, scan);
}

}  // namespace duban
