// SPDX-License-Identifier: Apache-2.0
// Prometheus metrics: one registry per process, shown on a page of its own.
//
//   Metrics metrics;
//   auto page = MetricsPage::Start(metrics, "127.0.0.1:9464");  // GET /metrics
//   metrics.Counter("duban_documents_accepted_total", "Reports accepted.", {{"format", "html"}}).Increment();
//   metrics.Histogram("duban_commit_seconds", "Time of one commit.").Observe(0.012);
//
// Names follow Prometheus practice: prefix duban_, base units (seconds, bytes), counters end in _total. Labels have few
// values: never a document's id. Asking twice for the same name and labels gives the same metric; the lookup takes a
// lock, so keep the reference (valid as long as the Metrics) where it is hot. Safe to call from any thread.

#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace prometheus {
class Exposer;
}

namespace duban {

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;
  using Buckets = prometheus::Histogram::BucketBoundaries;

  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  prometheus::Counter& Counter(std::string_view name, std::string_view help, const Labels& labels = {});
  prometheus::Gauge& Gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  // `buckets` are upper bounds in rising order; the same for every call of one name.
  prometheus::Histogram& Histogram(std::string_view name, std::string_view help, const Labels& labels = {},
                                   const Buckets& buckets = LatencyBuckets());

  // 1 ms to 60 s.
  static const Buckets& LatencyBuckets();
  // 10 ms to 6 h: for what waits in a queue.
  static const Buckets& WaitBuckets();

  // What the page shows, in Prometheus' text format.
  std::string Text() const;

 private:
  friend class MetricsPage;
  std::shared_ptr<prometheus::Registry> registry_;
};

// The page http://<address>/metrics. Serves until destroyed; `metrics` must outlive it.
class MetricsPage {
 public:
  // `address` is host:port; port 0 takes a free one. UNAVAILABLE if the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<MetricsPage>> Start(const Metrics& metrics, const std::string& address);
  ~MetricsPage();

  int port() const;

 private:
  explicit MetricsPage(std::unique_ptr<prometheus::Exposer> exposer);
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace duban
