// SPDX-License-Identifier: Apache-2.0
//
// The contract of TaskQueue, run on every backend: tasks, from their being put up to their hand-over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "common/base/status.h"
#include "common/queue/memory_task_queue.h"
#include "common/queue/redis_task_queue.h"
#include "common/queue/task_queue_test_util.h"
#include "common/testing/redis_server.h"
#include "common/testing/wait.h"

namespace duban {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::WaitFor;

constexpr milliseconds kLong = seconds(20);

std::unique_ptr<TaskQueue> MakeRedisQueue(milliseconds event_min_idle) {
  static testing::RedisServer server;
  static int count = 0;
  auto redis = RedisClient::Create({.address = server.address()});
  return *RedisTaskQueue::Create(*std::move(redis),
                                 {.prefix = "test-" + std::to_string(++count), .event_min_idle = event_min_idle});
}

TEST_P(TaskQueueTest, TasksComeInOrderAndOnce) {
  Enqueue(3);
  EXPECT_THAT(Documents(Take("a", 2)), ElementsAre("documents/1", "documents/2"));
  EXPECT_THAT(Documents(Take("b", 2)), ElementsAre("documents/3"));
  EXPECT_THAT(Take("a", 2), IsEmpty());
  ExpectBacklog(0, 3, 0);
}

TEST_P(TaskQueueTest, TaskComesWhole) {
  v1::Task task = NewTask(1);
  task.set_attempt(2);
  task.set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  task.set_enqueue_time_ms(1700000000000);
  task.set_last_error("上次失败");
  ASSERT_TRUE(queue_->Enqueue({&task, 1}).ok());
  const auto leases = Take("a", 1);
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(leases[0].task.SerializeAsString(), task.SerializeAsString());
  EXPECT_EQ(leases[0].consumer, "a");
  EXPECT_EQ(leases[0].deliveries, 1);
}

TEST_P(TaskQueueTest, StagesAreApart) {
  Enqueue(1, v1::Task::EXTRACT);
  EXPECT_THAT(Take("a", 1, v1::Task::SEGMENT), IsEmpty());
  EXPECT_THAT(Take("a", 1, v1::Task::TRACK), IsEmpty());
  EXPECT_EQ(Take("a", 1, v1::Task::EXTRACT).size(), 1u);
}

TEST_P(TaskQueueTest, TakeWaitsForATask) {
  absl::StatusOr<std::vector<Lease>> leases;
  std::thread taker(
      [&] { leases = queue_->Take(v1::Task::SEGMENT, {.consumer = "a", .max_tasks = 5, .max_wait = kLong}); });
  Enqueue(1);
  taker.join();
  ASSERT_TRUE(leases.ok()) << leases.status();
  EXPECT_EQ(leases->size(), 1u);
  const auto none = queue_->Take(v1::Task::SEGMENT, {.consumer = "a", .max_tasks = 5, .max_wait = milliseconds(10)});
  EXPECT_TRUE(none.ok() && none->empty());
}

TEST_P(TaskQueueTest, CompleteHandsOverOnce) {
  Enqueue(1);
  const Lease lease = Take("a", 1).at(0);
  const Completion completion{lease, Next(lease.task), DoneEvent(lease.task)};
  EXPECT_TRUE(*queue_->Complete(completion));
  EXPECT_FALSE(*queue_->Complete(completion));
  ExpectBacklog(0, 0, 0);
  EXPECT_EQ(GetBacklog(v1::Task::EXTRACT).waiting, 1);
  const auto events = Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].event.SerializeAsString(), DoneEvent(lease.task).SerializeAsString());
  const auto next = Take("b", 9, v1::Task::EXTRACT);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].task.document(), "documents/1");
}

TEST_P(TaskQueueTest, LastStageHasNoNext) {
  Enqueue(1, v1::Task::TRACK);
  const Lease lease = Take("a", 1, v1::Task::TRACK).at(0);
  EXPECT_TRUE(*queue_->Complete({lease, std::nullopt, DoneEvent(lease.task)}));
  for (const auto stage : {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK}) {
    EXPECT_EQ(GetBacklog(stage).total(), 0);
  }
  EXPECT_EQ(Events().size(), 1u);
}

TEST_P(TaskQueueTest, CompleteBatchAnswersEach) {
  Enqueue(3);
  std::vector<Completion> completions;
  for (const Lease& lease : Take("a", 3)) completions.push_back({lease, Next(lease.task), DoneEvent(lease.task)});
  EXPECT_TRUE(*queue_->Complete(completions[1]));
  completions.push_back(completions[0]);
  EXPECT_THAT(*queue_->CompleteBatch(completions), ElementsAre(true, false, true, false));
  EXPECT_EQ(GetBacklog(v1::Task::EXTRACT).waiting, 3);
  EXPECT_THAT(*queue_->CompleteBatch({}), IsEmpty());
}

TEST_P(TaskQueueTest, NobodyReclaimsTheLiving) {
  Enqueue(2);
  const auto leases = Take("a", 2);
  const auto reclaim = [&](milliseconds min_idle) {
    return *queue_->Reclaim(v1::Task::SEGMENT, {.consumer = "b", .max_tasks = 9}, min_idle);
  };
  EXPECT_THAT(reclaim(kLong), IsEmpty());
  // Idle time grows until a heartbeat resets it, for one of the two.
  constexpr milliseconds kIdle(500);
  std::vector<Lease> claimed;
  ASSERT_TRUE(WaitFor([&] {
    EXPECT_THAT(*queue_->Heartbeat({&leases[0], 1}), IsEmpty());
    claimed = reclaim(kIdle);
    return !claimed.empty();
  }));
  EXPECT_THAT(Documents(claimed), ElementsAre("documents/2"));
}

TEST_P(TaskQueueTest, ReclaimRaisesDeliveriesAndHeartbeatDoesNot) {
  Enqueue(1);
  const auto first = Take("a", 1);
  for (int i = 0; i < 5; ++i) EXPECT_THAT(*queue_->Heartbeat(first), IsEmpty());
  const auto second = Reclaim("b");
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].deliveries, 2);
  EXPECT_EQ(second[0].consumer, "b");
  EXPECT_EQ(second[0].id, first[0].id);
  EXPECT_EQ(Reclaim("c").at(0).deliveries, 3);
}

TEST_P(TaskQueueTest, ReclaimTakesNoMoreThanAsked) {
  Enqueue(50);
  Take("a", 50);
  std::set<std::string> ids;
  for (const Lease& lease : Reclaim("b", 20)) ids.insert(lease.id);
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(Reclaim("b", 100).size(), 50u);
}

// Former bugs of such queues: a plain XCLAIM as heartbeat steals the entry back from whoever reclaimed it.
TEST_P(TaskQueueTest, StaleHeartbeatDoesNotStealBack) {
  Enqueue(2);
  const auto stale = Take("a", 2);
  const auto claimed = Reclaim("b", 1);
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_THAT(*queue_->Heartbeat(stale), ElementsAre(claimed[0].id));
  EXPECT_THAT(*queue_->Heartbeat(claimed), IsEmpty());
  EXPECT_TRUE(*queue_->Complete({claimed[0], std::nullopt, DoneEvent(claimed[0].task)}));
  EXPECT_THAT(*queue_->Heartbeat(claimed), ElementsAre(claimed[0].id));
}

TEST_P(TaskQueueTest, WhoeverComesFirstCompletes) {
  Enqueue(1);
  const Lease stale = Take("a", 1).at(0);
  const Lease claimed = Reclaim("b").at(0);
  EXPECT_TRUE(*queue_->Complete({stale, Next(stale.task), DoneEvent(stale.task)}));
  EXPECT_FALSE(*queue_->Complete({claimed, Next(claimed.task), DoneEvent(claimed.task)}));
  EXPECT_EQ(GetBacklog(v1::Task::EXTRACT).waiting, 1);
}

TEST_P(TaskQueueTest, OnlyTheHolderEndsALeaseOtherwise) {
  Enqueue(1);
  const Lease stale = Take("a", 1).at(0);
  const Lease claimed = Reclaim("b").at(0);
  EXPECT_FALSE(*queue_->Retry(stale, milliseconds(0), "x"));
  EXPECT_FALSE(*queue_->Release(stale));
  EXPECT_FALSE(*queue_->GiveUp(stale, "x"));
  ExpectBacklog(0, 1, 0);
  EXPECT_EQ(*queue_->CountDeadLetters(), 0);
  EXPECT_TRUE(*queue_->Complete({claimed, std::nullopt, DoneEvent(claimed.task)}));
  EXPECT_FALSE(*queue_->Release(claimed));
}

TEST_P(TaskQueueTest, ReleaseGivesTheTaskBackUntouched) {
  Enqueue(1);
  const Lease lease = Take("a", 1).at(0);
  EXPECT_TRUE(*queue_->Release(lease));
  ExpectBacklog(1, 0, 0);
  const Lease again = Take("b", 1).at(0);
  EXPECT_EQ(again.task.SerializeAsString(), lease.task.SerializeAsString());
  EXPECT_EQ(again.deliveries, 1);
}

TEST_P(TaskQueueTest, RetryComesBackAfterItsDelay) {
  Enqueue(1);
  const Lease lease = Take("a", 1).at(0);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(*queue_->Retry(lease, milliseconds(30), "upstream: 不可用"));
  ExpectBacklog(0, 0, 1);
  int64_t moved = 0;
  ASSERT_TRUE(WaitFor([&] { return (moved += *queue_->MoveDue(10)) > 0; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(25));
  EXPECT_EQ(moved, 1);
  const Lease again = Take("a", 1).at(0);
  EXPECT_EQ(again.task.attempt(), 1);
  EXPECT_EQ(again.task.last_error(), "upstream: 不可用");
  EXPECT_EQ(again.deliveries, 1);
}

TEST_P(TaskQueueTest, RetriesComeInOrderOfTheirTime) {
  Enqueue(4);
  const auto leases = Take("a", 4);
  EXPECT_TRUE(*queue_->Retry(leases[0], milliseconds(300), "x"));
  EXPECT_TRUE(*queue_->Retry(leases[1], milliseconds(20), "x"));
  EXPECT_TRUE(*queue_->Retry(leases[2], milliseconds(0), "x"));
  EXPECT_TRUE(*queue_->Retry(leases[3], std::chrono::hours(1), "x"));
  ASSERT_TRUE(WaitFor([&] { return queue_->MoveDue(1).ok() && GetBacklog().delayed == 1; }));
  EXPECT_THAT(Documents(Take("a", 9)), ElementsAre("documents/3", "documents/2", "documents/1"));
}

TEST_P(TaskQueueTest, EqualTasksAreDelayedApart) {
  const v1::Task task = NewTask(1);
  const std::vector<v1::Task> twice = {task, task};
  ASSERT_TRUE(queue_->Enqueue(twice).ok());
  for (const Lease& lease : Take("a", 2)) EXPECT_TRUE(*queue_->Retry(lease, milliseconds(1), "x"));
  EXPECT_EQ(GetBacklog().delayed, 2);
  EXPECT_TRUE(WaitFor([&] { return queue_->MoveDue(10).ok() && GetBacklog().waiting == 2; }));
}

TEST_P(TaskQueueTest, ErrorsAreCutAndMadeValid) {
  Enqueue(2);
  const auto leases = Take("a", 2);
  std::string error = "\xff 误 ";
  while (error.size() < 5000) error += "长";
  ASSERT_TRUE(*queue_->Retry(leases[0], milliseconds(0), error));
  ASSERT_TRUE(*queue_->GiveUp(leases[1], error));
  const std::string kept = Take("a", 1).at(0).task.last_error();
  EXPECT_THAT(kept, StartsWith("\xEF\xBF\xBD 误 长长"));
  EXPECT_LE(kept.size(), TaskQueue::kMaxErrorBytes);
  EXPECT_GT(kept.size(), TaskQueue::kMaxErrorBytes - 4);
  EXPECT_EQ(queue_->ListDeadLetters(1, "")->letters.at(0).reason, kept);
}

TEST_P(TaskQueueTest, BadArgumentsAreNamed) {
  const v1::Task no_stage = NewTask(1, v1::Task::STAGE_UNSPECIFIED);
  const Lease bad_lease{.id = "1-0", .task = no_stage, .consumer = "a"};
  const Lease lease{.id = "1-0", .task = NewTask(1), .consumer = "a"};
  const LeaseOptions good{.consumer = "a"};
  struct Case {
    const char* message;
    absl::Status status;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"stage: 0, want", queue_->Enqueue({&no_stage, 1})},
           {"stage: 0, want", queue_->Take(v1::Task::STAGE_UNSPECIFIED, good).status()},
           {"stage: 9, want", queue_->Take(static_cast<v1::Task::Stage>(9), good).status()},
           {"stage: 0, want", queue_->Reclaim(v1::Task::STAGE_UNSPECIFIED, good, kLong).status()},
           {"stage: 0, want", queue_->GetBacklog(v1::Task::STAGE_UNSPECIFIED).status()},
           {"stage: 0, want", queue_->Heartbeat({&bad_lease, 1}).status()},
           {"stage: 0, want", queue_->Retry(bad_lease, kLong, "x").status()},
           {"stage: 0, want", queue_->Release(bad_lease).status()},
           {"stage: 0, want", queue_->GiveUp(bad_lease, "x").status()},
           {"stage: 0, want", queue_->Complete({bad_lease, std::nullopt, {}}).status()},
           {"stage: 0, want", queue_->Complete({lease, no_stage, {}}).status()},
           {"consumer: empty", queue_->Take(v1::Task::SEGMENT, {}).status()},
           {"max_tasks: 0, want", queue_->Take(v1::Task::SEGMENT, {.consumer = "a", .max_tasks = 0}).status()},
           {"max_wait: -1 ms, want",
            queue_->Take(v1::Task::SEGMENT, {.consumer = "a", .max_wait = milliseconds(-1)}).status()},
           {"consumer: empty", queue_->ReadEvents({}).status()},
           {"max: 0, want", queue_->MoveDue(0).status()},
           {"page_size: 0, want", queue_->ListDeadLetters(0, "").status()},
           {"page_token: x, want", queue_->ListDeadLetters(1, "x").status()},
           {"ids: x, want", queue_->Redrive({{"x"}}).status()},
           {"ids: 1-, want", queue_->Drop({{"1-"}}).status()},
           {"ids: -1, want", queue_->AckEvents({{"-1"}})},
       }) {
    EXPECT_EQ(c.status.code(), absl::StatusCode::kInvalidArgument) << c.message;
    EXPECT_THAT(Message(c.status), HasSubstr(c.message));
  }
}

// Workers that race for the same tasks, some of which are reclaimed under their hands: every task is handed over once.
TEST_P(TaskQueueTest, ConcurrentWorkersHandOverEachTaskOnce) {
  constexpr int kThreads = 4;
  constexpr int kTasksEach = 2000;
  constexpr int kTasks = kThreads * kTasksEach;
  std::atomic<int> handed_over{0};
  std::atomic<int> failures{0};
  const auto work = [&](const std::string& consumer, int first) {
    for (int i = 0; i < kTasksEach; i += 100) {
      std::vector<v1::Task> tasks;
      for (int j = 0; j < 100; ++j) tasks.push_back(NewTask(first + i + j));
      if (!queue_->Enqueue(tasks).ok()) ++failures;
    }
    for (int round = 0; handed_over < kTasks && failures == 0; ++round) {
      const LeaseOptions options{.consumer = consumer, .max_tasks = 50};
      auto leases = round % 3 == 2 ? queue_->Reclaim(v1::Task::SEGMENT, options, milliseconds(0))
                                   : queue_->Take(v1::Task::SEGMENT, options);
      if (!leases.ok()) {
        ++failures;
        return;
      }
      // Every seventh batch is dropped, as by a worker that dies.
      if (round % 7 == 6) continue;
      std::vector<Completion> completions;
      for (const Lease& lease : *leases) completions.push_back({lease, Next(lease.task), DoneEvent(lease.task)});
      const auto ended = queue_->CompleteBatch(completions);
      if (!ended.ok()) {
        ++failures;
        return;
      }
      handed_over += static_cast<int>(std::count(ended->begin(), ended->end(), true));
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(work, "worker-" + std::to_string(t), t * kTasksEach);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(handed_over, kTasks);
  ExpectBacklog(0, 0, 0);
  std::set<std::string> documents;
  for (const Lease& lease : Take("reader", 2 * kTasks, v1::Task::EXTRACT)) {
    EXPECT_TRUE(documents.insert(lease.task.document()).second) << lease.task.document();
  }
  EXPECT_EQ(documents.size(), static_cast<size_t>(kTasks));
  EXPECT_EQ(Events("i", 2 * kTasks).size(), static_cast<size_t>(kTasks));
}

INSTANTIATE_TEST_SUITE_P(Backends, TaskQueueTest,
                         ::testing::Values(QueueBackend{"Memory",
                                                        [](milliseconds event_min_idle) {
                                                          return NewMemoryTaskQueue({.event_min_idle = event_min_idle});
                                                        }},
                                           QueueBackend{"Redis", MakeRedisQueue}),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace duban
