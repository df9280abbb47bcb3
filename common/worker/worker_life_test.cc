// SPDX-License-Identifier: Apache-2.0
// Leases, drains and health: what a worker does when others die, when the queue fails, and when it is told to end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/worker/worker_fixture_test_util.h"

namespace duban {
namespace {

using ::duban::testing::WaitFor;
using ::testing::SizeIs;

constexpr auto kSegment = v1::Task::SEGMENT;
constexpr auto kExtract = v1::Task::EXTRACT;

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

TEST_F(WorkerTest, DrainDoesNotWaitForAQueueThatStaysAway) {
  Enqueue(1);
  HandlerFake handler(Fine);
  flaky_.completions_to_fail = 1'000'000;
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.lease = absl::Hours(1);
  const auto worker = StartWorker(&handler, options);
  ASSERT_TRUE(WaitFor([&] { return flaky_.completions_to_fail <= 999'994; }));
  const absl::Time begin = absl::Now();
  worker->Drain();
  EXPECT_LT(absl::Now() - begin, absl::Milliseconds(600)) << "the wait that was on is of a second";
  EXPECT_EQ(events_.total(), 0);
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

}  // namespace
}  // namespace duban
