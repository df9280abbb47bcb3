// SPDX-License-Identifier: Apache-2.0
// What the worker's tests share: a handler that does what the test says, tasks, and a count of what has come out.
//
//   HandlerFake handler([](const v1::Task& task) { return absl::OkStatus(); });
//   ASSERT_TRUE(queue->Enqueue(MakeTasks(v1::Task::SEGMENT, 50)).ok());
//
// Thread-safe.

#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/queue/task_queue.h"
#include "common/worker/worker.h"

namespace duban {

inline std::vector<v1::Task> MakeTasks(v1::Task::Stage stage, int count, int first = 0) {
  std::vector<v1::Task> tasks;
  for (int i = first; i < first + count; ++i) {
    v1::Task& task = tasks.emplace_back();
    task.set_document(fmt::format("documents/{:032x}", i));
    task.set_stage(stage);
    task.set_revision(1);
    task.set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    task.set_enqueue_time_ms(absl::ToUnixMillis(absl::Now()));
  }
  return tasks;
}

// Short times, so that tests see lease, heartbeat and backoff in action.
inline WorkerOptions FastOptions(v1::Task::Stage stage, v1::Task::Stage next_stage, const std::string& consumer) {
  return {.stage = stage,
          .next_stage = next_stage,
          .consumer = consumer,
          .batch_size = 8,
          .threads = 2,
          .lease = absl::Milliseconds(400),
          .heartbeat_interval = absl::Milliseconds(50),
          .reclaim_interval = absl::Milliseconds(20),
          .move_due_interval = absl::Milliseconds(10),
          .poll = absl::Milliseconds(20),
          .max_attempts = 3,
          .first_backoff = absl::Milliseconds(10),
          .max_backoff = absl::Milliseconds(20)};
}

class HandlerFake : public StageHandler {
 public:
  using Work = std::function<absl::Status(const v1::Task&)>;
  explicit HandlerFake(Work work) : work_(std::move(work)) {}

  std::vector<absl::Status> Process(std::span<const v1::Task> tasks) override {
    {
      absl::MutexLock lock(&mutex_);
      batches_.emplace_back(tasks.begin(), tasks.end());
    }
    std::vector<absl::Status> statuses;
    for (const v1::Task& task : tasks) statuses.push_back(work_(task));
    return statuses;
  }

  // What Process was given, call by call.
  std::vector<std::vector<v1::Task>> batches() const {
    absl::MutexLock lock(&mutex_);
    return batches_;
  }

 private:
  const Work work_;
  mutable absl::Mutex mutex_;
  std::vector<std::vector<v1::Task>> batches_ ABSL_GUARDED_BY(mutex_);
};

// All events so far, acknowledged.
class EventLog {
 public:
  explicit EventLog(TaskQueue* queue) : queue_(queue) {}

  // How many documents ended with `outcome`, a document once however often it was told.
  size_t Count(v1::StageEvent::Outcome outcome) {
    Read();
    return documents_[outcome].size();
  }
  // How many events came in all.
  size_t total() {
    Read();
    return total_;
  }
  const std::string& last_error() const { return last_error_; }

 private:
  void Read() {
    for (;;) {
      const auto events = queue_->ReadEvents({.consumer = "test", .max_tasks = 100});
      if (!events.ok() || events->empty()) return;
      std::vector<std::string> ids;
      for (const ReceivedEvent& event : *events) {
        documents_[event.event.outcome()].insert(event.event.document());
        if (!event.event.error().empty()) last_error_ = event.event.error();
        ids.push_back(event.id);
        ++total_;
      }
      if (!queue_->AckEvents(ids).ok()) return;
    }
  }

  TaskQueue* const queue_;
  std::map<v1::StageEvent::Outcome, std::set<std::string>> documents_;
  std::string last_error_;
  size_t total_ = 0;
};

}  // namespace duban
