// SPDX-License-Identifier: Apache-2.0
// services/indicator/phrase_table.h: finds which of many words stands at a place, or ends there.
//
//   PhraseTable table(PhraseTable::Direction::kForward);
//   table.Add(u"人次", 7);
//   table.Match(chars, at);   // {7, 2} if 人次 stands at `at` and no longer word does
//
// Build first, then read from any thread. A lookup costs one probe for most places.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/indicator/folded_chars.h"

namespace duban {

// Words as the rules write them, ready to be compared with FoldedChars: folded, without white space.
std::u16string FoldedWord(std::string_view word);

class PhraseTable {
 public:
  // kForward: words that begin at a place; kBackward: words that end before it.
  enum class Direction { kForward, kBackward };

  struct Hit {
    size_t id = 0;
    size_t length = 0;  // in characters; 0: no hit
    explicit operator bool() const { return length > 0; }
  };

  explicit PhraseTable(Direction direction) : direction_(direction) {}

  // `word` is not empty. Of equal words the one added first stays.
  void Add(std::u16string word, size_t id);

  // The longest word at `at`; words may be broken over lines but not over paragraphs.
  Hit Match(const FoldedChars& chars, size_t at) const;

  // Every word at `at`, longest first, until `accept` takes one.
  template <typename Accept>
  Hit MatchIf(const FoldedChars& chars, size_t at, Accept accept) const {
    for (const Entry& entry : buckets_[Slot(FirstChar(chars, at))]) {
      if (Stands(entry.word, chars, at) && accept(Hit{entry.id, entry.word.size()}))
        return {entry.id, entry.word.size()};
    }
    return {};
  }

 private:
  struct Entry {
    std::u16string word;
    size_t id;
  };
  static constexpr size_t kSlots = 1024;

  static size_t Slot(char16_t c) { return (c ^ (c >> 9)) % kSlots; }
  char16_t FirstChar(const FoldedChars& chars, size_t at) const {
    return direction_ == Direction::kForward ? chars[at] : chars[at - 1];
  }
  bool Stands(std::u16string_view word, const FoldedChars& chars, size_t at) const;

  Direction direction_;
  std::array<std::vector<Entry>, kSlots> buckets_;
};

}  // namespace duban
