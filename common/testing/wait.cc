// SPDX-License-Identifier: Apache-2.0
#include "common/testing/wait.h"

#include <algorithm>
#include <thread>

namespace duban::testing {

bool WaitFor(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
  using std::chrono::milliseconds;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (milliseconds pause(1); !condition(); pause = std::min(pause * 2, milliseconds(20))) {
    if (std::chrono::steady_clock::now() >= deadline) return condition();
    // What is waited for is mostly in another process and cannot wake this one.
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace duban::testing
