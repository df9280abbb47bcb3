// SPDX-License-Identifier: Apache-2.0
// services/indicator/clause.h: the sentences of a text and the words that belong to each figure.
//
//   SentenceView view = ReadSentence(text, {begin, end});
//   FillFragments(view, figures);    // figures of that sentence: before, gap, after, clause, segment
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "services/indicator/figure.h"

namespace duban {

// Punctuation and quotations of one sentence. Marks inside quotations are left out; a quotation that does not close in
// the sentence is none.
SentenceView ReadSentence(std::string_view text, Range range);

// Sets before, gap, after, clause, segment and in_parentheses of `figures`, which are all the figures of `sentence` in
// order.
void FillFragments(const SentenceView& sentence, std::span<Figure> figures);

}  // namespace duban
