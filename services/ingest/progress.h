// SPDX-License-Identifier: Apache-2.0
// services/ingest/progress.h: the states of documents kept true while they move through the stages.
//
// EventPump writes down what the stages report. Reconciler finds documents whose task was lost (Redis wiped or set
// back, an enqueue that failed) and puts them up again; results are upserts, so a task too many does no harm. Both run
// in a thread of their own and go on after any error of queue or store. Thread-safe.

#pragma once

#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"
#include "common/service/service.h"
#include "services/ingest/document_store.h"

namespace duban {

// Lets calls wait for changes of documents that this process has written down.
class ChangeSignal {
 public:
  void Notify();
  // Number of the last change; give it to WaitBeyond.
  int64_t Last() const;
  // Returns at the first change after `last`, or after `timeout`.
  void WaitBeyond(int64_t last, absl::Duration timeout) const;

 private:
  mutable absl::Mutex mutex_;
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
};

class EventPump : public Background {
 public:
  EventPump(std::string consumer, DocumentStore* store, TaskQueue* queue, ChangeSignal* changes)
      : consumer_(std::move(consumer)), store_(*store), queue_(*queue), changes_(*changes) {}
  ~EventPump() override { Stop(); }
  void Start() override;
  void Stop() override;

  // Reads and writes down one batch, waiting up to `wait` for its first event. The number of events, or the error that
  // left them unacknowledged: they come again.
  absl::StatusOr<size_t> PumpOnce(std::chrono::milliseconds wait);

 private:
  const std::string consumer_;
  DocumentStore& store_;
  TaskQueue& queue_;
  ChangeSignal& changes_;
  absl::Notification stop_;
  std::thread thread_;
};

struct ReconcilerOptions {
  // Time between two looks.
  absl::Duration interval = absl::Seconds(5);
  // A document without a sign of life for this long may have lost its task. Longer than a task waits for its turn in a
  // healthy pipeline saves doubles, no more.
  absl::Duration quiet = absl::Minutes(1);
  // Documents put up at a time.
  int batch_size = 500;
};

class Reconciler : public Background {
 public:
  Reconciler(DocumentStore* store, TaskQueue* queue, ReconcilerOptions options)
      : store_(*store), queue_(*queue), options_(options) {}
  ~Reconciler() override { Stop(); }
  void Start() override;
  void Stop() override;

  // One look: the number of documents put up again.
  absl::StatusOr<int64_t> ReconcileOnce();

 private:
  // Whether Redis holds other content than when this was asked last, for all replicas together: true for one of them.
  absl::StatusOr<bool> QueueWasWiped();
  // How many more unfinished documents there are than tasks in the queues.
  absl::StatusOr<int64_t> MissingTasks();
  // Puts up the documents silent since before `quiet_since`, the longest silent first, at most `most`. Their number.
  absl::StatusOr<int64_t> PutUp(absl::Time quiet_since, int64_t most);

  DocumentStore& store_;
  TaskQueue& queue_;
  const ReconcilerOptions options_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace duban
