// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_requests.h"

#include <fmt/format.h>

#include "absl/time/civil_time.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/validate.h"

namespace duban {
namespace {

constexpr size_t kMaxTextSize = 4096;
constexpr size_t kMaxNameSize = 256;
constexpr size_t kMaxRequestIdSize = 128;
constexpr int kMaxEvidence = 20;
constexpr size_t kDigestDigits = 32;

absl::Status CheckOptional(std::string_view field, std::string_view text, size_t max_bytes) {
  return text.empty() ? absl::OkStatus() : CheckWords(field, text, max_bytes);
}

absl::Status CheckYear(std::string_view field, int32_t year) {
  if (year >= 0) return absl::OkStatus();
  return InvalidField(field, fmt::format("{}, want 0 (all) or a calendar year", year));
}

template <typename Request>
absl::StatusOr<PlanFilter> AgencyAndYear(const Request& request) {
  PlanFilter filter;
  DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseParent(request.parent()));
  DUBAN_RETURN_IF_ERROR(CheckYear("year", request.year()));
  filter.year = request.year();
  DUBAN_RETURN_IF_ERROR(CheckDay("as_of", request.as_of()));
  return filter;
}

// What ListPlanItems and ListTrackings have in common.
template <typename Request>
absl::StatusOr<PlanFilter> ListFilter(const Request& request) {
  DUBAN_ASSIGN_OR_RETURN(PlanFilter filter, AgencyAndYear(request));
  filter.status = request.status();
  DUBAN_RETURN_IF_ERROR(CheckOptional("unit", request.unit(), kMaxNameSize));
  filter.unit = request.unit();
  DUBAN_RETURN_IF_ERROR(CheckOptional("theme", request.theme(), kMaxNameSize));
  filter.theme = request.theme();
  if (request.overdue()) {
    if (request.as_of().empty()) return InvalidField("as_of", "empty, want the day that overdue is asked for");
    filter.overdue_on = request.as_of();
  }
  const double below = request.needs_review_below();
  if (!(below >= 0 && below <= 1)) return InvalidField("needs_review_below", fmt::format("{}, want 0 to 1", below));
  filter.needs_review_below = below;
  return filter;
}

// What all changes have in common. The digest covers the whole request, so a request_id stands for one request.
template <typename Request>
absl::StatusOr<Edit> MakeEdit(const Request& request, const PlanItemKey& key, const std::string& etag) {
  DUBAN_RETURN_IF_ERROR(CheckOptional("etag", etag, kMaxRequestIdSize));
  DUBAN_RETURN_IF_ERROR(CheckOptional("request_id", request.request_id(), kMaxRequestIdSize));
  return Edit{.key = key,
              .entry = {},
              .etag = etag,
              .request_id = request.request_id(),
              .request_digest =
                  Sha256Hex(fmt::format("{} {}", request.GetTypeName(), request.SerializeAsString()), kDigestDigits)};
}

void SetTime(absl::Time time, google::protobuf::Timestamp* stamp) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  stamp->set_seconds(seconds);
  stamp->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

absl::Status CheckVerdict(const v1::ReviewTrackingRequest& request) {
  switch (request.decision()) {
    case v1::Review::ACCEPT:
      if (request.status() == v1::Tracking::STATUS_UNSPECIFIED) return absl::OkStatus();
      return InvalidField("status", "set, want it for OVERRIDE only: ACCEPT takes the machine's");
    case v1::Review::OVERRIDE:
      if (!v1::Tracking::Status_IsValid(request.status()) || request.status() == v1::Tracking::STATUS_UNSPECIFIED) {
        return InvalidField("status", "want the verdict that holds instead");
      }
      if (request.reason().empty()) return InvalidField("reason", "empty, want one for OVERRIDE");
      return absl::OkStatus();
    default:
      return InvalidField("decision", "want ACCEPT or OVERRIDE");
  }
}

}  // namespace

absl::Status CheckDay(std::string_view field, std::string_view day) {
  absl::CivilDay parsed;
  const std::string text(day);
  if (text.empty() || (absl::ParseCivilTime(text, &parsed) && absl::FormatCivilTime(parsed) == text)) {
    return absl::OkStatus();
  }
  return InvalidField(field, "not a day, want YYYY-MM-DD");
}

absl::StatusOr<std::string> ParseParent(const std::string& parent) {
  if (parent == AgencyName("-")) return std::string();
  return ParseAgencyName("parent", parent, /*allow_wildcard=*/true);
}

absl::StatusOr<PlanFilter> ToFilter(const v1::ListPlanItemsRequest& request) { return ListFilter(request); }

absl::StatusOr<PlanFilter> ToFilter(const v1::ListTrackingsRequest& request) { return ListFilter(request); }

absl::StatusOr<PlanFilter> ToFilter(const v1::SummarizePlansRequest& request) {
  DUBAN_ASSIGN_OR_RETURN(PlanFilter filter, AgencyAndYear(request));
  DUBAN_RETURN_IF_ERROR(CheckRegionPrefix(request.region_prefix()));
  filter.region_prefix = request.region_prefix();
  return filter;
}

absl::StatusOr<ProblemFilter> ToFilter(const v1::ListAdmittedProblemsRequest& request) {
  ProblemFilter filter;
  DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseParent(request.parent()));
  DUBAN_RETURN_IF_ERROR(CheckYear("report_year", request.report_year()));
  filter.report_year = request.report_year();
  filter.unanswered = request.unanswered();
  return filter;
}

absl::StatusOr<Edit> ToEdit(const v1::AssignPlanItemRequest& request, absl::Time now) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("name", request.name()));
  if (request.responsible_unit().empty() && request.due_date().empty()) {
    return InvalidField("responsible_unit", "empty, want a unit or a due_date or both");
  }
  DUBAN_RETURN_IF_ERROR(CheckOptional("responsible_unit", request.responsible_unit(), kMaxNameSize));
  DUBAN_RETURN_IF_ERROR(CheckDay("due_date", request.due_date()));
  DUBAN_RETURN_IF_ERROR(CheckOptional("note", request.note(), kMaxTextSize));
  DUBAN_RETURN_IF_ERROR(CheckWords("assigner", request.assigner(), kMaxNameSize));
  DUBAN_ASSIGN_OR_RETURN(Edit edit, MakeEdit(request, key, request.etag()));
  v1::Assignment& assignment = *edit.entry.mutable_assignment();
  assignment.set_responsible_unit(request.responsible_unit());
  assignment.set_due_date(request.due_date());
  assignment.set_note(request.note());
  assignment.set_assigner(request.assigner());
  SetTime(now, assignment.mutable_assign_time());
  return edit;
}

absl::StatusOr<Edit> ToEdit(const v1::AddProgressUpdateRequest& request, absl::Time now) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("name", request.name()));
  DUBAN_RETURN_IF_ERROR(CheckWords("note", request.note(), kMaxTextSize));
  DUBAN_RETURN_IF_ERROR(CheckWords("author", request.author(), kMaxNameSize));
  if (request.evidence_size() > kMaxEvidence) {
    return InvalidField("evidence", fmt::format("{} pieces, want at most {}", request.evidence_size(), kMaxEvidence));
  }
  for (int i = 0; i < request.evidence_size(); ++i) {
    DUBAN_RETURN_IF_ERROR(CheckWords(fmt::format("evidence[{}]", i), request.evidence(i), kMaxTextSize));
  }
  DUBAN_ASSIGN_OR_RETURN(Edit edit, MakeEdit(request, key, /*etag=*/""));
  v1::ProgressUpdate& update = *edit.entry.mutable_progress_update();
  update.set_note(request.note());
  *update.mutable_evidence() = request.evidence();
  update.set_author(request.author());
  SetTime(now, update.mutable_create_time());
  return edit;
}

absl::StatusOr<Edit> ToEdit(const v1::ReviewTrackingRequest& request, absl::Time now) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParseTrackingName("name", request.name()));
  DUBAN_RETURN_IF_ERROR(CheckVerdict(request));
  DUBAN_RETURN_IF_ERROR(CheckOptional("reason", request.reason(), kMaxTextSize));
  DUBAN_RETURN_IF_ERROR(CheckWords("reviewer", request.reviewer(), kMaxNameSize));
  DUBAN_ASSIGN_OR_RETURN(Edit edit, MakeEdit(request, key, request.etag()));
  v1::Review& review = *edit.entry.mutable_review();
  review.set_decision(request.decision());
  review.set_status(request.status());
  review.set_reason(request.reason());
  review.set_reviewer(request.reviewer());
  SetTime(now, review.mutable_review_time());
  return edit;
}

}  // namespace duban
