// SPDX-License-Identifier: Apache-2.0
// services/indicator/word_table.h: a set of words, each with the classes it belongs to, matched at a place of a text.
//
//   WordTable table;
//   table.Add("同比", kBase);
//   WordTable::Match match = table.At("同比增长", 0, kBase);   // {size 6, tags kBase, value 0}
//
// Filled once, then immutable: safe to read from any thread. A lookup costs one probe and as many comparisons of eight
// bytes as there are words with the same first (or last) character.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duban {

// Calls fn(word) for every word of `words`, which blanks part.
template <typename Fn>
void ForEachWord(std::string_view words, Fn&& fn) {
  for (size_t pos = 0; pos < words.size();) {
    const size_t end = std::min(words.find(' ', pos), words.size());
    if (end > pos) fn(words.substr(pos, end - pos));
    pos = end + 1;
  }
}

class WordTable {
 public:
  // What stands at a place: size 0 if no word does.
  struct Match {
    size_t size = 0;
    uint64_t tags = 0;
    int32_t value = 0;

    explicit operator bool() const { return size != 0; }
  };

  // Adds `tags` to those of `word`; a `value` other than 0 replaces the word's value. `word` must not be empty.
  void Add(std::string_view word, uint64_t tags, int32_t value = 0);

  // The longest word that begins at byte `pos` of `text` and has one of `tags`.
  Match At(std::string_view text, size_t pos, uint64_t tags) const;

  // The longest word that ends before byte `end` of `text` and has one of `tags`.
  Match Before(std::string_view text, size_t end, uint64_t tags) const;

  // Calls fn(Match) for every word that begins at byte `pos` of `text` and has one of `tags`, the longest first.
  template <typename Fn>
  void ForEachAt(std::string_view text, size_t pos, uint64_t tags, Fn&& fn) const {
    if (pos >= text.size()) return;
    const Bucket& bucket = by_first_[FirstBucket(text, pos)];
    if ((bucket.tags & tags) == 0) return;
    const uint64_t edge = FrontOf(text, pos);
    for (const Entry& entry : bucket.entries) {
      const Word& word = words_[entry.word];
      if ((word.tags & tags) == 0 || (edge & entry.mask) != entry.edge) continue;
      if (word.text.size() > sizeof(edge) && text.compare(pos, word.text.size(), word.text) != 0) continue;
      fn(Match{word.text.size(), word.tags, word.value});
    }
  }

  // Whether a word with one of `tags` stands anywhere in `text`.
  bool In(std::string_view text, uint64_t tags) const;

  // Whether `text` is nothing but words with one of `tags`, each the longest at its place. False for an empty text.
  bool Covers(std::string_view text, uint64_t tags) const;

 private:
  struct Word {
    std::string text;
    uint64_t tags;
    int32_t value;
  };

  // A word in a bucket: what its first (or last) eight bytes must be where `mask` is set.
  struct Entry {
    uint64_t edge;
    uint64_t mask;
    uint32_t word;  // index into words_
  };
  struct Bucket {
    uint64_t tags = 0;           // of any word in it
    std::vector<Entry> entries;  // the longest word first
  };

  // The eight bytes from `pos` on, and those that end at `end`; zeros beyond the text.
  static uint64_t FrontOf(std::string_view text, size_t pos);
  static uint64_t BackOf(std::string_view text, size_t end);

  static size_t FirstBucket(std::string_view text, size_t pos);
  static size_t LastBucket(std::string_view text, size_t end);

  static constexpr size_t kBuckets = 2048;

  std::vector<Word> words_;
  std::vector<Bucket> by_first_ = std::vector<Bucket>(kBuckets);
  std::vector<Bucket> by_last_ = std::vector<Bucket>(kBuckets);
};

}  // namespace duban
