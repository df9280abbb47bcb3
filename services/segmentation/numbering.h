// SPDX-License-Identifier: Apache-2.0
// services/segmentation/numbering.h: which of the things that look like enumerators are.
//
//   ValidateNumbering(scan, title_offsets, rules)   // 一是 with a 二是 behind it: yes; the （一） of 第三条（一）: no
//
// Pure; linear in the number of candidates (times six levels).

#pragma once

#include <cstddef>
#include <vector>

#include "services/segmentation/scan.h"

namespace duban {

// An enumerator that counts.
struct Enumerator {
  size_t candidate = 0;  // index into Scan::candidates
  int chain = 0;         // the enumerators of one list share it; counted from 1
};

// In the order of the text. `breaks`: sorted offsets of lines at which every numbering begins anew (titles of parts).
std::vector<Enumerator> ValidateNumbering(const Scan& scan, const std::vector<size_t>& breaks, const Rules& rules);

}  // namespace duban
