// SPDX-License-Identifier: Apache-2.0
// Words are bucketed by a hash of their first and of their last three bytes (or of their only one, for ASCII): a Han
// character is three bytes long, so that a bucket holds few words that begin with another character.
#include "services/indicator/word_table.h"

#include <algorithm>

namespace duban {
namespace {

size_t Hash(unsigned char a, unsigned char b, unsigned char c) { return (a * 131u + b * 31u + c * 1031u) & 2047u; }

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

size_t WordTable::FirstBucket(std::string_view text, size_t pos) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  if (byte(pos) < 0x80) return Hash(byte(pos), 0, 0);
  return Hash(byte(pos), byte(pos + 1), byte(pos + 2));
}

size_t WordTable::LastBucket(std::string_view text, size_t end) {
  const auto byte = [&](size_t back) { return back <= end ? static_cast<unsigned char>(text[end - back]) : 0; };
  if (byte(1) < 0x80) return Hash(byte(1), 0, 0);
  return Hash(byte(3), byte(2), byte(1));
}

void WordTable::Add(std::string_view word, uint64_t tags, int32_t value) {
  for (uint32_t index : by_first_[FirstBucket(word, 0)]) {
    if (words_[index].text != word) continue;
    words_[index].tags |= tags;
    if (value != 0) words_[index].value = value;
    return;
  }
  const auto index = static_cast<uint32_t>(words_.size());
  words_.push_back({std::string(word), tags, value});
  const auto insert = [&](std::vector<uint32_t>* bucket) {
    const auto shorter = [&](uint32_t other) { return words_[other].text.size() < word.size(); };
    bucket->insert(std::find_if(bucket->begin(), bucket->end(), shorter), index);
  };
  insert(&by_first_[FirstBucket(word, 0)]);
  insert(&by_last_[LastBucket(word, word.size())]);
}

WordTable::Match WordTable::At(std::string_view text, size_t pos, uint64_t tags) const {
  if (pos >= text.size()) return {};
  for (uint32_t index : by_first_[FirstBucket(text, pos)]) {
    const Word& word = words_[index];
    if ((word.tags & tags) != 0 && text.compare(pos, word.text.size(), word.text) == 0) {
      return {word.text.size(), word.tags, word.value};
    }
  }
  return {};
}

WordTable::Match WordTable::Before(std::string_view text, size_t end, uint64_t tags) const {
  if (end == 0) return {};
  for (uint32_t index : by_last_[LastBucket(text, end)]) {
    const Word& word = words_[index];
    if ((word.tags & tags) == 0 || word.text.size() > end) continue;
    if (text.compare(end - word.text.size(), word.text.size(), word.text) == 0) {
      return {word.text.size(), word.tags, word.value};
    }
  }
  return {};
}

bool WordTable::In(std::string_view text, uint64_t tags) const {
  for (size_t pos = 0; pos < text.size(); ++pos) {
    if (!IsContinuation(text[pos]) && At(text, pos, tags)) return true;
  }
  return false;
}

bool WordTable::Covers(std::string_view text, uint64_t tags) const {
  size_t pos = 0;
  while (pos < text.size()) {
    const Match match = At(text, pos, tags);
    if (!match) return false;
    pos += match.size;
  }
  return !text.empty();
}

}  // namespace duban
