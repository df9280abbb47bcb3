// SPDX-License-Identifier: Apache-2.0
#include "common/telemetry/metrics.h"

#include <fmt/format.h>
#include <prometheus/exposer.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <utility>

namespace duban {

Metrics::Metrics() : registry_(std::make_shared<prometheus::Registry>()) {}

prometheus::Counter& Metrics::Counter(std::string_view name, std::string_view help, const Labels& labels) {
  return prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(*registry_).Add(labels);
}

prometheus::Gauge& Metrics::Gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(*registry_).Add(labels);
}

prometheus::Histogram& Metrics::Histogram(std::string_view name, std::string_view help, const Labels& labels,
                                          const Buckets& buckets) {
  return prometheus::BuildHistogram()
      .Name(std::string(name))
      .Help(std::string(help))
      .Register(*registry_)
      .Add(labels, buckets);
}

const Metrics::Buckets& Metrics::LatencyBuckets() {
  static const Buckets* const kBuckets =
      new Buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  return *kBuckets;
}

const Metrics::Buckets& Metrics::WaitBuckets() {
  static const Buckets* const kBuckets = new Buckets{0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21600};
  return *kBuckets;
}

std::string Metrics::Text() const { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

absl::StatusOr<std::unique_ptr<MetricsPage>> MetricsPage::Start(const Metrics& metrics, const std::string& address) {
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address, /*num_threads=*/2);
    exposer->RegisterCollectable(metrics.registry_);
    return std::unique_ptr<MetricsPage>(new MetricsPage(std::move(exposer)));
  } catch (const std::exception& e) {
    return absl::UnavailableError(fmt::format("metrics page on {}: {}", address, e.what()));
  }
}

MetricsPage::MetricsPage(std::unique_ptr<prometheus::Exposer> exposer) : exposer_(std::move(exposer)) {}

MetricsPage::~MetricsPage() = default;

int MetricsPage::port() const {
  const auto ports = exposer_->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace duban
