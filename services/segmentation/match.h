// SPDX-License-Identifier: Apache-2.0
// services/segmentation/match.h: one enumerator at one place of a text.
//
//   MatchEnumerator("（二）深化改革", 0, Place::kLineStart, rules)  -> {end 9, series han-paren, level 2, number 2}
//
// Pure; bounded by the longest enumerator of the lexicon.

#pragma once

#include <optional>
#include <string_view>

#include "services/segmentation/scan.h"

namespace duban {

// The enumerator that begins at byte `at` of `line`, or none. begin and end are bytes of `line`; Candidate::line is
// left.
std::optional<Candidate> MatchEnumerator(std::string_view line, size_t at, Place place, const Rules& rules);

}  // namespace duban
