// SPDX-License-Identifier: Apache-2.0
// The lexicon has some four hundred patterns and a heading some twenty characters, so patterns are looked up by the six
// bytes (two ideographs) with which their last piece begins; only then is a head before * searched for, backwards.

#include "services/segmentation/cue_index.h"

#include <algorithm>
#include <cstring>

#include "fmt/format.h"

namespace duban {
namespace {

constexpr size_t kKeyBytes = 6;
constexpr size_t kGap = 12 * 3;  // bytes that * may stand for

uint64_t KeyAt(std::string_view text, size_t at) {
  uint64_t key = 0;
  std::memcpy(&key, text.data() + at, kKeyBytes);
  return key;
}

}  // namespace

absl::Status CueIndex::Build(const segmentation::RoleLexicon& lexicon) {
  for (const auto& cue : lexicon.cues()) {
    for (const std::string& text : cue.pattern()) {
      const size_t star = text.find('*');
      Pattern pattern{{}, text, &cue};
      if (star != std::string::npos) {
        pattern.head = std::string_view(text).substr(0, star);
        pattern.tail = std::string_view(text).substr(star + 1);
      }
      if (pattern.tail.size() < kKeyBytes) {
        return absl::InvalidArgumentError(
            fmt::format("roles.textproto: pattern: {}, want two ideographs at its end", text));
      }
      by_tail_[KeyAt(pattern.tail, 0)].push_back(static_cast<uint16_t>(patterns_.size()));
      patterns_.push_back(pattern);
    }
  }
  return absl::OkStatus();
}

std::vector<CueMatch> CueIndex::Find(std::string_view heading) const {
  std::vector<CueMatch> found;
  for (size_t at = 0; at + kKeyBytes <= heading.size(); ++at) {
    if ((static_cast<unsigned char>(heading[at]) & 0xC0) == 0x80) continue;
    const auto bucket = by_tail_.find(KeyAt(heading, at));
    if (bucket == by_tail_.end()) continue;
    for (const uint16_t id : bucket->second) {
      const Pattern& pattern = patterns_[id];
      if (heading.compare(at, pattern.tail.size(), pattern.tail) != 0) continue;
      CueMatch match{at, at + pattern.tail.size(), pattern.cue};
      if (pattern.cue->at_end() && match.end != heading.size()) continue;
      if (!pattern.head.empty()) {
        // No further back than a gap reaches: a heading may be as long as a text.
        const size_t from = at - std::min(at, pattern.head.size() + kGap);
        const size_t head = heading.substr(from, at - from).rfind(pattern.head);
        if (head == std::string_view::npos) continue;
        match.begin = from + head;
      }
      if (pattern.cue->whole() && (match.begin != 0 || match.end != heading.size())) continue;
      found.push_back(match);
    }
  }
  return found;
}

}  // namespace duban
