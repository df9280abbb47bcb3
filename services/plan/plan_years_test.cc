// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_years.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

TEST(SourcesOfTest, TheReportsOnTheYearElseOnTheFirstLaterOne) {
  struct Case {
    int32_t plan_year;
    std::vector<DocumentYears> documents;
    std::vector<size_t> sources;
  };
  for (const Case& c :
       std::initializer_list<Case>{{2023, {}, {}},
                                   {2023, {{2023, 2024}, {2022, 2023}, {2023, 2023}}, {0, 2}},
                                   {2023, {{2022, 2023}, {2021, 2022}}, {}},
                                   {2023, {{2026, 2027}, {2025, 2026}, {2025, 2025}, {2022, 2023}}, {1, 2}},
                                   // Plans without a report, for the year after.
                                   {2023, {{0, 2024}, {0, 2023}, {0, 2025}, {2024, 2025}}, {0, 3}},
                                   {2023, {{0, 2024}, {2023, 2024}}, {0, 1}},
                                   // Who holds undated documents against each other must know.
                                   {2023, {{0, 0}, {2023, 2024}}, {1}},
                                   {2023, {{0, 0}, {2024, 2025}}, {0, 1}},
                                   {0, {{0, 0}, {2024, 2025}, {2025, 0}, {0, 1}, {0, 2024}}, {0, 1, 2}}}) {
    SCOPED_TRACE(fmt::format("{}, {} documents", c.plan_year, c.documents.size()));
    EXPECT_THAT(SourcesOf(c.plan_year, c.documents), ElementsAreArray(c.sources));
  }
}

TEST(SourcesOfTest, APlanIsNoSourceOfItself) {
  const std::vector<DocumentYears> half_years = {{2023, 2023}, {2023, 2023}, {2024, 2024}};
  EXPECT_THAT(SourcesOf(2023, half_years, 0), ElementsAre(1));
  EXPECT_THAT(SourcesOf(2023, half_years, 1), ElementsAre(0));
  EXPECT_THAT(SourcesOf(2023, std::vector<DocumentYears>{{2023, 2023}, {2024, 2024}}, 0), ElementsAre(1));
  EXPECT_THAT(SourcesOf(2024, half_years, 2), ElementsAre());
}

// Few years, so that documents meet: with reports on the plan's own year, on years before it, and without any year.
std::vector<DocumentYears> RandomDocuments(std::mt19937& random, size_t size) {
  std::vector<DocumentYears> documents;
  while (documents.size() < size) {
    documents.push_back({static_cast<int32_t>(random() % 9), static_cast<int32_t>(random() % 9)});
  }
  return documents;
}

TEST(BearingOnTest, HasAllSourcesOfThePlansAndTellsThemApart) {
  std::mt19937 random(1);
  size_t least = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::vector<DocumentYears> all = RandomDocuments(random, random() % 8);
    const std::set<int32_t> years = {1 + static_cast<int32_t>(random() % 8), 1 + static_cast<int32_t>(random() % 8)};
    const std::vector<size_t> bearing = BearingOn(years, all);
    least += all.size() - bearing.size();
    std::vector<DocumentYears> some;
    for (const size_t i : bearing) some.push_back(all[i]);
    for (size_t plan = 0, place = 0; plan < all.size(); ++plan) {
      const bool there = place < bearing.size() && bearing[place] == plan;
      if (years.contains(all[plan].plan_year)) {
        ASSERT_TRUE(there) << "round " << round;
        std::vector<size_t> sources;
        for (const size_t i : SourcesOf(all[plan].plan_year, some, place)) sources.push_back(bearing[i]);
        // Undated documents are later than everything only for who holds them against a plan by hand.
        std::vector<size_t> dated = SourcesOf(all[plan].plan_year, all, plan);
        std::erase_if(dated, [&](size_t i) { return all[i].report_year == 0 && all[i].plan_year == 0; });
        ASSERT_EQ(sources, dated) << "round " << round;
      }
      place += there;
    }
  }
  EXPECT_GT(least, 10'000u) << "of all documents";
}

TEST(PlansConcernedTest, NoOtherPlansSourcesChangeWhenADocumentComesOrGoes) {
  std::mt19937 random(2);
  size_t changed = 0, concerned_in_vain = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<DocumentYears> all = RandomDocuments(random, 1 + random() % 8);
    const DocumentYears document = all.back();
    const std::vector<DocumentYears> others(all.begin(), all.end() - 1);
    if (document.report_year == 0 && document.plan_year == 0) continue;
    const std::set<int32_t> concerned = PlansConcerned(document, others);
    for (size_t plan = 0; plan < others.size(); ++plan) {
      const int32_t year = others[plan].plan_year;
      if (year == 0) continue;
      const bool same = SourcesOf(year, all, plan) == SourcesOf(year, others, plan);
      ASSERT_TRUE(same || concerned.contains(year)) << "round " << round << ": " << year;
      changed += !same;
      concerned_in_vain += same && concerned.contains(year);
    }
  }
  EXPECT_GT(changed, 10'000u);
  EXPECT_LT(concerned_in_vain, changed / 2);
}

}  // namespace
}  // namespace duban
