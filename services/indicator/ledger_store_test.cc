// SPDX-License-Identifier: Apache-2.0
// The contract of IndicatorStore's findings, comparisons and labels without a metric, run on both backends.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "common/base/status.h"
#include "common/testing/store_contract.h"
#include "services/indicator/indicator_store.h"
#include "services/indicator/ledger_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LedgerStoreTest
    : public testing::StoreContractTest<IndicatorStore, NewMemoryIndicatorStore, NewPostgresIndicatorStore> {
 protected:
  void Put(const std::vector<v1::IndicatorSet>& sets) {
    const absl::Status status = store_->Put(sets);
    ASSERT_TRUE(status.ok()) << status;
  }

  std::vector<v1::Finding> Findings(const FindingFilter& filter = {}) {
    const auto page = store_->ListFindings(filter, std::nullopt, 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->findings : std::vector<v1::Finding>();
  }

  // agency/year=value#rank of ranked, in the page's order.
  std::vector<std::string> Compared(ComparisonFilter filter, const std::optional<std::string>& after = std::nullopt,
                                    int limit = 1000) {
    if (filter.metric.empty()) filter.metric = "m.a";
    if (filter.unit.empty()) filter.unit = "件";
    const auto page = store_->Compare(filter, after, limit);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> cells;
    for (const ComparedAgency& agency : page->agencies) {
      for (const ComparedFigure& figure : agency.figures) {
        cells.push_back(fmt::format("{}/{}={}#{} of {}", agency.agency.display_name(), figure.year,
                                    figure.indicator.quantity().decimal(), figure.rank, figure.ranked));
      }
    }
    return cells;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, LedgerStoreTest, testing::kBackends, testing::BackendName);

TEST_P(LedgerStoreTest, FindingsComeWithOriginAndEvidence) {
  v1::IndicatorSet set = MakeSet(1, 1, {Figure("m.a", 2022, 5), Figure("m.b", 2023, 7)});
  v1::Finding& finding = *set.add_findings();
  finding.set_type(v1::Finding::CONFLICTING_FIGURES);
  finding.set_message("5 and 7");
  finding.add_indicators("i2");
  finding.add_indicators("i1");
  finding.add_indicators("i9");
  set.add_findings()->set_type(v1::Finding::RATE_MISMATCH);
  Put({set});
  const auto findings = Findings();
  ASSERT_EQ(findings.size(), 2);
  EXPECT_EQ(findings[0].message(), "5 and 7");
  EXPECT_EQ(findings[0].document(), DocumentName(IdOf(1)));
  EXPECT_EQ(findings[0].agency(), AgencyName(AgencyIdOf(1)));
  EXPECT_EQ(findings[0].region_code(), "440310");
  EXPECT_EQ(findings[0].year(), 2023) << "of the first indicator named";
  ASSERT_EQ(findings[0].evidence_size(), 2);
  EXPECT_EQ(findings[0].evidence(0).id(), "i2");
  EXPECT_EQ(findings[1].year(), 0);
  EXPECT_EQ(Findings({.type = v1::Finding::RATE_MISMATCH}).size(), 1);
  EXPECT_EQ(Findings({.year = 2023}).size(), 1);
  EXPECT_EQ(Findings({.agency = AgencyIdOf(2)}).size(), 0);
  EXPECT_EQ(Findings({.region_prefix = "4403"}).size(), 2);
  EXPECT_EQ(Findings({.document = IdOf(2)}).size(), 0);
  const auto listed = store_->List({.has_finding = true}, std::nullopt, 10);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->indicators.size(), 2);
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 5)}, 2)});
  EXPECT_THAT(Findings(), IsEmpty()) << "gone with the revision that had them";
  EXPECT_THAT(store_->List({.has_finding = true}, std::nullopt, 10)->indicators, IsEmpty());
}

TEST_P(LedgerStoreTest, GrowthIsHeldAgainstTheReportOfTheYearBefore) {
  struct Case {
    const char* what;
    std::vector<v1::Indicator> earlier;
    std::vector<v1::Indicator> later;
    bool contradicted;
    bool part_of_year = false;
  };
  v1::Indicator about = Figure("m.a", 2022, 100);
  about.mutable_quantity()->set_qualifier(v1::Quantity::ABOUT);
  v1::Indicator cut = Figure("m.a", 2022, 12000);
  cut.mutable_quantity()->set_text("1.2万件");
  const v1::Indicator now = Figure("m.a", 2023, 130);
  int number = 0;
  for (const Case& c : std::initializer_list<Case>{
           {"agrees", {Figure("m.a", 2022, 100)}, {now, Growth(2023, 30)}, false},
           {"contradicts", {Figure("m.a", 2022, 100)}, {now, Growth(2023, 20)}, true},
           {"another unit of the same meaning", {Figure("m.a", 2022, 100, "宗")}, {now, Growth(2023, 20)}, true},
           {"another unit", {Figure("m.a", 2022, 100, "人")}, {now, Growth(2023, 20)}, false},
           {"the wrong way", {Figure("m.a", 2022, 100)}, {now, Growth(2023, -30)}, true},
           {"another metric", {Figure("m.b", 2022, 100)}, {now, Growth(2023, 20)}, false},
           {"two years before", {Figure("m.a", 2021, 100)}, {now, Growth(2023, 20)}, false},
           {"approximate", {about}, {now, Growth(2023, 20)}, false},
           {"within what is printed", {cut}, {Figure("m.a", 2023, 15000), Growth(2023, 20)}, false},
           {"beyond what is printed", {cut}, {Figure("m.a", 2023, 15000), Growth(2023, 60)}, true},
           {"one of two agrees", {Figure("m.a", 2022, 90), Figure("m.a", 2022, 100)}, {now, Growth(2023, 30)}, false},
           {"other words, the only one", {Figure("m.a", 2022, 100, "件", "办理")}, {now, Growth(2023, 20)}, true},
           {"other words, one of two",
            {Figure("m.a", 2022, 100, "件", "办理"), Figure("m.a", 2022, 90, "件", "代理")},
            {now, Growth(2023, 20)},
            false},
           {"half a year", {Figure("m.a", 2022, 100)}, {now, Growth(2023, 20)}, false, true}}) {
    for (bool later_first : {false, true}) {
      SCOPED_TRACE(fmt::format("{} {}", c.what, later_first));
      number += 10;  // documents and agencies of the case's own
      v1::IndicatorSet earlier = MakeSet(number + 1, number, c.earlier);
      earlier.set_part_of_year(c.part_of_year);
      const v1::IndicatorSet later = MakeSet(number + 2, number, c.later);
      const auto findings = [&] { return Findings({.agency = AgencyIdOf(number)}).size(); };
      Put({later_first ? later : earlier});
      EXPECT_EQ(findings(), 0);
      Put({MakeSet(number + 3, number + 1, c.later)});  // another agency's
      Put({later_first ? earlier : later});
      EXPECT_EQ(findings(), c.contradicted ? 1 : 0);
    }
  }
  EXPECT_EQ(Findings().size(), Findings({.type = v1::Finding::HISTORY_MISMATCH}).size());
}

TEST_P(LedgerStoreTest, GrowthFindingsFollowTheReports) {
  const v1::IndicatorSet later = MakeSet(2, 1, {Figure("m.a", 2023, 130), Growth(2023, 20)});
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 100)}), later});
  const auto findings = Findings({.document = IdOf(2)});
  ASSERT_EQ(findings.size(), 1);
  EXPECT_EQ(findings[0].reported(), 20);
  EXPECT_NEAR(findings[0].computed(), 30, 1e-9);
  EXPECT_EQ(findings[0].severity(), v1::Finding::HIGH);
  EXPECT_EQ(findings[0].year(), 2023);
  EXPECT_THAT(findings[0].indicators(), ElementsAre("i2", "i1"));
  ASSERT_EQ(findings[0].evidence_size(), 3);
  EXPECT_EQ(findings[0].evidence(2).year(), 2022);
  EXPECT_EQ(store_->List({.has_finding = true}, std::nullopt, 10)->indicators.size(), 3);
  Put({later});
  EXPECT_EQ(Findings().size(), 1) << "once, however often it comes";
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 108)}, 2)});
  EXPECT_THAT(Findings(), IsEmpty()) << "20.4 %";
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 90)}, 3)});
  EXPECT_EQ(Findings().size(), 1);
  Put({MakeSet(1, 2, {Figure("m.a", 2022, 90)}, 4)});
  EXPECT_THAT(Findings(), IsEmpty()) << "another agency's now";
}

TEST_P(LedgerStoreTest, GrowthIsOfAWholeYearOnBothSides) {
  const auto of = [](v1::Indicator figure, std::string evidence) {
    figure.set_evidence(std::move(evidence));
    return figure;
  };
  v1::Indicator same_period = Growth(2023, 20);
  same_period.set_base(v1::Indicator::SAME_PERIOD);
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 100)}), MakeSet(2, 1, {Figure("m.a", 2023, 130), same_period})});
  EXPECT_EQ(Findings().size(), 1) << "over the same period of a whole year";
  Put({MakeSet(1, 1, {of(Figure("m.a", 2022, 100), "上半年受理案件100件。")}, 2)});
  EXPECT_THAT(Findings(), IsEmpty()) << "the earlier one of half a year";
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 100)}, 3)});
  EXPECT_EQ(Findings().size(), 1);
  Put({MakeSet(2, 1, {of(Figure("m.a", 2023, 130), "累计受理案件130件。"), same_period}, 2)});
  EXPECT_THAT(Findings(), IsEmpty()) << "the later one a running total";
}

TEST_P(LedgerStoreTest, ComparesFiguresOfTheYearOnly) {
  const auto of = [](double value, std::string evidence) {
    v1::Indicator figure = Figure("m.a", 2023, value);
    figure.set_evidence(std::move(evidence));
    return figure;
  };
  const std::string both = "上半年办理公证300件，全年办理公证700件。";
  Put({MakeSet(1, 1, {of(300, both), of(700, both)}), MakeSet(2, 2, {of(20, "日均办理公证20件。")})});
  EXPECT_THAT(Compared({}), ElementsAre("第1局/2023=700#1 of 1"));
  Put({MakeSet(1, 1, {of(300, both)}, 2)});
  EXPECT_THAT(Compared({}), IsEmpty());
}

TEST_P(LedgerStoreTest, JumpsFollowTheReports) {
  const auto figure = [](int year, double value) { return Figure("m.a", year, value, "元", "挽回损失"); };
  Put({MakeSet(2, 1, {Figure("m.b", 2022, 7), figure(2022, 4735)}), MakeSet(3, 1, {figure(2023, 51060000)})});
  const auto slip = Findings();
  ASSERT_EQ(slip.size(), 1) << "one neighbour and a slip";
  EXPECT_EQ(slip[0].document(), DocumentName(IdOf(3)));
  EXPECT_EQ(slip[0].type(), v1::Finding::IMPLAUSIBLE_JUMP);
  Put({MakeSet(1, 1, {figure(2021, 48120000)}), MakeSet(4, 2, {figure(2021, 4812)})});
  const auto findings = Findings();
  ASSERT_EQ(findings.size(), 1) << "the other two agree now";
  EXPECT_EQ(findings[0].document(), DocumentName(IdOf(2)));
  EXPECT_EQ(findings[0].reported(), 4735);
  EXPECT_EQ(findings[0].computed(), 48120000);
  EXPECT_EQ(findings[0].severity(), v1::Finding::HIGH);
  EXPECT_EQ(findings[0].year(), 2022);
  EXPECT_THAT(findings[0].indicators(), ElementsAre("i2"));
  ASSERT_EQ(findings[0].evidence_size(), 3);
  EXPECT_EQ(findings[0].evidence(0).quantity().value(), 4735);
  EXPECT_EQ(findings[0].evidence(1).year(), 2021);
  EXPECT_EQ(findings[0].evidence(2).year(), 2023);
  EXPECT_EQ(Findings({.agency = AgencyIdOf(1), .type = v1::Finding::IMPLAUSIBLE_JUMP}).size(), 1);
  EXPECT_EQ(store_->List({.has_finding = true}, std::nullopt, 10)->indicators.size(), 3);
  Put({MakeSet(1, 1, {figure(2021, 48120000)})});
  EXPECT_EQ(Findings().size(), 1) << "once, however often it comes";
  v1::Indicator times = Growth(2023, 9000);
  Put({MakeSet(3, 1, {figure(2023, 51060000), times}, 2)});
  EXPECT_THAT(Findings({.type = v1::Finding::IMPLAUSIBLE_JUMP}), IsEmpty()) << "a report tells of a jump";
  Put({MakeSet(3, 1, {figure(2023, 51060000)}, 3)});
  EXPECT_EQ(Findings().size(), 1);
  Put({MakeSet(2, 1, {figure(2022, 47350000)}, 2)});
  EXPECT_THAT(Findings(), IsEmpty()) << "mended";
}

TEST_P(LedgerStoreTest, GrowthFindingsGoWithEitherReport) {
  const v1::IndicatorSet earlier = MakeSet(1, 1, {Figure("m.a", 2022, 100), Figure("", 2022, 1, "件", "竹")});
  const v1::IndicatorSet later = MakeSet(2, 1, {Figure("m.a", 2023, 130), Growth(2023, 20)});
  Put({earlier, later});
  ASSERT_EQ(Findings().size(), 1);
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}}).ok());
  EXPECT_THAT(Findings(), IsEmpty()) << "nothing contradicts the growth any more";
  EXPECT_THAT(Compared({}), ElementsAre("第1局/2023=130#1 of 1"));
  EXPECT_THAT(store_->ListUnmapped(std::nullopt, 10)->labels, IsEmpty());
  EXPECT_THAT(store_->List({.has_finding = true}, std::nullopt, 10)->indicators, IsEmpty());
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 100)}, 3)});
  EXPECT_EQ(Findings().size(), 1) << "given again";
  ASSERT_TRUE(store_->Remove({{IdOf(2), 2}}).ok());
  EXPECT_THAT(Findings(), IsEmpty()) << "the growth is gone";
  EXPECT_THAT(Compared({}), ElementsAre("第1局/2022=100#1 of 1"));
}

TEST_P(LedgerStoreTest, JumpsGoWithTheirReports) {
  const auto figure = [](int year, double value) { return Figure("m.a", year, value, "元", "挽回损失"); };
  Put({MakeSet(1, 1, {figure(2021, 48120000)}), MakeSet(2, 1, {figure(2022, 4735)}),
       MakeSet(3, 1, {figure(2023, 51060000)})});
  ASSERT_EQ(Findings().size(), 1);
  EXPECT_EQ(Findings()[0].document(), DocumentName(IdOf(2)));
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}}).ok());
  ASSERT_EQ(Findings().size(), 1) << "one neighbour and a slip";
  EXPECT_EQ(Findings()[0].document(), DocumentName(IdOf(3)));
  ASSERT_TRUE(store_->Remove({{IdOf(2), 2}}).ok());
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_P(LedgerStoreTest, ComparesAgenciesAndYears) {
  Put({MakeSet(1, 1, {Figure("m.a", 2022, 10), Figure("m.b", 2021, 1)}),
       MakeSet(2, 1, {Figure("m.a", 2023, 30), Figure("m.a", 2023, 99)}),
       MakeSet(3, 2, {Figure("m.a", 2023, 40, "宗")}, 1, "440402"), MakeSet(4, 3, {Figure("m.a", 2023, 30, "起")}),
       MakeSet(5, 4, {Figure("m.a", 2023, 70, "人")}), MakeSet(6, 5, {Figure("m.b", 2023, 70)})});
  std::vector<std::string> all = {"第1局/2022=10#1 of 1", "第1局/2023=30#2 of 3", "第2局/2023=40#1 of 3",
                                  "第3局/2023=30#2 of 3"};
  EXPECT_THAT(Compared({}), ::testing::UnorderedElementsAreArray(all));
  EXPECT_THAT(Compared({.lower_is_better = true}), ::testing::Contains("第2局/2023=40#3 of 3"));
  EXPECT_THAT(Compared({.agencies = {AgencyIdOf(1)}}), ElementsAre("第1局/2022=10#1 of 1", "第1局/2023=30#1 of 1"));
  EXPECT_THAT(Compared({.region_prefix = "4404"}), ElementsAre("第2局/2023=40#1 of 1"));
  EXPECT_THAT(Compared({.years = {2022}}), ElementsAre("第1局/2022=10#1 of 1"));
  EXPECT_THAT(Compared({.agencies = {AgencyIdOf(1)}, .years = {2023}}),
              ElementsAre("第1局/2022=10#1 of 1", "第1局/2023=30#1 of 1"))
      << "the year before comes along for the growth";
  EXPECT_THAT(Compared({.metric = "m.none"}), IsEmpty());
  EXPECT_THAT(Compared({.years = {2030}}), IsEmpty());
  const auto page = store_->Compare({.metric = "m.a", .unit = "件", .agencies = {AgencyIdOf(1)}}, std::nullopt, 1);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->years, ElementsAre(2022, 2023));
  EXPECT_THAT(page->agencies[0].reported_years, ElementsAre(2021, 2022, 2023));
  EXPECT_EQ(page->agencies[0].region_code, "440310");
  EXPECT_FALSE(page->next.has_value());
}

TEST_P(LedgerStoreTest, CountsLabelsWithoutMetric) {
  const auto unmapped = [&](int limit, const std::optional<UnmappedCursor>& after = std::nullopt) {
    const auto page = store_->ListUnmapped(after, limit);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> counts;
    for (const auto& row : page->labels) {
      EXPECT_EQ(row.example.label(), row.label);
      counts.push_back(fmt::format("{} {}/{}", row.label, row.indicators, row.documents));
    }
    return counts;
  };
  const auto label = [](std::string text) { return Figure("", 2022, 1, "件", std::move(text)); };
  Put({MakeSet(1, 1, {label("b"), label("a"), label("a"), label(std::string(241, 'x')), label("")}),
       MakeSet(2, 2, {label("a"), label("c"), Figure("m.a", 2022, 1, "件", "c")})});
  EXPECT_THAT(unmapped(10), ElementsAre("a 3/2", "b 1/1", "c 1/1"));
  EXPECT_THAT(unmapped(1), ElementsAre("a 3/2"));
  EXPECT_THAT(unmapped(10, UnmappedCursor{3, "a"}), ElementsAre("b 1/1", "c 1/1"));
  EXPECT_THAT(unmapped(10, UnmappedCursor{1, "b"}), ElementsAre("c 1/1"));
  Put({MakeSet(1, 1, {label("a"), label("d")}, 2)});
  EXPECT_THAT(unmapped(10), ElementsAre("a 2/2", "c 1/1", "d 1/1"));
}

TEST_P(LedgerStoreTest, RefusesWrongFilters) {
  const auto invalid = [](const absl::Status& status) { return absl::IsInvalidArgument(status); };
  EXPECT_TRUE(invalid(store_->ListFindings({.document = "x"}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->ListFindings({.region_prefix = "4x"}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->ListFindings({.type = static_cast<v1::Finding::Type>(99)}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->ListFindings({}, IndicatorCursor{"x", 1}, 1).status()));
  EXPECT_TRUE(invalid(store_->ListFindings({}, std::nullopt, 0).status()));
  EXPECT_TRUE(invalid(store_->Compare({}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->Compare({.metric = "m.a", .agencies = {"x"}}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->Compare({.metric = "m.a", .region_prefix = "4"}, std::nullopt, 1).status()));
  EXPECT_TRUE(invalid(store_->Compare({.metric = "m.a"}, "x", 1).status()));
  EXPECT_TRUE(invalid(store_->Compare({.metric = "m.a"}, std::nullopt, 0).status()));
  EXPECT_TRUE(invalid(store_->ListUnmapped(UnmappedCursor{1, std::string("\0", 1)}, 1).status()));
  EXPECT_TRUE(invalid(store_->ListUnmapped(std::nullopt, 0).status()));
}

}  // namespace
}  // namespace duban
