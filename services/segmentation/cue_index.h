// SPDX-License-Identifier: Apache-2.0
// services/segmentation/cue_index.h: finds the cues of the role lexicon in a heading without trying each.
//
//   index.Find("2023年存在的主要问题")   // 存在*问题, 主要问题
//
// Refers to the lexicon, which must outlive it. Immutable after Build: safe to call from any thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "services/segmentation/lexicon.pb.h"

namespace duban {

// Where a cue's pattern stands in a heading.
struct CueMatch {
  size_t begin = 0;
  size_t end = 0;
  const segmentation::RoleLexicon::Cue* cue = nullptr;
};

class CueIndex {
 public:
  // INVALID_ARGUMENT if the last piece of a pattern has fewer than two ideographs.
  absl::Status Build(const segmentation::RoleLexicon& lexicon);

  // The last occurrence of every pattern that occurs; of those that must end the heading or be
  // all of it, only there. Linear.
  std::vector<CueMatch> Find(std::string_view heading) const;

 private:
  struct Pattern {
    std::string_view head;  // before *; empty if there is none
    std::string_view tail;
    const segmentation::RoleLexicon::Cue* cue;
  };

  std::vector<Pattern> patterns_;
  std::unordered_map<uint64_t, std::vector<uint16_t>> by_tail_;  // by the first two ideographs of the tail
};

}  // namespace duban
