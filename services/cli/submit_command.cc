// SPDX-License-Identifier: Apache-2.0
// duban submit: hands reports in over one stream and, with --wait, follows them to the end.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "absl/flags/flag.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "services/cli/commands.h"
#include "services/cli/completion.h"
#include "services/cli/output.h"
#include "services/cli/progress_bar.h"
#include "services/cli/remote.h"
#include "services/cli/report_list.h"
#include "services/cli/submitter.h"

ABSL_FLAG(bool, wait, false, "submit, delete: wait until every report has come through all stages");
ABSL_FLAG(double, rate, 0, "submit: reports per second at most; 0 is as fast as they are taken");
ABSL_FLAG(absl::Duration, patience, absl::Minutes(5),
          "submit --wait: give up when nothing moves for so long; delete --wait: when one takes so long");

namespace duban {
namespace {

// What became of a submission.
struct Tally {
  absl::Mutex mutex;
  std::vector<std::string> names ABSL_GUARDED_BY(mutex);  // accepted
  int64_t refused ABSL_GUARDED_BY(mutex) = 0;
};

absl::Status SubmitFiles(v1::IngestService::StubInterface& stub, const std::vector<ReportSource>& files, Tally* tally) {
  ProgressBar bar("accepted", static_cast<int64_t>(files.size()));
  const auto refuse = [&](const std::string& file, const absl::Status& status) {
    fmt::print(stderr, "\rduban: {}: {}\n", file, Message(status));
    absl::MutexLock lock(&tally->mutex);
    ++tally->refused;
  };
  size_t at = 0;
  const auto next = [&]() -> std::optional<Submission> {
    while (at < files.size()) {
      const ReportSource& file = files[at++];
      auto content = file.read();
      if (content.ok()) return Submission{file.source_uri, *std::move(content)};
      refuse(file.source_uri, content.status());
    }
    return std::nullopt;
  };
  const auto answered = [&](const Submission& report, const absl::StatusOr<v1::Document>& document) {
    if (!document.ok()) refuse(report.source_uri, document.status());
    absl::MutexLock lock(&tally->mutex);
    if (document.ok()) tally->names.push_back(document->name());
    bar.Update(static_cast<int64_t>(tally->names.size()), tally->refused);
  };
  const absl::Status status = SubmitAll(stub, {.rate = absl::GetFlag(FLAGS_rate)}, next, answered);
  bar.Finish();
  return status;
}

absl::Status CheckSubmitFlags() {
  if (const double rate = absl::GetFlag(FLAGS_rate); !(rate >= 0 && std::isfinite(rate))) {
    return InvalidField("--rate", fmt::format("{}, want 0 (as fast as they are taken) or more", rate));
  }
  if (const absl::Duration patience = absl::GetFlag(FLAGS_patience); patience <= absl::ZeroDuration()) {
    return InvalidField("--patience", fmt::format("{}, want above 0", absl::FormatDuration(patience)));
  }
  return absl::OkStatus();
}

}  // namespace

int SubmitCommand(const Arguments& paths) {
  if (const absl::Status flags = CheckSubmitFlags(); !flags.ok()) return WrongUsage(flags);
  if (paths.empty()) return WrongUsage(absl::InvalidArgumentError("submit: no FILE or DIR, want one or more"));
  const auto files = ListReports(paths);
  if (!files.ok()) return Fail(files.status());
  const auto stub = IngestStub();
  // A service that is not there is told at once; SubmitAll would wait for it to come back.
  v1::PipelineStatus there;
  const absl::Status called =
      FromGrpc(stub->GetPipelineStatus(CallContext().get(), v1::GetPipelineStatusRequest(), &there));
  if (!called.ok()) return Fail(called);
  Tally tally;
  if (const absl::Status status = SubmitFiles(*stub, *files, &tally); !status.ok()) return Fail(status);
  absl::MutexLock lock(&tally.mutex);
  if (!absl::GetFlag(FLAGS_wait)) {
    fmt::print("{} accepted, {} refused; duban status shows how far they are\n", tally.names.size(), tally.refused);
    return tally.refused == 0 ? 0 : 1;
  }
  std::sort(tally.names.begin(), tally.names.end());
  tally.names.erase(std::unique(tally.names.begin(), tally.names.end()), tally.names.end());
  const auto total = static_cast<int64_t>(tally.names.size());
  ProgressBar bar("finished", total);
  int64_t all_failed = 0;
  const absl::Status status =
      AwaitCompletion(*stub, tally.names, absl::GetFlag(FLAGS_patience), [&](int64_t finished, int64_t failed) {
        all_failed = failed;
        bar.Update(finished + failed, failed);
      });
  bar.Finish();
  if (!status.ok()) return Fail(status);
  fmt::print("{} documents: {} finished, {} failed; {} files refused\n", total, total - all_failed, all_failed,
             tally.refused);
  if (all_failed > 0) fmt::print("duban dlq list tells why\n");
  return all_failed + tally.refused == 0 ? 0 : 1;
}

}  // namespace duban
