// SPDX-License-Identifier: Apache-2.0
// duban indicators, findings: the ledger of what was measured, and what in it does not add up.

#include <fmt/format.h>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

ABSL_FLAG(std::string, metric, "", "only this metric of the catalog");
ABSL_FLAG(bool, has_finding, false, "only figures that a finding speaks of");
ABSL_FLAG(std::string, type, "",
          "only findings of this type: RATE_MISMATCH, IMPOSSIBLE_RATE, PART_EXCEEDS_WHOLE, CONFLICTING_FIGURES, "
          "CHANGE_MISMATCH, HISTORY_MISMATCH or IMPLAUSIBLE_JUMP");
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

std::vector<std::string> FindingRow(const v1::Finding& finding) {
  std::string evidence;
  for (const v1::Indicator& indicator : finding.evidence()) {
    evidence += (evidence.empty() ? "" : " / ") + indicator.evidence();
  }
  return {fmt::format("{}", finding.year()),
          v1::Finding::Type_Name(finding.type()),
          v1::Finding::Severity_Name(finding.severity()),
          finding.message(),
          NumberText(finding.reported()),
          fmt::format("{:.2f}", finding.computed()),
          finding.document(),
          evidence};
}

// --document as a parent.
std::string ParentFlag() {
  const std::string document = absl::GetFlag(FLAGS_document);
  return document.empty() ? "documents/-" : document;
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
  request.set_parent(ParentFlag());
  request.set_metric(absl::GetFlag(FLAGS_metric));
  request.set_agency(absl::GetFlag(FLAGS_agency));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_aspect(*aspect);
  request.set_has_finding(absl::GetFlag(FLAGS_has_finding));
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListIndicators, request,
                   &v1::ListIndicatorsResponse::indicators, *format,
                   {"agency", "year", "indicator", "value", "unit", "qualifier", "aspect", "metric", "evidence"},
                   IndicatorRow);
}

int FindingsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("findings: takes flags only"));
  const auto type = EnumFlag<v1::Finding::Type>("--type", absl::GetFlag(FLAGS_type), v1::Finding::TYPE_UNSPECIFIED,
                                                v1::Finding::Type_Parse);
  if (!type.ok()) return WrongUsage(type.status());
  v1::ListFindingsRequest request;
  request.set_parent(ParentFlag());
  request.set_agency(absl::GetFlag(FLAGS_agency));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_type(*type);
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListFindings, request,
                   &v1::ListFindingsResponse::findings, *format,
                   {"year", "type", "severity", "finding", "printed", "computed", "document", "evidence"}, FindingRow);
}

}  // namespace duban
