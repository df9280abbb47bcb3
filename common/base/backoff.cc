// SPDX-License-Identifier: Apache-2.0
#include "common/base/backoff.h"

#include <algorithm>
#include <cmath>

namespace duban {

std::chrono::milliseconds Backoff(const BackoffOptions& options, int attempt, double random) {
  const auto initial = static_cast<double>(options.initial.count());
  // The power overflows to infinity, which min() brings back; 0 * infinity would not be a number.
  const double grown = initial > 0 ? initial * std::pow(options.multiplier, std::max(attempt, 0)) : 0;
  const double bound = std::min(grown, static_cast<double>(options.max.count()));
  return std::chrono::milliseconds(static_cast<int64_t>(bound * random));
}

}  // namespace duban
