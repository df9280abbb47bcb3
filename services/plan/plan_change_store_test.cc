// SPDX-License-Identifier: Apache-2.0
// The contract of PlanStore for the log of changes, run on both backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include "common/store/sql.h"
#include "services/plan/plan_store.h"
#include "services/plan/plan_store_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Change = v1::PlanItemChange;

class PlanChangeTest : public PlanStoreTest {
 protected:
  // All changes behind `token`, read in pages of `limit`; `token` goes on behind them.
  std::vector<Change> ReadAll(std::string* token, int limit = 100, const std::string& agency = "") {
    std::vector<Change> all;
    bool more = true;
    while (more) {
      auto page = store_->ReadChanges(agency, *token, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(static_cast<int>(page->changes.size()), limit);
      std::move(page->changes.begin(), page->changes.end(), std::back_inserter(all));
      *token = page->next;
      more = page->more;
    }
    return all;
  }

  std::string End() {
    std::string token;
    EXPECT_THAT(ReadAll(&token), IsEmpty()) << "an empty token is the end";
    return token;
  }

  // Agency 1 with what people and reports do to it; each kind of change at least once.
  void ChangeAll() {
    PutWithTrackings({MakePlan(1, 1, 1, 2024, 2)}, v1::Tracking::PARTIAL);
    ASSERT_TRUE(store_->Apply(Assign(KeyOf(1, 1, 1), "法制科")).ok());
    ASSERT_TRUE(store_->Apply(Note(KeyOf(1, 1, 2), "已动工")).ok());
    ASSERT_TRUE(store_->Apply(Override(KeyOf(1, 1, 1), v1::Tracking::DELIVERED)).ok());
    ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 2, 1, 2024, 1)}).ok());
  }

  // "KIND document place" of each change.
  static std::vector<std::string> Names(const std::vector<Change>& changes) {
    std::vector<std::string> names;
    for (const Change& change : changes) {
      const PlanItemKey key = ParsePlanItemName("plan_item", change.plan_item()).value();
      int document = 1;
      while (document < 9 && IdOf(document) != key.document) ++document;
      names.push_back(fmt::format("{} {} {}", Change::Kind_Name(change.kind()), document, key.item));
    }
    return names;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, PlanChangeTest, ::testing::Values(Backend::kMemory, Backend::kPostgres),
                         BackendName);

TEST_P(PlanChangeTest, EveryKindOfChangeIsLoggedInOrder) {
  std::string token = End();
  ChangeAll();
  const auto changes = ReadAll(&token);
  EXPECT_THAT(Names(changes), ElementsAre("STORED 1 p1", "STORED 1 p2", "TRACKED 1 p1", "TRACKED 1 p2", "ASSIGNED 1 p1",
                                          "PROGRESS 1 p2", "REVIEWED 1 p1", "REMOVED 1 p2", "STORED 1 p1"));
  // Trackings are those of the moment of reading.
  for (const Change& change : changes) {
    const bool there = change.plan_item() == PlanItemName(KeyOf(1, 1, 1));
    ASSERT_EQ(change.has_tracking(), there) << change.ShortDebugString();
    if (!there) continue;
    EXPECT_EQ(change.tracking().SerializeAsString(), store_->GetTracking(KeyOf(1, 1, 1))->SerializeAsString());
  }
  EXPECT_THAT(ReadAll(&token), IsEmpty());
}

TEST_P(PlanChangeTest, RemovedDocumentsAreLogged) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 2)}, v1::Tracking::PARTIAL);
  std::string token = End();
  ASSERT_TRUE(store_->RemoveDocuments({{IdOf(1), 2}, {IdOf(2), 2}}).ok());
  const auto changes = ReadAll(&token);
  EXPECT_THAT(Names(changes), ElementsAre("REMOVED 1 p1", "REMOVED 1 p2"));
  for (const Change& change : changes) EXPECT_FALSE(change.has_tracking());
  ASSERT_TRUE(store_->RemoveDocuments({{IdOf(1), 2}, {IdOf(2), 2}}).ok());
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}).ok());
  EXPECT_THAT(ReadAll(&token), IsEmpty()) << "again, and late";
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 3, 1, 2024, 1)}).ok());
  EXPECT_THAT(Names(ReadAll(&token)), ElementsAre("STORED 1 p1"));
}

TEST_P(PlanChangeTest, WhatChangesNothingIsNotLogged) {
  PutWithTrackings({MakePlan(1, 2, 1, 2024, 2)}, v1::Tracking::PARTIAL);
  ASSERT_TRUE(
      store_->Apply({.key = KeyOf(1, 1, 1), .entry = Note(KeyOf(1, 1, 1), "已动工").entry, .request_id = "1"}).ok());
  std::string token = End();
  const std::string last = *store_->LastChange();
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}).ok()) << "an older revision";
  const std::vector<v1::PlanItem> items = MakePlan(1, 2, 1, 2024, 2).items;
  ASSERT_TRUE(Commit(AgencyOf(1),
                     {MakeTracking(items[0], v1::Tracking::PARTIAL), MakeTracking(items[1], v1::Tracking::PARTIAL)})
                  .ok());
  ASSERT_TRUE(
      store_->Apply({.key = KeyOf(1, 1, 1), .entry = Note(KeyOf(1, 1, 1), "已动工").entry, .request_id = "1"}).ok());
  EXPECT_FALSE(store_->Apply(Override(KeyOf(1, 1, 9), v1::Tracking::MISSED)).ok());
  EXPECT_EQ(*store_->LastChange(), last);
  EXPECT_THAT(ReadAll(&token), IsEmpty());
  ASSERT_TRUE(
      Commit(AgencyOf(1), {MakeTracking(items[0], v1::Tracking::MISSED), MakeTracking(items[1], v1::Tracking::PARTIAL)})
          .ok());
  EXPECT_NE(*store_->LastChange(), last);
  EXPECT_THAT(Names(ReadAll(&token)), ElementsAre("TRACKED 1 p1"));
}

// Former bugs: a redelivery wiped the trackings and told watchers of everything anew.
TEST_P(PlanChangeTest, TheSameRevisionAgainChangesNothingUnlessItTellsSomethingElse) {
  PlanDocumentItems plan = MakePlan(1, 2, 1, 2024, 2);
  plan.problems.emplace_back().set_id("q1");
  plan.items[0].set_problem("q1");
  const PlanDocumentItems other = MakePlan(2, 1, 1, 2025, 1);
  PutWithTrackings({plan, other}, v1::Tracking::PARTIAL);
  std::string token = End();
  const std::string last = *store_->LastChange();
  EXPECT_EQ(*store_->PutDocuments({plan}), (PlanYears{{AgencyOf(1), {2024}}}))
      << "its worker may have died before it tracked";
  ASSERT_TRUE(store_->PutDocuments({other, plan}).ok());
  EXPECT_EQ(*store_->LastChange(), last);
  EXPECT_THAT(ReadAll(&token), IsEmpty());
  EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 9)->trackings.size(), 3);
  EXPECT_EQ(store_->ListProblems({}, std::nullopt, 9)->problems.size(), 1);
  const std::vector<std::function<void(PlanDocumentItems*)>> changes = {
      [](auto* p) { p->items[0].set_title("another"); },    [](auto* p) { p->items.pop_back(); },
      [](auto* p) { p->problems[0].set_title("another"); }, [](auto* p) { p->problems.clear(); },
      [](auto* p) { p->document.region = "320000"; },       [](auto* p) { p->document.report_year = 1999; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    changes[i](&plan);
    ASSERT_TRUE(store_->PutDocuments({plan, other}).ok());
    EXPECT_EQ(ReadAll(&token).size(), plan.items.size() + (i == 1)) << i;
    EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 9)->trackings.size(), 1) << i << ": the other's";
  }
}

// Whatever turns a reviewer with the old etag away is told.
TEST_P(PlanChangeTest, EverythingThatChangesTheEtagIsLogged) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1);
  PutWithTrackings({plan}, v1::Tracking::PARTIAL);
  v1::Tracking tracking = MakeTracking(plan.items[0], v1::Tracking::PARTIAL);
  std::string token = End(), etag = store_->GetTracking(KeyOf(1, 1, 1))->etag();
  const auto commit = [&](bool seen, const std::string& what) {
    ASSERT_TRUE(Commit(AgencyOf(1), {tracking}).ok()) << what;
    const std::string now = store_->GetTracking(KeyOf(1, 1, 1))->etag();
    EXPECT_EQ(now != etag, seen) << what;
    EXPECT_EQ(Names(ReadAll(&token)).size(), seen ? 1u : 0u) << what;
    etag = now;
  };
  commit(false, "the same");
  tracking.set_rule("another_rule");
  commit(true, "rule");
  tracking.set_score(0.5);
  commit(true, "score");
  tracking.mutable_target()->set_planned(3);
  commit(true, "target");
  tracking.add_evidence()->set_text("完成三项");
  commit(true, "evidence");
  tracking.set_status(v1::Tracking::DELIVERED);
  commit(true, "status");
  tracking.mutable_plan_item()->set_theme("theme.other");
  commit(false, "what is not of the verdict");
}

// One agency's watcher is not held up by the others' changes: a page passes a bounded number of them and says so.
TEST_P(PlanChangeTest, APageOfOneAgencyPassesABoundedNumberOfOthersChanges) {
  const std::string begin = End();
  ASSERT_TRUE(store_->PutDocuments({MakePlan(2, 1, 2, 2024, kChangesScanned + 1)}).ok());
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 1)}).ok());
  const auto page = store_->ReadChanges(AgencyOf(1), begin, 1);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->changes, IsEmpty());
  EXPECT_TRUE(page->more);
  std::string token = page->next;
  EXPECT_THAT(Names(ReadAll(&token, 1, AgencyOf(1))), ElementsAre("STORED 1 p1"));
  token = page->next;
  EXPECT_THAT(Names(ReadAll(&token)), ElementsAre(fmt::format("STORED 2 p{}", kChangesScanned + 1), "STORED 1 p1"));
  token = begin;
  EXPECT_EQ(ReadAll(&token, kChangesScanned, AgencyOf(2)).size(), kChangesScanned + 1u);
}

TEST_P(PlanChangeTest, ADocumentThatMovesGoesFromOneAgencyToTheOther) {
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 1)}).ok());
  const std::string begin = End();
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 2, 2, 2024, 1)}).ok());
  std::string token = begin;
  EXPECT_THAT(Names(ReadAll(&token, 100, AgencyOf(1))), ElementsAre("REMOVED 1 p1"));
  token = begin;
  EXPECT_THAT(Names(ReadAll(&token, 100, AgencyOf(2))), ElementsAre("STORED 1 p1"));
  token = begin;
  EXPECT_THAT(ReadAll(&token, 100, AgencyOf(3)), IsEmpty());
  EXPECT_THAT(ReadAll(&token), IsEmpty()) << "one agency's token passed the others' changes";
}

TEST_P(PlanChangeTest, EveryTokenGoesOnBehindItsChange) {
  std::string begin = End();
  ChangeAll();
  std::string token = begin;
  const auto all = ReadAll(&token);
  for (int limit : {1, 2, 3, 9, 10}) {
    token = begin;
    EXPECT_EQ(Names(ReadAll(&token, limit)), Names(all)) << limit;
  }
  for (size_t i = 0; i < all.size(); ++i) {
    token = all[i].resume_token();
    const auto rest = ReadAll(&token, 4);
    ASSERT_EQ(rest.size(), all.size() - i - 1);
    for (size_t k = 0; k < rest.size(); ++k) {
      EXPECT_EQ(rest[k].SerializeAsString(), all[i + 1 + k].SerializeAsString());
    }
  }
}

TEST_P(PlanChangeTest, TheLogReachesBackAsFarAsItWasNotTrimmed) {
  const std::string begin = End();
  ChangeAll();
  std::string token = begin;
  const auto all = ReadAll(&token);
  EXPECT_EQ(*store_->TrimChanges(absl::Hours(1)), 0);
  EXPECT_EQ(*store_->TrimChanges(absl::ZeroDuration()), static_cast<int64_t>(all.size()));
  EXPECT_TRUE(absl::IsOutOfRange(store_->ReadChanges("", begin, 10).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store_->ReadChanges("", all[all.size() - 2].resume_token(), 10).status()));
  token = all.back().resume_token();
  EXPECT_THAT(ReadAll(&token), IsEmpty()) << "nothing behind it was trimmed";
  ASSERT_TRUE(store_->Apply(Note(KeyOf(1, 1, 1), "已竣工")).ok());
  EXPECT_THAT(Names(ReadAll(&token)), ElementsAre("PROGRESS 1 p1"));
  EXPECT_EQ(*store_->TrimChanges(absl::ZeroDuration()), 1);
  EXPECT_EQ(*store_->TrimChanges(absl::ZeroDuration()), 0);
}

// A dump restored onto a server whose transactions have lower ids: what the dump says of the log is of another count.
TEST_P(PlanChangeTest, ARestoredDumpOfAServerFurtherOnDoesNotStopWatchers) {
  if (GetParam() == Backend::kMemory) GTEST_SKIP() << "what is in memory is not restored";
  const std::string old = End();
  const absl::Status restored = database_->Transact([](auto& transaction) {
    Query("UPDATE plan_changes_trimmed SET transaction = '9000000000', sequence = 7").Run(transaction);
    Query insert("INSERT INTO plan_changes (transaction, kind, agency, document, item) VALUES ('9000000001', 1, ");
    insert.Append("{}, {}::uuid, 'p1')", AgencyOf(1), IdOf(1));
    insert.Run(transaction);
    return absl::OkStatus();
  });
  ASSERT_TRUE(restored.ok()) << restored;
  EXPECT_TRUE(absl::IsOutOfRange(store_->ReadChanges("", End(), 10).status()));
  for (int start = 0; start < 2; ++start) {
    auto store = NewPostgresPlanStore(database_.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    std::string token = End();
    EXPECT_THAT(ReadAll(&token), IsEmpty());
    ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1 + start, 1, 2024, 1)}).ok());
    EXPECT_THAT(Names(ReadAll(&token)), ElementsAre("STORED 1 p1"));
  }
  EXPECT_TRUE(absl::IsOutOfRange(store_->ReadChanges("", old, 10).status())) << "nobody knows what was in between";
}

TEST_P(PlanChangeTest, RefusesTokensThatItDidNotGive) {
  for (const std::string wrong : {"x", "-", "--", "1-2", "memory", "memory-", "memory-x", "memory--1", "a-1-x", "a-x-1",
                                  "a-1--1", "a-99999999999999999999999-1", "a-1-99999999999999999999", "a-1-1 ", " "}) {
    const absl::Status status = store_->ReadChanges("", wrong, 1).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong << ": " << status;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ReadChanges("x", "", 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ReadChanges("", "", 0).status()));
  // Well-formed, but of another log, or of one that was further on.
  const std::string token = End();
  const std::string server = token.substr(0, token.find('-'));
  const bool memory = GetParam() == Backend::kMemory;
  for (const std::string& other :
       {memory ? server + "-999" : server + "-9999999-1", memory ? server + "-7" : "1-1-1"}) {
    EXPECT_TRUE(absl::IsOutOfRange(store_->ReadChanges("", other, 1).status())) << other;
  }
}

// Writers change items of two agencies at the same time, in transactions of all sizes that overlap, while readers go on
// from random places. Every reader gets the whole log, in one order, and of each item in the order of its history.
TEST_P(PlanChangeTest, ReadersMissNothingOfConcurrentWriters) {
  // Few items and large pages, so that readers keep up with the writers: only there can a change be passed.
  constexpr int kWriters = 6, kReaders = 2, kRounds = 60, kItems = 4;
  const std::string begin = End();
  for (int document = 1; document <= kWriters; ++document) {
    PutWithTrackings({MakePlan(document, 1, document, 2024, kItems)}, v1::Tracking::PARTIAL);
  }
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int writer = 1; writer <= kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      std::mt19937 random(writer);
      for (int round = 0; round < kRounds; ++round) {
        // Two writers change each item, so that the order within an item is at stake.
        const int own = 1 + (writer + static_cast<int>(random() % 2)) % kWriters;
        const PlanItemKey key = KeyOf(own, own, 1 + static_cast<int>(random() % kItems));
        if (random() % 3 != 0) {
          ASSERT_TRUE(store_->Apply(Override(key, static_cast<Status>(2 + random() % 5))).ok());
          continue;
        }
        std::vector<v1::Tracking> trackings;
        const auto size = static_cast<int>(random() % (kItems + 1));
        for (int place = 1; place <= size; ++place) {
          trackings.push_back(MakeTracking(MakeItem(own, own, place, 2024), static_cast<Status>(2 + random() % 5)));
        }
        ASSERT_TRUE(Commit(AgencyOf(own), trackings).ok());
      }
      --writing;
    });
  }
  std::vector<std::vector<Change>> seen(kReaders);
  for (int reader = 0; reader < kReaders; ++reader) {
    threads.emplace_back([&, reader] {
      std::mt19937 random(100 + reader);
      std::string token = begin;
      bool last = false;
      while (true) {
        last = writing == 0;
        auto page = store_->ReadChanges("", token, 1 + static_cast<int>(random() % 200));
        ASSERT_TRUE(page.ok()) << page.status();
        // A reader that goes away after any of the changes goes on behind that one.
        size_t kept = page->changes.size();
        if (kept > 0 && random() % 4 == 0) kept = 1 + random() % kept;
        token = kept == page->changes.size() ? page->next : page->changes[kept - 1].resume_token();
        const bool whole = kept == page->changes.size() && !page->more;
        seen[reader].insert(seen[reader].end(), page->changes.begin(), page->changes.begin() + kept);
        if (last && whole) break;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string token = begin;
  std::vector<std::string> log;
  std::map<std::string, int> reviews;
  for (const Change& change : ReadAll(&token)) {
    log.push_back(change.plan_item() + " " + change.resume_token());
    reviews[change.plan_item()] += change.kind() == Change::REVIEWED;
  }
  EXPECT_GT(log.size(), 2u * kWriters * kItems);
  for (const auto& changes : seen) {
    std::vector<std::string> names;
    for (const Change& change : changes) names.push_back(change.plan_item() + " " + change.resume_token());
    EXPECT_EQ(names, log);
  }
  for (const auto& [item, count] : reviews) {
    const auto history = store_->ListHistory(*ParsePlanItemName("name", item), 0, 1000);
    EXPECT_EQ(static_cast<int>(history->entries.size()), count) << item;
  }
}

}  // namespace
}  // namespace duban
