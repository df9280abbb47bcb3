// SPDX-License-Identifier: Apache-2.0
// services/indicator/share_rate.h: the parts of a rate that is a share: 占已办结案件的97%.
//
//   ShareRate(text, rows, begin, i, words);   // 受理486件。…分别为302件和181件，分别占62.1%、37.2%  ->  RATE 62.1% of
//   302, 486
//
// Pure functions; safe to call from any thread. Linear in the number of figures within reach.

#pragma once

#include <optional>
#include <string_view>

#include "services/indicator/figure_rows.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/relation.h"

namespace duban {

// Whether 占 opens the figure's own words, so that the share is that of the figure before it.
bool OpensShare(std::string_view text, const Figure& rate);

// What a share says before 占 that it is of: 三地合计 of 三地合计占全市收案的74.8%.
std::string_view SubjectOfShare(std::string_view text, const Figure& rate, const LabelWords& words);

// The share at `i` with its parts: the denominator is the count of [begin, i) that the words behind 占 name, or one of
// the sentences before that gives the share. The denominator may be missing. None if the rate is no share or nothing
// tells what it is of. `begin`: the first figure of its sentence.
std::optional<Link> ShareRate(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                              const LabelWords& words);

}  // namespace duban
