// SPDX-License-Identifier: Apache-2.0
//
// What only Redis can suffer: a wipe, a kill, full memory, foreign entries. The contract itself is in
// task_queue_contract_test.cc.
#include "common/queue/redis_task_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "common/base/status.h"
#include "common/testing/redis_server.h"
#include "common/testing/wait.h"

namespace duban {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RedisServer;
using testing::WaitFor;

std::vector<v1::Task> NewTasks(int count) {
  std::vector<v1::Task> tasks;
  for (int i = 1; i <= count; ++i) {
    v1::Task& task = tasks.emplace_back();
    task.set_document("documents/" + std::to_string(i));
    task.set_stage(v1::Task::SEGMENT);
  }
  return tasks;
}

Completion Done(const Lease& lease) {
  v1::Task next = lease.task;
  next.set_stage(v1::Task::EXTRACT);
  return {lease, next, DoneEvent(lease.task)};
}

class RedisTaskQueueTest : public ::testing::Test {
 protected:
  std::unique_ptr<TaskQueue> NewQueue() {
    return *RedisTaskQueue::Create(*RedisClient::Create({.address = server_.address()}), {});
  }
  std::vector<Lease> Take(int max, v1::Task::Stage stage = v1::Task::SEGMENT) {
    auto leases = queue_->Take(stage, {.consumer = "a", .max_tasks = max});
    EXPECT_TRUE(leases.ok()) << leases.status();
    return leases.value_or(std::vector<Lease>());
  }
  int64_t Waiting(v1::Task::Stage stage) { return queue_->GetBacklog(stage).value_or(Backlog{.waiting = -1}).waiting; }
  // Fills memory: nothing that takes more is allowed from now on.
  void FillMemory() { server_.Configure("maxmemory", "1mb"); }

  RedisServer server_;
  std::unique_ptr<TaskQueue> queue_ = NewQueue();
};

TEST(RedisTaskQueueOptionsTest, NamesTheFault) {
  const auto create = [](RedisTaskQueueOptions options) {
    return Message(RedisTaskQueue::Create(*RedisClient::Create({}), options).status());
  };
  EXPECT_THAT(create({.prefix = ""}), HasSubstr("prefix: , want"));
  EXPECT_THAT(create({.prefix = "a}b"}), HasSubstr("prefix: a}b, want"));
  EXPECT_THAT(create({.event_min_idle = milliseconds(-1)}), HasSubstr("event_min_idle: -1 ms, want"));
}

TEST_F(RedisTaskQueueTest, PrefixesDoNotMeet) {
  auto other = *RedisTaskQueue::Create(*RedisClient::Create({.address = server_.address()}), {.prefix = "other"});
  ASSERT_TRUE(other->Enqueue(NewTasks(1)).ok());
  EXPECT_THAT(Take(1), IsEmpty());
  EXPECT_EQ(Waiting(v1::Task::SEGMENT), 0);
  EXPECT_NE(*other->Epoch(), *queue_->Epoch());
}

TEST_F(RedisTaskQueueTest, EveryKeyIsUnderOneHashTag) {
  ASSERT_TRUE(queue_->Enqueue(NewTasks(3)).ok());
  const auto leases = Take(3);
  ASSERT_TRUE(*queue_->Complete(Done(leases.at(0))));
  ASSERT_TRUE(*queue_->Retry(leases.at(1), std::chrono::hours(1), "x"));
  ASSERT_TRUE(*queue_->GiveUp(leases.at(2), "x"));
  ASSERT_TRUE(queue_->Epoch().ok());
  std::set<std::string> keys;
  for (const RedisReply& key : server_.Run({{"KEYS", "*"}}).elements) keys.insert(key.text);
  EXPECT_THAT(keys, ::testing::ElementsAre("{duban}:dead", "{duban}:delayed:segment", "{duban}:epoch", "{duban}:events",
                                           "{duban}:extract", "{duban}:segment"));
}

TEST_F(RedisTaskQueueTest, WipedMidwayHeals) {
  ASSERT_TRUE(queue_->Enqueue(NewTasks(2)).ok());
  const auto leases = Take(2);
  ASSERT_EQ(leases.size(), 2u);
  const std::string epoch = *queue_->Epoch();
  server_.FlushAll();
  // The lease is in vain, and every call says so without an error.
  EXPECT_EQ(queue_->Heartbeat(leases)->size(), 2u);
  EXPECT_FALSE(*queue_->Complete(Done(leases[0])));
  EXPECT_FALSE(*queue_->Retry(leases[0], milliseconds(0), "x"));
  EXPECT_FALSE(*queue_->Release(leases[1]));
  EXPECT_FALSE(*queue_->GiveUp(leases[1], "x"));
  EXPECT_EQ(queue_->GetBacklog(v1::Task::SEGMENT)->total(), 0);
  EXPECT_EQ(*queue_->RemoveIdleConsumers(milliseconds(0)), 0);
  EXPECT_TRUE(queue_->Reclaim(v1::Task::SEGMENT, {.consumer = "b"}, milliseconds(0))->empty());
  EXPECT_EQ(*queue_->MoveDue(10), 0);
  EXPECT_TRUE(queue_->ReadEvents({.consumer = "i"})->empty());
  EXPECT_NE(*queue_->Epoch(), epoch);
  // What the reconciler puts up again is found, also what came before the group.
  ASSERT_TRUE(queue_->Enqueue(NewTasks(2)).ok());
  const auto again = Take(9);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_TRUE(*queue_->Complete(Done(again[0])));
  EXPECT_EQ(queue_->ReadEvents({.consumer = "i"})->size(), 1u);
}

TEST_F(RedisTaskQueueTest, WipedWhileAReaderWaits) {
  EXPECT_THAT(Take(1), IsEmpty());
  absl::StatusOr<std::vector<Lease>> leases;
  std::thread reader(
      [&] { leases = queue_->Take(v1::Task::SEGMENT, {.consumer = "a", .max_tasks = 9, .max_wait = seconds(60)}); });
  const auto blocked = [&] {
    return server_.Run({{"INFO", "clients"}}).text.find("blocked_clients:1") != std::string::npos;
  };
  EXPECT_TRUE(WaitFor(blocked));
  server_.FlushAll();
  EXPECT_TRUE(NewQueue()->Enqueue(NewTasks(1)).ok());
  reader.join();
  ASSERT_TRUE(leases.ok()) << leases.status();
  EXPECT_EQ(leases->size(), 1u);
}

TEST_F(RedisTaskQueueTest, KilledAndRestartedLosesNothingAcknowledged) {
  // With everysec Redis holds back its writes while a sync is under way, up to 2 s, and a kill loses them: README.md,
  // drawbacks.
  server_.Configure("appendfsync", "always");
  ASSERT_TRUE(queue_->Enqueue(NewTasks(300)).ok());
  auto leases = Take(200);
  ASSERT_EQ(leases.size(), 200u);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(*queue_->Complete(Done(leases[i])));
  ASSERT_TRUE(*queue_->Retry(leases[100], milliseconds(1), "x"));
  ASSERT_TRUE(*queue_->GiveUp(leases[101], "x"));
  const std::string epoch = *queue_->Epoch();
  server_.Kill();
  EXPECT_EQ(queue_->Ping().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(queue_->Enqueue(NewTasks(1)).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(queue_->Complete(Done(leases[102])).status().code(), absl::StatusCode::kUnavailable);
  server_.Restart();
  EXPECT_EQ(*queue_->Epoch(), epoch);
  const auto backlog = queue_->GetBacklog(v1::Task::SEGMENT);
  ASSERT_TRUE(backlog.ok()) << backlog.status();
  EXPECT_EQ(backlog->waiting, 100);
  EXPECT_EQ(backlog->leased, 98);
  EXPECT_EQ(backlog->delayed, 1);
  EXPECT_EQ(Waiting(v1::Task::EXTRACT), 100);
  EXPECT_EQ(*queue_->CountDeadLetters(), 1);
  EXPECT_EQ(queue_->ReadEvents({.consumer = "i", .max_tasks = 999})->size(), 101u);
  // Leases outlive the server.
  EXPECT_THAT(*queue_->Heartbeat(std::span(leases).subspan(102)), IsEmpty());
  EXPECT_TRUE(*queue_->Complete(Done(leases[102])));
}

TEST_F(RedisTaskQueueTest, FullMemoryRefusesAtTheEdgeAndDrains) {
  ASSERT_TRUE(queue_->Enqueue(NewTasks(500)).ok());
  auto leases = Take(400);
  ASSERT_TRUE(*queue_->GiveUp(leases[0], "x"));
  ASSERT_TRUE(*queue_->Retry(leases[1], milliseconds(1), "x"));
  FillMemory();
  EXPECT_EQ(queue_->Enqueue(NewTasks(1)).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(queue_->Epoch().status().code(), absl::StatusCode::kResourceExhausted);
  const std::vector<std::string> dead = {queue_->ListDeadLetters(1, "")->letters.at(0).id};
  EXPECT_EQ(queue_->Redrive(dead).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(*queue_->CountDeadLetters(), 1);
  // Everything that brings tasks to their end goes on, and loses none.
  EXPECT_THAT(*queue_->Heartbeat(std::span(leases).subspan(2)), IsEmpty());
  ASSERT_TRUE(*queue_->Complete(Done(leases[2])));
  ASSERT_TRUE(*queue_->Retry(leases[3], milliseconds(1), "x"));
  ASSERT_TRUE(*queue_->Release(leases[4]));
  ASSERT_TRUE(*queue_->GiveUp(leases[5], "x"));
  int64_t moved = 0;
  EXPECT_TRUE(WaitFor([&] { return (moved += queue_->MoveDue(10).value_or(0)) == 2; }));
  EXPECT_EQ(queue_->Reclaim(v1::Task::SEGMENT, {.consumer = "b", .max_tasks = 999}, milliseconds(0))->size(), 394u);
  const auto backlog = *queue_->GetBacklog(v1::Task::SEGMENT);
  EXPECT_EQ(backlog.waiting, 103);
  EXPECT_EQ(backlog.leased, 394);
  EXPECT_EQ(backlog.delayed, 0);
  EXPECT_EQ(Waiting(v1::Task::EXTRACT), 1);
  EXPECT_EQ(Take(999).size(), 103u);
  const auto events = *queue_->ReadEvents({.consumer = "i", .max_tasks = 99});
  ASSERT_EQ(events.size(), 3u);
  EXPECT_TRUE(queue_->AckEvents({{events[0].id}}).ok());
  EXPECT_EQ(*queue_->Drop(dead), 1);
  EXPECT_TRUE(queue_->RemoveIdleConsumers(seconds(60)).ok());
  // And with memory again, so does the edge.
  server_.Configure("maxmemory", "0");
  EXPECT_TRUE(queue_->Enqueue(NewTasks(1)).ok());
}

TEST_F(RedisTaskQueueTest, WhatIsNoTaskIsBuried) {
  server_.Run({{"XADD", "{duban}:segment", "*", "task", "\xff\xff\xff"}});
  server_.Run({{"XADD", "{duban}:segment", "*", "other", "field"}});
  server_.Run({{"XADD", "{duban}:segment", "*", "task", [] {
                  v1::Task task;
                  task.set_stage(v1::Task::TRACK);
                  return task.SerializeAsString();
                }()}});
  ASSERT_TRUE(queue_->Enqueue(NewTasks(1)).ok());
  EXPECT_EQ(Take(9).size(), 1u);
  EXPECT_EQ(queue_->GetBacklog(v1::Task::SEGMENT)->total(), 1);
  const auto page = *queue_->ListDeadLetters(9, "");
  ASSERT_EQ(page.letters.size(), 3u);
  std::vector<std::string> ids;
  for (const DeadLetter& letter : page.letters) {
    EXPECT_EQ(letter.reason, "entry: no task of its stage");
    ids.push_back(letter.id);
  }
  EXPECT_TRUE(queue_->ReadEvents({.consumer = "i"})->empty());
  // Only the one that is a task, if of another stage, can be put up again.
  EXPECT_EQ(*queue_->Redrive(ids), 1);
  EXPECT_EQ(Waiting(v1::Task::TRACK), 1);
}

TEST_F(RedisTaskQueueTest, EntriesDeletedByHandAreForgotten) {
  ASSERT_TRUE(queue_->Enqueue(NewTasks(2)).ok());
  const auto leases = Take(2);
  server_.Run({{"XDEL", "{duban}:segment", leases.at(0).id}});
  const auto reclaimed = queue_->Reclaim(v1::Task::SEGMENT, {.consumer = "b", .max_tasks = 9}, milliseconds(0));
  ASSERT_TRUE(reclaimed.ok()) << reclaimed.status();
  ASSERT_EQ(reclaimed->size(), 1u);
  EXPECT_EQ(reclaimed->front().id, leases.at(1).id);
  EXPECT_EQ(queue_->GetBacklog(v1::Task::SEGMENT)->total(), 1);
}

TEST_F(RedisTaskQueueTest, ReclaimScansBehindTheLiving) {
  // XAUTOCLAIM looks at 10 entries per entry that it may claim: the dead one stands behind 1000 that are alive.
  ASSERT_TRUE(queue_->Enqueue(NewTasks(1001)).ok());
  const auto leases = Take(1001);
  ASSERT_EQ(leases.size(), 1001u);
  constexpr milliseconds kIdle(2000);
  // The last entry's idle time is set, as if its holder were long silent.
  server_.Run({{"XCLAIM", "{duban}:segment", "workers", "dead", "0", leases.back().id, "IDLE", "1000000", "JUSTID"}});
  EXPECT_THAT(*queue_->Heartbeat(std::span(leases).first(1000)), IsEmpty());
  const auto reclaimed = queue_->Reclaim(v1::Task::SEGMENT, {.consumer = "b", .max_tasks = 1}, kIdle);
  ASSERT_TRUE(reclaimed.ok()) << reclaimed.status();
  ASSERT_EQ(reclaimed->size(), 1u);
  EXPECT_EQ(reclaimed->front().id, leases.back().id);
}

TEST_F(RedisTaskQueueTest, ScriptsForgottenByRedisAreLoadedAgain) {
  ASSERT_TRUE(queue_->Enqueue(NewTasks(2)).ok());
  const auto leases = Take(2);
  ASSERT_TRUE(*queue_->Complete(Done(leases.at(0))));
  server_.Run({{"SCRIPT", "FLUSH"}});
  EXPECT_TRUE(*queue_->Complete(Done(leases.at(1))));
}

}  // namespace
}  // namespace duban
