// SPDX-License-Identifier: Apache-2.0
// N in = N out, each figure and promise as it was written, with several streams at once and a backlog limit that bites.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/cluster.h"
#include "tests/load/load_run.h"

namespace duban::testing {
namespace {

TEST(LoadTest, EverythingComesOutAsWritten) {
  auto cluster = Cluster::Start({.ingest_flags = {"--max_backlog=100"}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  const auto result = RunLoad({.documents = 600, .seed = 11, .window = 32, .streams = 3}, (*cluster)->ingest(),
                              (*cluster)->indicator(), (*cluster)->plan());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->accepted, 600);
  EXPECT_EQ(result->finished, 600);
  EXPECT_EQ(result->figures_right, result->figures_written);
  EXPECT_EQ(result->figures_found, result->figures_written);
  EXPECT_EQ(result->promises_right, result->promises_written);
  EXPECT_THAT(result->failures, ::testing::IsEmpty());
}

}  // namespace
}  // namespace duban::testing
