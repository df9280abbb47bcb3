// SPDX-License-Identifier: Apache-2.0
#include "common/worker/lease_keeper.h"

#include "common/base/status.h"

namespace duban {

void LeaseKeeper::Hold(std::span<const Lease> leases) {
  absl::MutexLock lock(&mutex_);
  for (const Lease& lease : leases) held_[lease.id] = lease;
}

void LeaseKeeper::Drop(std::span<const Lease> leases) {
  absl::MutexLock lock(&mutex_);
  for (const Lease& lease : leases) held_.erase(lease.id);
}

absl::StatusOr<int> LeaseKeeper::Beat() {
  std::vector<Lease> held;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, lease] : held_) held.push_back(lease);
  }
  if (held.empty()) return 0;
  DUBAN_ASSIGN_OR_RETURN(const std::vector<std::string> lost, queue_->Heartbeat(held));
  absl::MutexLock lock(&mutex_);
  int count = 0;
  // What was dropped meanwhile was ended by this worker itself and is not lost.
  for (const std::string& id : lost) count += static_cast<int>(held_.erase(id));
  return count;
}

}  // namespace duban
