// SPDX-License-Identifier: Apache-2.0
// services/plan/clauses.h: the sentences and clauses of a text as byte ranges.
//
//   for (const Piece& s : Sentences(text, {0, text.size()}))
//     for (const Piece& c : Clauses(text, s)) …   // "一是建成平台，年内投用。" -> 一是建成平台 | 年内投用
//
// The text must be valid UTF-8. Pure functions, linear in the range.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace duban {

// A half-open range of bytes.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
  bool empty() const { return begin >= end; }
};

// `piece` without the blanks at its ends.
Piece Trimmed(std::string_view text, Piece piece);

// Where the body begins in `range`, which begins right behind a heading: the heading's stop or bracket, where the body
// runs on in its line, belongs to neither.
size_t BehindHeading(std::string_view text, Piece range);

// Whether the figure at [.., whole_end) of `text` is the whole of which the one at [part_begin, ..) is a part:
// 12个乡镇中 有8个.
bool TellsPart(std::string_view text, size_t whole_end, size_t part_begin);

// The sentences of `range`, trimmed, none empty: each ends behind 。！？ and the closing quotes that follow, or before
// a line break.
std::vector<Piece> Sentences(std::string_view text, Piece range);

// The clauses of `range`, trimmed and without their stops ，；：。！？ of either width. A comma or colon between digits
// is no stop, nor is one inside 《》 or quotes.
std::vector<Piece> Clauses(std::string_view text, Piece range);

}  // namespace duban
