// SPDX-License-Identifier: Apache-2.0
// How divisions are found
//
// Names are kept by their first two characters, longest first, so that a text is scanned with one hash lookup a
// character. Besides full names (三门县) and aliases (恩施州) there are short ones (三门, 恩施), which are common words
// too often to name a division by themselves; they only help to tell same-named divisions apart (鼓楼区 with 徐州
// around it).
#include "services/ingest/region.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/word_index.h"

namespace duban {
namespace {

constexpr size_t kHead = 6;  // two ideographs

// Of two ideographs; a number below 2^16.
size_t HeadSlot(std::string_view text, size_t offset) {
  return (CharSlot(text, offset) * 31 ^ CharSlot(text, offset + 3)) % (1 << 16);
}

v1::Agency::Level LevelOf(const std::string& code) {
  if (code.ends_with("0000")) return v1::Agency::PROVINCE;
  return code.ends_with("00") ? v1::Agency::CITY : v1::Agency::COUNTY;
}

}  // namespace

// The short name of 三门县, 大兴安岭地区, 内蒙古自治区; empty if less than two characters would be left.
std::string RegionIndex::StemOf(std::string_view name) const {
  for (const Ending& ending : endings_) {
    if (!name.ends_with(ending.word)) continue;
    return std::string(name.size() >= ending.word.size() + kHead ? name.substr(0, name.size() - ending.word.size())
                                                                 : "");
  }
  return std::string(name);
}

absl::StatusOr<RegionIndex> RegionIndex::Create(const ingest::RegionLexicon& lexicon) {
  RegionIndex index;
  for (const auto& ending : lexicon.ending()) {
    index.endings_.push_back({ending.word(), ending.level(), ending.or_county()});
  }
  std::stable_sort(index.endings_.begin(), index.endings_.end(),
                   [](const Ending& a, const Ending& b) { return a.word.size() > b.word.size(); });
  index.common_.assign(lexicon.common().begin(), lexicon.common().end());
  std::map<std::string, int> by_code;
  for (const ingest::RegionLexicon::Region& region : lexicon.region()) {
    if (region.code().size() != 6 || region.code().find_first_not_of("0123456789") != std::string::npos) {
      return InvalidField("region.code", fmt::format("{} of {}, want six digits", region.code(), region.name()));
    }
    by_code[region.code()] = static_cast<int>(index.entries_.size());
    index.entries_.push_back({region.code(),
                              region.name(),
                              "",
                              LevelOf(region.code()),
                              -1,
                              region.former(),
                              {region.former_name().begin(), region.former_name().end()}});
  }
  for (Entry& entry : index.entries_) {
    entry.full_name = entry.name;
    if (entry.level == v1::Agency::PROVINCE) continue;
    const auto city = by_code.find(entry.code.substr(0, 4) + "00");
    const auto province = by_code.find(entry.code.substr(0, 2) + "0000");
    if (province == by_code.end()) {
      return InvalidField("region.code", fmt::format("{} of {}, want one of a province", entry.code, entry.name));
    }
    const bool under_city = entry.level == v1::Agency::COUNTY && city != by_code.end();
    entry.parent = under_city ? city->second : province->second;
    const std::string& province_name = index.entries_[province->second].name;
    entry.full_name = province_name + (under_city ? index.entries_[city->second].name : "") + entry.name;
  }
  for (int i = 0; i < lexicon.region_size(); ++i) {
    const ingest::RegionLexicon::Region& region = lexicon.region(i);
    index.AddName(region.name(), true, i);
    for (const std::string& alias : region.alias()) index.AddName(alias, true, i);
    for (const std::string& former : region.former_name()) index.AddName(former, true, i);
    index.AddName(index.StemOf(region.name()), false, i);
    for (const std::string& alias : region.alias()) index.AddName(index.StemOf(alias), false, i);
    for (const std::string& former : region.former_name()) index.AddName(index.StemOf(former), false, i);
  }
  for (auto& [head, names] : index.by_head_) {
    std::stable_sort(names.begin(), names.end(),
                     [&](int a, int b) { return index.names_[a].text.size() > index.names_[b].text.size(); });
  }
  return index;
}

void RegionIndex::AddName(const std::string& text, bool full, int entry) {
  if (text.size() < kHead) return;
  may_begin_[HeadSlot(text, 0)] = true;
  std::vector<int>& bucket = by_head_[text.substr(0, kHead)];
  for (const int i : bucket) {
    if (names_[i].text != text) continue;
    if (std::find(names_[i].entries.begin(), names_[i].entries.end(), entry) != names_[i].entries.end()) return;
    if (names_[i].full == full) {
      names_[i].entries.push_back(entry);
    } else if (full) {
      names_[i] = {text, true, {entry}};
    }
    return;
  }
  bucket.push_back(static_cast<int>(names_.size()));
  names_.push_back({text, full, {entry}});
}

RegionHit RegionIndex::LongestAt(std::string_view text, size_t offset) const {
  if (text.size() - offset < kHead || !may_begin_[HeadSlot(text, offset)]) return {};
  const auto bucket = by_head_.find(std::string(text.substr(offset, kHead)));
  if (bucket == by_head_.end()) return {};
  for (const int i : bucket->second) {
    const Name& name = names_[i];
    if (text.compare(offset, name.text.size(), name.text) == 0) return {name.text.size(), name.full, name.entries};
  }
  return {};
}

RegionEvidence RegionIndex::Gather(std::string_view text) const {
  RegionEvidence evidence{std::vector<int>(entries_.size()), std::vector<int>(entries_.size()),
                          std::vector<int>(entries_.size())};
  RegionHit before;
  size_t before_end = std::string_view::npos;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0xE4) {  // ideographs begin with E4 to E9
      ++at;
      continue;
    }
    const RegionHit hit = LongestAt(text, at);
    // A name of two characters is a part of a longer word unless a word begins there: 岚县 in 青岚县.
    const bool inside =
        hit.full && hit.size == kHead && at != before_end && at > 0 && IsHan(DecodeBefore(text, at).value);
    if (hit.size == 0 || inside) {
      at += 3;
      continue;
    }
    for (const int entry : hit.candidates) {
      ++(hit.full ? evidence.full : evidence.stem)[entry];
      if (before_end != at) continue;
      const bool chained = std::any_of(before.candidates.begin(), before.candidates.end(),
                                       [&](int parent) { return IsAncestor(parent, entry); });
      evidence.chains[entry] += chained;
    }
    at += hit.size;
    before = hit;
    before_end = at;
  }
  return evidence;
}

bool RegionIndex::IsAncestor(int ancestor, int entry) const {
  for (int i = entries_[entry].parent; i >= 0; i = entries_[i].parent) {
    if (i == ancestor) return true;
  }
  return false;
}

const RegionIndex::Ending* RegionIndex::EndingAt(std::string_view text, size_t offset) const {
  for (const Ending& ending : endings_) {
    const bool bare = ending.level != v1::Agency::LEVEL_UNSPECIFIED;
    if (bare && text.compare(offset, ending.word.size(), ending.word) == 0) return &ending;
  }
  return nullptr;
}

std::string RegionIndex::FullNameAs(int entry, std::string_view written) const {
  const Entry& its = entries_[entry];
  const bool former = std::find(its.former_names.begin(), its.former_names.end(), written) != its.former_names.end();
  if (!former) return its.full_name;
  return (its.parent < 0 ? "" : entries_[its.parent].full_name) + std::string(written);
}

bool RegionIndex::IsCommon(std::string_view name) const {
  return std::find(common_.begin(), common_.end(), name) != common_.end();
}

std::vector<int> RegionIndex::Likeliest(std::span<const int> candidates, const RegionEvidence& evidence) const {
  std::vector<int> best;
  int best_score = -1;
  const bool present = std::any_of(candidates.begin(), candidates.end(), [&](int i) { return !entries_[i].former; });
  for (const int candidate : candidates) {
    if (present && entries_[candidate].former) continue;
    int score = 100 * evidence.chains[candidate];
    for (int i = entries_[candidate].parent; i >= 0; i = entries_[i].parent) {
      score += 10 * std::min(evidence.full[i], 3) + 2 * std::min(evidence.stem[i], 5);
    }
    if (score > best_score) best.clear();
    if (score >= best_score) best.push_back(candidate);
    best_score = std::max(score, best_score);
  }
  return best;
}

int RegionIndex::Resolve(std::span<const int> candidates, const RegionEvidence& evidence) const {
  const std::vector<int> best = Likeliest(candidates, evidence);
  return best.size() == 1 ? best.front() : -1;
}

int RegionIndex::MostMentioned(const RegionEvidence& evidence, v1::Agency::Level level, std::string_view suffix) const {
  std::vector<int> best;
  int best_score = 0;
  for (int i = 0; i < static_cast<int>(entries_.size()); ++i) {
    const Entry& entry = entries_[i];
    if (entry.level != level || evidence.full[i] == 0) continue;
    const auto ends = [&](const std::string& name) { return name.ends_with(suffix); };
    if (!ends(entry.name) && std::none_of(entry.former_names.begin(), entry.former_names.end(), ends)) continue;
    if (IsCommon(entry.name) && evidence.chains[i] == 0) continue;
    const int parents = entry.parent >= 0 ? evidence.full[entry.parent] + evidence.stem[entry.parent] : 0;
    if (evidence.full[i] + evidence.stem[i] + parents + evidence.chains[i] < 2) continue;
    const int score = 3 * evidence.full[i] + evidence.stem[i];
    if (score > best_score) best.clear();
    if (score >= best_score) best.push_back(i);
    best_score = std::max(score, best_score);
  }
  if (best.size() > 1 && entries_[best.front()].name != entries_[best.back()].name) return -1;
  return Resolve(best, evidence);
}

}  // namespace duban
