// SPDX-License-Identifier: Apache-2.0
// services/indicator/aspect.h: whether a figure was measured, grew, is promised or is an earlier one, and for which
// year.
//
//   ReadAspects(text, sentence, {role, base_year}, words, figures);
//   // 办结874件（2024年为512件），同比增长70.7%  ->  ACTUAL, BASELINE 2024, CHANGE UP PREVIOUS_YEAR
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <span>
#include <string_view>

#include "duban/v1/outline.pb.h"
#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// What the section and the document say about its figures.
struct AspectContext {
  v1::Section::Role role = v1::Section::ROLE_UNSPECIFIED;
  int base_year = 0;  // the plan's year in a plan, else the year under review
};

// Sets aspect, direction, base, year, year_named, to_level, subject of `figures`, all those of `sentence` in order,
// whose fragments are filled.
void ReadAspects(std::string_view text, const SentenceView& sentence, const AspectContext& context,
                 const LabelWords& words, std::span<Figure> figures);

}  // namespace duban
