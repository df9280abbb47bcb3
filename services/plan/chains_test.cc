// SPDX-License-Identifier: Apache-2.0
#include "services/plan/chains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A promise for `year` at [begin, end) of that year's plan; carried over to [to_begin, to_end) of the plan for `to`.
struct Promise {
  std::string title;
  int year, begin, end;
  int to = 0, to_begin = 0, to_end = 0;
  v1::Tracking::Status status = v1::Tracking::CARRIED_OVER;
};

std::string PlanOf(int year) { return "documents/" + std::to_string(year); }

v1::Tracking MakeTracking(const Promise& promise) {
  v1::Tracking tracking;
  v1::PlanItem& item = *tracking.mutable_plan_item();
  item.set_title(promise.title);
  item.set_year(promise.year);
  item.set_document(PlanOf(promise.year));
  item.mutable_span()->set_begin(promise.begin);
  item.mutable_span()->set_end(promise.end);
  tracking.set_status(promise.to == 0 ? v1::Tracking::DELIVERED : promise.status);
  if (promise.to != 0) {
    v1::Evidence& evidence = *tracking.add_evidence();
    evidence.set_document(PlanOf(promise.to));
    evidence.mutable_span()->set_begin(promise.to_begin);
    evidence.mutable_span()->set_end(promise.to_end);
  }
  return tracking;
}

std::vector<std::string> Chains(const std::vector<Promise>& promises, int min_years = 2) {
  std::vector<v1::Tracking> trackings;
  for (const Promise& promise : promises) trackings.push_back(MakeTracking(promise));
  std::vector<std::string> texts;
  for (const v1::PromiseChain& chain : FindChains(trackings, min_years)) {
    std::string text;
    for (const v1::Tracking& tracking : chain.trackings()) text += tracking.plan_item().title();
    texts.push_back(text);
  }
  return texts;
}

TEST(FindChainsTest, FollowsEvidenceFromPlanToPlan) {
  const Promise a = {"a", 2021, 0, 9, 2022, 10, 19};
  const Promise b = {"b", 2022, 10, 19, 2023, 25, 28};
  const Promise c = {"c", 2023, 20, 29};
  const Promise d = {"d", 2022, 20, 29, 2023, 5, 8};
  const Promise e = {"e", 2023, 0, 9};
  EXPECT_THAT(Chains({a, b, d, c, e}), ElementsAre("abc", "de"));
  EXPECT_THAT(Chains({a, b, d, c, e}, 3), ElementsAre("abc"));
  EXPECT_THAT(Chains({e, c, d, b, a}), ElementsAre("abc", "de")) << "in any order";
  EXPECT_THAT(Chains({a, c, d, e}), ElementsAre("de")) << "b is not known";
}

TEST(FindChainsTest, EvidenceMayBeWiderThanTheItem) {
  EXPECT_THAT(Chains({{"a", 2021, 0, 9, 2022, 8, 30}, {"b", 2022, 10, 19}}), ElementsAre("ab"));
  EXPECT_THAT(Chains({{"a", 2021, 0, 9, 2022, 8, 10}, {"b", 2022, 10, 19}}), IsEmpty()) << "ends before it";
  EXPECT_THAT(Chains({{"a", 2021, 0, 9, 2022, 19, 22}, {"b", 2022, 10, 19}}), IsEmpty()) << "begins behind it";
}

TEST(FindChainsTest, OnlyWhatWasCarriedOverGoesOn) {
  const Promise next = {"b", 2022, 10, 19};
  EXPECT_THAT(Chains({{"a", 2021, 0, 9, 2022, 10, 19, v1::Tracking::PARTIAL}, next}), IsEmpty());
  EXPECT_THAT(Chains({{"a", 2022, 0, 9, 2022, 10, 19}, next}), IsEmpty()) << "the same year";
  EXPECT_THAT(Chains({{"a", 2023, 0, 9, 2022, 10, 19}, next}), IsEmpty()) << "an earlier year";
  EXPECT_THAT(Chains({}), IsEmpty());
}

TEST(FindChainsTest, PromisesThatMergeBothGoOn) {
  EXPECT_THAT(Chains({{"a", 2021, 0, 9, 2022, 10, 19}, {"b", 2021, 10, 19, 2022, 12, 15}, {"c", 2022, 10, 19}}),
              ElementsAre("ac", "bc"));
}

// Random promises: every chain is as long as asked, rises in years, and no promise begins two chains.
TEST(FindChainsTest, ChainsRiseInYears) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<v1::Tracking> trackings;
    for (int i = 0; i < 60; ++i) {
      const int begin = static_cast<int>(random() % 50) * 10;
      const int to_begin = static_cast<int>(random() % 500);
      trackings.push_back(MakeTracking({std::to_string(i), static_cast<int>(2020 + random() % 5), begin, begin + 9,
                                        static_cast<int>(2020 + random() % 6), to_begin, to_begin + 5}));
    }
    std::set<std::string> firsts;
    int last_size = 1000;
    for (const v1::PromiseChain& chain : FindChains(trackings, 2)) {
      ASSERT_GE(chain.trackings_size(), 2);
      EXPECT_LE(chain.trackings_size(), last_size);
      last_size = chain.trackings_size();
      EXPECT_TRUE(firsts.insert(chain.trackings(0).plan_item().title()).second);
      EXPECT_TRUE(std::is_sorted(chain.trackings().begin(), chain.trackings().end(), [](const auto& a, const auto& b) {
        return a.plan_item().year() < b.plan_item().year();
      }));
    }
  }
}

}  // namespace
}  // namespace duban
