// SPDX-License-Identifier: Apache-2.0
// services/indicator/selection.h: which quantities measure something.
//
//   SelectFigures(text, sentence, found, words);   // not 三项制度, “一站式”, 近三年, 65岁
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/quantity.h"

namespace duban {

// The figures among `found`, the quantities of one sentence, their ranges filled. Left out are parts of names and
// quotations, structural counts, articles, terms and ages. A bare number counts where its words name a measure (得分)
// or it ends a pair (由86项降至23), whose unit it takes.
std::vector<Figure> SelectFigures(std::string_view text, const SentenceView& sentence,
                                  std::span<const FoundQuantity> found, const LabelWords& words);

}  // namespace duban
