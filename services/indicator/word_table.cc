// SPDX-License-Identifier: Apache-2.0
// Words are bucketed by a hash of their first and of their last three bytes (or of their only one, for ASCII): a Han
// character is three bytes long, so that a bucket holds few words that begin with another character. The eight bytes at
// the edge of a word are compared as a number; only longer words need a look at the rest.
#include "services/indicator/word_table.h"

#include <algorithm>
#include <cstring>

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

uint64_t WordTable::FrontOf(std::string_view text, size_t pos) {
  uint64_t edge = 0;
  std::memcpy(&edge, text.data() + pos, std::min(sizeof(edge), text.size() - pos));
  return edge;
}

uint64_t WordTable::BackOf(std::string_view text, size_t end) {
  uint64_t edge = 0;
  const size_t size = std::min(sizeof(edge), end);
  std::memcpy(reinterpret_cast<char*>(&edge) + sizeof(edge) - size, text.data() + end - size, size);
  return edge;
}

void WordTable::Add(std::string_view word, uint64_t tags, int32_t value) {
  Bucket& first = by_first_[FirstBucket(word, 0)];
  Bucket& last = by_last_[LastBucket(word, word.size())];
  first.tags |= tags;
  last.tags |= tags;
  for (const Entry& entry : first.entries) {
    Word& known = words_[entry.word];
    if (known.text != word) continue;
    known.tags |= tags;
    if (value != 0) known.value = value;
    return;
  }
  const auto index = static_cast<uint32_t>(words_.size());
  words_.push_back({std::string(word), tags, value});
  const std::string ones(std::min(word.size(), sizeof(uint64_t)), '\xFF');
  const auto insert = [&](Entry entry, Bucket* bucket) {
    const auto shorter = [&](const Entry& other) { return words_[other.word].text.size() < word.size(); };
    bucket->entries.insert(std::find_if(bucket->entries.begin(), bucket->entries.end(), shorter), entry);
  };
  insert({FrontOf(word, 0), FrontOf(ones, 0), index}, &first);
  insert({BackOf(word, word.size()), BackOf(ones, ones.size()), index}, &last);
}

WordTable::Match WordTable::At(std::string_view text, size_t pos, uint64_t tags) const {
  Match match;
  if (pos >= text.size()) return match;
  const Bucket& bucket = by_first_[FirstBucket(text, pos)];
  if ((bucket.tags & tags) == 0) return match;
  const uint64_t edge = FrontOf(text, pos);
  for (const Entry& entry : bucket.entries) {
    if ((edge & entry.mask) != entry.edge) continue;
    const Word& word = words_[entry.word];
    if ((word.tags & tags) == 0) continue;
    if (word.text.size() > sizeof(edge) && text.compare(pos, word.text.size(), word.text) != 0) continue;
    return {word.text.size(), word.tags, word.value};
  }
  return match;
}

WordTable::Match WordTable::Before(std::string_view text, size_t end, uint64_t tags) const {
  if (end == 0) return {};
  const Bucket& bucket = by_last_[LastBucket(text, end)];
  if ((bucket.tags & tags) == 0) return {};
  const uint64_t edge = BackOf(text, end);
  for (const Entry& entry : bucket.entries) {
    if ((edge & entry.mask) != entry.edge) continue;
    const Word& word = words_[entry.word];
    const size_t size = word.text.size();
    if ((word.tags & tags) == 0 || size > end) continue;
    if (size > sizeof(edge) && text.compare(end - size, size, word.text) != 0) continue;
    return {size, word.tags, word.value};
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
