// SPDX-License-Identifier: Apache-2.0
// services/indicator/worded_rate.h: the parts of a rate by their words alone.
//
//   WordedRate(text, rows, begin, i, words);   // 抽查案卷200卷，合格180卷，合格率90%  ->  RATE 90% of 180 and 200
//
// Pure functions; safe to call from any thread. Linear in the number of figures.

#pragma once

#include <optional>
#include <string_view>

#include "services/indicator/figure_rows.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/relation.h"

namespace duban {

// The words of a rate without 率 and its topic: what its numerator did.
std::string_view RateStem(const Figure& rate);

// The rate at `i` with the counts of [begin, i) that its words name; none if a word is missing. `named` tells whether
// nothing stands between that the rate may leave out and the rate's other words are the whole's; `computed`, whether
// the quotient prints as the rate.
std::optional<Link> WordedRate(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                               const LabelWords& words);

// 抽检5630批次，合格率98.4%: the rate at `i` of the only count of the clause right before, if the table of rates names
// that as its whole; none if that count is itself of what the rate says was done, or another rate follows.
std::optional<Link> RateOfWhole(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                                const LabelWords& words);

}  // namespace duban
