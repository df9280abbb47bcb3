// SPDX-License-Identifier: Apache-2.0
// What the names of a list have in common
//
// 沃柑、葡萄、百香果种植面积: the last name says 种植面积 for all. Where its own words end is told, in this order,
//   by the words that an earlier name ends with (城镇居民、农村居民人均收入), or by one character at the same place
//   (市级、县级法律援助案件: 级);
//   by a word that opens such an end (`head`, 面积; a verb, 种植), of several the one that leaves the last name about
//   as long as the others (行政许可、行政处罚案件: not at 处罚).
// An earlier name that ends with such a word or a rate is whole (粮食产量、农民收入).
#include "services/indicator/name_list.h"

#include <algorithm>
#include <span>

#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kShortest = 2 * kHan;  // of a name, and of what is left out
// In length, a name and the own words of the last one: 公安、住建、城管被诉案件 are all of a sort, 城镇就业、居民收入
// have nothing in common.
constexpr size_t kMostDifferent = kHan;
constexpr size_t kMostDifferentOfSort = 3 * kHan;
constexpr uint64_t kWhole = Tag::kHead | Tag::kMeasure | Tag::kRate | Tag::kShare;
constexpr uint64_t kOpens = kWhole | Tag::kSort | Tag::kPer | Tag::kOutcome | Tag::kVerb | Tag::kBare | Tag::kIntake;
constexpr std::string_view kRate = "率";
constexpr std::string_view kMark = "、";

// The pieces of a list. A joint inside a word (普及率) parts nothing.
std::vector<std::string_view> Split(std::string_view names, bool marks_only, const LabelWords& words) {
  std::vector<std::string_view> pieces;
  size_t start = 0;
  for (size_t pos = 0; pos < names.size();) {
    const bool joins = pos > start && (!marks_only || StartsAt(names, pos, kMark));
    const size_t joint = joins ? ListJointAt(names, pos) : 0;
    if (joint == 0) {
      const WordTable::Match kept = words.table().At(names, pos, Tag::kKeep);
      pos += std::max<size_t>(kept.size, 1);
      continue;
    }
    pieces.push_back(names.substr(start, pos - start));
    start = pos += joint;
  }
  if (start < names.size()) pieces.push_back(names.substr(start));
  return pieces;
}

// Where the end begins that `name` shares with `last`; 0 if it shares none.
size_t SharedEnd(std::string_view name, std::string_view last) {
  for (size_t size = name.size(); size >= kShortest; size -= kHan) {
    const size_t at = last.find(name.substr(name.size() - size));
    if (at != std::string_view::npos) return at + size;
  }
  return 0;
}

bool IsWhole(std::string_view name, const LabelWords& words) {
  return name.ends_with(kRate) || words.table().Before(name, name.size(), kWhole);
}

// Where in `last` that begins which all names have in common; its size if nothing does. `length`: of the others.
size_t CommonEnd(std::string_view last, size_t length, const LabelWords& words) {
  size_t best = last.size();
  size_t least = kMostDifferentOfSort + 1;
  for (size_t pos = kShortest; pos + kHan <= last.size(); ++pos) {
    const WordTable::Match word = words.table().At(last, pos, kOpens);
    if (word.size < kShortest) continue;
    const size_t different = pos > length ? pos - length : length - pos;
    if (different >= least || ((word.tags & Tag::kSort) == 0 && different > kMostDifferent)) continue;
    best = pos;
    least = different;
  }
  return best;
}

}  // namespace

// By all joints, else by 、 alone (调解和终止率、纠错率).
std::vector<std::string_view> ListNames(std::string_view names, size_t count, const LabelWords& words) {
  for (const bool marks_only : {false, true}) {
    std::vector<std::string_view> pieces = Split(names, marks_only, words);
    if (pieces.size() == count) return pieces;
  }
  return {};
}

std::vector<std::string> DealNames(const std::vector<std::string_view>& names, const LabelWords& words) {
  std::vector<std::string> dealt(names.begin(), names.end());
  if (names.size() < 2) return dealt;
  const std::string_view last = names.back();
  const std::span<const std::string_view> others = std::span(names).first(names.size() - 1);
  size_t length = 0;
  size_t common = 0;
  for (const std::string_view name : others) {
    const size_t verb = words.table().At(name, 0, Tag::kVerb).size;
    length += verb < name.size() ? name.size() - verb : name.size();
    if (common == 0) common = SharedEnd(name, last);
  }
  for (const std::string_view name : others) {
    const bool parallel = common == 0 && name.size() >= kShortest && name.size() + kShortest <= last.size() &&
                          name.substr(name.size() - kHan) == last.substr(name.size() - kHan, kHan);
    if (parallel) common = name.size();
  }
  if (common == 0) common = CommonEnd(last, length / others.size(), words);
  for (size_t i = 0; i < others.size(); ++i) {
    if (const size_t shared = SharedEnd(others[i], last); shared > 0) {
      dealt[i] += last.substr(shared);
    } else if (!IsWhole(others[i], words)) {
      dealt[i] += last.substr(common);
    }
  }
  return dealt;
}

}  // namespace duban
