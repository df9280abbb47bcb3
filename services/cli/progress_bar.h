// SPDX-License-Identifier: Apache-2.0
// services/cli/progress_bar.h: how a long submission stands: done, rate, time to go, failures.
//
//   ProgressBar bar("accepted", 2000);
//   bar.Update(/*done=*/512, /*failed=*/1);   // accepted [█████·····] 512/2000  340/s  4 s to go  1 failed
//   bar.Finish();
//
// Draws on stderr: over the same line on a terminal, else a line every few seconds. Not thread-safe.

#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace duban {

class ProgressBar {
 public:
  // `total` is 0 while it is not known.
  ProgressBar(std::string what, int64_t total);
  void Update(int64_t done, int64_t failed);
  // Draws the last state and ends the line.
  void Finish();

 private:
  void Draw(absl::Time now);

  const std::string what_;
  const int64_t total_;
  const bool terminal_;
  const absl::Time start_;
  absl::Time drawn_ = absl::InfinitePast();
  int64_t done_ = 0;
  int64_t failed_ = 0;
};

// One line of the bar, without line break. `elapsed` is since the beginning.
std::string ProgressLine(const std::string& what, int64_t done, int64_t failed, int64_t total, absl::Duration elapsed);

}  // namespace duban
