// SPDX-License-Identifier: Apache-2.0
// The leases that a worker holds, kept alive together.
//
//   keeper.Hold(leases);  …work…  keeper.Drop(leases);      // worker threads
//   keeper.Beat();                                          // one thread, every few seconds
//
// Safe to call from any thread.

#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/queue/task_queue.h"

namespace duban {

class LeaseKeeper {
 public:
  explicit LeaseKeeper(TaskQueue* queue) : queue_(queue) {}

  void Hold(std::span<const Lease> leases);
  void Drop(std::span<const Lease> leases);

  // Heartbeats all held leases. Those that are no longer ours are dropped: the number of them.
  absl::StatusOr<int> Beat();

 private:
  TaskQueue* const queue_;
  absl::Mutex mutex_;
  std::map<std::string, Lease> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duban
