// SPDX-License-Identifier: Apache-2.0
// Cancels calls that came without a deadline when the server's own limit is over.
//
//   CallLimiter limiter;
//   limiter.Add(context, absl::Now() + absl::Seconds(60));   // when the call begins
//   limiter.Remove(context);                                 // when its status is about to be sent
//
// One thread for all calls; Add and Remove are O(log n). Safe to call from any thread.

#pragma once

#include <grpcpp/server_context.h>

#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace duban {

class CallLimiter {
 public:
  CallLimiter();
  ~CallLimiter();

  // `call` is cancelled at `deadline` unless removed before. Once per call.
  void Add(grpc::ServerContextBase* call, absl::Time deadline);

  // After it returns the limiter does not touch `call`. No effect on a call that was not added.
  void Remove(grpc::ServerContextBase* call);

 private:
  void Run();

  absl::Mutex mutex_;
  std::multimap<absl::Time, grpc::ServerContextBase*> by_deadline_ ABSL_GUARDED_BY(mutex_);
  std::map<grpc::ServerContextBase*, std::multimap<absl::Time, grpc::ServerContextBase*>::iterator> by_call_
      ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duban
