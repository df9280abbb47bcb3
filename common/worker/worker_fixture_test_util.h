// SPDX-License-Identifier: Apache-2.0
// The fixture of the worker's tests: a queue in memory that can be made to fail, and workers on it.
//
//   TEST_F(WorkerTest, …) { Enqueue(8); const auto worker = StartWorker(&handler); ASSERT_TRUE(WaitForDone(8)); }

#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/queue/memory_task_queue.h"
#include "common/telemetry/metrics.h"
#include "common/testing/wait.h"
#include "common/worker/worker.h"
#include "common/worker/worker_test_util.h"

namespace duban {

// A queue whose calls fail while the test says so.
class FlakyQueue : public TaskQueue {
 public:
  explicit FlakyQueue(TaskQueue* queue) : queue_(queue) {}
  std::atomic<bool> take_fails = false;
  std::atomic<int> completions_to_fail = 0;

  absl::StatusOr<std::vector<Lease>> Take(v1::Task::Stage stage, const LeaseOptions& o) override {
    if (take_fails) return absl::UnavailableError("queue: connection refused");
    return queue_->Take(stage, o);
  }
  absl::StatusOr<std::vector<bool>> CompleteBatch(std::span<const Completion> c) override {
    if (completions_to_fail-- > 0) return absl::UnavailableError("queue: connection refused");
    return queue_->CompleteBatch(c);
  }
  absl::Status Enqueue(std::span<const v1::Task> t) override { return queue_->Enqueue(t); }
  absl::StatusOr<std::vector<std::string>> Heartbeat(std::span<const Lease> l) override { return queue_->Heartbeat(l); }
  absl::StatusOr<bool> Retry(const Lease& l, std::chrono::milliseconds d, std::string_view e) override {
    return queue_->Retry(l, d, e);
  }
  absl::StatusOr<bool> Release(const Lease& l) override { return queue_->Release(l); }
  absl::StatusOr<bool> GiveUp(const Lease& l, std::string_view r) override { return queue_->GiveUp(l, r); }
  absl::StatusOr<std::vector<Lease>> Reclaim(v1::Task::Stage s, const LeaseOptions& o,
                                             std::chrono::milliseconds idle) override {
    return queue_->Reclaim(s, o, idle);
  }
  absl::StatusOr<int64_t> MoveDue(int max) override { return queue_->MoveDue(max); }
  absl::StatusOr<Backlog> GetBacklog(v1::Task::Stage s) override { return queue_->GetBacklog(s); }
  absl::StatusOr<DeadLetterPage> ListDeadLetters(int size, std::string_view token) override {
    return queue_->ListDeadLetters(size, token);
  }
  absl::StatusOr<int64_t> CountDeadLetters() override { return queue_->CountDeadLetters(); }
  absl::StatusOr<int64_t> Redrive(std::span<const std::string> ids) override { return queue_->Redrive(ids); }
  absl::StatusOr<int64_t> Drop(std::span<const std::string> ids) override { return queue_->Drop(ids); }
  absl::StatusOr<std::vector<ReceivedEvent>> ReadEvents(const LeaseOptions& o) override {
    return queue_->ReadEvents(o);
  }
  absl::Status AckEvents(std::span<const std::string> ids) override { return queue_->AckEvents(ids); }
  absl::StatusOr<int64_t> RemoveIdleConsumers(std::chrono::milliseconds idle) override {
    return queue_->RemoveIdleConsumers(idle);
  }
  absl::StatusOr<std::string> Epoch() override { return queue_->Epoch(); }
  absl::Status Ping() override { return queue_->Ping(); }

 private:
  TaskQueue* const queue_;
};

class WorkerTest : public ::testing::Test {
 protected:
  void Enqueue(int count, int first = 0) {
    ASSERT_TRUE(queue_->Enqueue(MakeTasks(v1::Task::SEGMENT, count, first)).ok());
  }

  std::unique_ptr<Worker> StartWorker(StageHandler* handler, WorkerOptions options) {
    auto worker = std::make_unique<Worker>(std::move(options), &flaky_, handler, &metrics_);
    const absl::Status status = worker->Start([this](bool healthy) { healthy_ = healthy; });
    EXPECT_TRUE(status.ok()) << status;
    return worker;
  }
  std::unique_ptr<Worker> StartWorker(StageHandler* handler) {
    return StartWorker(handler, FastOptions(v1::Task::SEGMENT, v1::Task::EXTRACT, "worker"));
  }

  bool WaitForDone(size_t count) {
    return testing::WaitFor([&] { return events_.Count(v1::StageEvent::DONE) >= count; });
  }
  bool WaitForDead(size_t count) {
    return testing::WaitFor([&] { return events_.Count(v1::StageEvent::DEAD) >= count; });
  }

  // The documents that kill their worker: taken by one who never comes back.
  std::vector<Lease> TakeAndDie(int count) {
    return *queue_->Take(v1::Task::SEGMENT, {.consumer = "ghost", .max_tasks = count});
  }

  Metrics metrics_;
  std::unique_ptr<TaskQueue> queue_ = NewMemoryTaskQueue({});
  FlakyQueue flaky_{queue_.get()};
  EventLog events_{queue_.get()};
  std::atomic<bool> healthy_ = false;
};

inline absl::Status Fine(const v1::Task&) { return absl::OkStatus(); }

}  // namespace duban
