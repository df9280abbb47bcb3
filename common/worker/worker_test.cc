// SPDX-License-Identifier: Apache-2.0
#include "common/worker/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "common/base/status.h"
#include "common/worker/worker_fixture_test_util.h"

namespace duban {
namespace {

using ::duban::testing::WaitFor;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kSegment = v1::Task::SEGMENT;
constexpr auto kExtract = v1::Task::EXTRACT;

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
