// SPDX-License-Identifier: Apache-2.0
// services/cli/plan_commands.h: the parts of duban plan. Each takes the words behind its own name, prints, and returns
// the process's exit code.

#pragma once

#include <string>

#include "absl/flags/declare.h"
#include "absl/status/statusor.h"
#include "duban/v1/plan.pb.h"
#include "duban/v1/plan_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/pages.h"

ABSL_DECLARE_FLAG(std::string, status);
ABSL_DECLARE_FLAG(std::string, unit);
ABSL_DECLARE_FLAG(std::string, theme);
ABSL_DECLARE_FLAG(std::string, as_of);
ABSL_DECLARE_FLAG(bool, overdue);
ABSL_DECLARE_FLAG(double, needs_review_below);

namespace duban {

// The verdict of --status; STATUS_UNSPECIFIED if it is empty.
absl::StatusOr<v1::Tracking::Status> StatusFlag();

// --agency as a parent; without it all agencies. Statuses as AgencyFlag.
absl::StatusOr<std::string> AgencyParent();

// The flags that narrow a list as a ListPlanItemsRequest or ListTrackingsRequest without a page.
template <typename Request>
absl::StatusOr<Request> PlanListRequest() {
  Request request;
  DUBAN_ASSIGN_OR_RETURN(std::string parent, AgencyParent());
  request.set_parent(std::move(parent));
  DUBAN_ASSIGN_OR_RETURN(const int32_t year, YearFlag());
  request.set_year(year);
  DUBAN_ASSIGN_OR_RETURN(const v1::Tracking::Status status, StatusFlag());
  request.set_status(status);
  request.set_unit(absl::GetFlag(FLAGS_unit));
  request.set_as_of(absl::GetFlag(FLAGS_as_of));
  request.set_overdue(absl::GetFlag(FLAGS_overdue));
  request.set_needs_review_below(absl::GetFlag(FLAGS_needs_review_below));
  request.set_theme(absl::GetFlag(FLAGS_theme));
  return request;
}

// assign NAME, update NAME, review NAME accept|override.
int PlanAssign(v1::PlanService::StubInterface& stub, const Arguments& words, Format format);
int PlanUpdate(v1::PlanService::StubInterface& stub, const Arguments& words, Format format);
int PlanReview(v1::PlanService::StubInterface& stub, const Arguments& words, Format format);

// watch: prints changes until it is interrupted or the server refuses.
int PlanWatch(v1::PlanService::StubInterface& stub, Format format);

// export, in the form of --format.
int PlanExportCommand(v1::PlanService::StubInterface& stub, const Arguments& words);

// agencies/…/planItems/… of the one word that names a plan item or its tracking.
std::string PlanItemOf(const std::string& word);

// One tracking as lines "what  text", or as JSON.
void ShowTracking(const v1::Tracking& tracking, Format format);

}  // namespace duban
