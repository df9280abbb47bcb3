// SPDX-License-Identifier: Apache-2.0
// services/plan/themes.h: the field of work that a commitment belongs to.
//
//   const ThemeFinder themes(lexicon);
//   themes.Find("新建法律援助工作站3个", "", {}, {})                  // legal_aid
//   themes.Find("全年受理案件600件", "", {}, {"legal_aid.cases_accepted"})
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

class ThemeFinder {
 public:
  explicit ThemeFinder(const ThemeLexicon& lexicon);

  // Id of the theme: that of most of `metrics`, ids of the catalog, where there are any; else the one whose words stand
  // in the title and the text most; else the same of the headings, innermost first. Empty if none.
  std::string Find(std::string_view title, std::string_view text, const std::vector<std::string>& path,
                   const std::vector<std::string>& metrics) const;

 private:
  // Adds `weight` for each different word of each theme in `text`.
  void Count(std::string_view text, int weight, std::vector<int>* scores) const;
  // The theme with the highest score, the first of equal ones; empty if all are 0.
  std::string Best(const std::vector<int>& scores) const;

  std::vector<std::string> ids_;
  WordSet words_;
  std::unordered_map<std::string, std::vector<int>> themes_of_;  // by word
};

}  // namespace duban
