// SPDX-License-Identifier: Apache-2.0
// Waiting on a condition in tests, instead of a sleep of a guessed length.
//
//   ASSERT_TRUE(WaitFor([&] { return server.Backlog() == 0; }));
//
// Safe to call from any thread.

#pragma once

#include <chrono>
#include <functional>

namespace duban::testing {

// Asks `condition` until it is true (then true) or `timeout` has passed (then its last answer). Asks at once and then
// at growing intervals, 1 ms at first and 20 ms at most.
bool WaitFor(const std::function<bool()>& condition, std::chrono::milliseconds timeout = std::chrono::seconds(20));

}  // namespace duban::testing
