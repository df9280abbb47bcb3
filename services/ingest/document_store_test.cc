// SPDX-License-Identifier: Apache-2.0
// The contract of DocumentStore, run on both backends; deletion: document_deletion_test.cc.
#include "services/ingest/document_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "services/ingest/document_store_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using State = v1::Document::State;

INSTANTIATE_TEST_SUITE_P(Backends, DocumentStoreTest, ::testing::Values(Backend::kMemory, Backend::kPostgres),
                         [](const auto& backend) { return backend.param == Backend::kMemory ? "Memory" : "Postgres"; });

TEST_P(DocumentStoreTest, GivesBackWhatWasStored) {
  const NewDocument given = MakeDocument(1);
  const auto inserted = store_->Insert({given});
  ASSERT_TRUE(inserted.ok()) << inserted.status();
  ASSERT_THAT(*inserted, SizeIs(1));
  EXPECT_TRUE(inserted->at(0).inserted);
  v1::Document document = store_->BatchGet({IdOf(1)}, true)->at(0);
  EXPECT_EQ(document.state(), v1::Document::ACCEPTED);
  EXPECT_EQ(document.revision(), 1);
  EXPECT_EQ(document.failure(), "");
  const absl::Time created = absl::FromUnixSeconds(document.create_time().seconds());
  EXPECT_LT(absl::AbsDuration(absl::Now() - created), absl::Minutes(1));
  EXPECT_EQ(document.update_time().SerializeAsString(), document.create_time().SerializeAsString());
  v1::Document light = document;
  light.clear_text();
  EXPECT_EQ(inserted->at(0).document.SerializeAsString(), light.SerializeAsString());
  EXPECT_EQ(Get(1).SerializeAsString(), light.SerializeAsString());
  document.clear_state();
  document.clear_revision();
  document.clear_create_time();
  document.clear_update_time();
  EXPECT_EQ(document.SerializeAsString(), given.document.SerializeAsString());
  EXPECT_EQ(*store_->GetOriginal(IdOf(1)), given.original);
}

TEST_P(DocumentStoreTest, TheSameIdTwiceIsOneDocument) {
  ASSERT_TRUE(store_->Insert({MakeDocument(2)}).ok());
  NewDocument again = MakeDocument(2);
  again.document.set_title("another title");
  const auto inserted = store_->Insert({MakeDocument(3), again, MakeDocument(1), MakeDocument(3)});
  ASSERT_TRUE(inserted.ok()) << inserted.status();
  std::vector<bool> fresh;
  for (const InsertedDocument& document : *inserted) fresh.push_back(document.inserted);
  EXPECT_THAT(fresh, ElementsAre(true, false, true, false));
  EXPECT_EQ(inserted->at(1).document.title(), MakeDocument(2).document.title());
  EXPECT_EQ(inserted->at(3).document.name(), DocumentName(IdOf(3)));
  EXPECT_EQ(store_->Counts()->at(v1::Document::ACCEPTED), 3);
}

TEST_P(DocumentStoreTest, NothingInNothingOut) {
  EXPECT_THAT(*store_->Insert({}), IsEmpty());
  EXPECT_THAT(*store_->BatchGet({}, true), IsEmpty());
  EXPECT_THAT(*store_->ApplyEvents({}), IsEmpty());
  EXPECT_TRUE(store_->Redrive({}).ok());
  EXPECT_TRUE(store_->MarkEnqueued({}).ok());
  EXPECT_THAT(store_->List({}, std::nullopt, 10, false)->documents, IsEmpty());
  EXPECT_THAT(*store_->Unfinished(absl::InfiniteFuture(), 10), IsEmpty());
  EXPECT_THAT(*store_->Counts(), SizeIs(7));
}

TEST_P(DocumentStoreTest, RefusesWrongDocumentsWhole) {
  struct Case {
    NewDocument document;
    std::string_view field;
  };
  std::vector<Case> cases(5, {MakeDocument(1), ""});
  cases[0].document.document.set_name("documents/1");
  cases[0].field = "document.name";
  cases[1].document.document.mutable_agency()->set_name("agencies/x");
  cases[1].field = "document.agency.name";
  cases[2].document.document.set_text(std::string("a\0b", 3));
  cases[2].field = "document.text";
  cases[3].document.document.set_source_uri(std::string("\0", 1));
  cases[3].field = "document.source_uri";
  cases[4].document.traceparent = std::string("\0", 1);
  cases[4].field = "traceparent";
  for (const Case& c : cases) {
    const auto inserted = store_->Insert({MakeDocument(2), c.document});
    EXPECT_TRUE(absl::IsInvalidArgument(inserted.status())) << c.field;
    EXPECT_THAT(Message(inserted.status()), ::testing::StartsWith(std::string(c.field) + ":"));
  }
  EXPECT_EQ(store_->Counts()->at(v1::Document::ACCEPTED), 0);
}

TEST_P(DocumentStoreTest, GetsInTheOrderAsked) {
  Fill(3);
  const auto got = store_->BatchGet({IdOf(3), IdOf(1), IdOf(3)}, true);
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_THAT(*got, SizeIs(3));
  EXPECT_EQ(got->at(0).text(), MakeDocument(3).document.text());
  EXPECT_EQ(got->at(1).text(), MakeDocument(1).document.text());
  EXPECT_EQ(got->at(2).name(), DocumentName(IdOf(3)));
  const absl::Status missing = store_->BatchGet({IdOf(1), IdOf(9)}, false).status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_THAT(Message(missing), HasSubstr(DocumentName(IdOf(9))));
  EXPECT_TRUE(absl::IsNotFound(store_->GetOriginal(IdOf(9)).status()));
}

TEST_P(DocumentStoreTest, MalformedIdsAreNamed) {
  for (const std::string& id : {std::string(), std::string("x"), std::string(32, 'G'), IdOf(1) + "0"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->BatchGet({id}, false).status())) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->GetOriginal(id).status())) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Redrive({id}))) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->MarkEnqueued({id}))) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Delete(id, "").status())) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Find(id).status())) << id;
    EXPECT_TRUE(absl::IsInvalidArgument(store_->List({}, DocumentCursor{absl::Now(), id}, 1, true).status())) << id;
    if (id.empty()) continue;  // all agencies
    EXPECT_TRUE(absl::IsInvalidArgument(store_->List({.agency = id}, std::nullopt, 1, false).status())) << id;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(store_->List({}, std::nullopt, 0, false).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(store_->List({.state = static_cast<State>(77)}, std::nullopt, 1, false).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Unfinished(absl::Now(), 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Delete(IdOf(1), std::string("\0", 1)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->SwapQueueEpoch("", std::string("\0", 1)).status()));
}

TEST_P(DocumentStoreTest, ListsNewestFirstPageByPage) {
  // Batches share a time, so that the id decides among their documents.
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<NewDocument> documents;
    for (int i = 1; i <= 4; ++i) documents.push_back(MakeDocument(4 * batch + i, i % 2));
    ASSERT_TRUE(store_->Insert(documents).ok());
  }
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(2, v1::Task::TRACK, v1::StageEvent::DONE),
                                 Event(6, v1::Task::SEGMENT, v1::StageEvent::DEAD, "x")})
                  .ok());
  struct Case {
    DocumentFilter filter;
    size_t count;
  };
  for (const Case& c : std::initializer_list<Case>{{{}, 12},
                                                   {{.agency = AgencyOf(1)}, 6},
                                                   {{.state = v1::Document::FINISHED}, 1},
                                                   {{.state = v1::Document::ACCEPTED}, 10},
                                                   {{.agency = AgencyOf(0), .state = v1::Document::FAILED}, 1},
                                                   {{.agency = AgencyOf(1), .state = v1::Document::FAILED}, 0},
                                                   {{.agency = AgencyOf(7)}, 0}}) {
    const auto whole = store_->List(c.filter, std::nullopt, 100, false);
    ASSERT_TRUE(whole.ok()) << whole.status();
    EXPECT_EQ(whole->documents.size(), c.count);
    EXPECT_FALSE(whole->next.has_value());
    const auto older = [](const v1::Document& a, const v1::Document& b) {
      return std::tuple(a.create_time().seconds(), a.create_time().nanos(), a.name()) <
             std::tuple(b.create_time().seconds(), b.create_time().nanos(), b.name());
    };
    EXPECT_TRUE(std::is_sorted(whole->documents.rbegin(), whole->documents.rend(), older));
    for (int limit : {1, 3, 5, 12}) {
      std::vector<std::string> names;
      std::optional<DocumentCursor> cursor;
      do {
        auto page = store_->List(c.filter, cursor, limit, false);
        ASSERT_TRUE(page.ok()) << page.status();
        EXPECT_TRUE(page->documents.size() == static_cast<size_t>(limit) || !page->next.has_value());
        for (const v1::Document& document : page->documents) names.push_back(document.name());
        cursor = page->next;
      } while (cursor.has_value());
      ASSERT_EQ(names.size(), c.count);
      for (size_t i = 0; i < c.count; ++i) EXPECT_EQ(names[i], whole->documents[i].name());
    }
  }
}

TEST_P(DocumentStoreTest, EventsMoveStatesForwardOnly) {
  using v1::StageEvent;
  using v1::Task;
  const auto done = [](Task::Stage stage) { return Event(1, stage, StageEvent::DONE); };
  const auto dead = [](Task::Stage stage, std::string why) { return Event(1, stage, StageEvent::DEAD, why); };
  struct Case {
    std::vector<StageEvent> events;
    std::string state;
  };
  const std::vector<Case> cases = {
      {{}, "ACCEPTED"},
      {{done(Task::SEGMENT)}, "SEGMENTED"},
      {{done(Task::EXTRACT)}, "EXTRACTED"},
      {{done(Task::EXTRACT), done(Task::SEGMENT)}, "EXTRACTED"},
      {{done(Task::TRACK), done(Task::TRACK), done(Task::SEGMENT)}, "FINISHED"},
      {{dead(Task::SEGMENT, "no heading")}, "FAILED: no heading"},
      {{dead(Task::EXTRACT, "late"), done(Task::SEGMENT)}, "FAILED: late"},
      {{dead(Task::EXTRACT, "first"), dead(Task::EXTRACT, "second")}, "FAILED: second"},
      {{dead(Task::TRACK, "track"), dead(Task::EXTRACT, "extract")}, "FAILED: track"},
      {{dead(Task::EXTRACT, "x"), done(Task::EXTRACT)}, "EXTRACTED"},
      {{done(Task::EXTRACT), dead(Task::EXTRACT, "x")}, "EXTRACTED"},
      {{dead(Task::SEGMENT, "x"), done(Task::TRACK)}, "FINISHED"},
      {{dead(Task::SEGMENT, std::string("a\0b", 3))}, "FAILED: a b"},
      {{Event(1, Task::TRACK, StageEvent::DONE, "", 2)}, "ACCEPTED"},
      {{Event(1, Task::TRACK, StageEvent::DONE, "", 0), done(Task::SEGMENT)}, "SEGMENTED"},
  };
  int number = 0;
  for (size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(i);
    for (const bool together : {true, false}) {
      ASSERT_TRUE(store_->Insert({MakeDocument(++number)}).ok());
      const std::vector<StageEvent> events = EventsOf(number, cases[i].events);
      if (together) {
        ASSERT_TRUE(store_->ApplyEvents(events).ok());
      } else {
        for (const StageEvent& event : events) ASSERT_TRUE(store_->ApplyEvents({event}).ok());
      }
      EXPECT_EQ(StateAndFailure(number), cases[i].state);
    }
  }
  ASSERT_TRUE(store_->ApplyEvents({Event(1000, Task::TRACK, StageEvent::DONE)}).ok()) << "of no document";
}

TEST_P(DocumentStoreTest, EventsTellWhatChanged) {
  Fill(3);
  EXPECT_THAT(*store_->ApplyEvents({Event(1, v1::Task::SEGMENT, v1::StageEvent::DONE),
                                    Event(3, v1::Task::SEGMENT, v1::StageEvent::DEAD, "x"),
                                    Event(9, v1::Task::SEGMENT, v1::StageEvent::DONE)}),
              UnorderedElementsAre(IdOf(1), IdOf(3)));
  EXPECT_THAT(*store_->ApplyEvents({Event(1, v1::Task::SEGMENT, v1::StageEvent::DONE)}), IsEmpty());
  const v1::Document changed = Get(1);
  EXPECT_NE(changed.update_time().SerializeAsString(), changed.create_time().SerializeAsString());
}

TEST_P(DocumentStoreTest, AWrongEventStopsItsBatch) {
  Fill(1);
  const v1::StageEvent good = Event(1, v1::Task::SEGMENT, v1::StageEvent::DONE);
  std::vector<v1::StageEvent> bad(3, good);
  bad[0].set_document("documents/none");
  bad[1].set_stage(v1::Task::STAGE_UNSPECIFIED);
  bad[2].set_outcome(v1::StageEvent::OUTCOME_UNSPECIFIED);
  for (const v1::StageEvent& event : bad) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->ApplyEvents({good, event}).status())) << event.DebugString();
  }
  EXPECT_EQ(StateAndFailure(1), "ACCEPTED");
}

// Any order and any repetition of the same events ends in the same state: what happens one by one, in random orders, is
// what happens at once.
TEST_P(DocumentStoreTest, EventsCommute) {
  std::mt19937 random(5);
  const int rounds = GetParam() == Backend::kMemory ? 200 : 20;
  for (int round = 0; round < rounds; ++round) {
    std::vector<v1::StageEvent> events;
    for (int i = 0; i < 5; ++i) {
      const auto stage = static_cast<v1::Task::Stage>(1 + random() % 3);
      const bool done = random() % 2 == 0;
      events.push_back(Event(1, stage, done ? v1::StageEvent::DONE : v1::StageEvent::DEAD, done ? "" : "why"));
    }
    std::set<std::string> states;
    for (int order = 0; order < 4; ++order) {
      const int number = 4 * round + order;
      ASSERT_TRUE(store_->Insert({MakeDocument(number)}).ok());
      for (const v1::StageEvent& event : EventsOf(number, events)) ASSERT_TRUE(store_->ApplyEvents({event}).ok());
      states.insert(StateAndFailure(number));
      std::shuffle(events.begin(), events.end(), random);
      events.push_back(events.front());
    }
    EXPECT_THAT(states, SizeIs(1));
  }
}

TEST_P(DocumentStoreTest, RedriveResetsFailedOnesOnly) {
  Fill(3);
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(1, v1::Task::SEGMENT, v1::StageEvent::DONE),
                                 Event(1, v1::Task::EXTRACT, v1::StageEvent::DEAD, "x"),
                                 Event(2, v1::Task::TRACK, v1::StageEvent::DONE)})
                  .ok());
  EXPECT_EQ(StateAndFailure(1), "FAILED: x");
  ASSERT_TRUE(store_->Redrive({IdOf(1), IdOf(2), IdOf(3), IdOf(9)}).ok());
  EXPECT_EQ(StateAndFailure(1), "SEGMENTED");
  EXPECT_EQ(StateAndFailure(2), "FINISHED");
  EXPECT_EQ(StateAndFailure(3), "ACCEPTED");
  ASSERT_TRUE(store_->ApplyEvents({Event(1, v1::Task::EXTRACT, v1::StageEvent::DEAD, "again")}).ok());
  EXPECT_EQ(StateAndFailure(1), "FAILED: again");
}

TEST_P(DocumentStoreTest, CountsFollowEveryChange) {
  Fill(6);
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(1, v1::Task::SEGMENT, v1::StageEvent::DONE),
                                 Event(2, v1::Task::EXTRACT, v1::StageEvent::DONE),
                                 Event(3, v1::Task::TRACK, v1::StageEvent::DEAD, "x")})
                  .ok());
  for (const int number : {4, 5, 6}) Delete(number);
  ASSERT_TRUE(store_->ApplyEvents({Event(5, v1::Task::TRACK, v1::StageEvent::DONE, "", 2)}).ok());
  ASSERT_FALSE(store_->Insert({MakeDocument(3)})->at(0).inserted);
  ASSERT_TRUE(store_->Insert({MakeDocument(6)})->at(0).inserted);
  const std::map<State, int64_t> expected = {{v1::Document::ACCEPTED, 1},  {v1::Document::SEGMENTED, 1},
                                             {v1::Document::EXTRACTED, 1}, {v1::Document::FINISHED, 0},
                                             {v1::Document::FAILED, 1},    {v1::Document::DELETING, 1},
                                             {v1::Document::DELETED, 1}};
  EXPECT_EQ(*store_->Counts(), expected);
  EXPECT_EQ(*store_->Counts(), expected);
}

TEST_P(DocumentStoreTest, CountsStayRightWhenTheirRowsAreFolded) {
  ASSERT_TRUE(store_->Insert({MakeDocument(1)}).ok());
  for (int i = 0; i < 520; ++i) {
    ASSERT_TRUE(store_->ApplyEvents({Event(1, v1::Task::SEGMENT, v1::StageEvent::DEAD, "x")}).ok());
    ASSERT_TRUE(store_->Redrive({IdOf(1)}).ok());
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(store_->Counts()->at(v1::Document::ACCEPTED), 1); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->Counts()->at(v1::Document::ACCEPTED), 1);
  EXPECT_EQ(store_->Counts()->at(v1::Document::FAILED), 0);
}

TEST_P(DocumentStoreTest, UnfinishedAreTheQuietOnes) {
  Fill(5);
  ASSERT_TRUE(store_
                  ->ApplyEvents({Event(4, v1::Task::TRACK, v1::StageEvent::DONE),
                                 Event(5, v1::Task::EXTRACT, v1::StageEvent::DEAD, "x"),
                                 Event(2, v1::Task::SEGMENT, v1::StageEvent::DONE)})
                  .ok());
  const auto now = store_->Now();
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_LT(absl::AbsDuration(*now - absl::Now()), absl::Minutes(1));
  EXPECT_THAT(UnfinishedIds(*now, 10), ElementsAre(IdOf(1), IdOf(3), IdOf(2))) << "2 changed last";
  EXPECT_THAT(UnfinishedIds(*now, 2), ElementsAre(IdOf(1), IdOf(3)));
  EXPECT_THAT(UnfinishedIds(*now - absl::Hours(1), 10), IsEmpty());
  ASSERT_TRUE(store_->MarkEnqueued({IdOf(3), IdOf(1), IdOf(9)}).ok());
  EXPECT_THAT(UnfinishedIds(*now, 10), ElementsAre(IdOf(2)));
  const UnfinishedDocument second = store_->Unfinished(*now, 10)->at(0);
  EXPECT_EQ(second.state, v1::Document::SEGMENTED);
  EXPECT_EQ(second.revision, 1);
  EXPECT_EQ(second.traceparent, MakeDocument(2).traceparent);
}

TEST_P(DocumentStoreTest, OneSwapOfTheEpochWins) {
  EXPECT_EQ(*store_->QueueEpoch(), "");
  EXPECT_FALSE(*store_->SwapQueueEpoch("other", "a"));
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { winners += *store_->SwapQueueEpoch("", fmt::format("redis{}", i)) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
  const std::string token = *store_->QueueEpoch();
  EXPECT_TRUE(*store_->SwapQueueEpoch(token, "next"));
  EXPECT_EQ(*store_->QueueEpoch(), "next");
}

TEST_P(DocumentStoreTest, ConcurrentBatchesThatOverlapEndRight) {
  constexpr int kThreads = 4;
  constexpr int kDocuments = 60;
  std::atomic<int> inserted = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(thread);
      std::vector<int> numbers;
      for (int number = 1; number <= kDocuments; ++number) numbers.push_back(number);
      std::shuffle(numbers.begin(), numbers.end(), random);
      for (int begin = 0; begin < kDocuments; begin += 20) {
        std::vector<NewDocument> documents;
        std::vector<v1::StageEvent> events;
        for (int i = begin; i < begin + 20; ++i) {
          documents.push_back(MakeDocument(numbers[i]));
          events.push_back(Event(numbers[i], static_cast<v1::Task::Stage>(1 + thread % 3), v1::StageEvent::DONE));
        }
        const auto result = store_->Insert(documents);
        ASSERT_TRUE(result.ok()) << result.status();
        inserted += std::count_if(result->begin(), result->end(), [](const auto& one) { return one.inserted; });
        const auto applied = store_->ApplyEvents(events);
        EXPECT_TRUE(applied.ok()) << applied.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(inserted, kDocuments);
  EXPECT_EQ(store_->Counts()->at(v1::Document::FINISHED), kDocuments);
}

}  // namespace
}  // namespace duban
