// SPDX-License-Identifier: Apache-2.0
// duban plan watch: changes as they are made, until it is interrupted. A stream that the server ends (it is replaced,
// or an hour is over) is taken up again behind the last change, as long as there is an answer within --timeout.

#include <fmt/format.h>

#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/text/csv.h"
#include "services/cli/plan_commands.h"

ABSL_DECLARE_FLAG(absl::Duration, timeout);
ABSL_FLAG(std::string, from, "", "for plan watch: go on behind the change with this token; empty: from now on");

namespace duban {
namespace {

// Before a stream that ended is taken up again: a server that starts anew is not pressed. --timeout bounds it all.
constexpr absl::Duration kPause = absl::Seconds(1);

const std::vector<std::string>& Heads() {
  static const auto* const kHeads =
      new std::vector<std::string>{"change", "agency", "year", "promise", "status", "plan item", "token"};
  return *kHeads;
}

std::vector<std::string> ChangeRow(const v1::PlanItemChange& change) {
  const v1::PlanItem& item = change.tracking().plan_item();
  return {v1::PlanItemChange::Kind_Name(change.kind()),
          item.agency_display_name(),
          change.has_tracking() ? fmt::format("{}", item.year()) : "",
          item.title(),
          change.has_tracking() ? v1::Tracking::Status_Name(change.tracking().status()) : "",
          change.plan_item(),
          change.resume_token()};
}

// A line at once, so nothing is aligned: columns have tabs between, or are CSV.
void ShowRow(std::vector<std::string> row, Format format) {
  std::string line;
  for (std::string& cell : row) {
    cell = format == Format::kCsv ? InertCell(std::move(cell)) : Printable(cell);
    line += (line.empty() ? "" : "\t") + cell;
  }
  if (format == Format::kCsv) {
    fmt::print("{}", CsvLine(row));
  } else {
    fmt::print("{}\n", line);
  }
}

void ShowChange(const v1::PlanItemChange& change, Format format) {
  if (format == Format::kJson) {
    PrintJson(change);
  } else {
    ShowRow(ChangeRow(change), format);
  }
  std::fflush(stdout);
}

// Shows what one stream tells, moves the request's token on, and notes when the last answer came.
absl::Status WatchOnce(v1::PlanService::StubInterface& stub, v1::WatchPlanItemsRequest* request, Format format,
                       absl::Time* last_answer) {
  const auto context = MakeContext({});
  const auto stream = stub.WatchPlanItems(context.get(), *request);
  v1::PlanItemChange change;
  while (std::ferror(stdout) == 0 && stream->Read(&change)) {
    *last_answer = absl::Now();
    request->set_resume_token(change.resume_token());
    if (change.kind() != v1::PlanItemChange::KIND_UNSPECIFIED) ShowChange(change, format);
  }
  if (std::ferror(stdout) != 0) context->TryCancel();
  return FromGrpc(stream->Finish());
}

}  // namespace

int PlanWatch(v1::PlanService::StubInterface& stub, Format format) {
  auto parent = AgencyParent();
  if (!parent.ok()) return FailOrWrongUsage(parent.status());
  v1::WatchPlanItemsRequest request;
  request.set_parent(*std::move(parent));
  request.set_resume_token(absl::GetFlag(FLAGS_from));
  absl::Time last_answer = absl::InfinitePast();
  if (format != Format::kJson) ShowRow(Heads(), format);
  while (true) {
    const absl::Status status = WatchOnce(stub, &request, format, &last_answer);
    const bool ended_by_server = status.ok() || absl::IsUnavailable(status) || absl::IsCancelled(status);
    const bool silent = absl::Now() - last_answer > absl::GetFlag(FLAGS_timeout);
    if (std::ferror(stdout) != 0 || silent || !ended_by_server) {
      const int code = Fail(status);
      if (!request.resume_token().empty()) fmt::print(stderr, "go on: --from={}\n", request.resume_token());
      return code;
    }
    absl::SleepFor(kPause);
  }
}

}  // namespace duban
