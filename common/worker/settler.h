// SPDX-License-Identifier: Apache-2.0
// Carries verdicts out on the queue, counts and logs them.
//
//   settler.Settle(leases, verdicts, [&](absl::Duration at_most) { return stop.Wait(at_most); });
//
// Safe to call from any thread.

#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"
#include "common/telemetry/metrics.h"
#include "common/worker/verdict.h"

namespace duban {

class Settler {
 public:
  // A done task goes on to `next_stage`, unless that is STAGE_UNSPECIFIED. While the queue is out of reach it is asked
  // again for `patience`. `queue` and `metrics` must outlive the settler.
  Settler(v1::Task::Stage stage, v1::Task::Stage next_stage, absl::Duration patience, TaskQueue* queue,
          Metrics* metrics);

  // Waits at most so long for the worker's end; whether that has come.
  using WaitForEnd = std::function<bool(absl::Duration at_most)>;

  // `verdicts` has one entry per lease. Returns when all are carried out, or after `patience`, or at the first failure
  // once the worker is to end; what was not is reclaimed by others in time.
  void Settle(std::span<const Lease> leases, std::span<const Verdict> verdicts, const WaitForEnd& wait_for_end);

  // Of a call to the queue, made anywhere in the worker.
  void CountQueueError(std::string_view operation, const absl::Status& status);

 private:
  absl::Status SettleOne(const Lease& lease, const Verdict& verdict);
  absl::Status CompleteAll(std::span<const Lease> leases, std::span<const Verdict> verdicts);
  bool Insist(std::string_view operation, const std::function<absl::Status()>& action, const WaitForEnd& wait_for_end);
  void Count(std::string_view outcome);

  const v1::Task::Stage next_stage_;
  const std::string stage_name_;
  const absl::Duration patience_;
  TaskQueue* const queue_;
  Metrics* const metrics_;
  prometheus::Histogram& stage_seconds_;
  prometheus::Counter& queue_errors_;
};

}  // namespace duban
