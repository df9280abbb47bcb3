// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/base/status.h"
#include "common/store/check.h"

namespace duban {
namespace {

absl::Status CheckItems(const std::vector<v1::PlanItem>& items) {
  std::set<std::string> ids;
  for (const v1::PlanItem& item : items) {
    if (item.id().empty()) return InvalidField("item.id", "empty, want one that is unique in its document");
    DUBAN_RETURN_IF_ERROR(CheckStorableText("item.id", item.id()));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("item.due_date", item.due_date()));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("item.responsible_unit", item.responsible_unit()));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("item.theme", item.theme()));
    if (!ids.insert(item.id()).second) {
      return InvalidField("item.id", fmt::format("{} twice, want it unique in its document", item.id()));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCursor(const std::optional<PlanCursor>& after) {
  if (!after.has_value()) return absl::OkStatus();
  DUBAN_RETURN_IF_ERROR(CheckAgencyId("after.agency", after->agency));
  return CheckDocumentId("after.document", after->document);
}

std::set<std::pair<std::string, int32_t>> Revisions(const std::vector<PlanDocument>& documents) {
  std::set<std::pair<std::string, int32_t>> revisions;
  for (const PlanDocument& document : documents) revisions.emplace(document.id, document.revision);
  return revisions;
}

}  // namespace

absl::StatusOr<PlanBatch> ToBatch(const std::vector<PlanDocumentItems>& documents) {
  PlanBatch batch;
  for (const PlanDocumentItems& entry : documents) {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("document.id", entry.document.id));
    DUBAN_RETURN_IF_ERROR(CheckAgencyId("document.agency", entry.document.agency));
    DUBAN_RETURN_IF_ERROR(CheckRevision("document.revision", entry.document.revision));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("document.region", entry.document.region));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("document.agency_display_name", entry.document.agency_display_name));
    DUBAN_RETURN_IF_ERROR(CheckItems(entry.items));
    const PlanDocumentItems*& kept = batch[entry.document.id];
    if (kept == nullptr || kept->document.revision <= entry.document.revision) kept = &entry;
  }
  return batch;
}

std::vector<v1::AdmittedProblem> AdmittedProblems(const PlanDocumentItems& plan) {
  std::map<std::string, std::vector<std::string>> answers;
  for (const v1::PlanItem& item : plan.items) {
    if (!item.problem().empty()) answers[item.problem()].push_back(item.name());
  }
  std::vector<v1::AdmittedProblem> problems;
  for (const v1::Problem& problem : plan.problems) {
    v1::AdmittedProblem& admitted = problems.emplace_back();
    admitted.set_agency(AgencyName(plan.document.agency));
    admitted.set_document(DocumentName(plan.document.id));
    admitted.set_report_year(plan.document.report_year);
    *admitted.mutable_problem() = problem;
    const std::vector<std::string>& names = answers[problem.id()];
    admitted.mutable_plan_items()->Assign(names.begin(), names.end());
  }
  return problems;
}

bool IsSame(const PlanDocumentItems& a, const PlanDocumentItems& b) {
  const auto same = [](const auto& one, const auto& other) {
    return one.SerializeAsString() == other.SerializeAsString();
  };
  return a.document == b.document && std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(a.problems.begin(), a.problems.end(), b.problems.begin(), b.problems.end(), same);
}

absl::StatusOr<TrackingBatch> ToBatch(const std::vector<v1::Tracking>& trackings) {
  TrackingBatch batch;
  for (const v1::Tracking& tracking : trackings) {
    const v1::PlanItem& item = tracking.plan_item();
    DUBAN_ASSIGN_OR_RETURN(std::string document, ParseDocumentName("tracking.plan_item.document", item.document()));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("tracking.plan_item.id", item.id()));
    if (!v1::Tracking::Status_IsValid(tracking.status()) || tracking.status() == v1::Tracking::STATUS_UNSPECIFIED) {
      return InvalidField("tracking.status", fmt::format("{}, want a verdict", static_cast<int>(tracking.status())));
    }
    batch[{std::move(document), item.id()}] = &tracking;
  }
  return batch;
}

absl::Status UnknownItem(const std::string& agency) {
  return absl::AbortedError(
      fmt::format("{}: its plan items changed while the trackings were computed; read them again", AgencyName(agency)));
}

absl::Status CheckIds(const std::string& agency, const std::vector<std::string>& documents) {
  DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
  for (const std::string& document : documents) DUBAN_RETURN_IF_ERROR(CheckDocumentId("document", document));
  return absl::OkStatus();
}

absl::Status CheckPlans(const std::string& agency, const std::set<int32_t>& years) {
  DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
  if (years.empty() || *years.begin() >= 1) return absl::OkStatus();
  return InvalidField("years", fmt::format("{}, want calendar years", *years.begin()));
}

absl::Status CheckReadSet(const std::string& agency, const std::set<int32_t>& years,
                          const std::vector<PlanDocument>& read_set, const std::vector<PlanDocument>& stored,
                          const TrackingBatch& batch) {
  if (Revisions(read_set) != Revisions(stored)) {
    return absl::AbortedError(fmt::format(
        "{}: its documents changed while the trackings were computed; read them again", AgencyName(agency)));
  }
  std::set<std::string> plans;
  for (const PlanDocument& document : stored) {
    if (years.contains(document.plan_year)) plans.insert(document.id);
  }
  for (const auto& [key, tracking] : batch) {
    if (!plans.contains(key.first)) {
      return InvalidField("tracking.plan_item.document",
                          fmt::format("{}, want one of the plans that are tracked", DocumentName(key.first)));
    }
  }
  return absl::OkStatus();
}

std::vector<DocumentYears> YearsOf(const std::vector<PlanDocument>& documents) {
  std::vector<DocumentYears> years;
  for (const PlanDocument& document : documents) years.push_back({document.report_year, document.plan_year});
  return years;
}

absl::Status CheckFilter(const PlanFilter& filter, const std::optional<PlanCursor>& after, int limit) {
  if (!filter.agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", filter.agency));
  if (!v1::Tracking::Status_IsValid(filter.status)) {
    return InvalidField("status", fmt::format("{}, want a Tracking.Status", static_cast<int>(filter.status)));
  }
  DUBAN_RETURN_IF_ERROR(CheckStorableText("unit", filter.unit));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("overdue_on", filter.overdue_on));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("theme", filter.theme));
  if (filter.region_prefix.find_first_not_of("0123456789") != std::string::npos) {
    return InvalidField("region_prefix", "not a number, want decimal digits");
  }
  DUBAN_RETURN_IF_ERROR(CheckCursor(after));
  return CheckLimit(limit);
}

absl::Status CheckFilter(const ProblemFilter& filter, const std::optional<PlanCursor>& after, int limit) {
  if (!filter.agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", filter.agency));
  DUBAN_RETURN_IF_ERROR(CheckCursor(after));
  return CheckLimit(limit);
}

bool Passes(const PlanFilter& filter, const v1::Tracking& shown) {
  if (filter.status != v1::Tracking::STATUS_UNSPECIFIED && shown.status() != filter.status) return false;
  if (EffectiveUnit(shown.plan_item()).find(filter.unit) == std::string::npos) return false;
  if (!filter.overdue_on.empty() && !IsOverdue(shown, filter.overdue_on)) return false;
  return filter.needs_review_below == 0 || NeedsReview(shown, filter.needs_review_below);
}

absl::Status CheckEdit(const Edit& edit) {
  DUBAN_RETURN_IF_ERROR(CheckKey(edit.key));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("request_id", edit.request_id));
  const v1::Assignment& assignment = edit.entry.assignment();
  DUBAN_RETURN_IF_ERROR(CheckStorableText("due_date", assignment.due_date()));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("responsible_unit", assignment.responsible_unit()));
  const bool review = edit.entry.has_review() && edit.entry.review().decision() == v1::Review::OVERRIDE;
  const auto status = edit.entry.review().status();
  if (review && (!v1::Tracking::Status_IsValid(status) || status == v1::Tracking::STATUS_UNSPECIFIED)) {
    return InvalidField("status", fmt::format("{}, want a verdict", static_cast<int>(status)));
  }
  return absl::OkStatus();
}

absl::Status CheckRepeat(const Edit& edit, const std::string& digest) {
  if (digest == edit.request_digest) return absl::OkStatus();
  return InvalidField("request_id", "used for another request on this plan item, want a new one");
}

absl::Status CheckSummary(const PlanFilter& filter, const std::string& as_of, const std::optional<SummaryCursor>& after,
                          int limit) {
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("after.agency", after->agency));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("as_of", as_of));
  return CheckFilter(filter, std::nullopt, limit);
}

absl::Status CheckKey(const PlanItemKey& key) {
  DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", key.agency));
  DUBAN_RETURN_IF_ERROR(CheckDocumentId("document", key.document));
  return CheckStorableText("item", key.item);
}

absl::Status MalformedToken() { return InvalidField("resume_token", "malformed, want that of a change"); }

absl::Status TokenOutOfRange() {
  return absl::OutOfRangeError(
      "resume_token: the log of changes does not reach back to it; list anew and watch without one");
}

absl::Status PlanItemNotFound(const PlanItemKey& key) {
  return ResourceNotFound("duban.v1/PlanItem", PlanItemName(key), "no such plan item");
}

v1::Tracking PendingTracking(const PlanItemKey& key, v1::PlanItem item) {
  v1::Tracking tracking;
  tracking.set_name(TrackingName(key));
  *tracking.mutable_plan_item() = std::move(item);
  tracking.set_status(v1::Tracking::PENDING);
  return tracking;
}

}  // namespace duban
