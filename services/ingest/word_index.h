// SPDX-License-Identifier: Apache-2.0
// services/ingest/word_index.h: a list of words of the lexicons, laid out to be looked up at every character of a
// document.
//
//   const WordIndex plan(lexicon.plan());
//   plan.LongestAt(text, offset);     // size of the longest word that stands there, 0 if none does
//
// Immutable: safe to use from any thread. A lookup costs the words that begin with the character of the text.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/words.h"

namespace duban {

// A number below kCharSlots for the character at `offset`; characters share numbers.
inline constexpr size_t kCharSlots = 4096;
inline size_t CharSlot(std::string_view text, size_t offset) {
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(text[offset + i])); };
  // Ideographs differ in their second and third bytes.
  return offset + 2 < text.size() ? (byte(0) << 12 ^ byte(1) << 6 ^ byte(2)) % kCharSlots : 0;
}

class WordIndex {
 public:
  // Words have three bytes or more, which any ideograph has; shorter ones are left out.
  explicit WordIndex(const WordList& words) : WordIndex({&words}) {}
  explicit WordIndex(const std::vector<const WordList*>& lists);

  // Size of the longest word that stands at `offset`; 0 if none does.
  size_t LongestAt(std::string_view text, size_t offset) const {
    if (offset + 2 >= text.size()) return 0;
    const uint16_t bucket = buckets_of_[CharSlot(text, offset)];
    return bucket == 0 ? 0 : LongestOf(buckets_[bucket], text, offset);
  }

  // The first hit of any word at or behind `from`; of two at one place the longer.
  WordHit FindFirst(std::string_view text, size_t from = 0) const;

 private:
  using Bucket = std::vector<std::string>;  // longest first

  static size_t LongestOf(const Bucket& bucket, std::string_view text, size_t offset);

  std::array<uint16_t, kCharSlots> buckets_of_{};
  std::vector<Bucket> buckets_;  // the first is none
};

}  // namespace duban
