// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_requests.h: requests of PlanService as what the store takes.
//
// Each function checks its request as plan_service.proto says; errors are INVALID_ARGUMENT with a BadRequest that names
// the field. `now` goes into the change as the time it came in. Pure functions.

#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "duban/v1/plan_service.pb.h"
#include "services/plan/plan_store.h"

namespace duban {

// A day of the calendar as YYYY-MM-DD, or empty.
absl::Status CheckDay(std::string_view field, std::string_view day);

// The agency's id of agencies/{agency}; empty for agencies/-.
absl::StatusOr<std::string> ParseParent(const std::string& parent);

absl::StatusOr<PlanFilter> ToFilter(const v1::ListPlanItemsRequest& request);
absl::StatusOr<PlanFilter> ToFilter(const v1::ListTrackingsRequest& request);
// Its as_of is checked too.
absl::StatusOr<PlanFilter> ToFilter(const v1::SummarizePlansRequest& request);
absl::StatusOr<ProblemFilter> ToFilter(const v1::ListAdmittedProblemsRequest& request);

absl::StatusOr<Edit> ToEdit(const v1::AssignPlanItemRequest& request, absl::Time now);
absl::StatusOr<Edit> ToEdit(const v1::AddProgressUpdateRequest& request, absl::Time now);
absl::StatusOr<Edit> ToEdit(const v1::ReviewTrackingRequest& request, absl::Time now);

}  // namespace duban
