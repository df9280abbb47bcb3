// SPDX-License-Identifier: Apache-2.0
// services/indicator/rate_words.h: what a rate's numerator did, and what was done with the whole that it is of.
//
//   RateWords::Act act = rates.ActIn("优秀案卷");    // 优秀, at byte 0
//   rates.NamesWhole(act, "评查案卷");              // true: what was checked may be found good
//
// Immutable once filled: safe to read from any thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/indicator/label.pb.h"
#include "services/indicator/word_table.h"

namespace duban {

class RateWords {
 public:
  // INVALID_ARGUMENT: no act, no whole, more than 60 rules, or an act that another rule or group has.
  absl::Status Add(const v1::LabelLexicon::RateOf& rule);

  // A word of acts; `group` counts from 1 those that mean the same, 0 is none.
  struct Act {
    size_t begin = 0;
    size_t size = 0;
    int32_t group = 0;
  };

  // The longest act that ends `words`; if none does, the longest that begins them.
  Act ActIn(std::string_view words) const;

  // Whether a word of `label` says that it is what the act may befall.
  bool NamesWhole(const Act& act, std::string_view label) const;

 private:
  WordTable table_;  // value: the group of an act
  uint64_t rules_ = 0;
  std::vector<uint64_t> wholes_ = {0};  // by group: the tag of its wholes
};

}  // namespace duban
