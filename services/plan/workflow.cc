// SPDX-License-Identifier: Apache-2.0
// An etag is a hash of what a person sees and may decide on. A tracking's leaves out the plan item, which its own etag
// covers, and what only says where things are; a re-tracking that comes to the same verdict from the same evidence
// leaves it as it is, so a reviewer is only turned away when there is something new to look at.
#include "services/plan/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {
namespace {

constexpr size_t kEtagDigits = 16;

std::string EtagOf(const v1::PlanItem& item, const Workflow& workflow) {
  return Sha256Hex(fmt::format("{} {}", workflow.version, item.SerializeAsString()), kEtagDigits);
}

std::string EtagOf(const v1::Tracking& tracking, const Workflow& workflow) {
  std::string seen = fmt::format("{} {} {} {} {}", workflow.version, static_cast<int>(tracking.status()),
                                 tracking.score(), tracking.rule(), tracking.target().SerializeAsString());
  for (const v1::Evidence& evidence : tracking.evidence()) seen += evidence.SerializeAsString();
  return Sha256Hex(seen, kEtagDigits);
}

absl::Status CheckEtag(const std::string& name, const std::string& want, const std::string& have) {
  if (want.empty() || want == have) return absl::OkStatus();
  return absl::AbortedError(fmt::format("{}: changed since etag \"{}\" was read; read it again", name, want));
}

absl::Status ApplyReview(const v1::Tracking& shown, v1::Review* review) {
  review->set_machine_status(shown.machine_status());
  if (review->decision() != v1::Review::ACCEPT) return absl::OkStatus();
  if (shown.machine_status() == v1::Tracking::PENDING) {
    return absl::FailedPreconditionError(
        fmt::format("{}: no later report is in, so there is no verdict to accept; OVERRIDE gives one", shown.name()));
  }
  review->set_status(shown.machine_status());
  return absl::OkStatus();
}

int64_t TotalOf(const PlanCounts& counts) {
  return std::accumulate(counts.statuses.begin(), counts.statuses.end(), int64_t{0});
}

void AddThemes(const PlanCounts& counts, const std::vector<std::string>& order, v1::PlanSummary* summary) {
  // By place in `order`, then by name; no theme behind all.
  std::map<std::tuple<bool, size_t, std::string>, std::pair<int64_t, int64_t>> sorted;
  for (const auto& [theme, count] : counts.themes) {
    const size_t place = std::find(order.begin(), order.end(), theme) - order.begin();
    sorted[{theme.empty(), place, theme}] = count;
  }
  for (const auto& [key, count] : sorted) {
    v1::PlanSummary::ThemeCount& row = *summary->add_themes();
    row.set_theme(std::get<2>(key));
    row.set_total(count.first);
    row.set_delivered(count.second);
    row.set_share(static_cast<double>(count.first) / static_cast<double>(summary->total()));
  }
}

}  // namespace

v1::PlanItem Shown(v1::PlanItem item, const Workflow& workflow) {
  item.set_etag(EtagOf(item, workflow));
  if (workflow.assignment.has_value()) *item.mutable_assignment() = *workflow.assignment;
  return item;
}

v1::Tracking Shown(v1::Tracking tracking, const Workflow& workflow) {
  tracking.set_etag(EtagOf(tracking, workflow));
  *tracking.mutable_plan_item() = Shown(std::move(*tracking.mutable_plan_item()), workflow);
  tracking.set_machine_status(tracking.status());
  if (workflow.review.has_value()) {
    tracking.set_status(workflow.review->status());
    *tracking.mutable_review() = *workflow.review;
  }
  tracking.set_effective_due_date(EffectiveDueDate(tracking.plan_item()));
  return tracking;
}

bool SameVerdict(const v1::Tracking& one, const v1::Tracking& other) { return EtagOf(one, {}) == EtagOf(other, {}); }

std::string EffectiveUnit(const v1::PlanItem& shown) {
  const std::string& assigned = shown.assignment().responsible_unit();
  return assigned.empty() ? shown.responsible_unit() : assigned;
}

std::string EffectiveDueDate(const v1::PlanItem& shown) {
  if (!shown.assignment().due_date().empty()) return shown.assignment().due_date();
  if (!shown.due_date().empty()) return shown.due_date();
  return shown.year() == 0 ? "" : fmt::format("{:04}-12-31", shown.year());
}

bool IsOverdue(const v1::Tracking& shown, std::string_view as_of) {
  const std::string due = EffectiveDueDate(shown.plan_item());
  return !due.empty() && due < as_of && shown.status() != v1::Tracking::DELIVERED;
}

bool NeedsReview(const v1::Tracking& shown, double below) {
  if (shown.machine_status() == v1::Tracking::PENDING) return false;
  return shown.has_review() ? shown.review().machine_status() != shown.machine_status() : shown.score() < below;
}

absl::Status ApplyChange(const v1::Tracking& shown, const std::string& etag, v1::HistoryEntry* entry,
                         Workflow* workflow) {
  entry->set_title(shown.plan_item().title());
  switch (entry->change_case()) {
    case v1::HistoryEntry::kAssignment:
      DUBAN_RETURN_IF_ERROR(CheckEtag(shown.plan_item().name(), etag, shown.plan_item().etag()));
      workflow->assignment = entry->assignment();
      ++workflow->version;
      break;
    case v1::HistoryEntry::kReview:
      DUBAN_RETURN_IF_ERROR(CheckEtag(shown.name(), etag, shown.etag()));
      DUBAN_RETURN_IF_ERROR(ApplyReview(shown, entry->mutable_review()));
      workflow->review = entry->review();
      ++workflow->version;
      break;
    case v1::HistoryEntry::kProgressUpdate:
      break;
    case v1::HistoryEntry::CHANGE_NOT_SET:
      return InvalidField("entry", "without a change, want one");
  }
  return absl::OkStatus();
}

v1::PlanItemChange::Kind KindOf(const v1::HistoryEntry& entry) {
  if (entry.has_assignment()) return v1::PlanItemChange::ASSIGNED;
  return entry.has_review() ? v1::PlanItemChange::REVIEWED : v1::PlanItemChange::PROGRESS;
}

std::optional<double> DeliveryRate(const PlanCounts& counts) {
  const int64_t judged = TotalOf(counts) - counts.statuses[v1::Tracking::PENDING];
  if (judged == 0) return std::nullopt;
  return static_cast<double>(counts.statuses[v1::Tracking::DELIVERED]) / static_cast<double>(judged);
}

v1::PlanSummary ToSummary(const PlanCounts& counts, bool overdue_known, const std::vector<std::string>& themes) {
  v1::PlanSummary summary;
  summary.set_agency(AgencyName(counts.agency));
  summary.set_agency_display_name(counts.agency_display_name);
  summary.set_year(counts.year);
  summary.set_total(TotalOf(counts));
  for (size_t status = 0; status < counts.statuses.size(); ++status) {
    if (counts.statuses[status] == 0) continue;
    v1::PlanSummary::StatusCount& row = *summary.add_statuses();
    row.set_status(static_cast<v1::Tracking::Status>(status));
    row.set_count(counts.statuses[status]);
    row.set_share(static_cast<double>(row.count()) / summary.total());
  }
  AddThemes(counts, themes, &summary);
  if (const auto rate = DeliveryRate(counts); rate.has_value()) summary.set_delivery_rate(*rate);
  summary.set_rank(counts.rank);
  summary.set_ranked(counts.ranked);
  if (overdue_known) summary.set_overdue(counts.overdue);
  summary.set_reviewed(counts.reviewed);
  summary.set_assigned(counts.assigned);
  return summary;
}

}  // namespace duban
