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

// The places where a sentence that holds figures is cut into pieces that are worked one by one, so that work per figure
// over its whole sentence stays linear: a piece has at most 128 figures, and none that begins more than 16 kB behind
// the piece's begin but the first. It is cut behind the last comma, semicolon or stop before a figure, or, where there
// is none behind the figure before, at the figure. No sentence of a real report is that long. `figures` are ranges in
// order inside of `sentence`; the answer ends with the sentence's end.
std::vector<size_t> PieceEnds(std::string_view text, Range sentence, std::span<const Range> figures);

// Sets before, gap, after, clause, segment and in_parentheses of `figures`, which are all the figures of `sentence` in
// order.
void FillFragments(const SentenceView& sentence, std::span<Figure> figures);

}  // namespace duban
