// SPDX-License-Identifier: Apache-2.0
// duban indicators: the ledger of what was measured.

#include <fmt/format.h>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

ABSL_FLAG(std::string, metric, "", "only this metric of the catalog");
ABSL_FLAG(std::string, aspect, "", "only ACTUAL, CHANGE, TARGET or BASELINE figures");

namespace duban {
namespace {

std::vector<std::string> IndicatorRow(const v1::Indicator& indicator) {
  const v1::Quantity& quantity = indicator.quantity();
  return {indicator.agency_display_name(),
          fmt::format("{}", indicator.year()),
          indicator.label(),
          NumberText(quantity.value()),
          quantity.unit(),
          v1::Quantity::Qualifier_Name(quantity.qualifier()),
          v1::Indicator::Aspect_Name(indicator.aspect()),
          indicator.metric(),
          indicator.evidence()};
}

}  // namespace

int IndicatorsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("indicators: takes flags only"));
  const auto aspect = EnumFlag<v1::Indicator::Aspect>("--aspect", absl::GetFlag(FLAGS_aspect),
                                                      v1::Indicator::ASPECT_UNSPECIFIED, v1::Indicator::Aspect_Parse);
  if (!aspect.ok()) return WrongUsage(aspect.status());
  v1::ListIndicatorsRequest request;
  const std::string document = absl::GetFlag(FLAGS_document);
  request.set_parent(document.empty() ? "documents/-" : document);
  request.set_metric(absl::GetFlag(FLAGS_metric));
  request.set_agency(absl::GetFlag(FLAGS_agency));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_aspect(*aspect);
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListIndicators, request,
                   &v1::ListIndicatorsResponse::indicators, *format,
                   {"agency", "year", "indicator", "value", "unit", "qualifier", "aspect", "metric", "evidence"},
                   IndicatorRow);
}

}  // namespace duban
