// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/phrase_table.h"

#include <algorithm>
#include <utility>

namespace duban {

std::u16string FoldedWord(std::string_view word) {
  const FoldedChars chars(word);
  std::u16string folded;
  for (size_t i = 0; i < chars.size(); ++i) folded.push_back(chars[i]);
  return folded;
}

void PhraseTable::Add(std::u16string word, size_t id) {
  std::vector<Entry>& bucket = buckets_[Slot(direction_ == Direction::kForward ? word.front() : word.back())];
  const auto at =
      std::find_if(bucket.begin(), bucket.end(), [&](const Entry& entry) { return entry.word.size() < word.size(); });
  bucket.insert(at, Entry{std::move(word), id});
}

PhraseTable::Hit PhraseTable::Match(const FoldedChars& chars, size_t at) const {
  return MatchIf(chars, at, [](const Hit&) { return true; });
}

bool PhraseTable::Stands(std::u16string_view word, const FoldedChars& chars, size_t at) const {
  const size_t first = direction_ == Direction::kForward ? at : at - word.size();
  if (direction_ == Direction::kBackward && (at < word.size() || chars.gap(at) == FoldedChars::kBreak)) return false;
  for (size_t k = 0; k < word.size(); ++k) {
    if (chars[first + k] != word[k] || (k > 0 && chars.gap(first + k) == FoldedChars::kBreak)) return false;
  }
  return true;
}

}  // namespace duban
