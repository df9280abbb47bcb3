// SPDX-License-Identifier: Apache-2.0
// services/ingest/proof.h: where words stand that tell something about a report.

#pragma once

#include <cstddef>

namespace duban {

struct Proof {
  enum Place {
    kNone,    // nowhere as such
    kTitle,   // in the title
    kText,    // in CleanPage::text
    kField,   // in the value of CleanPage::fields[field]
    kAround,  // in CleanPage::around
  };
  Place place = kNone;
  size_t begin = 0, end = 0;  // bytes of the place, as written
  int field = 0;

  bool found() const { return place != kNone; }
};

}  // namespace duban
