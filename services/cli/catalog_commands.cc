// SPDX-License-Identifier: Apache-2.0
// duban metrics, unmapped: the catalog of metrics, and what it does not know.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

namespace duban {
namespace {

std::string Join(const google::protobuf::RepeatedPtrField<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<std::string> MetricRow(const v1::Metric& metric) {
  return {metric.id(),
          metric.display_name(),
          metric.unit(),
          v1::Metric::Better_Name(metric.better()),
          metric.parent(),
          Join(metric.aliases()),
          Join(metric.exclusions()),
          metric.english_name()};
}

std::vector<std::string> LabelRow(const v1::ListUnmappedLabelsResponse::Label& label) {
  return {fmt::format("{}", label.indicators()), fmt::format("{}", label.documents()), label.label(),
          label.example().quantity().unit(),     label.example().evidence(),           label.example().name()};
}

}  // namespace

int MetricsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (arguments.size() > 1) return WrongUsage(absl::InvalidArgumentError("metrics: want one PREFIX or none"));
  if (const absl::Status filters = CheckFilters({}); !filters.ok()) return WrongUsage(filters);
  v1::ListMetricsRequest request;
  if (!arguments.empty()) request.set_prefix(arguments.front());
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListMetrics, request,
                   &v1::ListMetricsResponse::metrics, *format,
                   {"metric", "name", "unit", "better", "parent", "aliases", "exclusions", "english name"}, MetricRow);
}

int UnmappedCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("unmapped: takes flags only"));
  if (const absl::Status filters = CheckFilters({}); !filters.ok()) return WrongUsage(filters);
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListUnmappedLabels,
                   v1::ListUnmappedLabelsRequest(), &v1::ListUnmappedLabelsResponse::labels, *format,
                   {"figures", "documents", "label", "unit", "evidence", "example"}, LabelRow);
}

}  // namespace duban
