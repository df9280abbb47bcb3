// SPDX-License-Identifier: Apache-2.0
// services/indicator/name_list.h: names that stand in a list, as 分别 deals them to figures.
//
//   DealNames(ListNames("沃柑、葡萄种植面积", 2, words), words)   // 沃柑种植面积, 葡萄种植面积
//
// Pure functions; safe to call from any thread. Linear in the length of the names, but for the number of names.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/indicator/label_lexicon.h"

namespace duban {

// The names that `names` lists, if there are `count`; else none.
std::vector<std::string_view> ListNames(std::string_view names, size_t count, const LabelWords& words);

// The names, each with what the list leaves out because the last name says it.
std::vector<std::string> DealNames(const std::vector<std::string_view>& names, const LabelWords& words);

}  // namespace duban
