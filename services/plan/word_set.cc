// SPDX-License-Identifier: Apache-2.0
#include "services/plan/word_set.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {

WordSet::WordSet(const google::protobuf::RepeatedPtrField<std::string>& words) {
  for (const std::string& word : words) {
    if (word.empty()) continue;
    const char32_t first = DecodeAt(word, 0).value;
    by_first_[first].push_back(word);
    first_.set(first & 0xFFFF);
  }
  for (auto& [first, list] : by_first_) {
    std::sort(list.begin(), list.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
  }
}

size_t WordSet::MatchAt(std::string_view text, size_t position) const {
  if (position >= text.size()) return 0;
  const char32_t first = DecodeAt(text, position).value;
  if (!first_.test(first & 0xFFFF)) return 0;
  const auto list = by_first_.find(first);
  if (list == by_first_.end()) return 0;
  for (const std::string& word : list->second) {
    if (text.compare(position, word.size(), word) == 0) return word.size();
  }
  return 0;
}

size_t WordSet::Find(std::string_view text, size_t from) const {
  for (size_t at = from; at < text.size(); at += DecodeAt(text, at).size) {
    if (MatchAt(text, at) != 0) return at;
  }
  return std::string_view::npos;
}

size_t WordSet::FindLast(std::string_view text) const {
  size_t last = std::string_view::npos;
  for (size_t at = Find(text); at != std::string_view::npos; at = Find(text, at + MatchAt(text, at))) last = at;
  return last;
}

bool WordSet::Ends(std::string_view text) const {
  for (size_t at = 0; at < text.size(); at += DecodeAt(text, at).size) {
    if (at + MatchAt(text, at) == text.size()) return true;
  }
  return false;
}

}  // namespace duban
