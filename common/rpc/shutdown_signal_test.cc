// SPDX-License-Identifier: Apache-2.0
// A program of its own: the signals must be blocked before any other thread starts.
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "common/rpc/server.h"

namespace duban {
namespace {

TEST(ShutdownSignalTest, WaitsForTermAndInt) {
  ShutdownSignal shutdown;
  for (const int signal : {SIGTERM, SIGINT}) {
    int got = 0;
    std::thread waiter([&] { got = shutdown.Wait(); });
    ASSERT_EQ(kill(getpid(), signal), 0);
    waiter.join();
    EXPECT_EQ(got, signal);
  }
}

}  // namespace
}  // namespace duban
