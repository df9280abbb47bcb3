// SPDX-License-Identifier: Apache-2.0
// duban status and dlq: how far documents are, and the tasks that a stage gave up on.

#include <fmt/format.h>

#include "services/cli/commands.h"
#include "services/cli/pages.h"

namespace duban {
namespace {

int ListDeadLetters(v1::IngestService::StubInterface& stub, Format format) {
  return ShowPages(stub, &v1::IngestService::StubInterface::ListDeadLetters, std::vector{v1::ListDeadLettersRequest()},
                   &v1::ListDeadLettersResponse::dead_letters, format,
                   Table({"id", "stage", "document", "deliveries", "reason"}, /*whole=*/4),
                   [](const v1::DeadLetter& letter) -> std::vector<std::string> {
                     return {letter.id(), v1::Task::Stage_Name(letter.task().stage()), letter.task().document(),
                             fmt::format("{}", letter.deliveries()), letter.reason()};
                   });
}

}  // namespace

int StatusCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("status: takes no further words"));
  v1::PipelineStatus status;
  const absl::Status called =
      FromGrpc(IngestStub()->GetPipelineStatus(CallContext().get(), v1::GetPipelineStatusRequest(), &status));
  if (!called.ok()) return Fail(called);
  if (*format == Format::kJson) {
    PrintJson(status);
    return 0;
  }
  for (const auto& row : status.states()) {
    fmt::print("{:<10} {}\n", v1::Document::State_Name(row.state()), row.count());
  }
  if (!status.queue_available()) {
    fmt::print("Redis is out of reach: documents are accepted and wait until it is back\n");
    return 0;
  }
  for (const auto& row : status.stages()) {
    fmt::print("backlog {:<8} {}\n", v1::Task::Stage_Name(row.stage()), row.backlog());
  }
  fmt::print("dead letters {}{}\n", status.dead_letters(), status.dead_letters() > 0 ? "  (duban dlq list)" : "");
  return 0;
}

int DeadLettersCommand(const Arguments& arguments) {
  const std::string verb = arguments.empty() ? "" : arguments.front();
  const auto format = FormatFlag(/*csv_allowed=*/verb == "list");
  if (!format.ok()) return WrongUsage(format.status());
  const auto stub = IngestStub();
  if (verb == "list" && arguments.size() == 1) return ListDeadLetters(*stub, *format);
  if (verb == "redrive" && arguments.size() > 1) {
    v1::RedriveDeadLettersRequest request;
    request.mutable_ids()->Assign(arguments.begin() + 1, arguments.end());
    v1::RedriveDeadLettersResponse response;
    const absl::Status status = FromGrpc(stub->RedriveDeadLetters(CallContext().get(), request, &response));
    if (!status.ok()) return Fail(status);
    fmt::print("{} put back to work\n", response.redriven());
    return 0;
  }
  if (verb == "drop" && arguments.size() > 1) {
    v1::DropDeadLettersRequest request;
    request.mutable_ids()->Assign(arguments.begin() + 1, arguments.end());
    v1::DropDeadLettersResponse response;
    const absl::Status status = FromGrpc(stub->DropDeadLetters(CallContext().get(), request, &response));
    if (!status.ok()) return Fail(status);
    fmt::print("{} dropped\n", response.dropped());
    return 0;
  }
  return WrongUsage(
      absl::InvalidArgumentError(fmt::format("dlq: \"{}\", want list, redrive ID... or drop ID...", verb)));
}

}  // namespace duban
