// SPDX-License-Identifier: Apache-2.0
//
// The contract of TaskQueue, run on every backend: dead letters, stage events, consumers that are gone, the epoch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/queue/task_queue_test_util.h"

namespace duban {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr milliseconds kLong = seconds(20);

TEST_P(TaskQueueTest, GiveUpKeepsTheTaskAndTellsIngest) {
  Enqueue(1);
  Take("a", 1);
  const Lease lease = Reclaim("b").at(0);
  EXPECT_TRUE(*queue_->GiveUp(lease, "3 deliveries, at most 2"));
  EXPECT_FALSE(*queue_->GiveUp(lease, "again"));
  ExpectBacklog(0, 0, 0);
  const auto page = queue_->ListDeadLetters(10, "");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->letters.size(), 1u);
  const DeadLetter& letter = page->letters[0];
  EXPECT_EQ(letter.task.SerializeAsString(), lease.task.SerializeAsString());
  EXPECT_EQ(letter.reason, "3 deliveries, at most 2");
  EXPECT_EQ(letter.deliveries, 2);
  EXPECT_GT(letter.dead_time_ms, 1'600'000'000'000);
  const auto events = Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].event.outcome(), v1::StageEvent::DEAD);
  EXPECT_EQ(events[0].event.document(), "documents/1");
  EXPECT_EQ(events[0].event.stage(), v1::Task::SEGMENT);
  EXPECT_EQ(events[0].event.error(), "3 deliveries, at most 2");
}

TEST_P(TaskQueueTest, DeadLettersComeInPages) {
  Enqueue(5);
  for (const Lease& lease : Take("a", 5)) EXPECT_TRUE(*queue_->GiveUp(lease, "x"));
  EXPECT_EQ(*queue_->CountDeadLetters(), 5);
  std::vector<std::string> documents;
  std::string token;
  int pages = 0;
  do {
    const auto page = queue_->ListDeadLetters(2, token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const DeadLetter& letter : page->letters) documents.push_back(letter.task.document());
    token = page->next_page_token;
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(documents, ElementsAre("documents/1", "documents/2", "documents/3", "documents/4", "documents/5"));
  EXPECT_EQ(queue_->ListDeadLetters(5, "")->next_page_token, "");
}

TEST_P(TaskQueueTest, RedriveAndDrop) {
  Enqueue(3);
  auto leases = Take("a", 3);
  leases[0].task.set_attempt(4);
  leases[0].task.set_last_error("x");
  leases[0].task.set_enqueue_time_ms(1);
  for (const Lease& lease : leases) EXPECT_TRUE(*queue_->GiveUp(lease, "x"));
  std::vector<std::string> ids;
  const auto page = queue_->ListDeadLetters(9, "");
  ASSERT_TRUE(page.ok()) << page.status();
  for (const DeadLetter& letter : page->letters) ids.push_back(letter.id);
  ASSERT_EQ(ids.size(), 3u);
  const int64_t before = absl::ToUnixMillis(absl::Now());
  EXPECT_EQ(*queue_->Redrive({{ids[0], "9999999999999-0"}}), 1);
  EXPECT_EQ(*queue_->Redrive({{ids[0]}}), 0);
  Lease again = Take("a", 9).at(0);
  // Former bug: a letter older than the worker's max_outage was given up again at the next outage.
  EXPECT_GE(again.task.enqueue_time_ms(), before);
  again.task.clear_enqueue_time_ms();
  EXPECT_EQ(again.task.SerializeAsString(), NewTask(1).SerializeAsString());
  EXPECT_EQ(*queue_->Drop({{ids[1], ids[1], "9999999999999-0"}}), 1);
  EXPECT_EQ(*queue_->CountDeadLetters(), 1);
  EXPECT_EQ(*queue_->Drop({}), 0);
  EXPECT_EQ(*queue_->Redrive({}), 0);
}

TEST_P(TaskQueueTest, EventsComeUntilAcknowledged) {
  queue_ = GetParam().make(milliseconds(0));
  Enqueue(2);
  for (const Lease& lease : Take("a", 2)) {
    EXPECT_TRUE(*queue_->Complete({lease, std::nullopt, DoneEvent(lease.task)}));
  }
  const auto first = Events("ingest-1", 2);
  ASSERT_EQ(first.size(), 2u);
  // The reader died: with an idle time of 0 whoever asks takes over.
  const auto second = Events("ingest-2", 2);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[1].id, first[1].id);
  ASSERT_TRUE(queue_->AckEvents({{first[0].id}}).ok());
  EXPECT_EQ(Events("ingest-1", 2).size(), 1u);
  ASSERT_TRUE(queue_->AckEvents({{first[1].id}}).ok());
  ASSERT_TRUE(queue_->AckEvents({{first[1].id}}).ok());
  ASSERT_TRUE(queue_->AckEvents({}).ok());
  EXPECT_THAT(Events(), IsEmpty());
}

TEST_P(TaskQueueTest, EventsOfALivingReaderAreItsOwn) {
  Enqueue(1);
  const Lease lease = Take("a", 1).at(0);
  EXPECT_TRUE(*queue_->Complete({lease, std::nullopt, DoneEvent(lease.task)}));
  EXPECT_EQ(Events("ingest-1").size(), 1u);
  EXPECT_THAT(Events("ingest-2"), IsEmpty());
}

TEST_P(TaskQueueTest, ReadEventsWaits) {
  Enqueue(1);
  absl::StatusOr<std::vector<ReceivedEvent>> events;
  std::thread reader([&] { events = queue_->ReadEvents({.consumer = "i", .max_tasks = 9, .max_wait = kLong}); });
  const Lease lease = Take("a", 1).at(0);
  EXPECT_TRUE(*queue_->Complete({lease, std::nullopt, DoneEvent(lease.task)}));
  reader.join();
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->size(), 1u);
}

TEST_P(TaskQueueTest, IdleConsumersGoUnlessTheyHoldATask) {
  Enqueue(2);
  const auto held = Take("holder", 1);
  const auto done = Take("idle", 1);
  EXPECT_TRUE(*queue_->Complete({done.at(0), std::nullopt, DoneEvent(done[0].task)}));
  EXPECT_EQ(*queue_->RemoveIdleConsumers(kLong), 0);
  EXPECT_EQ(*queue_->RemoveIdleConsumers(milliseconds(0)), 1);
  EXPECT_THAT(*queue_->Heartbeat(held), IsEmpty());
  EXPECT_TRUE(*queue_->Complete({held[0], std::nullopt, DoneEvent(held[0].task)}));
  EXPECT_EQ(*queue_->RemoveIdleConsumers(milliseconds(0)), 1);
}

TEST_P(TaskQueueTest, EpochLastsAndDiffers) {
  const std::string epoch = *queue_->Epoch();
  EXPECT_FALSE(epoch.empty());
  EXPECT_EQ(*queue_->Epoch(), epoch);
  EXPECT_NE(*GetParam().make(seconds(30))->Epoch(), epoch);
  EXPECT_TRUE(queue_->Ping().ok());
}

}  // namespace
}  // namespace duban
