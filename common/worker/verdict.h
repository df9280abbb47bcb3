// SPDX-License-Identifier: Apache-2.0
// What becomes of a task after a try: the rules, apart from the loop that carries them out.
//
//   std::vector<Verdict> verdicts = Judge(leases, handler->Process(tasks), policy, absl::Now(), random);
//
//   status of the try                                             verdict
//   OK                                                            kComplete: the next stage's task is put up
//   an outage (UNAVAILABLE, DEADLINE_EXCEEDED) for every task     kRelease: the task is put back as it was, no try is
//   of the batch                                                  counted, and the worker pauses; after max_outage
//                                                                 kGiveUp
//   INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE,          kGiveUp
//   DATA_LOSS, UNIMPLEMENTED, NOT_FOUND, ALREADY_EXISTS
//   any other, or an outage that other tasks of the batch did     kRetry after a backoff, with the try counted; kGiveUp
//   not meet                                                      when it was the last one
//
// Pure functions.

#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/backoff.h"
#include "common/queue/task_queue.h"

namespace duban {

// How long ago `task` was put up for its stage; zero if it does not tell.
absl::Duration Age(const v1::Task& task, absl::Time now);

// Whether `status` tells of infrastructure that is out of reach or too slow to answer, not of a task.
bool IsOutage(const absl::Status& status);

struct VerdictPolicy {
  // A task whose workers died this often is given up unworked.
  int max_deliveries = 3;
  // A task is tried this often at most.
  int max_attempts = 8;
  // Pause before the next try.
  BackoffOptions backoff;
  // A task that waits for infrastructure is given up when it was put up longer ago than this.
  absl::Duration max_outage = absl::Hours(24);
};

struct Verdict {
  enum class Kind { kComplete, kRetry, kRelease, kGiveUp };
  Kind kind = Kind::kComplete;
  // For kRetry.
  std::chrono::milliseconds delay{0};
  // For kRetry and kGiveUp, for a reader.
  std::string reason;
};

// One verdict per lease, in order. A status that is missing counts as INTERNAL. `random` gives numbers from [0, 1).
std::vector<Verdict> Judge(std::span<const Lease> leases, std::span<const absl::Status> statuses,
                           const VerdictPolicy& policy, absl::Time now, const std::function<double()>& random);

// Whether `lease` was delivered so often to workers that died that it must not be tried again.
bool DeliveredTooOften(const Lease& lease, const VerdictPolicy& policy);
// Then: for the dead letter.
std::string DeliveredTooOftenReason(const Lease& lease);

}  // namespace duban
