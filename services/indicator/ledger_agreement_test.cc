// SPDX-License-Identifier: Apache-2.0
// Both backends of IndicatorStore held against each other over random histories.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <span>

#include "common/testing/contract_database.h"
#include "services/indicator/indicator_store.h"
#include "services/indicator/ledger_test_util.h"

namespace duban {
namespace {

// Everything that can be asked, as text.
std::string Dump(IndicatorStore& store, int limit) {
  std::string dump;
  for (int filter = 0; filter < 5; ++filter) {
    FindingFilter wanted;
    if (filter == 1) wanted.agency = AgencyIdOf(1);
    if (filter == 2) wanted.year = 2022;
    if (filter == 3) wanted.region_prefix = "44";
    if (filter == 4) wanted.type = v1::Finding::HISTORY_MISMATCH;
    std::optional<IndicatorCursor> after;
    do {
      const auto page = store.ListFindings(wanted, after, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const v1::Finding& finding : page->findings) dump += finding.ShortDebugString() + "\n";
      after = page->next;
    } while (after.has_value());
    ComparisonFilter compared{.metric = "m.a", .unit = "件", .lower_is_better = filter == 1};
    if (filter == 2) compared.years = {2022};
    if (filter == 3) compared.region_prefix = "44";
    if (filter == 4) compared.agencies = {AgencyIdOf(0), AgencyIdOf(2)};
    std::optional<std::string> agency;
    do {
      const auto page = store.Compare(compared, agency, limit);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const ComparedAgency& row : page->agencies) {
        dump += row.agency.ShortDebugString() + row.region_code;
        for (int year : row.reported_years) dump += fmt::format(" {}", year);
        for (const ComparedFigure& cell : row.figures) {
          dump += fmt::format("\n{} {} {} {}", cell.year, cell.rank, cell.ranked, cell.indicator.ShortDebugString());
        }
      }
      for (int year : page->years) dump += fmt::format(" {}", year);
      agency = page->next;
    } while (agency.has_value());
  }
  const auto unmapped = store.ListUnmapped(std::nullopt, 1000);
  for (const auto& row : unmapped->labels) {
    dump += fmt::format("{} {} {} {}\n", row.label, row.indicators, row.documents, row.example.ShortDebugString());
  }
  const auto found = store.List({.has_finding = true}, std::nullopt, 1000);
  for (const v1::Indicator& indicator : found->indicators) dump += indicator.ShortDebugString() + "\n";
  return dump;
}

// A set put, or a document removed.
struct Step {
  v1::IndicatorSet set;
  std::optional<Removal> removal;
};

absl::Status Take(IndicatorStore& store, std::span<const Step> steps) {
  std::vector<v1::IndicatorSet> sets;
  std::vector<Removal> removals;
  for (const Step& step : steps) {
    if (step.removal.has_value()) {
      removals.push_back(*step.removal);
    } else {
      sets.push_back(step.set);
    }
  }
  const absl::Status put = store.Put(sets);
  return put.ok() ? store.Remove(removals) : put;
}

// Random sets of few agencies, metrics, years and values, with replacements, changes of agency and removals: both
// backends, PostgreSQL in another order of arrival, and a store that only saw what is left end with the same ledger.
TEST(LedgerAgreementTest, BackendsAndOrdersAgree) {
  std::mt19937 random(20240117);
  const auto pick = [&](int count) { return static_cast<int>(random() % count); };
  int mismatches = 0, jumps = 0, removed = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<Step> steps;
    std::map<int, Step> last;
    for (int i = 0; i < 18; ++i) {
      std::vector<v1::Indicator> indicators;
      for (int k = pick(5); k >= 0; --k) {
        const int year = 2021 + pick(3);
        const double value = (100 + 10 * pick(4)) * (pick(6) == 0 ? 1e4 : 1);
        indicators.push_back(Figure(pick(4) == 0 ? "" : fmt::format("m.{}", "ab"[pick(2)]), year, value,
                                    pick(5) == 0 ? "宗" : "件", pick(3) == 0 ? "办理案件" : "受理案件"));
        if (pick(8) == 0) indicators.back().set_evidence("累计" + indicators.back().quantity().text());
        if (pick(2) == 0) indicators.push_back(Growth(year, pick(9) == 0 ? 9000 : 10 * (1 + pick(3))));
      }
      const int number = i % 9, revision = 1 + i / 9;
      v1::IndicatorSet set = MakeSet(number, pick(3), indicators, revision, pick(2) == 0 ? "440310" : "110101");
      if (pick(3) == 0) {
        set.add_findings()->set_type(v1::Finding::RATE_MISMATCH);
        set.mutable_findings(0)->add_indicators("i1");
      }
      set.set_part_of_year(pick(6) == 0);
      Step step{std::move(set), std::nullopt};
      if (revision > 1 && pick(3) == 0) step.removal = Removal{IdOf(number), revision};
      last[number] = step;
      steps.push_back(std::move(step));
    }
    const auto memory = NewMemoryIndicatorStore();
    const auto fresh = NewMemoryIndicatorStore();
    const auto own = testing::NewContractStore(NewPostgresIndicatorStore);
    ASSERT_TRUE(own.ok()) << own.status();
    IndicatorStore& postgres = *own->store;
    for (const Step& step : steps) ASSERT_TRUE(Take(*memory, std::span(&step, 1)).ok());
    for (const auto& [number, step] : last) {
      if (step.removal.has_value()) {
        ++removed;
      } else {
        ASSERT_TRUE(Take(*fresh, std::span(&step, 1)).ok());
      }
    }
    std::shuffle(steps.begin(), steps.end(), random);
    for (size_t i = 0; i < steps.size(); i += 3) {
      const absl::Status taken = Take(postgres, std::span(steps).subspan(i, std::min<size_t>(3, steps.size() - i)));
      ASSERT_TRUE(taken.ok()) << taken;
    }
    EXPECT_EQ(Dump(*memory, 1000), Dump(*fresh, 1000));
    EXPECT_EQ(Dump(*memory, 1000), Dump(postgres, 1000));
    EXPECT_EQ(Dump(*memory, 2), Dump(postgres, 2));
    mismatches += memory->ListFindings({.type = v1::Finding::HISTORY_MISMATCH}, std::nullopt, 100)->findings.size();
    jumps += memory->ListFindings({.type = v1::Finding::IMPLAUSIBLE_JUMP}, std::nullopt, 100)->findings.size();
  }
  EXPECT_GT(mismatches, 10);
  EXPECT_GT(jumps, 2);
  EXPECT_GT(removed, 10);
}

}  // namespace
}  // namespace duban
