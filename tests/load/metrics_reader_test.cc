// SPDX-License-Identifier: Apache-2.0
#include "tests/load/metrics_reader.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/telemetry/metrics.h"

namespace duban {
namespace {

TEST(MetricsReaderTest, ReadsWhatTheServicesShow) {
  Metrics metrics;
  auto& histogram = metrics.Histogram("duban_test_seconds", "A test.", {{"stage", "SEGMENT"}}, {0.1, 0.2, 0.4});
  auto& other = metrics.Histogram("duban_test_seconds", "A test.", {{"stage", "TRACK"}}, {0.1, 0.2, 0.4});
  for (int i = 0; i < 10; ++i) histogram.Observe(0.15);
  other.Observe(5);
  const auto page = MetricsPage::Start(metrics, "127.0.0.1:0");
  ASSERT_TRUE(page.ok()) << page.status();
  const auto text = FetchMetrics("127.0.0.1:" + std::to_string((*page)->port()));
  ASSERT_TRUE(text.ok()) << text.status();
  const Histogram read = ReadHistogram(*text, "duban_test_seconds", "stage=\"SEGMENT\"");
  EXPECT_EQ(read.count(), 10);
  EXPECT_NEAR(read.Quantile(0.5), 0.15, 1e-9);
  EXPECT_EQ(ReadHistogram(*text, "duban_test_seconds", "stage=\"TRACK\"").Quantile(0.5), 0.4);
  EXPECT_EQ(ReadHistogram(*text, "duban_test_seconds", "stage=\"NONE\"").Quantile(0.5), 0);
}

TEST(MetricsReaderTest, TellsWhenThereIsNoPage) {
  EXPECT_EQ(FetchMetrics("127.0.0.1:1").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FetchMetrics("nowhere").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace duban
