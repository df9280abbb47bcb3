// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/word_index.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {

WordIndex::WordIndex(const std::vector<const WordList*>& lists) : buckets_(1) {
  for (const WordList* words : lists) {
    for (const std::string& word : *words) {
      if (word.size() < 3) continue;
      uint16_t& bucket = buckets_of_[CharSlot(word, 0)];
      if (bucket == 0) {
        bucket = static_cast<uint16_t>(buckets_.size());
        buckets_.emplace_back();
      }
      buckets_[bucket].push_back(word);
    }
  }
  for (Bucket& bucket : buckets_) {
    std::stable_sort(bucket.begin(), bucket.end(),
                     [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  }
}

size_t WordIndex::LongestOf(const Bucket& bucket, std::string_view text, size_t offset) {
  for (const std::string& word : bucket) {
    if (text.compare(offset, word.size(), word) == 0) return word.size();
  }
  return 0;
}

WordHit WordIndex::FindFirst(std::string_view text, size_t from) const {
  for (size_t at = from; at < text.size(); at += std::max<size_t>(DecodeAt(text, at).size, 1)) {
    if (const size_t size = LongestAt(text, at); size > 0) return {at, size};
  }
  return {};
}

}  // namespace duban
