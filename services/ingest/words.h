// SPDX-License-Identifier: Apache-2.0
// services/ingest/words.h: lists of words from the lexicons held against short pieces of text.
//
//   FindFirst(title, lexicon.plan())   // where the first plan word stands, and which
//
// Pure functions; safe to call from any thread. Cost is words x text: for lines and titles, not for documents.

#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/repeated_field.h"

namespace duban {

using WordList = google::protobuf::RepeatedPtrField<std::string>;

struct WordHit {
  size_t begin = std::string_view::npos;
  size_t size = 0;
  bool found() const { return begin != std::string_view::npos; }
  size_t end() const { return begin + size; }
};

// The first hit of any word at or behind `from`; of two at one place the longer.
WordHit FindFirst(std::string_view text, const WordList& words, size_t from = 0);

// Size of the longest word that stands at `offset`; 0 if none does.
size_t LongestAt(std::string_view text, size_t offset, const WordList& words);

// Size of the longest word that ends `text`; 0 if none does.
size_t LongestEnding(std::string_view text, const WordList& words);

// Whether `text` is one of the words.
bool IsOneOf(std::string_view text, const WordList& words);

inline bool ContainsAny(std::string_view text, const WordList& words) { return FindFirst(text, words).found(); }

}  // namespace duban
