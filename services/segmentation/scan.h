// SPDX-License-Identifier: Apache-2.0
// services/segmentation/scan.h: one pass over a text that finds its lines and everything that looks like an enumerator.
//
//   Scan scan = ScanText("一、成效\n一是减负。二是增效。", rules);
//   // 2 lines; candidates 一、 (line start), 一是 (line start), 二是 (after a stop)
//
// What only looks like an enumerator (the （一） of a citation) is sorted out by numbering.h. Pure; linear.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "services/segmentation/rules.h"

namespace duban {

inline constexpr size_t kNowhere = static_cast<size_t>(-1);

// A line that is not blank, without the blanks around it.
struct Line {
  size_t begin = 0;
  size_t end = 0;
  size_t first_stop = kNowhere;  // of the first 。！？
  uint32_t chars = 0;
  uint32_t han = 0;
  char32_t first = 0;
  char32_t last = 0;
};

// Where an enumerator stands.
enum class Place : uint8_t { kLineStart, kStop, kComma, kBlank, kGlued, kInside };

// What looks like an enumerator.
struct Candidate {
  size_t begin = 0;
  size_t end = 0;  // behind its suffix
  uint32_t line = 0;
  int16_t series = 0;
  int8_t level = 0;
  int16_t number = 0;  // of the last word of a word series (最后): 0
  Place place = Place::kInside;
  bool sure = false;      // needs no neighbour
  bool doubtful = false;  // a digit stands behind it (2.12345热线): it may be a figure, and only its neighbours tell
};

// 【…】 at the beginning of a line or behind a stop.
struct Bracket {
  size_t begin = 0;
  size_t inner_begin = 0;
  size_t inner_end = 0;
  size_t end = 0;
  uint32_t line = 0;
};

struct Scan {
  size_t end = 0;            // bytes that were scanned
  uint32_t body_chars = 36;  // of the shortest line that is taken for running text
  std::vector<Line> lines;
  std::vector<Candidate> candidates;
  std::vector<Bracket> brackets;
};

// `text` must be valid UTF-8; malformed bytes do no harm.
Scan ScanText(std::string_view text, const Rules& rules);

}  // namespace duban
