// SPDX-License-Identifier: Apache-2.0
#include "common/base/backoff.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace duban {
namespace {

using std::chrono::milliseconds;

TEST(BackoffTest, GrowsToItsBound) {
  const BackoffOptions options{.initial = milliseconds(100), .max = milliseconds(1000), .multiplier = 2};
  struct Case {
    int attempt;
    double random;
    int64_t want;
  };
  for (const Case& c : std::initializer_list<Case>{{0, 0.5, 50},
                                                   {1, 0.5, 100},
                                                   {2, 0.5, 200},
                                                   {3, 0.5, 400},
                                                   {4, 0.5, 500},
                                                   {5, 0.5, 500},
                                                   {2, 0, 0},
                                                   {2, 0.999, 399},
                                                   {-7, 0.5, 50},
                                                   {2'000'000'000, 0.5, 500}}) {
    SCOPED_TRACE(c.attempt);
    EXPECT_EQ(Backoff(options, c.attempt, c.random).count(), c.want);
  }
}

TEST(BackoffTest, ZeroIsNoWait) {
  EXPECT_EQ(Backoff({.initial = milliseconds(0)}, 2'000'000'000, 0.9).count(), 0);
  EXPECT_EQ(Backoff({.max = milliseconds(0)}, 3, 0.9).count(), 0);
}

}  // namespace
}  // namespace duban
