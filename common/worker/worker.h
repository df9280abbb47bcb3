// SPDX-License-Identifier: Apache-2.0
// The loop that every stage shares: take tasks, have them worked, hand them over, whatever dies on the way.
//
//   class ExtractHandler : public StageHandler { … };   // fetch upstream in one call, pure core, one commit
//   Worker worker({.stage = v1::Task::EXTRACT, .next_stage = v1::Task::TRACK, .consumer = pod_name}, queue.get(),
//   &handler, &metrics); worker.Start([&](bool healthy) { server->SetServing("worker", healthy); }); … worker.Drain();
//
// What becomes of a task is decided by its status: done, another try later, back to the queue, or the dead letters
// (verdict.h has the rules, README.md the reasons). Metrics, with label stage:
//   duban_worker_tasks_total{outcome}   duban_worker_batch_seconds   duban_worker_queue_wait_seconds
//   duban_worker_stage_seconds duban_worker_leases_lost_total      duban_worker_queue_errors_total
// Thread-safe.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"
#include "common/telemetry/metrics.h"
#include "duban/v1/task.pb.h"

namespace duban {

// What one stage does with its tasks. Called from several threads at once.
class StageHandler {
 public:
  virtual ~StageHandler() = default;

  // Works `tasks` (not empty, no two of the same document and revision) and commits the results. One status per task,
  // in order:
  //   OK                              the result is committed, or there is nothing to do (the document was deleted)
  //   UNAVAILABLE                     a server or database is out of reach; says nothing about the task
  //   INVALID_ARGUMENT, DATA_LOSS, …  this document can never be worked
  //   any other                       may go well another time
  // The same task may come again after it was done: a result is an upsert under (document, stage, revision).
  virtual std::vector<absl::Status> Process(std::span<const v1::Task> tasks) = 0;
};

struct WorkerOptions {
  v1::Task::Stage stage = v1::Task::STAGE_UNSPECIFIED;
  // Where a done task goes on; STAGE_UNSPECIFIED: it is finished.
  v1::Task::Stage next_stage = v1::Task::STAGE_UNSPECIFIED;
  // Unique among the running workers, e.g. the pod's name.
  std::string consumer;

  // Tasks per call of Process at most.
  int batch_size = 16;
  // Calls of Process at once.
  int threads = 2;

  // A worker silent for this long is taken for dead and its tasks are taken over. Several heartbeats long.
  absl::Duration lease = absl::Seconds(30);
  absl::Duration heartbeat_interval = absl::Seconds(5);
  // How often to look for tasks of the dead.
  absl::Duration reclaim_interval = absl::Seconds(5);
  // How often to look for retries that are due.
  absl::Duration move_due_interval = absl::Seconds(1);
  // How long one poll of the queue waits for a task.
  absl::Duration poll = absl::Seconds(1);

  // A task whose workers died this often goes to the dead letters unworked.
  int max_deliveries = 3;
  // A task that failed this often goes to the dead letters.
  int max_attempts = 8;
  // Pause before a try, full jitter below min(max, first * 2^attempt).
  absl::Duration first_backoff = absl::Seconds(1);
  absl::Duration max_backoff = absl::Minutes(2);
  // A task that waits for infrastructure is given up when it is older than this.
  absl::Duration max_outage = absl::Hours(24);

  // Not healthy when a thread has neither polled the queue nor ended a batch for this long. Longer than the longest
  // batch.
  absl::Duration stall_after = absl::Minutes(2);
};

class Worker {
 public:
  // `queue`, `handler` and `metrics` must outlive the worker.
  Worker(WorkerOptions options, TaskQueue* queue, StageHandler* handler, Metrics* metrics);
  // Drains.
  ~Worker();

  // Starts the threads; once only. `on_health` is told at the start and at every change whether the worker consumes its
  // queue; it is called from a thread of the worker. INVALID_ARGUMENT names the option that makes no sense, and nothing
  // is started.
  absl::Status Start(std::function<void(bool healthy)> on_health = [](bool) {});

  // Takes no more tasks, finishes those in work and gives back the rest; returns when all is done. Later calls return
  // at once.
  void Drain();

  // Whether every thread has polled the queue or ended a batch within stall_after.
  bool Healthy() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace duban
