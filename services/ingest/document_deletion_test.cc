// SPDX-License-Identifier: Apache-2.0
// The contract of DocumentStore about deleted documents, run on both backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "services/ingest/document_store_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using State = v1::Document::State;

TEST_P(DocumentStoreTest, DeletedIsGoneButForItsTombstone) {
  Fill(2);
  const v1::Document before = Get(1);
  const auto deleted = store_->Delete(IdOf(1), "00-aa-bb-01");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_TRUE(deleted->changed);
  EXPECT_EQ(deleted->document.state(), v1::Document::DELETING);
  EXPECT_EQ(deleted->document.revision(), 2);
  EXPECT_EQ(deleted->document.title(), before.title());
  EXPECT_EQ(deleted->document.text(), "");
  EXPECT_EQ(deleted->document.create_time().SerializeAsString(), before.create_time().SerializeAsString());
  EXPECT_NE(deleted->document.update_time().SerializeAsString(), before.update_time().SerializeAsString());
  EXPECT_EQ(Get(1).SerializeAsString(), deleted->document.SerializeAsString());
  for (const absl::Status& status :
       {store_->BatchGet({IdOf(2), IdOf(1)}, true).status(), store_->BatchGet({IdOf(1)}, false).status(),
        store_->GetOriginal(IdOf(1)).status()}) {
    EXPECT_TRUE(IsDeleted(status)) << status;
    EXPECT_THAT(Message(status), HasSubstr(DocumentName(IdOf(1))));
  }
  for (const absl::Status& status : {store_->BatchGet({IdOf(9)}, true).status(), store_->GetOriginal(IdOf(9)).status(),
                                     store_->Find(IdOf(9)).status(), store_->Delete(IdOf(9), "").status()}) {
    EXPECT_TRUE(absl::IsNotFound(status) && !IsDeleted(status)) << status;
  }
  const auto again = store_->Delete(IdOf(1), "");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(again->changed) << "it is on its way";
  EXPECT_EQ(again->document.SerializeAsString(), deleted->document.SerializeAsString());
  const auto unfinished = store_->Unfinished(absl::InfiniteFuture(), 10);
  ASSERT_EQ(unfinished->size(), 2);
  EXPECT_EQ(unfinished->at(1).id, IdOf(1));
  EXPECT_EQ(unfinished->at(1).state, v1::Document::DELETING);
  EXPECT_EQ(unfinished->at(1).revision, 2);
  EXPECT_EQ(unfinished->at(1).traceparent, "00-aa-bb-01");
}

TEST_P(DocumentStoreTest, EventsTellHowFarARemovalIs) {
  using v1::StageEvent;
  using v1::Task;
  Fill(1);
  ASSERT_TRUE(store_->ApplyEvents({Event(1, Task::TRACK, StageEvent::DONE)}).ok());
  Delete(1);
  EXPECT_EQ(StateAndFailure(1), "DELETING");
  ASSERT_TRUE(
      store_
          ->ApplyEvents({Event(1, Task::TRACK, StageEvent::DONE), Event(1, Task::SEGMENT, StageEvent::DEAD, "late"),
                         Event(1, Task::SEGMENT, StageEvent::DONE, "", 2)})
          .ok());
  EXPECT_EQ(StateAndFailure(1), "DELETING");
  ASSERT_TRUE(store_->ApplyEvents({Event(1, Task::EXTRACT, StageEvent::DEAD, "no luck", 2)}).ok());
  EXPECT_EQ(StateAndFailure(1), "FAILED: no luck");
  EXPECT_TRUE(IsDeleted(store_->BatchGet({IdOf(1)}, true).status())) << "all the same";
  EXPECT_THAT(UnfinishedIds(absl::InfiniteFuture(), 10), IsEmpty());
  ASSERT_TRUE(store_->Redrive({IdOf(1)}).ok());
  EXPECT_EQ(StateAndFailure(1), "DELETING");
  ASSERT_TRUE(store_->ApplyEvents({Event(1, Task::EXTRACT, StageEvent::DEAD, "no luck", 2)}).ok());
  const auto again = store_->Delete(IdOf(1), "");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->changed) << "it is tried again";
  EXPECT_EQ(again->document.revision(), 2);
  EXPECT_EQ(StateAndFailure(1), "DELETING");
  ASSERT_TRUE(store_->ApplyEvents({Event(1, Task::TRACK, StageEvent::DONE, "", 2)}).ok());
  EXPECT_EQ(StateAndFailure(1), "DELETED");
  EXPECT_THAT(UnfinishedIds(absl::InfiniteFuture(), 10), IsEmpty());
  EXPECT_TRUE(IsDeleted(store_->Delete(IdOf(1), "").status()));
}

TEST_P(DocumentStoreTest, TheSameBytesMayComeAgainAtAnyTime) {
  using v1::StageEvent;
  Fill(4);
  for (const int number : {1, 2, 3}) Delete(number);
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(2, v1::Task::TRACK, StageEvent::DONE, "", 2),
                                 Event(3, v1::Task::SEGMENT, StageEvent::DEAD, "x", 2)})
                  .ok());
  NewDocument first = MakeDocument(1, 2);
  first.original = "other";
  const auto inserted = store_->Insert({first, MakeDocument(2), MakeDocument(3), MakeDocument(4), MakeDocument(1)});
  ASSERT_TRUE(inserted.ok()) << inserted.status();
  std::vector<bool> fresh;
  for (const InsertedDocument& document : *inserted) fresh.push_back(document.inserted);
  EXPECT_THAT(fresh, ElementsAre(true, true, true, false, false));
  for (const int number : {1, 2, 3}) {
    EXPECT_EQ(StateAndFailure(number), "ACCEPTED");
    EXPECT_EQ(Get(number).revision(), 3);
    EXPECT_EQ(store_->BatchGet({IdOf(number)}, true)->at(0).text(), MakeDocument(number).document.text());
  }
  EXPECT_EQ(inserted->at(0).document.agency().name(), AgencyName(AgencyOf(2)));
  EXPECT_EQ(*store_->GetOriginal(IdOf(1)), "other") << "the first of the batch";
  EXPECT_EQ(store_->List({.agency = AgencyOf(2)}, std::nullopt, 10, false)->documents.size(), 1);
  ASSERT_TRUE(store_->ApplyEvents({Event(1, v1::Task::TRACK, StageEvent::DONE, "", 2)}).ok());
  EXPECT_EQ(StateAndFailure(1), "ACCEPTED") << "an event of the removal";
  ASSERT_TRUE(store_->ApplyEvents({Event(1, v1::Task::TRACK, StageEvent::DONE, "", 3)}).ok());
  EXPECT_EQ(StateAndFailure(1), "FINISHED");
}

TEST_P(DocumentStoreTest, ListsHideDeletedOnesUnlessAskedForThem) {
  Fill(5);
  for (const int number : {2, 3, 4}) Delete(number);
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(3, v1::Task::TRACK, v1::StageEvent::DONE, "", 2),
                                 Event(4, v1::Task::TRACK, v1::StageEvent::DEAD, "x", 2),
                                 Event(5, v1::Task::TRACK, v1::StageEvent::DEAD, "x")})
                  .ok());
  struct Case {
    State state;
    std::vector<int> listed;
  };
  for (const Case& c : std::initializer_list<Case>{{v1::Document::STATE_UNSPECIFIED, {5, 1}},
                                                   {v1::Document::ACCEPTED, {1}},
                                                   {v1::Document::FINISHED, {}},
                                                   {v1::Document::FAILED, {5, 4}},
                                                   {v1::Document::DELETING, {2}},
                                                   {v1::Document::DELETED, {3}}}) {
    SCOPED_TRACE(v1::Document::State_Name(c.state));
    for (const std::string& agency : {std::string(), AgencyOf(1)}) {
      const auto page = store_->List({.agency = agency, .state = c.state}, std::nullopt, 10, /*with_text=*/true);
      ASSERT_TRUE(page.ok()) << page.status();
      ASSERT_EQ(page->documents.size(), c.listed.size());
      for (size_t i = 0; i < c.listed.size(); ++i) {
        const v1::Document& document = page->documents[i];
        EXPECT_EQ(document.name(), DocumentName(IdOf(c.listed[i])));
        const bool deleted = c.listed[i] != 1 && c.listed[i] != 5;
        EXPECT_EQ(document.text(), deleted ? "" : MakeDocument(c.listed[i]).document.text());
      }
    }
  }
}

// Callers that delete and give the same documents at the same time: revisions rise by one at each change, and what is
// left is whole.
TEST_P(DocumentStoreTest, ConcurrentDeletionsAndInsertionsEndRight) {
  constexpr int kDocuments = 12;
  std::atomic<int> inserted = 0, deleted = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(thread);
      for (int round = 0; round < 15; ++round) {
        std::vector<NewDocument> documents;
        for (int i = 0; i < 4; ++i) documents.push_back(MakeDocument(static_cast<int>(random() % kDocuments)));
        const auto result = store_->Insert(documents);
        ASSERT_TRUE(result.ok()) << result.status();
        inserted += std::count_if(result->begin(), result->end(), [](const auto& one) { return one.inserted; });
        const auto gone = store_->Delete(IdOf(static_cast<int>(random() % kDocuments)), "");
        ASSERT_TRUE(gone.ok() || absl::IsNotFound(gone.status())) << gone.status();
        deleted += gone.ok() && gone->changed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int revisions = 0, left = 0;
  for (int number = 0; number < kDocuments; ++number) {
    const auto document = store_->Find(IdOf(number));
    if (!document.ok()) continue;
    revisions += document->revision();
    const bool is_left = document->state() == v1::Document::ACCEPTED;
    left += is_left;
    EXPECT_EQ(store_->GetOriginal(IdOf(number)).ok(), is_left);
    EXPECT_EQ(store_->BatchGet({IdOf(number)}, true).ok(), is_left);
  }
  EXPECT_EQ(revisions, inserted + deleted);
  EXPECT_EQ(left, inserted - deleted);
  EXPECT_EQ(store_->Counts()->at(v1::Document::ACCEPTED), left);
}

}  // namespace
}  // namespace duban
