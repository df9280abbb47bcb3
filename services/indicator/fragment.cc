// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/fragment.h"

#include <algorithm>
#include <array>

#include "services/indicator/period.h"

namespace duban {
namespace {

// Blanks and punctuation that joins but names nothing.
constexpr std::array<std::string_view, 9> kJoints = {" ", "　", "、", "，", ",", "\n", "\t", "…", "—"};

size_t JointAt(std::string_view text, size_t pos, size_t end) {
  for (std::string_view joint : kJoints) {
    if (pos + joint.size() <= end && text.compare(pos, joint.size(), joint) == 0) return joint.size();
  }
  return 0;
}

size_t JointBefore(std::string_view text, size_t begin, size_t end) {
  for (std::string_view joint : kJoints) {
    if (end >= begin + joint.size() && text.compare(end - joint.size(), joint.size(), joint) == 0) return joint.size();
  }
  return 0;
}

// Size of the term that ends `text` (3年 of 产量连续3年), 连续 included; 0 if there is none.
size_t TermBefore(std::string_view text) {
  constexpr std::string_view kYear = "年";
  constexpr std::string_view kRunning = "连续";
  if (!text.ends_with(kYear)) return 0;
  size_t begin = text.size() - kYear.size();
  while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
  if (begin + kYear.size() == text.size() || begin == 0) return 0;
  if (text.substr(0, begin).ends_with(kRunning)) begin -= kRunning.size();
  return begin == 0 ? 0 : text.size() - begin;
}

}  // namespace

size_t ListJointAt(std::string_view text, size_t pos) {
  static constexpr std::array<std::string_view, 5> kListJoints = {"、", "和", "与", "及", "以及"};
  for (std::string_view joint : kListJoints) {
    if (StartsAt(text, pos, joint)) return joint.size();
  }
  return 0;
}

size_t Boundary(std::string_view text, size_t size) {
  size = std::min(size, text.size());
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return size;
}

Range Trim(std::string_view text, Range range) {
  while (!range.empty()) {
    const size_t size = JointAt(text, range.begin, range.end);
    if (size == 0) break;
    range.begin += size;
  }
  while (!range.empty()) {
    const size_t size = JointBefore(text, range.begin, range.end);
    if (size == 0) break;
    range.end -= size;
  }
  return range;
}

Range StripFront(std::string_view text, Range range, const LabelWords& words) {
  const std::string_view view = text.substr(0, range.end);
  for (range = Trim(text, range); !range.empty(); range = Trim(text, range)) {
    const WordTable::Match front = words.table().At(view, range.begin, LabelWords::kFront);
    size_t date = DateAt(view, range.begin);
    // 到2025年底.
    const bool until = StartsAt(view, range.begin, "到") || StartsAt(view, range.begin, "至");
    if (const size_t end = until ? DateAt(view, range.begin + kHan) : 0; end > 0) date = kHan + end;
    if (!front && date == 0) break;
    if (date >= front.size && date > 0) {
      range.begin += date;
      continue;
    }
    // A longer word that begins like the adverb (在册, 及时) is kept.
    const WordTable::Match keep = words.table().At(view, range.begin, LabelWords::kKeep | LabelWords::kBare);
    if (keep.size > front.size) break;
    // 通过602人: an act where nothing follows it.
    const bool act = keep.size == front.size && front.size > kHan && range.begin + front.size == range.end;
    if (act && (keep.tags & LabelWords::kBare) != 0) break;
    range.begin += front.size;
  }
  return range;
}

Range StripBack(std::string_view text, Range range, const LabelWords& words) {
  for (range = Trim(text, range); !range.empty(); range = Trim(text, range)) {
    const std::string_view view = View(text, range);
    const WordTable::Match back = words.table().Before(view, view.size(), LabelWords::kBack);
    if (!back) {
      const size_t term = TermBefore(view);
      if (term == 0) break;
      range.end -= term;
      continue;
    }
    const WordTable::Match keep = words.table().Before(view, view.size(), LabelWords::kKeep);
    if (keep.size > back.size) break;
    range.end -= back.size;
  }
  return range;
}

Range StripBackWords(std::string_view text, Range range, const LabelWords& words, uint64_t tags) {
  for (range = Trim(text, range); !range.empty(); range = Trim(text, range)) {
    const std::string_view view = View(text, range);
    const WordTable::Match match = words.table().Before(view, view.size(), tags);
    // 全市平均 does not end with the adverb 均.
    if (!match || words.table().Before(view, view.size(), LabelWords::kKeep).size > match.size) break;
    range.end -= match.size;
  }
  return range;
}

bool SharePair(std::string_view a, std::string_view b) {
  for (size_t pos = 0; pos + 6 <= a.size(); ++pos) {
    if ((static_cast<unsigned char>(a[pos]) & 0xC0) == 0x80) continue;
    if (b.find(a.substr(pos, 6)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace duban
