// SPDX-License-Identifier: Apache-2.0
// duban plan assign, update, review: what people do to plan items.

#include <fmt/format.h>

#include "services/cli/plan_commands.h"

ABSL_FLAG(std::string, by, "", "who assigns, reports or reviews");
ABSL_FLAG(std::string, due, "", "for plan assign: the last day YYYY-MM-DD that keeps the promise");
ABSL_FLAG(std::string, note, "", "for plan assign: why; for plan update: what was done or stands in the way");
ABSL_FLAG(std::vector<std::string>, evidence, {}, "for plan update: what shows it, with commas between");
ABSL_FLAG(std::string, reason, "", "for plan review: why; required to override");
ABSL_FLAG(std::string, etag, "", "change only what still has this etag (duban plan show NAME prints it)");
ABSL_FLAG(std::string, request_id, "", "repeating a command with the same id on the same item changes nothing");

namespace duban {
namespace {

absl::Status WantName(const char* verb, const char* usage) {
  return absl::InvalidArgumentError(fmt::format("plan {}: want {}", verb, usage));
}

// Shows how the item stands after a change of it.
int ShowAfter(v1::PlanService::StubInterface& stub, const std::string& name, Format format) {
  v1::GetTrackingRequest request;
  request.set_name(name + "/tracking");
  request.set_as_of(absl::GetFlag(FLAGS_as_of));
  v1::Tracking tracking;
  const absl::Status status = FromGrpc(stub.GetTracking(CallContext().get(), request, &tracking));
  if (!status.ok()) return Fail(status);
  ShowTracking(tracking, format);
  return 0;
}

}  // namespace

int PlanAssign(v1::PlanService::StubInterface& stub, const Arguments& words, Format format) {
  if (words.size() != 1) return WrongUsage(WantName("assign", "NAME --unit=… --due=… --by=…"));
  v1::AssignPlanItemRequest request;
  request.set_name(PlanItemOf(words[0]));
  request.set_responsible_unit(absl::GetFlag(FLAGS_unit));
  request.set_due_date(absl::GetFlag(FLAGS_due));
  request.set_note(absl::GetFlag(FLAGS_note));
  request.set_assigner(absl::GetFlag(FLAGS_by));
  request.set_etag(absl::GetFlag(FLAGS_etag));
  request.set_request_id(absl::GetFlag(FLAGS_request_id));
  v1::PlanItem item;
  const absl::Status status = FromGrpc(stub.AssignPlanItem(CallContext().get(), request, &item));
  return status.ok() ? ShowAfter(stub, request.name(), format) : Fail(status);
}

int PlanUpdate(v1::PlanService::StubInterface& stub, const Arguments& words, Format format) {
  if (words.size() != 1) return WrongUsage(WantName("update", "NAME --note=… --by=…"));
  v1::AddProgressUpdateRequest request;
  request.set_name(PlanItemOf(words[0]));
  request.set_note(absl::GetFlag(FLAGS_note));
  for (const std::string& evidence : absl::GetFlag(FLAGS_evidence)) request.add_evidence(evidence);
  request.set_author(absl::GetFlag(FLAGS_by));
  request.set_request_id(absl::GetFlag(FLAGS_request_id));
  v1::ProgressUpdate update;
  const absl::Status status = FromGrpc(stub.AddProgressUpdate(CallContext().get(), request, &update));
  if (!status.ok()) return Fail(status);
  if (format == Format::kJson) {
    PrintJson(update);
  } else {
    fmt::print("noted; duban plan show {} has the history\n", request.name());
  }
  return 0;
}

int PlanReview(v1::PlanService::StubInterface& stub, const Arguments& words, Format format) {
  v1::ReviewTrackingRequest request;
  v1::Review::Decision decision = v1::Review::DECISION_UNSPECIFIED;
  if (words.size() != 2 || !v1::Review::Decision_Parse(absl::AsciiStrToUpper(words[1]), &decision)) {
    return WrongUsage(WantName("review", "NAME accept --by=…, or NAME override --status=… --reason=… --by=…"));
  }
  const auto verdict = StatusFlag();
  if (!verdict.ok()) return WrongUsage(verdict.status());
  request.set_name(PlanItemOf(words[0]) + "/tracking");
  request.set_decision(decision);
  request.set_status(*verdict);
  request.set_reason(absl::GetFlag(FLAGS_reason));
  request.set_reviewer(absl::GetFlag(FLAGS_by));
  request.set_etag(absl::GetFlag(FLAGS_etag));
  request.set_request_id(absl::GetFlag(FLAGS_request_id));
  v1::Tracking tracking;
  const absl::Status status = FromGrpc(stub.ReviewTracking(CallContext().get(), request, &tracking));
  if (!status.ok()) return Fail(status);
  ShowTracking(tracking, format);
  return 0;
}

}  // namespace duban
