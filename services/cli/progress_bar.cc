// SPDX-License-Identifier: Apache-2.0
#include "services/cli/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/time/clock.h"

namespace duban {
namespace {

constexpr int kCells = 24;

}  // namespace

std::string ProgressLine(const std::string& what, int64_t done, int64_t failed, int64_t total, absl::Duration elapsed) {
  std::string line = what + " ";
  if (total > 0) {
    const auto full = static_cast<int>(std::min(total, done) * kCells / total);
    line += "[";
    for (int i = 0; i < kCells; ++i) line += i < full ? "█" : "·";
    line += fmt::format("] {}/{}", done, total);
  } else {
    line += fmt::format("{}", done);
  }
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds > 0 && done > 0) {
    const double rate = static_cast<double>(done) / seconds;
    line += fmt::format("  {:.0f}/s", rate);
    if (done < total) line += fmt::format("  {:.0f} s to go", std::ceil(static_cast<double>(total - done) / rate));
  }
  if (failed > 0) line += fmt::format("  {} failed", failed);
  return line;
}

ProgressBar::ProgressBar(std::string what, int64_t total)
    : what_(std::move(what)), total_(total), terminal_(isatty(STDERR_FILENO) == 1), start_(absl::Now()) {}

void ProgressBar::Update(int64_t done, int64_t failed) {
  done_ = done;
  failed_ = failed;
  const absl::Time now = absl::Now();
  if (now - drawn_ >= (terminal_ ? absl::Milliseconds(100) : absl::Seconds(5))) Draw(now);
}

void ProgressBar::Draw(absl::Time now) {
  drawn_ = now;
  const std::string line = ProgressLine(what_, done_, failed_, total_, now - start_);
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

void ProgressBar::Finish() {
  Draw(absl::Now());
  if (terminal_) fmt::print(stderr, "\n");
}

}  // namespace duban
