// SPDX-License-Identifier: Apache-2.0
// services/indicator/relation.h: how the figures of a report hang together.
//
//   FindRelations(figures, words);   // RATE 98% = 3237宗 / 3302宗, CHANGE 38.9% of 25家, PART 47件 of 65件
//
// Pure functions; safe to call from any thread. Linear in the number of figures, quadratic within a sentence.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// A relation between figures, by their index; -1 where the text does not give a member.
struct Link {
  v1::Relation::Type type = v1::Relation::TYPE_UNSPECIFIED;
  int subject = -1;       // rate, change or part
  int first = -1;         // numerator, of or whole
  int second = -1;        // denominator
  bool computed = false;  // RATE: found by the arithmetic, not only by the words
  bool named = false;     // RATE: its words leave no doubt which figures it is of
  bool scoped = false;    // RATE: nor that rate and numerator are of the whole, and not of some of it
};

// All links of one document. `figures` are labelled, `of` counts within `figures`.
std::vector<Link> FindRelations(std::string_view text, std::span<const Figure> figures, const LabelWords& words);

// The id of figure `index`: i1, i2 ….
std::string IndicatorId(int index);

v1::Relation ToRelation(const Link& link);

}  // namespace duban
