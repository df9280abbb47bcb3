// SPDX-License-Identifier: Apache-2.0
// services/indicator/fragment.h: words stripped from the ends of a fragment.
//
//   Trim(text, StripFront(text, StripBack(text, range, words), words));   // 今年以来共受理案件 -> 受理案件
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string_view>

#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// Bytes of a Han character.
inline constexpr size_t kHan = 3;

// Whether `what` stands at byte `pos` of `text`.
inline bool StartsAt(std::string_view text, size_t pos, std::string_view what) {
  return pos <= text.size() && text.compare(pos, what.size(), what) == 0;
}

// Size of the 、 or word (和, 与, 及, 以及) that joins the names of a list at byte `pos` of `text`; 0 if there is none.
size_t ListJointAt(std::string_view text, size_t pos);

// The last character boundary of `text` that is at most `size`.
size_t Boundary(std::string_view text, size_t size);

// The fragment's bytes.
inline std::string_view View(std::string_view text, Range range) {
  return range.empty() ? std::string_view() : text.substr(range.begin, range.end - range.begin);
}

// Without blanks and joining punctuation at both ends.
Range Trim(std::string_view text, Range range);

// Without scope, time, adverbs and connectives at the front.
Range StripFront(std::string_view text, Range range, const LabelWords& words);

// Without copulas, approximators and adverbs of number at the end.
Range StripBack(std::string_view text, Range range, const LabelWords& words);

// Without words of one of `tags` at the end, blanks between them included.
Range StripBackWords(std::string_view text, Range range, const LabelWords& words, uint64_t tags);

// Whether two texts share a pair of neighbouring Han characters.
bool SharePair(std::string_view a, std::string_view b);

}  // namespace duban
