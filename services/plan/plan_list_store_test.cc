// SPDX-License-Identifier: Apache-2.0
// The contract of PlanStore for filters and summaries, run on both backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "services/plan/plan_store.h"
#include "services/plan/plan_store_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class PlanListTest : public PlanStoreTest {
 protected:
  // The summaries of all pages of `size`.
  std::vector<PlanCounts> Summaries(const PlanFilter& filter, int size = 1000) {
    std::vector<PlanCounts> all;
    std::optional<SummaryCursor> after;
    do {
      auto page = store_->Summarize(filter, "", after, size);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return all;
      EXPECT_LE(static_cast<int>(page->counts.size()), size);
      std::move(page->counts.begin(), page->counts.end(), std::back_inserter(all));
      after = page->next;
    } while (after.has_value());
    return all;
  }

  // Stores documents 1 to 4, one for each agency 1 to 4, of which 4, 4, 1 and none of 4 promises for 2024 are kept; the
  // fourth agency's are all PENDING. Regions: 440310, 440303, 110101, not known.
  void PutFourAgencies() {
    const int kept[] = {4, 4, 1, 0};
    const char* const regions[] = {"440310", "440303", "110101", ""};
    for (int agency = 1; agency <= 4; ++agency) {
      PlanDocumentItems plan = MakePlan(agency, 1, agency, 2024, 4);
      plan.document.region = regions[agency - 1];
      plan.document.agency_display_name = fmt::format("某{}区司法局", agency);
      for (int i = 0; i < 4; ++i) plan.items[i].set_theme(i < 2 ? "mediation" : i == 2 ? "" : "legal_aid");
      ASSERT_TRUE(store_->PutDocuments({plan}).ok());
      if (agency == 4) continue;
      std::vector<v1::Tracking> trackings;
      for (int i = 0; i < 4; ++i) {
        trackings.push_back(
            MakeTracking(plan.items[i], i < kept[agency - 1] ? v1::Tracking::DELIVERED : v1::Tracking::MISSED));
      }
      ASSERT_TRUE(Commit(AgencyOf(agency), trackings).ok());
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, PlanListTest, ::testing::Values(Backend::kMemory, Backend::kPostgres), BackendName);

TEST_P(PlanListTest, ThemesNarrowLists) {
  PutFourAgencies();
  EXPECT_EQ(ItemNames({.theme = "mediation"}).size(), 8);
  EXPECT_EQ(ItemNames({.theme = "legal_aid"}).size(), 4);
  EXPECT_THAT(ItemNames({.agency = AgencyOf(2), .theme = "legal_aid"}),
              ElementsAre(PlanItemName({AgencyOf(2), IdOf(2), "p4"})));
  EXPECT_THAT(ItemNames({.theme = "notary"}), IsEmpty());
  const auto page = store_->ListTrackings({.status = v1::Tracking::MISSED, .theme = "legal_aid"}, std::nullopt, 10);
  ASSERT_EQ(page->trackings.size(), 1);
  EXPECT_EQ(page->trackings[0].name(), TrackingName({AgencyOf(3), IdOf(3), "p4"}));
  EXPECT_TRUE(
      absl::IsInvalidArgument(store_->ListPlanItems({.theme = std::string("\0", 1)}, std::nullopt, 1).status()));
}

TEST_P(PlanListTest, SummariesCountThemes) {
  PutFourAgencies();
  const auto counts = Summaries({.agency = AgencyOf(3)});
  ASSERT_EQ(counts.size(), 1);
  EXPECT_THAT(counts[0].themes,
              ElementsAre(Pair("", Pair(1, 0)), Pair("legal_aid", Pair(1, 0)), Pair("mediation", Pair(2, 1))));
  EXPECT_EQ(counts[0].agency_display_name, "某3区司法局");
  const v1::PlanSummary summary = ToSummary(counts[0], false, {"mediation", "notary", "legal_aid"});
  ASSERT_EQ(summary.themes_size(), 3);
  EXPECT_EQ(summary.themes(0).theme(), "mediation");
  EXPECT_EQ(summary.themes(0).delivered(), 1);
  EXPECT_DOUBLE_EQ(summary.themes(0).share(), 0.5);
  EXPECT_EQ(summary.themes(1).theme(), "legal_aid");
  EXPECT_EQ(summary.themes(2).theme(), "");
}

TEST_P(PlanListTest, RanksAreAmongWhatTheFilterLeaves) {
  PutFourAgencies();
  const auto ranks = [&](const PlanFilter& filter, int size) {
    std::map<std::string, std::pair<int64_t, int64_t>> found;
    for (const PlanCounts& counts : Summaries(filter, size)) found[counts.agency] = {counts.rank, counts.ranked};
    return found;
  };
  for (const int size : {1, 3, 100}) {
    auto all = ranks({}, size);
    ASSERT_EQ(all.size(), 4);
    EXPECT_THAT(all[AgencyOf(1)], Pair(1, 3)) << "equal rates share a place";
    EXPECT_THAT(all[AgencyOf(2)], Pair(1, 3));
    EXPECT_THAT(all[AgencyOf(3)], Pair(3, 3));
    EXPECT_THAT(all[AgencyOf(4)], Pair(0, 3)) << "nothing is judged";
  }
  EXPECT_THAT(ranks({.region_prefix = "44"}, 10),
              ::testing::UnorderedElementsAre(Pair(AgencyOf(1), Pair(1, 2)), Pair(AgencyOf(2), Pair(1, 2))));
  EXPECT_THAT(ranks({.region_prefix = "440310"}, 10), ElementsAre(Pair(AgencyOf(1), Pair(1, 1))));
  EXPECT_THAT(ranks({.region_prefix = "99"}, 10), IsEmpty());
  EXPECT_THAT(ranks({.year = 2023}, 10), IsEmpty());
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Summarize({.region_prefix = "4%"}, "", std::nullopt, 1).status()));
}

// A rate that a person changed counts as it holds.
TEST_P(PlanListTest, ReviewsMoveRanks) {
  PutFourAgencies();
  ASSERT_TRUE(store_->Apply(Override({AgencyOf(1), IdOf(1), "p1"}, v1::Tracking::MISSED)).ok());
  for (const PlanCounts& counts : Summaries({})) {
    if (counts.agency == AgencyOf(1)) {
      EXPECT_EQ(counts.rank, 2);
      EXPECT_EQ(counts.themes.at("mediation").second, 1);
    }
  }
}

TEST_P(PlanListTest, TheAgencysNameIsThatOfItsLastReportWithOne) {
  PlanDocumentItems old = MakePlan(1, 1, 1, 2023, 1), later = MakePlan(2, 1, 1, 2024, 1), nameless = later;
  old.document.agency_display_name = "旧名";
  later.document.agency_display_name = "新名";
  nameless.document.id = IdOf(3);
  nameless.document.report_year = 2025;
  nameless.items.clear();
  ASSERT_TRUE(store_->PutDocuments({later, nameless}).ok());
  ASSERT_TRUE(store_->PutDocuments({old}).ok());
  for (const PlanCounts& counts : Summaries({})) EXPECT_EQ(counts.agency_display_name, "新名") << counts.year;
  EXPECT_EQ(store_->Neighbours(AgencyOf(1), {2023})->at(0).agency_display_name, "旧名");
}

// Whatever changes an item's verdict, lists by status and the item itself say the same.
TEST_P(PlanListTest, ListsByStatusFollowEveryChange) {
  constexpr int kDocuments = 4, kItems = 3;
  std::mt19937 random(7);
  const auto any_status = [&] { return static_cast<Status>(1 + random() % 6); };
  std::map<int, PlanDocumentItems> plans;
  for (int step = 0; step < 120; ++step) {
    const int number = 1 + static_cast<int>(random() % kDocuments);
    const int agency = 1 + static_cast<int>(random() % 2);
    if (!plans.contains(number) || random() % 4 == 0) {
      plans[number] = MakePlan(number, step + 1, agency, 2024, 1 + static_cast<int>(random() % kItems));
      ASSERT_TRUE(store_->PutDocuments({plans[number]}).ok());
    } else if (random() % 2 == 0) {
      const PlanDocumentItems& plan = plans[number];
      std::vector<v1::Tracking> trackings;
      for (const v1::PlanItem& item : plan.items) {
        if (random() % 3 != 0) trackings.push_back(MakeTracking(item, any_status()));
      }
      const std::string& own = plan.document.agency;
      ASSERT_TRUE(Commit(own, trackings).ok());
    } else {
      const PlanDocumentItems& plan = plans[number];
      const std::string item = plan.items[random() % plan.items.size()].id();
      ASSERT_TRUE(store_->Apply(Override({plan.document.agency, plan.document.id, item}, any_status())).ok());
    }
    std::map<Status, std::set<std::string>> expected;
    for (const auto& [key, plan] : plans) {
      for (const v1::PlanItem& item : plan.items) {
        const auto tracking = store_->GetTracking({plan.document.agency, plan.document.id, item.id()});
        ASSERT_TRUE(tracking.ok()) << tracking.status();
        expected[tracking->status()].insert(item.name());
      }
    }
    for (int status = 1; status <= 6; ++status) {
      const auto names = ItemNames({.status = static_cast<Status>(status)});
      ASSERT_EQ(std::set<std::string>(names.begin(), names.end()), expected[static_cast<Status>(status)])
          << "step " << step << ", status " << status;
    }
  }
}

PlanDocumentItems MakePlanWithProblems(int number, int agency, int report_year, int problems) {
  PlanDocumentItems plan = MakePlan(number, 1, agency, report_year + 1, 3);
  for (int i = 1; i <= problems; ++i) {
    plan.problems.emplace_back().set_id(fmt::format("q{}", i));
    plan.problems.back().set_title(fmt::format("问题{}", i));
  }
  return plan;
}

TEST_P(PlanListTest, ProblemsComeWithTheItemsThatAnswerThem) {
  PlanDocumentItems plan = MakePlanWithProblems(1, 1, 2023, 3);
  plan.items[0].set_problem("q2");
  plan.items[2].set_problem("q2");
  plan.items[1].set_problem("q9");
  ASSERT_TRUE(store_->PutDocuments({plan}).ok());
  const auto page = store_->ListProblems({}, std::nullopt, 10);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->problems.size(), 3);
  const v1::AdmittedProblem& second = page->problems[1];
  EXPECT_EQ(second.agency(), AgencyName(AgencyOf(1)));
  EXPECT_EQ(second.document(), DocumentName(IdOf(1)));
  EXPECT_EQ(second.report_year(), 2023);
  EXPECT_EQ(second.problem().title(), "问题2");
  EXPECT_THAT(second.plan_items(), ElementsAre(plan.items[0].name(), plan.items[2].name()));
  EXPECT_THAT(page->problems[0].plan_items(), IsEmpty());
  const auto unanswered = store_->ListProblems({.unanswered = true}, std::nullopt, 10);
  ASSERT_EQ(unanswered->problems.size(), 2);
  EXPECT_EQ(unanswered->problems[1].problem().id(), "q3");
  // Analysed anew with another answer and one problem fewer.
  plan.document.revision = 2;
  plan.items[0].set_problem("q1");
  plan.problems.pop_back();
  ASSERT_TRUE(store_->PutDocuments({plan}).ok());
  EXPECT_EQ(store_->ListProblems({}, std::nullopt, 10)->problems.size(), 2);
  EXPECT_THAT(store_->ListProblems({.unanswered = true}, std::nullopt, 10)->problems, IsEmpty());
}

TEST_P(PlanListTest, ProblemsComeInPagesByAgencyYearAndPlace) {
  ASSERT_TRUE(store_
                  ->PutDocuments({MakePlanWithProblems(1, 1, 2023, 3), MakePlanWithProblems(2, 1, 2022, 2),
                                  MakePlanWithProblems(3, 2, 2023, 4), MakePlanWithProblems(4, 2, 2023, 0)})
                  .ok());
  const auto read = [&](const ProblemFilter& filter, int limit) {
    std::vector<std::tuple<std::string, int, std::string, std::string>> places;
    std::optional<PlanCursor> after;
    do {
      auto page = store_->ListProblems(filter, after, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const v1::AdmittedProblem& problem : page->problems) {
        places.emplace_back(problem.agency(), problem.report_year(), problem.document(), problem.problem().id());
      }
      after = page->next;
    } while (after.has_value());
    return places;
  };
  const auto all = read({}, 100);
  EXPECT_EQ(all.size(), 9);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  for (int limit : {1, 2, 3, 9}) EXPECT_EQ(read({}, limit), all) << limit;
  EXPECT_EQ(read({.agency = AgencyOf(1)}, 2).size(), 5);
  EXPECT_EQ(read({.report_year = 2023}, 2).size(), 7);
  EXPECT_EQ(read({.agency = AgencyOf(1), .report_year = 2022}, 2).size(), 2);
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListProblems({.agency = "x"}, std::nullopt, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListProblems({}, PlanCursor{"x", 1, IdOf(1), 1}, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->ListProblems({}, std::nullopt, 0).status()));
}

}  // namespace
}  // namespace duban
