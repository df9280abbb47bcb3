// SPDX-License-Identifier: Apache-2.0
// services/plan/workflow.h: what people's changes do to a plan item and its tracking.
//
//   v1::Tracking shown = Shown(machine_tracking, workflow);      // status is the review's, machine_status the
//   machine's DUBAN_RETURN_IF_ERROR(ApplyChange(shown, etag, &entry, &workflow));
//
// The machine's items and trackings and people's workflow are kept apart and only put together when they are shown, so
// neither can overwrite the other. Pure functions; no clock: days are given as YYYY-MM-DD, which compare as text.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "duban/v1/plan.pb.h"
#include "duban/v1/plan_service.pb.h"

namespace duban {

// How people left a plan item.
struct Workflow {
  // Counts assignments and reviews.
  int32_t version = 0;
  std::optional<v1::Assignment> assignment;
  std::optional<v1::Review> review;
};

// `item` as analysed, with people's assignment and its etag.
v1::PlanItem Shown(v1::PlanItem item, const Workflow& workflow);

// `tracking` as the machine left it, under people's review, with its etag and effective due date. Its plan_item too.
v1::Tracking Shown(v1::Tracking tracking, const Workflow& workflow);

// Whether a person sees the same of two verdicts of the machine on one item: their etags are then equal.
bool SameVerdict(const v1::Tracking& one, const v1::Tracking& other);

// The responsible unit that holds: the assignment's, else the report's.
std::string EffectiveUnit(const v1::PlanItem& shown);

// The last day that keeps the promise, as Tracking.effective_due_date.
std::string EffectiveDueDate(const v1::PlanItem& shown);

// Whether a shown tracking is past its due date on the day `as_of` and not delivered.
bool IsOverdue(const v1::Tracking& shown, std::string_view as_of);

// Whether a person should look at a shown tracking: ListTrackingsRequest.needs_review_below.
bool NeedsReview(const v1::Tracking& shown, double below);

// Puts the change in `entry` into `workflow` and completes `entry`: its title, and of a review the machine's status and
// for ACCEPT the status. `shown` is the tracking as it is. ABORTED: `etag` is neither empty nor that of what is changed
// (the plan item's for an assignment, the tracking's for a review). FAILED_PRECONDITION: ACCEPT of PENDING.
absl::Status ApplyChange(const v1::Tracking& shown, const std::string& etag, v1::HistoryEntry* entry,
                         Workflow* workflow);

// ASSIGNED, PROGRESS or REVIEWED.
v1::PlanItemChange::Kind KindOf(const v1::HistoryEntry& entry);

// How the promises of one agency for one year stand, as counted.
struct PlanCounts {
  std::string agency;
  int32_t year = 0;
  // By Tracking.Status.
  std::array<int64_t, v1::Tracking::Status_ARRAYSIZE> statuses{};
  int64_t overdue = 0;
  int64_t reviewed = 0;
  int64_t assigned = 0;
  // By theme: all and those that are DELIVERED. Items of no theme have an empty one.
  std::map<std::string, std::pair<int64_t, int64_t>> themes;
  // Place among the agencies that have a delivery rate in the year, and their number; 0 without delivery rate.
  int64_t rank = 0;
  int64_t ranked = 0;
  std::string agency_display_name;
};

// DELIVERED of those that are not PENDING; none while all are.
std::optional<double> DeliveryRate(const PlanCounts& counts);

// The counts with shares and delivery rate. `overdue_known`: whether counts.overdue means anything. `themes`: the order
// of their rows; those that it has not follow, those of no theme are last.
v1::PlanSummary ToSummary(const PlanCounts& counts, bool overdue_known, const std::vector<std::string>& themes);

}  // namespace duban
