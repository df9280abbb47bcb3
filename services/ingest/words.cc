// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/words.h"

#include <algorithm>

namespace duban {

WordHit FindFirst(std::string_view text, const WordList& words, size_t from) {
  WordHit best;
  for (const std::string& word : words) {
    const size_t at = text.find(word, from);
    if (at == std::string_view::npos) continue;
    if (!best.found() || at < best.begin || (at == best.begin && word.size() > best.size)) best = {at, word.size()};
  }
  return best;
}

size_t LongestAt(std::string_view text, size_t offset, const WordList& words) {
  size_t longest = 0;
  for (const std::string& word : words) {
    if (word.size() > longest && text.compare(offset, word.size(), word) == 0) longest = word.size();
  }
  return longest;
}

size_t LongestEnding(std::string_view text, const WordList& words) {
  size_t longest = 0;
  for (const std::string& word : words) {
    if (word.size() > longest && text.ends_with(word)) longest = word.size();
  }
  return longest;
}

bool IsOneOf(std::string_view text, const WordList& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace duban
