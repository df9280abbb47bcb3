// SPDX-License-Identifier: Apache-2.0
// The contract of DocumentStore, run on both backends.
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
#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/testing/contract_database.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using State = v1::Document::State;

enum class Backend { kMemory, kPostgres };

std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }
std::string AgencyOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

NewDocument MakeDocument(int number, int agency = 1) {
  NewDocument made;
  made.document.set_name(DocumentName(IdOf(number)));
  made.document.set_title("临江县文书局工作总结");
  made.document.mutable_agency()->set_name(AgencyName(AgencyOf(agency)));
  made.document.mutable_agency()->set_display_name("临江县文书局");
  made.document.set_report_year(2023);
  made.document.set_plan_year(2024);
  made.document.mutable_region()->add_candidate_codes("320106");
  made.document.mutable_period()->set_last_month(6);
  made.document.add_evidence()->set_field("report_year");
  made.document.set_text(fmt::format("第{}份：全年办结\"案卷\"{{3}}件\\。\n", number));
  made.document.set_source_uri("reports/a,b.txt");
  made.original = std::string("\x00\xff{\"", 4) + std::to_string(number);
  made.traceparent = fmt::format("00-{:032x}-01-01", number);
  return made;
}

v1::StageEvent Event(int number, v1::Task::Stage stage, v1::StageEvent::Outcome outcome, std::string error = "",
                     int revision = 1) {
  v1::StageEvent event;
  event.set_document(DocumentName(IdOf(number)));
  event.set_stage(stage);
  event.set_revision(revision);
  event.set_outcome(outcome);
  event.set_error(std::move(error));
  return event;
}

// The same events of another document.
std::vector<v1::StageEvent> EventsOf(int number, std::vector<v1::StageEvent> events) {
  for (v1::StageEvent& event : events) event.set_document(DocumentName(IdOf(number)));
  return events;
}

class DocumentStoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kMemory) {
      store_ = NewMemoryDocumentStore();
      return;
    }
    auto database = testing::NewContractDatabase();
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    auto store = NewPostgresDocumentStore(database_.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Stores documents 1 to `count`, one by one, so that they differ in age.
  void Fill(int count) {
    for (int number = 1; number <= count; ++number) {
      const auto inserted = store_->Insert({MakeDocument(number)});
      ASSERT_TRUE(inserted.ok()) << inserted.status();
    }
  }

  void Delete(int number) {
    const auto deleted = store_->Delete(IdOf(number), "");
    ASSERT_TRUE(deleted.ok()) << deleted.status();
  }

  v1::Document Get(int number) {
    auto got = store_->Find(IdOf(number));
    EXPECT_TRUE(got.ok()) << got.status();
    return got.ok() ? *std::move(got) : v1::Document();
  }

  std::string StateAndFailure(int number) {
    const v1::Document document = Get(number);
    return v1::Document::State_Name(document.state()) + (document.failure().empty() ? "" : ": " + document.failure());
  }

  std::vector<std::string> UnfinishedIds(absl::Time quiet_since, int limit) {
    const auto unfinished = store_->Unfinished(quiet_since, limit);
    EXPECT_TRUE(unfinished.ok()) << unfinished.status();
    std::vector<std::string> ids;
    for (const UnfinishedDocument& document : *unfinished) ids.push_back(document.id);
    return ids;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<DocumentStore> store_;
};

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
