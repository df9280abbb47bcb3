// SPDX-License-Identifier: Apache-2.0
// The contract of PlanStore, run on both backends.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"
#include "services/plan/plan_store_test_util.h"
#include "services/plan/plan_years.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

INSTANTIATE_TEST_SUITE_P(Backends, PlanStoreTest, ::testing::Values(Backend::kMemory, Backend::kPostgres), BackendName);

TEST_P(PlanStoreTest, GivesBackWhatWasStored) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 2);
  EXPECT_EQ(*store_->PutDocuments({plan}), (PlanYears{{AgencyOf(1), {2024}}}));
  const auto neighbours = store_->Neighbours(AgencyOf(1), {2024});
  ASSERT_TRUE(neighbours.ok()) << neighbours.status();
  ASSERT_EQ(neighbours->size(), 1);
  EXPECT_EQ(neighbours->at(0).id, IdOf(1));
  EXPECT_EQ(neighbours->at(0).revision, 1);
  EXPECT_EQ(neighbours->at(0).agency, AgencyOf(1));
  EXPECT_EQ(neighbours->at(0).report_year, 2023);
  EXPECT_EQ(neighbours->at(0).plan_year, 2024);
  const PlanItemKey key = {AgencyOf(1), IdOf(1), "p2"};
  EXPECT_EQ(AsStored(*store_->GetPlanItem(key)), plan.items[1].SerializeAsString());
  const v1::Tracking pending = *store_->GetTracking(key);
  EXPECT_EQ(pending.status(), v1::Tracking::PENDING);
  EXPECT_EQ(pending.name(), TrackingName(key));
  EXPECT_EQ(AsStored(pending.plan_item()), plan.items[1].SerializeAsString());
  EXPECT_THAT(store_->ListTrackings({}, std::nullopt, 10)->trackings, IsEmpty());
  const v1::Tracking tracking = MakeTracking(plan.items[1], v1::Tracking::DELIVERED, "done_word");
  ASSERT_TRUE(store_->CommitTrackings(AgencyOf(1), {2024}, *neighbours, {tracking}).ok());
  EXPECT_EQ(AsStored(*store_->GetTracking(key)), tracking.SerializeAsString());
  EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 10)->trackings.size(), 1);
  EXPECT_THAT(*store_->PutDocuments({}), IsEmpty());
}

TEST_P(PlanStoreTest, WhatIsNotThereIsNotFound) {
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 1)}).ok());
  for (const PlanItemKey& key : {PlanItemKey{AgencyOf(1), IdOf(1), "p2"}, PlanItemKey{AgencyOf(2), IdOf(1), "p1"},
                                 PlanItemKey{AgencyOf(1), IdOf(2), "p1"}}) {
    EXPECT_TRUE(absl::IsNotFound(store_->GetPlanItem(key).status())) << PlanItemName(key);
    const absl::Status missing = store_->GetTracking(key).status();
    EXPECT_TRUE(absl::IsNotFound(missing)) << PlanItemName(key);
    EXPECT_THAT(Message(missing), HasSubstr(PlanItemName(key)));
  }
  EXPECT_THAT(*store_->Neighbours(AgencyOf(5), {2024}), IsEmpty());
}

TEST_P(PlanStoreTest, RefusesWrongDocumentsWhole) {
  struct Case {
    std::string_view field;
    std::function<void(PlanDocumentItems*)> spoil;
  };
  for (const Case& c :
       std::initializer_list<Case>{{"document.id", [](auto* plan) { plan->document.id = "1"; }},
                                   {"document.agency", [](auto* plan) { plan->document.agency = ""; }},
                                   {"document.revision", [](auto* plan) { plan->document.revision = 0; }},
                                   {"item.id", [](auto* plan) { plan->items[1].clear_id(); }},
                                   {"item.id", [](auto* plan) { plan->items[1].set_id("p1"); }},
                                   {"item.id", [](auto* plan) { plan->items[1].set_id(std::string("\0", 1)); }}}) {
    PlanDocumentItems wrong = MakePlan(1, 1, 1, 2024, 2);
    c.spoil(&wrong);
    const absl::Status status = store_->PutDocuments({MakePlan(2, 1, 1, 2024, 1), wrong}).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.field;
    EXPECT_THAT(Message(status), StartsWith(std::string(c.field) + ":"));
  }
  EXPECT_THAT(*store_->Neighbours(AgencyOf(1), {2024}), IsEmpty());
}

TEST_P(PlanStoreTest, RefusesWrongTrackingsWhole) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 2);
  const PlanDocumentItems other = MakePlan(2, 1, 2, 2024, 1);
  ASSERT_TRUE(store_->PutDocuments({plan, other}).ok());
  const v1::Tracking good = MakeTracking(plan.items[0], v1::Tracking::DELIVERED);
  std::vector<v1::Tracking> wrong(4, MakeTracking(plan.items[1], v1::Tracking::DELIVERED));
  wrong[0].clear_status();
  wrong[1].set_status(static_cast<Status>(42));
  wrong[2].mutable_plan_item()->set_document("documents/1");
  wrong[3] = MakeTracking(other.items[0], v1::Tracking::DELIVERED);
  std::vector<v1::Tracking> stale(2, MakeTracking(plan.items[1], v1::Tracking::DELIVERED));
  stale[0].mutable_plan_item()->set_id("p9");
  stale[1].mutable_plan_item()->set_title("another promise of the same id");
  for (const v1::Tracking& tracking : wrong) {
    EXPECT_TRUE(absl::IsInvalidArgument(Commit(AgencyOf(1), {good, tracking}))) << tracking.ShortDebugString();
  }
  for (const v1::Tracking& tracking : stale) {
    EXPECT_TRUE(absl::IsAborted(Commit(AgencyOf(1), {good, tracking}))) << tracking.ShortDebugString();
  }
  const auto neighbours = store_->Neighbours(AgencyOf(1), {2023});
  EXPECT_TRUE(absl::IsInvalidArgument(store_->CommitTrackings(AgencyOf(1), {2023}, *neighbours, {good})))
      << "a plan for another year";
  EXPECT_TRUE(absl::IsInvalidArgument(store_->CommitTrackings("x", {}, {}, {})));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Neighbours("x", {2024}).status()));
  for (const int32_t year : {0, -1}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Neighbours(AgencyOf(1), {year, 2024}).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(store_->CommitTrackings(AgencyOf(1), {year}, {}, {})));
  }
  EXPECT_THAT(store_->ListTrackings({}, std::nullopt, 10)->trackings, IsEmpty());
}

TEST_P(PlanStoreTest, RefusesWrongFiltersAndKeys) {
  const PlanCursor good = {AgencyOf(1), 2024, IdOf(1), 1};
  for (const PlanFilter& filter : {PlanFilter{.agency = "x"}, PlanFilter{.status = static_cast<Status>(42)}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->ListPlanItems(filter, good, 1).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(store_->ListTrackings(filter, good, 1).status()));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListPlanItems({}, std::nullopt, 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListTrackings({}, PlanCursor{"x", 1, IdOf(1), 1}, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListTrackings({}, PlanCursor{AgencyOf(1), 1, "x", 1}, 1).status()));
  for (const PlanItemKey& key : {PlanItemKey{"x", IdOf(1), "p1"}, PlanItemKey{AgencyOf(1), "x", "p1"},
                                 PlanItemKey{AgencyOf(1), IdOf(1), std::string("\0", 1)}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->GetPlanItem(key).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(store_->GetTracking(key).status()));
  }
}

TEST_P(PlanStoreTest, RevisionsOnlyRise) {
  PutWithTrackings({MakePlan(1, 2, 1, 2024, 3)}, v1::Tracking::DELIVERED);
  EXPECT_THAT(*store_->PutDocuments({MakePlan(1, 1, 2, 2030, 1)}), IsEmpty()) << "the older one is ignored";
  EXPECT_EQ(ItemNames({.year = 2024}).size(), 3);
  EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 10)->trackings.size(), 3);
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 3, 1, 2025, 1), MakePlan(1, 2, 1, 2026, 1)}).ok());
  EXPECT_EQ(ItemNames({}).size(), 1);
  EXPECT_EQ(ItemNames({.year = 2025}).size(), 1);
  EXPECT_THAT(store_->ListTrackings({}, std::nullopt, 10)->trackings, IsEmpty()) << "they spoke of the old items";
  EXPECT_THAT(*store_->Neighbours(AgencyOf(1), {2026}), IsEmpty());
  EXPECT_EQ(store_->Neighbours(AgencyOf(1), {2025})->at(0).plan_year, 2025);
}

// Former bugs: only the last agency that it had left was known.
TEST_P(PlanStoreTest, ADocumentThatMovesConcernsAllAgenciesUntilTheirPlansAreTracked) {
  for (const int agency : {1, 2, 3}) {
    PlanDocumentItems before = MakePlan(10 + agency, 1, agency, 2023, 1);
    ASSERT_TRUE(store_->PutDocuments({before}).ok());
    ASSERT_TRUE(Commit(AgencyOf(agency), {MakeTracking(before.items[0], v1::Tracking::PENDING)}).ok());
  }
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 1)}).ok());
  PlanYears concerned = {{AgencyOf(1), {2023, 2024}}, {AgencyOf(2), {2023, 2024}}};
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 2, 2, 2024, 1)}), concerned);
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 2, 2, 2024, 1)}), concerned) << "the repeat after a crash";
  concerned[AgencyOf(3)] = {2023, 2024};
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 3, 3, 2024, 1)}), concerned);
  EXPECT_THAT(*store_->Neighbours(AgencyOf(1), {2024}), IsEmpty());
  EXPECT_EQ(store_->Neighbours(AgencyOf(3), {2024})->size(), 1);
  EXPECT_TRUE(absl::IsNotFound(store_->GetPlanItem({AgencyOf(1), IdOf(1), "p1"}).status()));
  ASSERT_TRUE(store_->CommitTrackings(AgencyOf(1), {2024}, {}, {}).ok());
  concerned[AgencyOf(1)] = {2023};
  EXPECT_EQ(*store_->RemoveDocuments({{IdOf(1), 1}}), concerned) << "a late removal";
  for (const int agency : {1, 2}) {
    const auto neighbours = store_->Neighbours(AgencyOf(agency), {2023, 2024});
    ASSERT_TRUE(store_->CommitTrackings(AgencyOf(agency), {2023, 2024}, *neighbours, {}).ok());
    concerned.erase(AgencyOf(agency));
  }
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 3, 3, 2024, 1)}), concerned);
}

// What a document concerns and what bears on plans is what plan_years.h says, as documents come, change and go.
TEST_P(PlanStoreTest, PlansConcernedAndNeighboursAreThoseOfTheirYears) {
  std::mt19937 random(3);
  std::map<int, PlanDocument> live;
  std::map<int, int> revisions;
  const auto others_than = [&](int number, const std::string& agency) {
    std::vector<DocumentYears> others;
    for (const auto& [other, document] : live) {
      if (other != number && document.agency == agency) others.push_back({document.report_year, document.plan_year});
    }
    return others;
  };
  PlanYears expected;
  const auto concern = [&](int number, bool comes) {
    const PlanDocument& document = live.at(number);
    std::set<int32_t> years =
        PlansConcerned({document.report_year, document.plan_year}, others_than(number, document.agency));
    if (comes && document.plan_year != 0) years.insert(document.plan_year);
    if (!years.empty()) expected[document.agency].merge(years);
  };
  for (int step = 0; step < 300; ++step) {
    SCOPED_TRACE(fmt::format("step {}", step));
    const int number = 1 + static_cast<int>(random() % 9);
    expected.clear();
    if (live.contains(number)) concern(number, false);
    PlanYears concerned;
    if (random() % 4 == 0) {
      live.erase(number);
      concerned = *store_->RemoveDocuments({{IdOf(number), ++revisions[number]}});
    } else {
      PlanDocumentItems plan;
      plan.document = {IdOf(number), ++revisions[number], AgencyOf(static_cast<int>(random() % 2))};
      plan.document.report_year = static_cast<int32_t>(random() % 7);
      plan.document.plan_year = static_cast<int32_t>(random() % 7);
      live[number] = plan.document;
      concern(number, true);
      concerned = *store_->PutDocuments({plan});
    }
    EXPECT_EQ(concerned, expected);
    const std::set<int32_t> years = {1 + static_cast<int32_t>(random() % 6), 1 + static_cast<int32_t>(random() % 6)};
    for (const std::string& agency : {AgencyOf(0), AgencyOf(1)}) {
      std::vector<PlanDocument> all;
      for (const auto& [other, document] : live) {
        if (document.agency == agency) all.push_back(document);
      }
      std::sort(all.begin(), all.end(), [](const PlanDocument& a, const PlanDocument& b) {
        return std::tie(a.report_year, a.plan_year, a.id) < std::tie(b.report_year, b.plan_year, b.id);
      });
      std::vector<PlanDocument> bearing;
      for (const size_t i : BearingOn(years, YearsOf(all))) bearing.push_back(all[i]);
      EXPECT_EQ(*store_->Neighbours(agency, years), bearing);
      const std::set<int32_t> every = {1, 2, 3, 4, 5, 6};
      ASSERT_TRUE(store_->CommitTrackings(agency, every, *store_->Neighbours(agency, every), {}).ok());
    }
  }
}

TEST_P(PlanStoreTest, ARemovalHoldsAgainstLateDocumentsButNotAgainstNewOnes) {
  PlanDocumentItems first = MakePlan(1, 1, 1, 2024, 2);
  first.problems.emplace_back().set_id("q1");
  PutWithTrackings({first, MakePlan(2, 1, 1, 2024, 1), MakePlan(3, 1, 1, 2023, 0)}, v1::Tracking::DELIVERED);
  EXPECT_EQ(store_->ListProblems({}, std::nullopt, 10)->problems.size(), 1);
  const auto before = *store_->Neighbours(AgencyOf(1), {2024});
  const PlanYears concerned = {{AgencyOf(1), {2023}}};
  EXPECT_EQ(*store_->RemoveDocuments({{IdOf(1), 2}}), concerned) << "what it told of";
  EXPECT_EQ(store_->Neighbours(AgencyOf(1), {2024})->size(), 1);
  EXPECT_THAT(ItemNames({}), ElementsAre(MakeItem(2, 1, 1, 2024).name()));
  EXPECT_EQ(store_->ListTrackings({}, std::nullopt, 10)->trackings.size(), 1);
  EXPECT_THAT(store_->ListProblems({}, std::nullopt, 10)->problems, IsEmpty());
  EXPECT_EQ(store_->Summarize({}, "", std::nullopt, 10)->counts.at(0).statuses[v1::Tracking::DELIVERED], 1);
  EXPECT_TRUE(absl::IsNotFound(store_->GetPlanItem({AgencyOf(1), IdOf(1), "p1"}).status()));
  EXPECT_TRUE(absl::IsAborted(store_->CommitTrackings(AgencyOf(1), {2024}, before, {}))) << "computed with it";
  for (const int late : {1, 2}) {
    EXPECT_EQ(*store_->PutDocuments({MakePlan(1, late, 1, 2024, 2)}), concerned);
    EXPECT_EQ(ItemNames({}).size(), 1) << late;
  }
  EXPECT_EQ(*store_->RemoveDocuments({{IdOf(1), 2}}), concerned) << "its worker may have died";
  // Given again, and taken for another agency's now.
  const PlanYears both = {{AgencyOf(1), {2023}}, {AgencyOf(2), {2024}}};
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 3, 2, 2024, 3)}), both);
  EXPECT_EQ(ItemNames({.agency = AgencyOf(2)}).size(), 3);
  EXPECT_EQ(*store_->RemoveDocuments({{IdOf(1), 2}}), both);
  EXPECT_EQ(ItemNames({.agency = AgencyOf(2)}).size(), 3) << "a late removal";
  ASSERT_TRUE(store_->RemoveDocuments({{IdOf(1), 3}, {IdOf(1), 4}}).ok());
  EXPECT_THAT(ItemNames({.agency = AgencyOf(2)}), IsEmpty());
}

TEST_P(PlanStoreTest, ADocumentMayBeRemovedBeforeItComes) {
  EXPECT_THAT(*store_->RemoveDocuments({{IdOf(1), 2}, {IdOf(2), 2}}), IsEmpty());
  EXPECT_THAT(*store_->RemoveDocuments({}), IsEmpty());
  EXPECT_THAT(*store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}), IsEmpty());
  EXPECT_THAT(ItemNames({}), IsEmpty());
  EXPECT_EQ(*store_->PutDocuments({MakePlan(1, 3, 1, 2024, 2)}), (PlanYears{{AgencyOf(1), {2024}}}));
  EXPECT_EQ(ItemNames({}).size(), 2);
  for (const Removal& wrong : {Removal{"x", 1}, Removal{IdOf(2), 0}, Removal{}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->RemoveDocuments({{IdOf(1), 9}, wrong}).status())) << wrong.document;
  }
  EXPECT_EQ(ItemNames({}).size(), 2);
}

TEST_P(PlanStoreTest, NeighboursStandInTheOrderOfYears) {
  ASSERT_TRUE(store_
                  ->PutDocuments({MakePlan(1, 1, 1, 2025, 1), MakePlan(2, 1, 1, 2023, 0), MakePlan(3, 1, 1, 2024, 1),
                                  MakePlan(4, 1, 2, 2024, 1)})
                  .ok());
  std::vector<std::string> ids;
  const std::vector<PlanDocument> neighbours = *store_->Neighbours(AgencyOf(1), {2023, 2024, 2025});
  for (const PlanDocument& document : neighbours) ids.push_back(document.id);
  EXPECT_THAT(ids, ElementsAre(IdOf(2), IdOf(3), IdOf(1)));
}

// Every combination of filters, against a plain scan, in pages of several sizes.
TEST_P(PlanStoreTest, FiltersAndPagesAgreeWithAScan) {
  std::vector<v1::Tracking> all;
  for (int number = 0; number < 12; ++number) {
    const PlanDocumentItems plan = MakePlan(number, 1, number % 3, 2022 + number % 4, 4);
    const auto status = static_cast<Status>(1 + number % 3);
    PutWithTrackings({plan}, status);
    for (const v1::PlanItem& item : plan.items) all.push_back(MakeTracking(item, status));
  }
  const auto place = [](const v1::Tracking& tracking) {
    const PlanItemKey key = *ParsePlanItemName("name", tracking.plan_item().name());
    return std::tuple(key.agency, tracking.plan_item().year(), key.document, key.item);
  };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  for (const std::string& agency : {std::string(), AgencyOf(1), AgencyOf(9)}) {
    for (int year : {0, 2023, 1999}) {
      for (int status : {0, 1, 3, 6}) {
        const PlanFilter filter = {agency, year, static_cast<Status>(status)};
        std::vector<std::string> expected;
        for (const v1::Tracking& tracking : all) {
          const v1::PlanItem& item = tracking.plan_item();
          const bool hit = (agency.empty() || item.name().starts_with(AgencyName(agency))) &&
                           (year == 0 || item.year() == year) && (status == 0 || tracking.status() == status);
          if (hit) expected.push_back(item.name());
        }
        for (int limit : {1000, 12, 5}) {
          std::vector<std::string> listed;
          std::optional<PlanCursor> cursor;
          do {
            const auto page = store_->ListTrackings(filter, cursor, limit);
            ASSERT_TRUE(page.ok()) << page.status();
            ASSERT_TRUE(page->trackings.size() == static_cast<size_t>(limit) || !page->next.has_value());
            for (const v1::Tracking& tracking : page->trackings) listed.push_back(tracking.plan_item().name());
            cursor = page->next;
          } while (cursor.has_value());
          EXPECT_EQ(listed, expected) << agency << " " << year << " " << status << " " << limit;
          if (status != 0) continue;
          std::vector<std::string> items;
          do {
            const auto page = store_->ListPlanItems(filter, cursor, limit);
            ASSERT_TRUE(page.ok()) << page.status();
            for (const v1::PlanItem& item : page->items) items.push_back(item.name());
            cursor = page->next;
          } while (cursor.has_value());
          EXPECT_EQ(items, expected) << agency << " " << year << " " << limit;
        }
      }
    }
  }
}

// A cursor of another year than the filter's is a place like any other.
TEST_P(PlanStoreTest, CursorsOfOtherYearsKeepTheirMeaning) {
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}).ok());
  const PlanFilter filter = {.year = 2024};
  EXPECT_EQ(store_->ListPlanItems(filter, PlanCursor{AgencyOf(1), 2023, IdOf(1), 9}, 9)->items.size(), 2);
  EXPECT_EQ(store_->ListPlanItems(filter, PlanCursor{AgencyOf(1), 2024, IdOf(1), 1}, 9)->items.size(), 1);
  EXPECT_EQ(store_->ListPlanItems(filter, PlanCursor{AgencyOf(1), 2025, IdOf(1), 0}, 9)->items.size(), 0);
}

}  // namespace
}  // namespace duban
