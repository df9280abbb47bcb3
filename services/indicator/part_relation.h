// SPDX-License-Identifier: Apache-2.0
// services/indicator/part_relation.h: which figures are parts of another.
//
//   AddParts(text, rows, {begin, end}, words, &links);   // 办结65件，其中调解47件  ->  PART 47 of 65
//
// Pure; safe to call from any thread. Linear in the number of figures, quadratic within a sentence.

#pragma once

#include <string_view>
#include <vector>

#include "services/indicator/figure_rows.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/relation.h"

namespace duban {

// Appends the PART links of the figures [sentence.begin, sentence.end), which are those of one sentence.
void AddParts(std::string_view text, const FigureRows& rows, Range sentence, const LabelWords& words,
              std::vector<Link>* links);

}  // namespace duban
