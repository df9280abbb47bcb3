// SPDX-License-Identifier: Apache-2.0
#include "common/worker/settler.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/backoff.h"
#include "common/base/status.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"

namespace duban {
namespace {

constexpr BackoffOptions kQueueBackoff{.initial = std::chrono::milliseconds(100), .max = std::chrono::seconds(2)};

// The task of the stage behind `task`'s.
v1::Task NextTask(const v1::Task& task, v1::Task::Stage stage, absl::Time now) {
  v1::Task next = task;
  next.set_stage(stage);
  next.set_attempt(0);
  next.clear_last_error();
  next.set_enqueue_time_ms(absl::ToUnixMillis(now));
  return next;
}

void LogOutcome(LogLevel level, std::string_view message, const Lease& lease, std::string_view error) {
  Log(level, message,
      {{"document", lease.task.document()},
       {"stage", v1::Task::Stage_Name(lease.task.stage())},
       {"attempt", lease.task.attempt()},
       {"deliveries", lease.deliveries},
       {"trace_id", TraceId(lease.task.traceparent())},
       {"error", error}});
}

}  // namespace

Settler::Settler(v1::Task::Stage stage, v1::Task::Stage next_stage, absl::Duration patience, TaskQueue* queue,
                 Metrics* metrics)
    : next_stage_(next_stage),
      stage_name_(v1::Task::Stage_Name(stage)),
      patience_(patience),
      queue_(queue),
      metrics_(metrics),
      stage_seconds_(metrics->Histogram("duban_worker_stage_seconds",
                                        "Time from a task's being put up to its stage's being done.",
                                        {{"stage", stage_name_}}, Metrics::WaitBuckets())),
      queue_errors_(metrics->Counter("duban_worker_queue_errors_total", "Calls to the queue that failed.",
                                     {{"stage", stage_name_}})) {}

void Settler::Settle(std::span<const Lease> leases, std::span<const Verdict> verdicts, const WaitForEnd& wait_for_end) {
  if (!Insist(
          "complete", [&] { return CompleteAll(leases, verdicts); }, wait_for_end))
    return;
  for (size_t i = 0; i < leases.size(); ++i) {
    if (verdicts[i].kind == Verdict::Kind::kComplete) continue;
    if (!Insist(
            "settle", [&] { return SettleOne(leases[i], verdicts[i]); }, wait_for_end))
      return;
  }
}

absl::Status Settler::CompleteAll(std::span<const Lease> leases, std::span<const Verdict> verdicts) {
  const absl::Time now = absl::Now();
  std::vector<Completion> completions;
  for (size_t i = 0; i < leases.size(); ++i) {
    if (verdicts[i].kind != Verdict::Kind::kComplete) continue;
    Completion completion{.lease = leases[i], .next = std::nullopt, .event = DoneEvent(leases[i].task)};
    if (next_stage_ != v1::Task::STAGE_UNSPECIFIED) completion.next = NextTask(leases[i].task, next_stage_, now);
    completions.push_back(std::move(completion));
  }
  if (completions.empty()) return absl::OkStatus();
  DUBAN_ASSIGN_OR_RETURN(const std::vector<bool> handed_over, queue_->CompleteBatch(completions));
  for (size_t i = 0; i < completions.size(); ++i) {
    const Lease& lease = completions[i].lease;
    // Not handed over: another holder of the task was first, or an answer of the queue was lost and this is the second
    // call.
    Count(handed_over[i] ? "done" : "duplicate");
    if (!handed_over[i]) continue;
    stage_seconds_.Observe(absl::ToDoubleSeconds(Age(lease.task, now)));
    LogOutcome(LogLevel::kDebug, "task done", lease, "");
  }
  return absl::OkStatus();
}

absl::Status Settler::SettleOne(const Lease& lease, const Verdict& verdict) {
  absl::StatusOr<bool> ours = false;
  switch (verdict.kind) {
    case Verdict::Kind::kComplete:
      return absl::OkStatus();
    case Verdict::Kind::kRetry:
      ours = queue_->Retry(lease, verdict.delay, verdict.reason);
      if (ours.ok() && *ours) LogOutcome(LogLevel::kWarning, "task failed, to be tried again", lease, verdict.reason);
      break;
    case Verdict::Kind::kRelease:
      ours = queue_->Release(lease);
      break;
    case Verdict::Kind::kGiveUp:
      ours = queue_->GiveUp(lease, verdict.reason);
      if (ours.ok() && *ours) LogOutcome(LogLevel::kError, "task given up", lease, verdict.reason);
      break;
  }
  DUBAN_RETURN_IF_ERROR(ours.status());
  const std::string_view outcome = verdict.kind == Verdict::Kind::kRetry     ? "retry"
                                   : verdict.kind == Verdict::Kind::kRelease ? "released"
                                                                             : "dead";
  Count(*ours ? outcome : "lost");
  return absl::OkStatus();
}

// Whether `action` went well in the end. Between two tries it waits, longer each time, for the queue to come back; the
// worker's end cuts the wait short, so that a drain is not held up by it.
bool Settler::Insist(std::string_view operation, const std::function<absl::Status()>& action,
                     const WaitForEnd& wait_for_end) {
  const absl::Time deadline = absl::Now() + patience_;
  bool ending = wait_for_end(absl::ZeroDuration());
  for (int attempt = 0;; ++attempt) {
    const absl::Status status = action();
    if (status.ok()) return true;
    CountQueueError(operation, status);
    if (ending || absl::Now() >= deadline) return false;
    ending = wait_for_end(absl::FromChrono(Backoff(kQueueBackoff, attempt, 0.5)));
  }
}

void Settler::CountQueueError(std::string_view operation, const absl::Status& status) {
  queue_errors_.Increment();
  LogWarning("queue", {{"operation", operation}, {"stage", stage_name_}, {"error", status.ToString()}});
}

void Settler::Count(std::string_view outcome) {
  metrics_
      ->Counter("duban_worker_tasks_total", "Tasks that left the hands of a worker, by outcome.",
                {{"stage", stage_name_}, {"outcome", std::string(outcome)}})
      .Increment();
}

}  // namespace duban
