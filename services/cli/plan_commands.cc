// SPDX-License-Identifier: Apache-2.0
// duban plan: the ledger of what was promised.

#include <fmt/format.h>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

ABSL_FLAG(std::string, status, "",
          "only this verdict: DELIVERED, PARTIAL, MISSED, CARRIED_OVER, NOT_REPORTED or PENDING");

namespace duban {
namespace {

std::vector<std::string> TrackingRow(const v1::Tracking& tracking) {
  return {fmt::format("{}", tracking.plan_item().year()),
          tracking.plan_item().title(),
          v1::Tracking::Status_Name(tracking.status()),
          fmt::format("{:.2f}", tracking.score()),
          tracking.evidence().empty() ? "" : tracking.evidence(0).text(),
          tracking.plan_item().name()};
}

std::vector<std::string> PlanItemRow(const v1::PlanItem& item) {
  return {fmt::format("{}", item.year()), item.title(), item.due_date(), item.responsible_unit(), item.name()};
}

std::string AgencyFlag() {
  const std::string agency = absl::GetFlag(FLAGS_agency);
  return agency.empty() ? "agencies/-" : agency;
}

int ListTrackings(v1::PlanService::StubInterface& stub, Format format) {
  const auto status = EnumFlag<v1::Tracking::Status>("--status", absl::GetFlag(FLAGS_status),
                                                     v1::Tracking::STATUS_UNSPECIFIED, v1::Tracking::Status_Parse);
  if (!status.ok()) return WrongUsage(status.status());
  v1::ListTrackingsRequest request;
  request.set_parent(AgencyFlag());
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_status(*status);
  return ShowPages(stub, &v1::PlanService::StubInterface::ListTrackings, request, &v1::ListTrackingsResponse::trackings,
                   format, {"year", "promise", "status", "score", "evidence", "plan item"}, TrackingRow);
}

int ListPlanItems(v1::PlanService::StubInterface& stub, Format format) {
  v1::ListPlanItemsRequest request;
  request.set_parent(AgencyFlag());
  request.set_year(absl::GetFlag(FLAGS_year));
  return ShowPages(stub, &v1::PlanService::StubInterface::ListPlanItems, request,
                   &v1::ListPlanItemsResponse::plan_items, format,
                   {"year", "promise", "due", "responsible", "plan item"}, PlanItemRow);
}

}  // namespace

int PlanCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  const std::string verb = arguments.empty() ? "list" : arguments.front();
  const auto stub = PlanStub();
  if (verb == "list" && arguments.size() <= 1) return ListPlanItems(*stub, *format);
  if (verb == "track" && arguments.size() == 1) return ListTrackings(*stub, *format);
  return WrongUsage(absl::InvalidArgumentError(fmt::format("plan: \"{}\", want list or track and flags", verb)));
}

}  // namespace duban
