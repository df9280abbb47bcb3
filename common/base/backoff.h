// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next try: exponential backoff with full jitter.
//
//   queue->Retry(lease, Backoff({}, lease.task.attempt(), absl::Uniform(random, 0.0, 1.0)), error);
//
// Full jitter (any length from nothing to the bound) spreads tries that failed together better than a jitter around the
// bound does. Pure; safe to call from any thread.

#pragma once

#include <chrono>

namespace duban {

struct BackoffOptions {
  // Bound of the first wait. 0: no wait at all.
  std::chrono::milliseconds initial{500};
  // Bound of every wait.
  std::chrono::milliseconds max{std::chrono::minutes(2)};
  // Growth of the bound from one try to the next, at least 1.
  double multiplier = 2;
};

// random * min(max, initial * multiplier^attempt). `attempt` counts failed tries from 0 (below 0 is 0), `random` is
// from [0, 1).
std::chrono::milliseconds Backoff(const BackoffOptions& options, int attempt, double random);

}  // namespace duban
