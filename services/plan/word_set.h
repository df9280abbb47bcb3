// SPDX-License-Identifier: Apache-2.0
// services/plan/word_set.h: finds words of a lexicon in running Chinese text, which has no blanks between words.
//
//   const WordSet verbs(lexicon.action());
//   verbs.ContainedIn("进一步完善机制")            // true: 完善
//   verbs.MatchAt("完善机制", 0)                   // 6, the bytes of 完善
//
// Immutable: safe to call from any thread. A search is linear in the text.

#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"

namespace duban {

class WordSet {
 public:
  // Of words in UTF-8; empty ones are left out.
  explicit WordSet(const google::protobuf::RepeatedPtrField<std::string>& words);

  // Of the words of several fields.
  template <typename... Fields>
  static WordSet Joined(const Fields&... fields) {
    google::protobuf::RepeatedPtrField<std::string> all;
    (all.MergeFrom(fields), ...);
    return WordSet(all);
  }

  // Bytes of the longest word that begins at text[position]; 0 if none does. `position` is the start of a character.
  size_t MatchAt(std::string_view text, size_t position) const;

  // Where the first word at or behind `from` begins; npos if there is none.
  size_t Find(std::string_view text, size_t from = 0) const;

  // Where the last of the words that follow one another in `text` begins; npos if there is none.
  size_t FindLast(std::string_view text) const;

  bool ContainedIn(std::string_view text) const { return Find(text) != std::string_view::npos; }

  // Whether text begins with a word, or ends with one.
  bool Starts(std::string_view text) const { return MatchAt(text, 0) != 0; }
  bool Ends(std::string_view text) const;

 private:
  // The words that begin with one character, longest first.
  std::unordered_map<char32_t, std::vector<std::string>> by_first_;
  // Which first characters there are, by their low 16 bits: refuses most positions without a lookup.
  std::bitset<65536> first_;
};

}  // namespace duban
