// SPDX-License-Identifier: Apache-2.0
// The contract of PlanStore's commits, run on both backends: fences, and many writers at once.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <thread>
#include <tuple>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"
#include "services/plan/plan_store_test_util.h"
#include "services/plan/plan_years.h"

namespace duban {
namespace {

using ::testing::IsEmpty;

TEST_P(PlanStoreTest, CommitIsFencedByTheReadSet) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1);
  const std::vector<v1::Tracking> trackings = {MakeTracking(plan.items[0], v1::Tracking::DELIVERED)};
  ASSERT_TRUE(store_->PutDocuments({plan}).ok());
  const std::vector<PlanDocument> first = *store_->Neighbours(AgencyOf(1), {2024});
  ASSERT_TRUE(store_->PutDocuments({MakePlan(2, 1, 1, 2025, 1), MakePlan(3, 1, 2, 2025, 1)}).ok());
  EXPECT_TRUE(absl::IsAborted(store_->CommitTrackings(AgencyOf(1), {2024}, first, trackings))) << "one more";
  EXPECT_TRUE(absl::IsAborted(store_->CommitTrackings(AgencyOf(1), {2024}, {}, trackings)));
  std::vector<PlanDocument> second = *store_->Neighbours(AgencyOf(1), {2024});
  std::reverse(second.begin(), second.end());
  EXPECT_TRUE(store_->CommitTrackings(AgencyOf(1), {2024}, second, trackings).ok()) << "in any order";
  ASSERT_TRUE(store_->PutDocuments({MakePlan(2, 2, 1, 2025, 1)}).ok());
  EXPECT_TRUE(absl::IsAborted(store_->CommitTrackings(AgencyOf(1), {2024}, second, trackings))) << "another revision";
  ASSERT_TRUE(store_->PutDocuments({MakePlan(2, 3, 2, 2025, 1)}).ok());
  EXPECT_TRUE(absl::IsAborted(store_->CommitTrackings(AgencyOf(1), {2024}, second, trackings))) << "one less";
  EXPECT_TRUE(store_->CommitTrackings(AgencyOf(1), {2024}, first, trackings).ok()) << "back to what it was";
  ASSERT_TRUE(store_->PutDocuments({MakePlan(4, 1, 1, 2023, 1)}).ok());
  EXPECT_TRUE(store_->CommitTrackings(AgencyOf(1), {2024}, first, trackings).ok()) << "one that does not bear on it";
}

TEST_P(PlanStoreTest, ItemsAreThoseThatTheMachineWrote) {
  const PlanDocumentItems first = MakePlan(1, 1, 1, 2024, 11), second = MakePlan(2, 1, 1, 2025, 1);
  ASSERT_TRUE(store_->PutDocuments({first, second, MakePlan(3, 1, 1, 2026, 1), MakePlan(4, 1, 2, 2024, 1)}).ok());
  ASSERT_TRUE(store_->Apply(Assign(KeyOf(1, 1, 1), "法制科")).ok());
  const auto items = store_->ItemsOf(AgencyOf(1), {IdOf(2), IdOf(4), IdOf(1), IdOf(9), IdOf(1)});
  ASSERT_TRUE(items.ok()) << items.status();
  std::vector<std::string> expected, found;
  for (const auto* plan : IdOf(1) < IdOf(2) ? std::vector{&first, &second} : std::vector{&second, &first}) {
    for (const v1::PlanItem& item : plan->items) expected.push_back(item.SerializeAsString());
  }
  for (const v1::PlanItem& item : *items) found.push_back(item.SerializeAsString());
  EXPECT_EQ(found, expected);
  EXPECT_THAT(*store_->ItemsOf(AgencyOf(1), {}), IsEmpty());
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ItemsOf("x", {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ItemsOf(AgencyOf(1), {IdOf(1), "x"}).status()));
}

TEST_P(PlanStoreTest, NewTrackingsStandInPlaceOfOldOnes) {
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 2);
  PutWithTrackings({plan}, v1::Tracking::PENDING);
  const v1::Tracking changed = MakeTracking(plan.items[0], v1::Tracking::MISSED, "last");
  ASSERT_TRUE(Commit(AgencyOf(1), {MakeTracking(plan.items[0], v1::Tracking::PARTIAL), changed}).ok());
  EXPECT_EQ(AsStored(*store_->GetTracking({AgencyOf(1), IdOf(1), "p1"})), changed.SerializeAsString());
  EXPECT_EQ(store_->GetTracking({AgencyOf(1), IdOf(1), "p2"})->status(), v1::Tracking::PENDING);
  EXPECT_EQ(store_->ListTrackings({.status = v1::Tracking::MISSED}, std::nullopt, 9)->trackings.size(), 1);
  EXPECT_THAT(store_->ListTrackings({.status = v1::Tracking::PARTIAL}, std::nullopt, 9)->trackings, IsEmpty());
}

// Workers bring an agency's documents and remove some in random orders, some twice, at the same time. Whatever happens,
// the ledger ends with the trackings that follow from all documents that are left: here a tracking's rule is the list
// of the sources of its plan.
TEST_P(PlanStoreTest, TheLedgerDoesNotDependOnTheOrderOfArrival) {
  constexpr int kDocuments = 8;
  constexpr int kRemoved = 3;
  constexpr int kItems = 3;
  // Some plans have no report; some years none either.
  const auto make = [](int number) {
    PlanDocumentItems plan = MakePlan(number, 1, 1, 2000 + number, kItems);
    if (number % 3 == 0) plan.document.report_year = 0;
    return plan;
  };
  const auto rule_of = [](const std::vector<PlanDocument>& documents, size_t plan) {
    std::string rule;
    for (const size_t i : SourcesOf(documents[plan].plan_year, YearsOf(documents), plan))
      rule += documents[i].id.substr(0, 4);
    return rule;
  };
  const auto track = [&](int number, bool removed) {
    const auto concerned =
        removed ? store_->RemoveDocuments({{IdOf(number), 2}}) : store_->PutDocuments({make(number)});
    ASSERT_TRUE(concerned.ok()) << concerned.status();
    for (const auto& [agency, years] : *concerned) {
      absl::Status committed;
      do {
        const std::vector<PlanDocument> neighbours = *store_->Neighbours(agency, years);
        std::vector<v1::Tracking> trackings;
        for (size_t plan = 0; plan < neighbours.size(); ++plan) {
          const int32_t year = neighbours[plan].plan_year;
          for (int place = 1; place <= kItems && years.contains(year); ++place) {
            const v1::PlanItem item = MakeItem(year - 2000, 1, place, year);
            trackings.push_back(MakeTracking(item, v1::Tracking::DELIVERED, rule_of(neighbours, plan)));
          }
        }
        committed = store_->CommitTrackings(agency, years, neighbours, trackings);
      } while (absl::IsAborted(committed));
      EXPECT_TRUE(committed.ok()) << committed;
    }
  };
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&, worker] {
      std::vector<int> numbers;
      for (int number = 1; number <= kDocuments + kRemoved; ++number) {
        if (number % 4 != worker) numbers.push_back(number);  // each document comes from three workers
        if (number > kDocuments) numbers.push_back(-number);  // and is removed by four
      }
      std::shuffle(numbers.begin(), numbers.end(), std::mt19937(worker));
      for (int number : numbers) track(std::abs(number), number < 0);
    });
  }
  for (std::thread& worker : workers) worker.join();
  std::vector<PlanDocument> left;
  for (int number = 1; number <= kDocuments; ++number) left.push_back(make(number).document);
  std::sort(left.begin(), left.end(), [](const PlanDocument& a, const PlanDocument& b) {
    return std::tie(a.report_year, a.plan_year, a.id) < std::tie(b.report_year, b.plan_year, b.id);
  });
  const auto page = store_->ListTrackings({}, std::nullopt, 1000);
  ASSERT_EQ(page->trackings.size(), kDocuments * kItems);
  for (const v1::Tracking& tracking : page->trackings) {
    size_t plan = 0;
    while (left[plan].plan_year != tracking.plan_item().year()) ++plan;
    EXPECT_EQ(tracking.rule(), rule_of(left, plan)) << left[plan].plan_year;
  }
}

TEST_P(PlanStoreTest, BatchesOfSeveralAgenciesDoNotDeadlock) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 8; ++round) {
        std::vector<PlanDocumentItems> plans;
        for (int i = 0; i < 6; ++i)
          plans.push_back(MakePlan((thread * 5 + i * 7) % 10, 1 + round, (thread + i) % 5, 2024, 2));
        const auto put = store_->PutDocuments(plans);
        EXPECT_TRUE(put.ok()) << put.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ItemNames({}).size(), 20);
}

}  // namespace
}  // namespace duban
