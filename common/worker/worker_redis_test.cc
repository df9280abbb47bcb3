// SPDX-License-Identifier: Apache-2.0
// The worker on a real Redis: deaths, a crash of Redis, and its loss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "common/queue/redis_task_queue.h"
#include "common/redis/redis_client.h"
#include "common/testing/redis_server.h"
#include "common/testing/wait.h"
#include "common/worker/worker.h"
#include "common/worker/worker_test_util.h"

namespace duban {
namespace {

using ::duban::testing::RedisServer;
using ::duban::testing::WaitFor;
using ::testing::SizeIs;

constexpr auto kSegment = v1::Task::SEGMENT;
constexpr auto kExtract = v1::Task::EXTRACT;

class WorkerRedisTest : public ::testing::Test {
 protected:
  std::unique_ptr<TaskQueue> Connect() {
    auto redis = RedisClient::Create({.address = server_.address()});
    EXPECT_TRUE(redis.ok()) << redis.status();
    auto queue = RedisTaskQueue::Create(*std::move(redis), {});
    EXPECT_TRUE(queue.ok()) << queue.status();
    return *std::move(queue);
  }

  RedisServer server_;
  Metrics metrics_;
  std::unique_ptr<TaskQueue> queue_ = Connect();
  EventLog events_{queue_.get()};
};

TEST_F(WorkerRedisTest, OthersFinishWhatADeadWorkerHeld) {
  ASSERT_TRUE(queue_->Enqueue(MakeTasks(kSegment, 100)).ok());
  // Dies with 16 tasks in its hands, on a connection of its own.
  {
    const auto ghost = Connect();
    ASSERT_THAT(*ghost->Take(kSegment, {.consumer = "ghost", .max_tasks = 16}), SizeIs(16));
  }
  HandlerFake handler([](const v1::Task&) { return absl::OkStatus(); });
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<TaskQueue>> queues;
  for (const char* name : {"a", "b"}) {
    queues.push_back(Connect());
    workers.push_back(
        std::make_unique<Worker>(FastOptions(kSegment, kExtract, name), queues.back().get(), &handler, &metrics_));
    ASSERT_TRUE(workers.back()->Start().ok());
  }
  ASSERT_TRUE(WaitFor([&] { return events_.Count(v1::StageEvent::DONE) == 100; }));
  workers.clear();
  EXPECT_EQ(events_.total(), 100);
  EXPECT_EQ(queue_->GetBacklog(kSegment)->total(), 0);
  EXPECT_EQ(queue_->GetBacklog(kExtract)->total(), 100);
  size_t alone = 0;
  for (const auto& batch : handler.batches()) alone += batch.size() == 1;
  EXPECT_GE(alone, 16);
}

TEST_F(WorkerRedisTest, GoesOnAfterACrashOfRedis) {
  ASSERT_TRUE(queue_->Enqueue(MakeTasks(kSegment, 200)).ok());
  std::atomic<int> worked = 0;
  std::atomic<bool> down = false;
  HandlerFake handler([&](const v1::Task&) {
    // The crash comes in the middle of a batch, whose results are then committed and cannot be handed over.
    if (++worked == 60) {
      down = true;
      WaitFor([&] { return !down.load(); });
    }
    return absl::OkStatus();
  });
  const auto queue = Connect();
  WorkerOptions options = FastOptions(kSegment, kExtract, "worker");
  options.stall_after = absl::Milliseconds(500);
  Worker worker(options, queue.get(), &handler, &metrics_);
  std::atomic<bool> healthy = false;
  ASSERT_TRUE(worker.Start([&](bool h) { healthy = h; }).ok());
  ASSERT_TRUE(WaitFor([&] { return down.load(); }));
  server_.Kill();
  EXPECT_TRUE(WaitFor([&] { return !healthy; }));
  server_.Restart();
  down = false;
  ASSERT_TRUE(WaitFor([&] { return events_.Count(v1::StageEvent::DONE) == 200; }));
  EXPECT_TRUE(WaitFor([&] { return healthy.load(); }));
}

TEST_F(WorkerRedisTest, ConsumesAgainAfterRedisWasWiped) {
  HandlerFake handler([](const v1::Task&) { return absl::OkStatus(); });
  const auto queue = Connect();
  Worker worker(FastOptions(kSegment, kExtract, "worker"), queue.get(), &handler, &metrics_);
  ASSERT_TRUE(worker.Start().ok());
  ASSERT_TRUE(queue_->Enqueue(MakeTasks(kSegment, 20)).ok());
  ASSERT_TRUE(WaitFor([&] { return events_.Count(v1::StageEvent::DONE) == 20; }));
  server_.FlushAll();
  ASSERT_TRUE(queue_->Enqueue(MakeTasks(kSegment, 20, 20)).ok());
  EXPECT_TRUE(WaitFor([&] { return events_.Count(v1::StageEvent::DONE) == 40; }));
}

}  // namespace
}  // namespace duban
