// SPDX-License-Identifier: Apache-2.0
// services/indicator/figure.h: a quantity on its way to becoming an Indicator, and the sentence around it.
//
// Plain data, filled step by step by the extractor: fragments, aspect and period, label, relations.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "duban/v1/outline.pb.h"

namespace duban {

// A half-open range of bytes of the text.
struct Range {
  size_t begin = 0;
  size_t end = 0;
  bool empty() const { return begin >= end; }
};

// A punctuation character of a sentence that stands outside of quotation marks.
struct Mark {
  enum Kind : uint8_t { kComma, kSemicolon, kColon, kStop, kEnumeration, kOpen, kClose };
  size_t pos = 0;
  size_t size = 0;
  Kind kind = kComma;
};

// A sentence that holds figures.
struct SentenceView {
  Range range;
  int section = -1;           // index into Outline.sections, -1 for none
  std::vector<Mark> marks;    // in order
  std::vector<Range> quoted;  // “…”, 《…》 and the like, the marks included; in order, not nested
};

struct Figure {
  v1::Quantity quantity;
  Range range;                // number and unit
  size_t unit_end = 0;        // end of the unit proper: the quantity may take in a noun (14个单位)
  Range extent;               // with approximators and bounds on both sides
  bool chinese = false;       // written in Chinese numerals
  bool bare_number = false;   // no unit is written
  bool descriptive = false;   // the unit seldom measures work
  bool plus = false;          // a + stands before it
  bool bound_behind = false;  // 以上, 以内 … stands behind the number
  size_t sentence = 0;
  Range before;     // words of the figure itself before it: from the last mark or figure to the number
  Range gap;        // from the figure before (or the sentence's begin) to the number
  Range after;      // words behind the unit, to the next mark or figure
  int clause = 0;   // counts commas, colons and stops of the sentence
  int segment = 0;  // counts semicolons and stops
  bool in_parentheses = false;
  bool in_table = false;  // a cell, without words around it

  v1::Indicator::Aspect aspect = v1::Indicator::ACTUAL;
  v1::Indicator::Direction direction = v1::Indicator::DIRECTION_UNSPECIFIED;
  v1::Indicator::Base base = v1::Indicator::BASE_UNSPECIFIED;
  int year = 0;
  bool year_named = false;  // the text names the year
  bool to_level = false;    // 增至: the second of a pair
  bool earlier = false;  // 较上年600件, 上年为600件: given beside the present figure, of which it may take the label
  Range subject;         // CHANGE: the words before the point of comparison

  std::string label;
  std::string topic;       // what a label with a general head (合格率) took from the words before
  std::string head;        // the noun that a bare fragment behind it takes as its object
  bool inherited = false;  // label borrows words of an earlier figure
  bool in_part = false;    // behind 其中
  int of = -1;             // index of the figure that a CHANGE, BASELINE or pair speaks of
  int whole = -1;          // PART: index of the whole
};

}  // namespace duban
