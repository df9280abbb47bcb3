// SPDX-License-Identifier: Apache-2.0
// duban indicators, findings: the ledger of what was measured, and what in it does not add up.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "services/cli/commands.h"
#include "services/cli/figure_cells.h"
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
  std::vector<std::string> row = {indicator.agency_display_name(), fmt::format("{}", indicator.year()),
                                  indicator.label()};
  for (std::string& cell : FigureCells(indicator)) row.push_back(std::move(cell));
  row.insert(row.end(), {indicator.metric(), indicator.name(), indicator.evidence()});
  return row;
}

std::vector<std::string> FindingRow(const v1::Finding& finding) {
  std::string evidence;
  for (const v1::Indicator& indicator : finding.evidence()) {
    evidence += (evidence.empty() ? "" : " / ") + indicator.evidence();
  }
  return {finding.evidence().empty() ? finding.agency() : finding.evidence(0).agency_display_name(),
          fmt::format("{}", finding.year()),
          v1::Finding::Type_Name(finding.type()),
          v1::Finding::Severity_Name(finding.severity()),
          finding.message(),
          NumberText(finding.reported()),
          fmt::format("{:.2f}", finding.computed()),
          finding.document(),
          evidence};
}

// `request` for each of --document, --agency and --year that are given.
template <typename Request>
absl::StatusOr<std::vector<Request>> ForEachFlag(Request request) {
  DUBAN_ASSIGN_OR_RETURN(std::vector<std::string> agencies, AgencyFlags());
  DUBAN_ASSIGN_OR_RETURN(std::vector<int32_t> years, YearFlags());
  std::vector<std::string> documents = absl::GetFlag(FLAGS_document);
  if (documents.empty()) documents = {"documents/-"};
  if (agencies.empty()) agencies = {""};
  if (years.empty()) years = {0};
  std::vector<Request> requests;
  for (const std::string& document : documents) {
    for (const std::string& agency : agencies) {
      for (const int32_t year : years) {
        request.set_parent(document);
        request.set_agency(agency);
        request.set_year(year);
        requests.push_back(request);
      }
    }
  }
  return requests;
}

}  // namespace

int IndicatorsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("indicators: takes flags only"));
  const auto aspect = EnumFlag<v1::Indicator::Aspect>("--aspect", absl::GetFlag(FLAGS_aspect));
  if (!aspect.ok()) return WrongUsage(aspect.status());
  v1::ListIndicatorsRequest request;
  request.set_metric(absl::GetFlag(FLAGS_metric));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_aspect(*aspect);
  request.set_has_finding(absl::GetFlag(FLAGS_has_finding));
  const auto requests = ForEachFlag(request);
  if (!requests.ok()) return FailOrWrongUsage(requests.status());
  return ShowPages(*IndicatorStub(), &v1::IndicatorService::StubInterface::ListIndicators, *requests,
                   &v1::ListIndicatorsResponse::indicators, *format,
                   Table(WithFigureHeads({"agency", "year", "indicator"}, {"metric", "name", "evidence"})),
                   IndicatorRow);
}

int FindingsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("findings: takes flags only"));
  const auto type = EnumFlag<v1::Finding::Type>("--type", absl::GetFlag(FLAGS_type));
  if (!type.ok()) return WrongUsage(type.status());
  v1::ListFindingsRequest request;
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_type(*type);
  const auto requests = ForEachFlag(request);
  if (!requests.ok()) return FailOrWrongUsage(requests.status());
  return ShowPages(
      *IndicatorStub(), &v1::IndicatorService::StubInterface::ListFindings, *requests,
      &v1::ListFindingsResponse::findings, *format,
      Table({"agency", "year", "type", "severity", "finding", "printed", "computed", "document", "evidence"},
            /*whole=*/4),
      FindingRow);
}

}  // namespace duban
