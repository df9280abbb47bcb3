// SPDX-License-Identifier: Apache-2.0
// tests/load/metrics_reader.h: reads a service's Prometheus page, for a load run's summary.
//
//   DUBAN_ASSIGN_OR_RETURN(const std::string page, FetchMetrics("127.0.0.1:9464"));
//   Histogram histogram = ReadHistogram(page, "duban_worker_stage_seconds", "stage=\"SEGMENT\"");
//   histogram.Quantile(0.99);   // seconds

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace duban {

// A cumulative histogram: observations at or below each upper bound.
struct Histogram {
  std::map<double, int64_t> buckets;

  int64_t count() const { return buckets.empty() ? 0 : buckets.rbegin()->second; }
  // By linear interpolation inside the bucket, as Prometheus' histogram_quantile; 0 without observations. Beyond the
  // last finite bound: that bound.
  double Quantile(double q) const;
};

// The body of http://<address>/metrics. UNAVAILABLE if it cannot be had.
absl::StatusOr<std::string> FetchMetrics(const std::string& address);

// The sum of all series of `name` whose labels contain `label`.
Histogram ReadHistogram(std::string_view page, std::string_view name, std::string_view label);

}  // namespace duban
