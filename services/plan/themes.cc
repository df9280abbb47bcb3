// SPDX-License-Identifier: Apache-2.0
#include "services/plan/themes.h"

#include <algorithm>
#include <set>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr int kTitle = 3;  // weight of a word in the title, which the text holds once more

google::protobuf::RepeatedPtrField<std::string> AllWords(const ThemeLexicon& lexicon) {
  google::protobuf::RepeatedPtrField<std::string> words;
  for (const auto& theme : lexicon.theme()) words.MergeFrom(theme.words());
  return words;
}

}  // namespace

ThemeFinder::ThemeFinder(const ThemeLexicon& lexicon) : words_(AllWords(lexicon)) {
  for (const auto& theme : lexicon.theme()) {
    for (const std::string& word : theme.words()) themes_of_[word].push_back(static_cast<int>(ids_.size()));
    ids_.push_back(theme.id());
  }
}

void ThemeFinder::Count(std::string_view text, int weight, std::vector<int>* scores) const {
  std::set<std::string_view> seen;
  for (size_t at = 0; at < text.size();) {
    const size_t size = words_.MatchAt(text, at);
    if (size == 0) {
      at += DecodeAt(text, at).size;
      continue;
    }
    const std::string_view word = text.substr(at, size);
    at += size;
    if (!seen.insert(word).second) continue;
    for (const int theme : themes_of_.at(std::string(word))) (*scores)[theme] += weight;
  }
}

std::string ThemeFinder::Best(const std::vector<int>& scores) const {
  const auto best = std::max_element(scores.begin(), scores.end());
  return best == scores.end() || *best == 0 ? "" : ids_[static_cast<size_t>(best - scores.begin())];
}

std::string ThemeFinder::Find(std::string_view title, std::string_view text, const std::vector<std::string>& path,
                              const std::vector<std::string>& metrics) const {
  std::vector<int> scores(ids_.size(), 0);
  for (const std::string& metric : metrics) {
    const auto theme = std::find(ids_.begin(), ids_.end(), metric.substr(0, metric.find('.')));
    if (theme != ids_.end()) ++scores[static_cast<size_t>(theme - ids_.begin())];
  }
  if (std::string theme = Best(scores); !theme.empty()) return theme;
  Count(title, kTitle, &scores);
  Count(text, 1, &scores);
  if (std::string theme = Best(scores); !theme.empty()) return theme;
  for (auto heading = path.rbegin(); heading != path.rend(); ++heading) {
    Count(*heading, 1, &scores);
    if (std::string theme = Best(scores); !theme.empty()) return theme;
  }
  return "";
}

}  // namespace duban
