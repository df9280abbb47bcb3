// SPDX-License-Identifier: Apache-2.0
#include "common/worker/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/base/status.h"
#include "common/queue/memory_task_queue.h"
#include "common/testing/wait.h"
#include "common/worker/worker_test_util.h"

namespace duban {
namespace {

using ::duban::testing::WaitFor;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kSegment = v1::Task::SEGMENT;
constexpr auto kExtract = v1::Task::EXTRACT;

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
  void Enqueue(int count, int first = 0) { ASSERT_TRUE(queue_->Enqueue(MakeTasks(kSegment, count, first)).ok()); }

  std::unique_ptr<Worker> StartWorker(StageHandler* handler, WorkerOptions options) {
    auto worker = std::make_unique<Worker>(std::move(options), &flaky_, handler, &metrics_);
    const absl::Status status = worker->Start([this](bool healthy) { healthy_ = healthy; });
    EXPECT_TRUE(status.ok()) << status;
    return worker;
  }
  std::unique_ptr<Worker> StartWorker(StageHandler* handler) {
    return StartWorker(handler, FastOptions(kSegment, kExtract, "worker"));
  }

  bool WaitForDone(size_t count) {
    return WaitFor([&] { return events_.Count(v1::StageEvent::DONE) >= count; });
  }
  bool WaitForDead(size_t count) {
    return WaitFor([&] { return events_.Count(v1::StageEvent::DEAD) >= count; });
  }

  // The documents that kill their worker: taken by one who never comes back.
  std::vector<Lease> TakeAndDie(int count) {
    return *queue_->Take(kSegment, {.consumer = "ghost", .max_tasks = count});
  }

  Metrics metrics_;
  std::unique_ptr<TaskQueue> queue_ = NewMemoryTaskQueue({});
  FlakyQueue flaky_{queue_.get()};
  EventLog events_{queue_.get()};
  std::atomic<bool> healthy_ = false;
};

absl::Status Fine(const v1::Task&) { return absl::OkStatus(); }

TEST_F(WorkerTest, HandsEveryTaskOverOnce) {
  Enqueue(50);
  HandlerFake handler(Fine);
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(50));
  worker->Drain();
  EXPECT_EQ(events_.total(), 50);
  EXPECT_EQ(queue_->GetBacklog(kSegment)->total(), 0);
  const auto next = *queue_->Take(kExtract, {.consumer = "next", .max_tasks = 100});
  ASSERT_THAT(next, SizeIs(50));
  for (const Lease& lease : next) {
    EXPECT_EQ(lease.task.stage(), kExtract);
    EXPECT_EQ(lease.task.revision(), 1);
    EXPECT_EQ(lease.task.attempt(), 0);
    EXPECT_THAT(lease.task.traceparent(), HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
    EXPECT_GT(lease.task.enqueue_time_ms(), 0);
  }
  for (const auto& batch : handler.batches()) EXPECT_LE(batch.size(), 8);
  EXPECT_THAT(metrics_.Text(), HasSubstr("duban_worker_tasks_total{outcome=\"done\",stage=\"SEGMENT\"} 50\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr("duban_worker_queue_wait_seconds_count{stage=\"SEGMENT\"} 50\n"));
}

TEST_F(WorkerTest, LastStagePutsNothingUp) {
  Enqueue(3);
  HandlerFake handler(Fine);
  const auto worker = StartWorker(&handler, FastOptions(kSegment, v1::Task::STAGE_UNSPECIFIED, "worker"));
  ASSERT_TRUE(WaitForDone(3));
  EXPECT_EQ(queue_->GetBacklog(kExtract)->total(), 0);
}

TEST_F(WorkerTest, PermanentFailureIsDeadAtOnceAndAlone) {
  Enqueue(8);
  const std::string bad = MakeTasks(kSegment, 1, 3)[0].document();
  HandlerFake handler([&](const v1::Task& task) {
    return task.document() == bad ? absl::FailedPreconditionError("text: no text layer") : absl::OkStatus();
  });
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(7));
  ASSERT_TRUE(WaitForDead(1));
  const auto letters = queue_->ListDeadLetters(10, "")->letters;
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].task.document(), bad);
  EXPECT_EQ(letters[0].reason, "FAILED_PRECONDITION: text: no text layer");
}

TEST_F(WorkerTest, TransientFailureIsTriedAgainAlone) {
  Enqueue(8);
  const std::string shaky = MakeTasks(kSegment, 1, 5)[0].document();
  HandlerFake handler([&](const v1::Task& task) {
    return task.document() == shaky && task.attempt() < 2 ? absl::AbortedError("deadlock") : absl::OkStatus();
  });
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(8));
  int tries = 0;
  for (const auto& batch : handler.batches()) {
    for (const v1::Task& task : batch) {
      if (task.document() != shaky) continue;
      EXPECT_EQ(task.attempt(), tries++);
      if (task.attempt() == 0) continue;
      EXPECT_THAT(batch, SizeIs(1));
      EXPECT_EQ(task.last_error(), "ABORTED: deadlock");
    }
  }
  EXPECT_EQ(tries, 3);
  // The next stage begins anew.
  const auto next = *queue_->Take(kExtract, {.consumer = "next", .max_tasks = 100});
  for (const Lease& lease : next) {
    EXPECT_EQ(lease.task.attempt(), 0);
    EXPECT_EQ(lease.task.last_error(), "");
  }
}

TEST_F(WorkerTest, GivesUpAfterTheLastAttempt) {
  Enqueue(1);
  HandlerFake handler([](const v1::Task&) { return absl::InternalError("bug"); });
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDead(1));
  EXPECT_THAT(handler.batches(), SizeIs(3));
  EXPECT_EQ(events_.last_error(), "failed 3 times; INTERNAL: bug");
}

TEST_F(WorkerTest, OutageBurnsNoAttempts) {
  Enqueue(20);
  std::atomic<int> calls = 0;
  HandlerFake handler([&](const v1::Task&) {
    // More batches than attempts are allowed.
    if (++calls > 80) return absl::OkStatus();
    return calls <= 40 ? absl::UnavailableError("ingest: connection refused") : absl::DeadlineExceededError("slow");
  });
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.batch_size = 20;
  options.threads = 1;
  const auto worker = StartWorker(&handler, options);
  ASSERT_TRUE(WaitForDone(20));
  EXPECT_GE(handler.batches().size(), 5);
  for (const auto& batch : handler.batches()) {
    for (const v1::Task& task : batch) EXPECT_EQ(task.attempt(), 0);
  }
  EXPECT_EQ(*queue_->CountDeadLetters(), 0);
  EXPECT_TRUE(worker->Healthy()) << "an outage elsewhere is no fault of the worker";
}

TEST_F(WorkerTest, TwinsAreWorkedOnce) {
  Enqueue(1);
  Enqueue(1);
  HandlerFake handler(Fine);
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.threads = 1;
  const auto worker = StartWorker(&handler, options);
  ASSERT_TRUE(WaitFor([&] { return events_.total() == 2; }));
  ASSERT_THAT(handler.batches(), SizeIs(1));
  EXPECT_THAT(handler.batches()[0], SizeIs(1));
  EXPECT_EQ(queue_->GetBacklog(kSegment)->total(), 0);
}

class ShortHandler : public StageHandler {
 public:
  std::vector<absl::Status> Process(std::span<const v1::Task>) override { return {}; }
};

TEST_F(WorkerTest, HandlerThatAnswersTooLittleIsToldOf) {
  Enqueue(2);
  ShortHandler handler;
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDead(2));
  EXPECT_THAT(events_.last_error(), HasSubstr("the handler answered for 0 of 1 tasks"));
}

TEST_F(WorkerTest, TasksOfTheDeadAreWorkedSingly) {
  Enqueue(10);
  ASSERT_THAT(TakeAndDie(10), SizeIs(10));
  HandlerFake handler(Fine);
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(10));
  EXPECT_THAT(handler.batches(), SizeIs(10));
}

TEST_F(WorkerTest, PoisonIsGivenUpUnworkedAndItsBatchIsNot) {
  Enqueue(4);
  const auto poison = TakeAndDie(4)[1];
  // Three more workers die with the poison; the others of its batch wait.
  const auto reclaimed_poison = [&] {
    const auto leases =
        *queue_->Reclaim(kSegment, {.consumer = "ghost2", .max_tasks = 10}, std::chrono::milliseconds(0));
    for (const Lease& lease : leases) {
      if (lease.task.document() == poison.task.document()) continue;
      EXPECT_TRUE(*queue_->Release(lease));
    }
    return std::find_if(leases.begin(), leases.end(),
                        [&](const Lease& l) { return l.task.document() == poison.task.document(); })
        ->deliveries;
  };
  EXPECT_EQ(reclaimed_poison(), 2);
  EXPECT_EQ(reclaimed_poison(), 3);
  HandlerFake handler(Fine);
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(3));
  ASSERT_TRUE(WaitForDead(1));
  EXPECT_EQ(events_.last_error(), "its worker died 3 times while working on it");
  for (const auto& batch : handler.batches()) {
    for (const v1::Task& task : batch) EXPECT_NE(task.document(), poison.task.document());
  }
}

TEST_F(WorkerTest, HeartbeatKeepsALongTask) {
  Enqueue(1);
  absl::Notification entered, finish;
  HandlerFake slow([&](const v1::Task&) {
    entered.Notify();
    finish.WaitForNotification();
    return absl::OkStatus();
  });
  WorkerOptions options = FastOptions(kSegment, kExtract, "holder");
  options.threads = 1;
  const auto holder = StartWorker(&slow, options);
  entered.WaitForNotification();
  // A task that is silent from now on: when it is reclaimed, the one held longer would have been as well.
  Enqueue(1, 1);
  HandlerFake handler(Fine);
  ASSERT_THAT(TakeAndDie(1), SizeIs(1));
  const auto other = StartWorker(&handler, FastOptions(kSegment, kExtract, "other"));
  ASSERT_TRUE(WaitForDone(1));
  for (const auto& batch : handler.batches()) {
    for (const v1::Task& task : batch) EXPECT_EQ(task.document(), MakeTasks(kSegment, 1, 1)[0].document());
  }
  finish.Notify();
  ASSERT_TRUE(WaitForDone(2));
  EXPECT_EQ(events_.total(), 2);
}

TEST_F(WorkerTest, DrainFinishesTheBatchAndLeavesTheRest) {
  Enqueue(100);
  absl::Notification entered, finish;
  std::once_flag once;
  HandlerFake handler([&](const v1::Task&) {
    std::call_once(once, [&] { entered.Notify(); });
    finish.WaitForNotification();
    return absl::OkStatus();
  });
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.threads = 1;
  const auto worker = StartWorker(&handler, options);
  entered.WaitForNotification();
  std::thread drain([&] { worker->Drain(); });
  finish.Notify();
  drain.join();
  const Backlog backlog = *queue_->GetBacklog(kSegment);
  EXPECT_EQ(backlog.leased, 0);
  EXPECT_EQ(backlog.waiting + static_cast<int64_t>(events_.Count(v1::StageEvent::DONE)), 100);
  EXPECT_GE(events_.Count(v1::StageEvent::DONE), 8);
  worker->Drain();  // again: returns at once
}

TEST_F(WorkerTest, SettlesThroughAShortFailureOfTheQueue) {
  Enqueue(8);
  HandlerFake handler(Fine);
  flaky_.completions_to_fail = 2;
  const auto worker = StartWorker(&handler);
  ASSERT_TRUE(WaitForDone(8));
  worker->Drain();
  EXPECT_EQ(events_.total(), 8);
  size_t worked = 0;
  for (const auto& batch : handler.batches()) worked += batch.size();
  EXPECT_EQ(worked, 8);
}

TEST_F(WorkerTest, HealthFollowsThePolls) {
  HandlerFake handler(Fine);
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.stall_after = absl::Milliseconds(200);
  flaky_.take_fails = true;
  const auto worker = StartWorker(&handler, options);
  EXPECT_FALSE(worker->Healthy());
  flaky_.take_fails = false;
  EXPECT_TRUE(WaitFor([&] { return healthy_ && worker->Healthy(); }));
  flaky_.take_fails = true;
  EXPECT_TRUE(WaitFor([&] { return !healthy_; }));
  flaky_.take_fails = false;
  EXPECT_TRUE(WaitFor([&] { return healthy_.load(); }));
}

TEST_F(WorkerTest, HealthTellsOfAThreadThatHangs) {
  absl::Notification finish;
  HandlerFake handler([&](const v1::Task&) {
    finish.WaitForNotification();
    return absl::OkStatus();
  });
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.stall_after = absl::Milliseconds(200);
  options.threads = 2;
  const auto worker = StartWorker(&handler, options);
  ASSERT_TRUE(WaitFor([&] { return worker->Healthy() && healthy_; }));
  Enqueue(1);
  EXPECT_TRUE(WaitFor([&] { return !worker->Healthy() && !healthy_; }));
  finish.Notify();
  EXPECT_TRUE(WaitFor([&] { return worker->Healthy() && healthy_; }));
}

// Former bug: only a poll counted, so that a worker with much to take over from the dead was told stuck.
TEST_F(WorkerTest, HealthCountsEveryTaskOfTheDead) {
  Enqueue(2);
  ASSERT_THAT(TakeAndDie(2), SizeIs(2));
  flaky_.take_fails = true;
  absl::Notification finish;
  std::atomic<int> calls = 0;
  HandlerFake handler([&](const v1::Task&) {
    if (++calls == 2) finish.WaitForNotification();
    return absl::OkStatus();
  });
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.threads = 1;
  const auto worker = StartWorker(&handler, options);
  ASSERT_TRUE(WaitFor([&] { return calls == 2; }));
  EXPECT_TRUE(WaitFor([&] { return healthy_.load(); })) << "one task of two is done";
  finish.Notify();
  EXPECT_TRUE(WaitForDone(2));
}

TEST_F(WorkerTest, SeveralWorkersShareOneQueue) {
  Enqueue(500);
  HandlerFake handler(Fine);
  std::vector<std::unique_ptr<Worker>> workers;
  for (const char* name : {"a", "b", "c"})
    workers.push_back(StartWorker(&handler, FastOptions(kSegment, kExtract, name)));
  ASSERT_TRUE(WaitForDone(500));
  workers.clear();
  EXPECT_EQ(events_.total(), 500);
  EXPECT_EQ(queue_->GetBacklog(kExtract)->total(), 500);
}

TEST_F(WorkerTest, StartNamesTheBadOption) {
  HandlerFake handler(Fine);
  const auto field = [&](const std::function<void(WorkerOptions*)>& spoil) {
    WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
    spoil(&options);
    Worker worker(options, queue_.get(), &handler, &metrics_);
    const absl::Status status = worker.Start();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return Message(status).substr(0, Message(status).find(':'));
  };
  EXPECT_EQ(field([](WorkerOptions* o) { o->stage = v1::Task::STAGE_UNSPECIFIED; }), "stage");
  EXPECT_EQ(field([](WorkerOptions* o) { o->consumer = ""; }), "consumer");
  EXPECT_EQ(field([](WorkerOptions* o) { o->batch_size = 0; }), "batch_size");
  EXPECT_EQ(field([](WorkerOptions* o) { o->threads = 0; }), "threads");
  EXPECT_EQ(field([](WorkerOptions* o) { o->lease = o->heartbeat_interval; }), "lease");
  EXPECT_EQ(field([](WorkerOptions* o) { o->heartbeat_interval = absl::ZeroDuration(); }), "lease");
}

}  // namespace
}  // namespace duban
