// SPDX-License-Identifier: Apache-2.0
// The contract of PlanStore for what people do to plan items, run on both backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/plan_store.h"
#include "services/plan/plan_store_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class PlanWorkflowTest : public PlanStoreTest {
 protected:
  Edited MustApply(const Edit& edit) {
    auto edited = store_->Apply(edit);
    EXPECT_TRUE(edited.ok()) << edited.status();
    return edited.ok() ? *std::move(edited) : Edited();
  }

  std::vector<v1::HistoryEntry> History(const PlanItemKey& key) {
    auto page = store_->ListHistory(key, 0, 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->entries : std::vector<v1::HistoryEntry>();
  }

  // "document place" of the trackings that the filter lets through, and of the plan items, which must be the same.
  std::vector<std::string> Listed(const PlanFilter& filter) {
    const auto trackings = store_->ListTrackings(filter, std::nullopt, 1000);
    EXPECT_TRUE(trackings.ok()) << trackings.status();
    std::vector<std::string> names;
    for (const v1::Tracking& tracking : trackings->trackings) names.push_back(tracking.plan_item().name());
    const auto items = store_->ListPlanItems(filter, std::nullopt, 1000);
    EXPECT_TRUE(items.ok()) << items.status();
    std::vector<std::string> same;
    for (const v1::PlanItem& item : items->items) same.push_back(item.name());
    EXPECT_EQ(names, same);
    return names;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, PlanWorkflowTest, ::testing::Values(Backend::kMemory, Backend::kPostgres),
                         BackendName);

TEST_P(PlanWorkflowTest, AnAssignmentShowsWhereverTheItemDoes) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 2)}, v1::Tracking::PARTIAL);
  const PlanItemKey key = KeyOf(1, 1, 1);
  const v1::PlanItem before = *store_->GetPlanItem(key);
  EXPECT_FALSE(before.has_assignment());
  EXPECT_EQ(store_->GetTracking(key)->effective_due_date(), "2024-12-31");
  const Edited edited = MustApply(Assign(key, "法制科", "2024-06-30"));
  EXPECT_EQ(edited.entry.sequence(), 1);
  EXPECT_EQ(edited.entry.title(), before.title());
  const v1::PlanItem after = *store_->GetPlanItem(key);
  EXPECT_EQ(after.assignment().responsible_unit(), "法制科");
  EXPECT_NE(after.etag(), before.etag());
  EXPECT_EQ(edited.tracking.plan_item().SerializeAsString(), after.SerializeAsString());
  const v1::Tracking tracking = *store_->GetTracking(key);
  EXPECT_EQ(tracking.effective_due_date(), "2024-06-30");
  EXPECT_EQ(tracking.SerializeAsString(), edited.tracking.SerializeAsString());
  EXPECT_EQ(store_->ListPlanItems({}, std::nullopt, 9)->items[0].SerializeAsString(), after.SerializeAsString());
  EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 9)->trackings[0].SerializeAsString(), tracking.SerializeAsString());
  EXPECT_FALSE(store_->GetPlanItem(KeyOf(1, 1, 2))->has_assignment());
}

TEST_P(PlanWorkflowTest, AReviewHoldsOverTheMachine) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1)}, v1::Tracking::PARTIAL);
  const PlanItemKey key = KeyOf(1, 1, 1);
  const v1::Tracking accepted = MustApply(Accept(key)).tracking;
  EXPECT_EQ(accepted.status(), v1::Tracking::PARTIAL);
  EXPECT_EQ(accepted.review().status(), v1::Tracking::PARTIAL);
  EXPECT_EQ(accepted.review().machine_status(), v1::Tracking::PARTIAL);
  const v1::Tracking overridden = MustApply(Override(key, v1::Tracking::DELIVERED)).tracking;
  EXPECT_EQ(overridden.status(), v1::Tracking::DELIVERED);
  EXPECT_EQ(overridden.machine_status(), v1::Tracking::PARTIAL);
  EXPECT_EQ(overridden.review().reason(), "现场核实");
  EXPECT_EQ(overridden.SerializeAsString(), store_->GetTracking(key)->SerializeAsString());
}

TEST_P(PlanWorkflowTest, WhatPeopleDidOutlivesRetrackingAndReanalysis) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1);
  PutWithTrackings({plan}, v1::Tracking::MISSED);
  const PlanItemKey key = KeyOf(1, 1, 1);
  MustApply(Assign(key, "法制科"));
  MustApply(Override(key, v1::Tracking::DELIVERED));
  PutWithTrackings({MakePlan(2, 1, 1, 2025, 1), plan}, v1::Tracking::NOT_REPORTED);
  v1::Tracking tracking = *store_->GetTracking(key);
  EXPECT_EQ(tracking.status(), v1::Tracking::DELIVERED);
  EXPECT_EQ(tracking.machine_status(), v1::Tracking::NOT_REPORTED);
  EXPECT_EQ(tracking.review().machine_status(), v1::Tracking::MISSED) << "what the reviewer had seen";
  EXPECT_EQ(tracking.plan_item().assignment().responsible_unit(), "法制科");
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 2, 1, 2024, 3)}).ok());
  tracking = *store_->GetTracking(key);
  EXPECT_EQ(tracking.status(), v1::Tracking::DELIVERED);
  EXPECT_EQ(tracking.machine_status(), v1::Tracking::PENDING);
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 3, 2, 2024, 1)}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->ListHistory(key, 0, 9).status()));
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 2, 1))->status(), v1::Tracking::DELIVERED) << "under its new name";
  EXPECT_EQ(History(KeyOf(1, 2, 1)).size(), 2);
}

TEST_P(PlanWorkflowTest, WhatPeopleDidOutlivesRemoval) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1)}, v1::Tracking::MISSED);
  const PlanItemKey key = KeyOf(1, 1, 1);
  MustApply(Assign(key, "法制科"));
  MustApply(Override(key, v1::Tracking::DELIVERED));
  ASSERT_TRUE(store_->RemoveDocuments({{IdOf(1), 2}}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetTracking(key).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->ListHistory(key, 0, 9).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Apply(Assign(key, "宣传科")).status()));
  EXPECT_THAT(Listed({}), IsEmpty());
  EXPECT_THAT(Listed({.status = v1::Tracking::DELIVERED}), IsEmpty());
  PutWithTrackings({MakePlan(1, 3, 1, 2024, 1)}, v1::Tracking::MISSED);
  EXPECT_EQ(store_->GetTracking(key)->status(), v1::Tracking::DELIVERED) << "the document was given again";
  EXPECT_EQ(History(key).size(), 2);
}

// Former bugs: what the release before had stored was lost with a removal, as only the item told what it was said of.
TEST_P(PlanWorkflowTest, WhatWasSaidUnderTheReleaseBeforeFindsItsPromiseAfterARemoval) {
  if (GetParam() == Backend::kMemory) GTEST_SKIP() << "what is in memory is of one release";
  PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1), again = MakePlan(1, 3, 1, 2024, 2);
  plan.items[0].set_title("建成南桥档案馆");
  again.items[1].set_title("建成南桥档案馆");
  PutWithTrackings({plan}, v1::Tracking::MISSED);
  MustApply(Override(KeyOf(1, 1, 1), v1::Tracking::DELIVERED));
  const absl::Status forgotten = database_->Transact([](auto& transaction) {
    Query("UPDATE plan_workflows SET title = '', digest = ''").Run(transaction);
    return absl::OkStatus();
  });
  ASSERT_TRUE(forgotten.ok()) << forgotten;
  ASSERT_TRUE(store_->RemoveDocuments({{IdOf(1), 2}}).ok());
  PutWithTrackings({again}, v1::Tracking::MISSED);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 1))->status(), v1::Tracking::MISSED);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 2))->status(), v1::Tracking::DELIVERED);
}

TEST_P(PlanWorkflowTest, HistoryKeepsEverythingInPages) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 2)}, v1::Tracking::MISSED);
  const PlanItemKey key = KeyOf(1, 1, 1);
  EXPECT_THAT(History(key), IsEmpty());
  MustApply(Assign(key, "法制科"));
  MustApply(Note(key, "已完成调研"));
  MustApply(Assign(key, "宣传科"));
  MustApply(Accept(key));
  MustApply(Override(key, v1::Tracking::PARTIAL));
  const std::vector<v1::HistoryEntry> all = History(key);
  ASSERT_EQ(all.size(), 5);
  EXPECT_EQ(all[0].assignment().responsible_unit(), "法制科");
  EXPECT_EQ(all[1].progress_update().note(), "已完成调研");
  EXPECT_EQ(all[3].review().status(), v1::Tracking::MISSED);
  EXPECT_EQ(all[4].review().status(), v1::Tracking::PARTIAL);
  std::vector<int> sequences;
  HistoryPage page{.more = true};
  for (int after = 0; page.more; after = sequences.back()) {
    page = *store_->ListHistory(key, after, 2);
    for (const v1::HistoryEntry& entry : page.entries) sequences.push_back(entry.sequence());
  }
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(History(KeyOf(1, 1, 2)), IsEmpty());
}

TEST_P(PlanWorkflowTest, AnEtagGuardsWhatWasRead) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1);
  PutWithTrackings({plan}, v1::Tracking::PARTIAL);
  const PlanItemKey key = KeyOf(1, 1, 1);
  const v1::Tracking read = *store_->GetTracking(key);
  PutWithTrackings({plan}, v1::Tracking::PARTIAL);
  MustApply(Note(key, "一季度已开工"));
  EXPECT_EQ(store_->GetTracking(key)->etag(), read.etag()) << "the same verdict; notes change nothing";
  PutWithTrackings({plan}, v1::Tracking::DELIVERED);
  Edit review = Accept(key);
  review.etag = read.etag();
  EXPECT_TRUE(absl::IsAborted(store_->Apply(review).status())) << "the machine changed its verdict";
  review.etag = store_->GetTracking(key)->etag();
  MustApply(review);
  const absl::Status again = store_->Apply(review).status();
  EXPECT_TRUE(absl::IsAborted(again)) << "another person reviewed";
  EXPECT_THAT(Message(again), HasSubstr(TrackingName(key)));
  Edit assign = Assign(key, "法制科");
  assign.etag = read.plan_item().etag();
  EXPECT_TRUE(absl::IsAborted(store_->Apply(assign).status()));
  assign.etag = store_->GetPlanItem(key)->etag();
  MustApply(assign);
  EXPECT_TRUE(absl::IsAborted(store_->Apply(assign).status()));
  EXPECT_EQ(History(key).size(), 3) << "what was turned away left nothing";
}

TEST_P(PlanWorkflowTest, OfManyEditorsWithOneEtagOneWins) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1)}, v1::Tracking::PARTIAL);
  const PlanItemKey key = KeyOf(1, 1, 1);
  const std::string etag = store_->GetTracking(key)->etag();
  std::atomic<int> done = 0, aborted = 0;
  std::vector<std::thread> editors;
  for (int i = 0; i < 6; ++i) {
    editors.emplace_back([&] {
      Edit edit = Override(key, v1::Tracking::MISSED);
      edit.etag = etag;
      const absl::Status status = store_->Apply(edit).status();
      ++(status.ok() ? done : aborted);
      EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
    });
  }
  for (std::thread& editor : editors) editor.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(aborted, 5);
  EXPECT_EQ(History(key).size(), 1);
}

TEST_P(PlanWorkflowTest, NotesThatComeTogetherAreAllKept) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1)}, v1::Tracking::PARTIAL);
  std::vector<std::thread> authors;
  for (int i = 0; i < 4; ++i) {
    authors.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) MustApply(Note(KeyOf(1, 1, 1), fmt::format("{} {}", i, n)));
    });
  }
  for (std::thread& author : authors) author.join();
  EXPECT_EQ(History(KeyOf(1, 1, 1)).size(), 20);
}

TEST_P(PlanWorkflowTest, ARequestIsDoneOnce) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 2)}, v1::Tracking::PARTIAL);
  const PlanItemKey key = KeyOf(1, 1, 1);
  Edit edit = Override(key, v1::Tracking::MISSED);
  edit.etag = store_->GetTracking(key)->etag();
  edit.request_id = "r1";
  edit.request_digest = "d1";
  const Edited first = MustApply(edit);
  const Edited second = MustApply(edit);
  EXPECT_EQ(second.entry.SerializeAsString(), first.entry.SerializeAsString());
  EXPECT_EQ(second.tracking.SerializeAsString(), first.tracking.SerializeAsString());
  EXPECT_EQ(History(key).size(), 1);
  edit.request_digest = "d2";
  const absl::Status other = store_->Apply(edit).status();
  EXPECT_TRUE(absl::IsInvalidArgument(other)) << other;
  EXPECT_THAT(Message(other), HasSubstr("request_id:"));
  Edit elsewhere = Override(KeyOf(1, 1, 2), v1::Tracking::MISSED);
  elsewhere.request_id = "r1";
  MustApply(elsewhere);
  EXPECT_EQ(History(KeyOf(1, 1, 2)).size(), 1);
}

TEST_P(PlanWorkflowTest, RefusesWhatMakesNoSense) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1)}, v1::Tracking::PENDING);
  const PlanItemKey key = KeyOf(1, 1, 1);
  const std::string nul("\0", 1);
  Edit bad_request_id = Note(key, "x");
  bad_request_id.request_id = nul;
  struct Case {
    std::string_view why;
    Edit edit;
    absl::StatusCode code;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"no change", {.key = key}, absl::StatusCode::kInvalidArgument},
           {"accept nothing", Accept(key), absl::StatusCode::kFailedPrecondition},
           {"no verdict", Override(key, v1::Tracking::STATUS_UNSPECIFIED), absl::StatusCode::kInvalidArgument},
           {"unknown verdict", Override(key, static_cast<Status>(42)), absl::StatusCode::kInvalidArgument},
           {"NUL", Assign(key, nul), absl::StatusCode::kInvalidArgument},
           {"NUL", bad_request_id, absl::StatusCode::kInvalidArgument},
           {"malformed", Note({"x", IdOf(1), "p1"}, "x"), absl::StatusCode::kInvalidArgument},
           {"no such item", Note(KeyOf(1, 1, 9), "x"), absl::StatusCode::kNotFound},
           {"another agency's", Note(KeyOf(1, 2, 1), "x"), absl::StatusCode::kNotFound}}) {
    const absl::Status status = store_->Apply(c.edit).status();
    EXPECT_EQ(status.code(), c.code) << c.why << ": " << status;
  }
  EXPECT_THAT(History(key), IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(store_->ListHistory(KeyOf(1, 1, 9), 0, 9).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListHistory(key, 0, 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListTrackings({.unit = nul}, std::nullopt, 9).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Summarize({.agency = "x"}, "", std::nullopt, 9).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Summarize({}, "", SummaryCursor{"x", 1}, 9).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Summarize({}, "", std::nullopt, 0).status()));
}

TEST_P(PlanWorkflowTest, FiltersGoByWhatHolds) {
  PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 4);
  plan.items[0].set_responsible_unit("法制科、宣传科");
  plan.items[1].set_due_date("2024-03-31");
  PutWithTrackings({plan}, v1::Tracking::PARTIAL);
  const auto name = [](int place) { return PlanItemName(KeyOf(1, 1, place)); };
  EXPECT_THAT(Listed({.unit = "宣传科"}), ElementsAre(name(1)));
  EXPECT_THAT(Listed({.overdue_on = "2024-03-31"}), IsEmpty()) << "the last day is in time";
  EXPECT_THAT(Listed({.overdue_on = "2024-04-01"}), ElementsAre(name(2)));
  EXPECT_EQ(Listed({.overdue_on = "2025-01-01"}).size(), 4);
  EXPECT_THAT(Listed({.needs_review_below = 0.75}), IsEmpty()) << "all have .75";
  EXPECT_EQ(Listed({.needs_review_below = 0.8}).size(), 4);
  MustApply(Assign(KeyOf(1, 1, 1), "办公室"));
  MustApply(Assign(KeyOf(1, 1, 3), "", "2024-01-31"));
  MustApply(Accept(KeyOf(1, 1, 2)));
  MustApply(Override(KeyOf(1, 1, 3), v1::Tracking::DELIVERED));
  EXPECT_THAT(Listed({.unit = "宣传科"}), IsEmpty());
  EXPECT_THAT(Listed({.unit = "办公"}), ElementsAre(name(1)));
  EXPECT_THAT(Listed({.status = v1::Tracking::DELIVERED}), ElementsAre(name(3)));
  EXPECT_THAT(Listed({.status = v1::Tracking::PARTIAL}), ElementsAre(name(1), name(2), name(4)));
  EXPECT_THAT(Listed({.overdue_on = "2025-01-01"}), ElementsAre(name(1), name(2), name(4)));
  EXPECT_THAT(Listed({.needs_review_below = 0.8}), ElementsAre(name(1), name(4)));
  PutWithTrackings({plan}, v1::Tracking::MISSED);
  EXPECT_EQ(Listed({.needs_review_below = 0.1}), (std::vector{name(2), name(3)})) << "the machine thinks otherwise now";
  EXPECT_THAT(Listed({.status = v1::Tracking::MISSED}), ElementsAre(name(1), name(4)));
}

TEST_P(PlanWorkflowTest, ItemsWithoutATrackingArePending) {
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}).ok());
  MustApply(Override(KeyOf(1, 1, 1), v1::Tracking::PARTIAL));
  EXPECT_EQ(store_->ListPlanItems({.status = v1::Tracking::PENDING}, std::nullopt, 9)->items.size(), 1);
  EXPECT_EQ(store_->ListPlanItems({.status = v1::Tracking::PARTIAL}, std::nullopt, 9)->items.size(), 1);
  EXPECT_THAT(store_->ListTrackings({}, std::nullopt, 9)->trackings, IsEmpty());
  EXPECT_THAT(store_->ListPlanItems({.needs_review_below = 1}, std::nullopt, 9)->items, IsEmpty());
}

TEST_P(PlanWorkflowTest, SummariesCountWhatHolds) {
  PutWithTrackings({MakePlan(1, 1, 1, 2023, 2), MakePlan(2, 1, 1, 2024, 1)}, v1::Tracking::DELIVERED);
  PutWithTrackings({MakePlan(3, 1, 1, 2024, 2), MakePlan(4, 1, 2, 2024, 3)}, v1::Tracking::MISSED);
  ASSERT_TRUE(store_->PutDocuments({MakePlan(5, 1, 1, 2024, 1)}).ok());
  MustApply(Override(KeyOf(3, 1, 1), v1::Tracking::DELIVERED));
  MustApply(Assign(KeyOf(2, 1, 1), "法制科"));
  const auto text = [](const PlanCounts& counts) {
    return fmt::format("{} {} P{} D{} M{} overdue {} reviewed {} assigned {}", counts.agency == AgencyOf(1) ? 1 : 2,
                       counts.year, counts.statuses[v1::Tracking::PENDING], counts.statuses[v1::Tracking::DELIVERED],
                       counts.statuses[v1::Tracking::MISSED], counts.overdue, counts.reviewed, counts.assigned);
  };
  std::vector<std::string> all;
  std::optional<SummaryCursor> cursor;
  do {
    const auto page = store_->Summarize({}, "2024-06-01", cursor, 1);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_EQ(page->counts.size(), 1);
    all.push_back(text(page->counts[0]));
    cursor = page->next;
  } while (cursor.has_value());
  EXPECT_THAT(all, UnorderedElementsAre("1 2023 P0 D2 M0 overdue 0 reviewed 0 assigned 0",
                                        "1 2024 P1 D2 M1 overdue 0 reviewed 1 assigned 1",
                                        "2 2024 P0 D0 M3 overdue 0 reviewed 0 assigned 0"));
  const auto late = store_->Summarize({.agency = AgencyOf(1), .year = 2024}, "2025-01-01", std::nullopt, 9);
  ASSERT_EQ(late->counts.size(), 1);
  EXPECT_EQ(text(late->counts[0]), "1 2024 P1 D2 M1 overdue 2 reviewed 1 assigned 1");
  const v1::PlanSummary summary = ToSummary(late->counts[0], true, {});
  EXPECT_EQ(summary.total(), 4);
  EXPECT_DOUBLE_EQ(summary.delivery_rate(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(summary.statuses(0).share(), 0.25);
  EXPECT_EQ(store_->Summarize({}, "", std::nullopt, 9)->counts[0].overdue, 0);
  EXPECT_FALSE(ToSummary(late->counts[0], false, {}).has_overdue());
}

// Document 1 of agency 1 with an item for each title.
PlanDocumentItems PlanOf(int revision, const std::vector<std::string>& titles) {
  PlanDocumentItems plan = MakePlan(1, revision, 1, 2024, static_cast<int>(titles.size()));
  for (size_t i = 0; i < titles.size(); ++i) {
    plan.items[i].set_title(titles[i]);
    plan.items[i].set_text(titles[i] + "。");
  }
  return plan;
}

TEST_P(PlanWorkflowTest, WhatPeopleSaidFollowsThePromise) {
  PutWithTrackings({PlanOf(1, {"甲", "乙", "丙"})}, v1::Tracking::PARTIAL);
  MustApply(Override(KeyOf(1, 1, 2), v1::Tracking::MISSED));
  Edit note = Note(KeyOf(1, 1, 3), "已动工");
  note.request_id = "1";
  MustApply(note);
  MustApply(Assign(KeyOf(1, 1, 3), "法制科"));
  PutWithTrackings({PlanOf(2, {"丙", "丁", "甲", "乙"})}, v1::Tracking::PARTIAL);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 4))->status(), v1::Tracking::MISSED);
  EXPECT_THAT(Listed({.status = v1::Tracking::MISSED}), ElementsAre(PlanItemName(KeyOf(1, 1, 4))));
  EXPECT_EQ(History(KeyOf(1, 1, 1)).size(), 2);
  EXPECT_EQ(History(KeyOf(1, 1, 4)).size(), 1);
  for (int place : {2, 3}) {
    EXPECT_THAT(History(KeyOf(1, 1, place)), IsEmpty());
    EXPECT_FALSE(store_->GetTracking(KeyOf(1, 1, place))->has_review());
  }
  EXPECT_EQ(store_->GetPlanItem(KeyOf(1, 1, 1))->assignment().responsible_unit(), "法制科");
  note.key = KeyOf(1, 1, 1);
  MustApply(note);
  EXPECT_EQ(History(KeyOf(1, 1, 1)).size(), 2) << "the request was done already";
  MustApply(Note(KeyOf(1, 1, 1), "已竣工"));
  EXPECT_EQ(History(KeyOf(1, 1, 1)).back().sequence(), 3);
}

TEST_P(PlanWorkflowTest, WhatPeopleSaidOfAPromiseThatIsGoneIsKeptAside) {
  PutWithTrackings({PlanOf(1, {"甲", "乙"})}, v1::Tracking::PARTIAL);
  MustApply(Override(KeyOf(1, 1, 1), v1::Tracking::DELIVERED));
  MustApply(Override(KeyOf(1, 1, 2), v1::Tracking::MISSED));
  PutWithTrackings({PlanOf(2, {"丙"})}, v1::Tracking::PARTIAL);
  EXPECT_FALSE(store_->GetTracking(KeyOf(1, 1, 1))->has_review()) << "another promise";
  EXPECT_THAT(Listed({.status = v1::Tracking::DELIVERED}), IsEmpty());
  MustApply(Note(KeyOf(1, 1, 1), "已动工"));
  PutWithTrackings({PlanOf(3, {"丙", "乙"})}, v1::Tracking::PARTIAL);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 2))->status(), v1::Tracking::MISSED);
  PutWithTrackings({PlanOf(4, {"乙", "甲", "丙"})}, v1::Tracking::PARTIAL);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 1))->status(), v1::Tracking::MISSED);
  EXPECT_EQ(store_->GetTracking(KeyOf(1, 1, 2))->status(), v1::Tracking::DELIVERED);
  EXPECT_THAT(History(KeyOf(1, 1, 3)), ::testing::SizeIs(1));
}

}  // namespace
}  // namespace duban
