// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/call_limiter.h"

#include "absl/time/clock.h"

namespace duban {

CallLimiter::CallLimiter() : thread_([this] { Run(); }) {}

CallLimiter::~CallLimiter() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
}

void CallLimiter::Add(grpc::ServerContextBase* call, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  by_call_[call] = by_deadline_.emplace(deadline, call);
}

void CallLimiter::Remove(grpc::ServerContextBase* call) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_call_.find(call);
  if (found == by_call_.end()) return;
  by_deadline_.erase(found->second);
  by_call_.erase(found);
}

void CallLimiter::Run() {
  absl::MutexLock lock(&mutex_);
  while (!stop_) {
    const absl::Time first = by_deadline_.empty() ? absl::InfiniteFuture() : by_deadline_.begin()->first;
    // Wakes for the end, for the first deadline, or for a call that is due before it.
    const auto changed = [this, first]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stop_ || (!by_deadline_.empty() && by_deadline_.begin()->first < first);
    };
    mutex_.AwaitWithDeadline(absl::Condition(&changed), first);
    // Cancelled under the lock, so that Remove cannot return while a call is touched.
    for (const absl::Time now = absl::Now(); !by_deadline_.empty() && by_deadline_.begin()->first <= now;) {
      grpc::ServerContextBase* call = by_deadline_.begin()->second;
      by_deadline_.erase(by_deadline_.begin());
      by_call_.erase(call);
      call->TryCancel();
    }
  }
}

}  // namespace duban
