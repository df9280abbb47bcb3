// SPDX-License-Identifier: Apache-2.0
// The contract of IndicatorStore, run on both backends.
#include "services/indicator/indicator_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/testing/store_contract.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }
std::string AgencyIdOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

v1::Indicator MakeIndicator(std::string label, std::string metric, int year, v1::Indicator::Aspect aspect) {
  v1::Indicator indicator;
  indicator.set_label(std::move(label));
  indicator.set_metric(std::move(metric));
  indicator.set_year(year);
  indicator.set_aspect(aspect);
  indicator.mutable_quantity()->set_decimal("1234.50");
  indicator.mutable_quantity()->set_unit("件");
  indicator.set_evidence("全年办结{案卷}1234.50件，\"逗号\"。");
  return indicator;
}

// A set whose indicators are of the agency and region given.
v1::IndicatorSet MakeSet(int number, int revision, std::vector<v1::Indicator> indicators, int agency = 1,
                         std::string region = "440310") {
  v1::IndicatorSet set;
  set.set_document(DocumentName(IdOf(number)));
  set.set_revision(revision);
  for (v1::Indicator& indicator : indicators) {
    indicator.set_agency(AgencyName(AgencyIdOf(agency)));
    indicator.set_region_code(region);
    *set.add_indicators() = std::move(indicator);
  }
  set.add_relations()->set_part("i1");
  set.add_findings()->set_message("核对");
  return set;
}

class IndicatorStoreTest
    : public testing::StoreContractTest<IndicatorStore, NewMemoryIndicatorStore, NewPostgresIndicatorStore> {
 protected:
  std::vector<std::string> Labels(const IndicatorFilter& filter) {
    const auto page = store_->List(filter, std::nullopt, 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> labels;
    for (const v1::Indicator& indicator : page->indicators) labels.push_back(indicator.label());
    return labels;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, IndicatorStoreTest, testing::kBackends, testing::BackendName);

const v1::Indicator kA = MakeIndicator("a", "m.one", 2022, v1::Indicator::ACTUAL);
const v1::Indicator kB = MakeIndicator("b", "", 2023, v1::Indicator::CHANGE);
const v1::Indicator kC = MakeIndicator("c", "m.two", 2023, v1::Indicator::TARGET);

TEST_P(IndicatorStoreTest, GivesBackWhatWasStoredInTheOrderAsked) {
  const v1::IndicatorSet first = MakeSet(1, 1, {kA, kB, kC});
  const v1::IndicatorSet empty = MakeSet(2, 3, {});
  ASSERT_TRUE(store_->Put({first, empty}).ok());
  const auto sets = store_->BatchGet({IdOf(2), IdOf(1), IdOf(2)});
  ASSERT_TRUE(sets.ok()) << sets.status();
  ASSERT_EQ(sets->size(), 3);
  EXPECT_EQ(sets->at(0).SerializeAsString(), empty.SerializeAsString());
  EXPECT_EQ(sets->at(1).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(sets->at(2).SerializeAsString(), empty.SerializeAsString());
  EXPECT_TRUE(store_->BatchGet({})->empty());
  EXPECT_TRUE(store_->Put({}).ok());
  const absl::Status missing = store_->BatchGet({IdOf(1), IdOf(9)}).status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_THAT(Message(missing), HasSubstr(DocumentName(IdOf(9))));
}

TEST_P(IndicatorStoreTest, RevisionsOnlyRise) {
  ASSERT_TRUE(store_->Put({MakeSet(1, 2, {kA, kB})}).ok());
  ASSERT_TRUE(store_->Put({MakeSet(1, 1, {kC}), MakeSet(2, 1, {kC})}).ok()) << "a late one does not stop its batch";
  EXPECT_EQ(store_->BatchGet({IdOf(1)})->at(0).SerializeAsString(), MakeSet(1, 2, {kA, kB}).SerializeAsString());
  EXPECT_EQ(store_->BatchGet({IdOf(2)})->at(0).indicators_size(), 1);
  ASSERT_TRUE(store_->Put({MakeSet(1, 2, {kC})}).ok());
  EXPECT_THAT(Labels({.document = IdOf(1)}), ElementsAre("c"));
  ASSERT_TRUE(store_->Put({MakeSet(1, 3, {})}).ok());
  EXPECT_THAT(Labels({.document = IdOf(1)}), IsEmpty());
  ASSERT_TRUE(store_->Put({MakeSet(1, 5, {kA}), MakeSet(1, 4, {kB}), MakeSet(3, 1, {kA}), MakeSet(3, 1, {kB})}).ok());
  EXPECT_THAT(Labels({.document = IdOf(1)}), ElementsAre("a"));
  EXPECT_THAT(Labels({.document = IdOf(3)}), ElementsAre("b"));
}

TEST_P(IndicatorStoreTest, ARemovalHoldsAgainstLateSetsButNotAgainstNewOnes) {
  ASSERT_TRUE(store_->Put({MakeSet(1, 1, {kA, kB}), MakeSet(2, 1, {kC}), MakeSet(4, 4, {kA})}).ok());
  // 3 is removed before it comes, 4 is given again before its removal comes.
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}, {IdOf(3), 2}, {IdOf(4), 3}}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(2), IdOf(1)}).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(3)}).status()));
  EXPECT_THAT(Labels({}), ::testing::UnorderedElementsAre("a", "c"));
  ASSERT_TRUE(store_->Put({MakeSet(1, 1, {kA}), MakeSet(1, 2, {kA}), MakeSet(3, 1, {kA}), MakeSet(2, 2, {kB})}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(1)}).status())) << "a late one";
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(3)}).status()));
  EXPECT_THAT(Labels({}), ::testing::UnorderedElementsAre("a", "b")) << "late ones do not stop their batch";
  ASSERT_TRUE(store_->Put({MakeSet(1, 3, {kC})}).ok());
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}}).ok()) << "twice";
  EXPECT_THAT(Labels({.document = IdOf(1)}), ElementsAre("c"));
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}, {IdOf(1), 4}, {IdOf(1), 3}}).ok());
  EXPECT_THAT(Labels({.document = IdOf(1)}), IsEmpty());
  ASSERT_TRUE(store_->Remove({}).ok());
  for (const Removal& wrong : {Removal{"x", 1}, Removal{IdOf(4), 0}, Removal{}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Remove({{IdOf(2), 9}, wrong}))) << wrong.document;
  }
  EXPECT_THAT(Labels({}), ::testing::UnorderedElementsAre("a", "b"));
}

TEST_P(IndicatorStoreTest, RefusesWrongSetsWhole) {
  struct Case {
    std::string_view field;
    std::function<void(v1::IndicatorSet*)> spoil;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"set.document", [](auto* set) { set->set_document("documents/1"); }},
           {"set.revision", [](auto* set) { set->set_revision(0); }},
           {"indicator.agency", [](auto* set) { set->mutable_indicators(0)->set_agency("agencies/z"); }},
           {"indicator.agency", [](auto* set) { set->mutable_indicators(1)->set_agency(AgencyName(AgencyIdOf(2))); }},
           {"indicator.agency", [](auto* set) { set->mutable_indicators(1)->set_region_code("110101"); }},
           {"indicator.region_code", [](auto* set) { set->mutable_indicators(0)->set_region_code("44"); }},
           {"indicator.region_code", [](auto* set) { set->mutable_indicators(0)->set_region_code("44031x"); }},
           {"indicator.metric", [](auto* set) { set->mutable_indicators(1)->set_metric(std::string("a\0b", 3)); }},
           {"indicator.quantity.unit",
            [](auto* set) { set->mutable_indicators(1)->mutable_quantity()->set_unit(std::string("\0", 1)); }}}) {
    v1::IndicatorSet wrong = MakeSet(1, 1, {kA, kB});
    c.spoil(&wrong);
    const absl::Status status = store_->Put({MakeSet(2, 1, {kA}), wrong});
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.field;
    EXPECT_THAT(Message(status), StartsWith(std::string(c.field) + ":"));
  }
  for (std::string_view decimal : {"1.", ".5", "1e5", "-", "1,000", "NaN", " 1", "--1", "1.2.3"}) {
    v1::IndicatorSet wrong = MakeSet(1, 1, {kA});
    wrong.mutable_indicators(0)->mutable_quantity()->set_decimal(std::string(decimal));
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Put({wrong}))) << decimal;
  }
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(2)}).status()));
}

TEST_P(IndicatorStoreTest, TakesEveryPlainDecimalAndUnknownOrigins) {
  v1::IndicatorSet set = MakeSet(1, 1, {kA, kA, kA, kA});
  int i = 0;
  for (std::string_view decimal : {"", "-0.5", "0", "1234567890123456789012345678.000000001"}) {
    v1::Indicator* indicator = set.mutable_indicators(i++);
    indicator->mutable_quantity()->set_decimal(std::string(decimal));
    indicator->clear_agency();
    indicator->clear_region_code();
  }
  ASSERT_TRUE(store_->Put({set}).ok());
  EXPECT_EQ(store_->BatchGet({IdOf(1)})->at(0).SerializeAsString(), set.SerializeAsString());
}

TEST_P(IndicatorStoreTest, RefusesWrongFilters) {
  const auto code = [&](const IndicatorFilter& filter) { return store_->List(filter, std::nullopt, 1).status(); };
  EXPECT_TRUE(absl::IsInvalidArgument(code({.document = "x"})));
  EXPECT_TRUE(absl::IsInvalidArgument(code({.agency = "x"})));
  EXPECT_TRUE(absl::IsInvalidArgument(code({.metric = std::string("a\0", 2)})));
  for (const char* prefix : {"4", "4403101", "4x", "44%"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(code({.region_prefix = prefix}))) << prefix;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(code({.aspect = static_cast<v1::Indicator::Aspect>(9)})));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->List({}, IndicatorCursor{"x", 1}, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->List({}, std::nullopt, 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->BatchGet({"x"}).status()));
}

// Every combination of filters over all documents, against a plain scan; then the same in pages of every size.
TEST_P(IndicatorStoreTest, FiltersAndPagesAgreeWithAScan) {
  const std::vector<std::string> regions = {"440310", "440402", "110101", ""};
  std::vector<v1::IndicatorSet> sets;
  for (int number = 0; number < 8; ++number) {
    sets.push_back(MakeSet(number, 1, {kA, kB, kC, kA, kC}, number % 3, regions[number % regions.size()]));
    for (v1::Indicator& indicator : *sets.back().mutable_indicators())
      indicator.set_name(indicator.label() + IdOf(number));
  }
  ASSERT_TRUE(store_->Put(sets).ok());
  std::sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.document() < b.document(); });
  std::vector<IndicatorFilter> filters;
  for (const std::string& document : {std::string(), IdOf(3), IdOf(99)}) {
    for (const char* metric : {"", "m.one", "m.none"}) {
      for (const std::string& agency : {std::string(), AgencyIdOf(1)}) {
        for (const char* region : {"", "44", "440", "4403", "44031", "440310", "99"}) {
          for (int year : {0, 2023}) {
            for (auto aspect : {v1::Indicator::ASPECT_UNSPECIFIED, v1::Indicator::ACTUAL, v1::Indicator::TARGET}) {
              filters.push_back({document, metric, agency, region, year, aspect});
            }
          }
        }
      }
    }
  }
  int matched = 0;
  for (const IndicatorFilter& filter : filters) {
    std::vector<std::string> expected;
    for (const v1::IndicatorSet& set : sets) {
      for (const v1::Indicator& indicator : set.indicators()) {
        const bool hit = (filter.document.empty() || set.document() == DocumentName(filter.document)) &&
                         (filter.metric.empty() || indicator.metric() == filter.metric) &&
                         (filter.agency.empty() || indicator.agency() == AgencyName(filter.agency)) &&
                         indicator.region_code().starts_with(filter.region_prefix) &&
                         (filter.year == 0 || indicator.year() == filter.year) &&
                         (filter.aspect == 0 || indicator.aspect() == filter.aspect);
        if (hit) expected.push_back(indicator.name());
      }
    }
    matched += !expected.empty();
    for (int limit : {100, 3}) {
      std::vector<std::string> listed;
      std::optional<IndicatorCursor> cursor;
      do {
        const auto page = store_->List(filter, cursor, limit);
        ASSERT_TRUE(page.ok()) << page.status();
        ASSERT_TRUE(page->indicators.size() == static_cast<size_t>(limit) || !page->next.has_value());
        for (const v1::Indicator& indicator : page->indicators) listed.push_back(indicator.name());
        cursor = page->next;
      } while (cursor.has_value());
      EXPECT_EQ(listed, expected);
    }
  }
  EXPECT_GT(matched, 40);
}

TEST_P(IndicatorStoreTest, ConcurrentRevisionsEndWithTheHighestWhole) {
  constexpr int kRevisions = 12;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int revision = 1 + thread; revision <= kRevisions; revision += 4) {
        std::vector<v1::IndicatorSet> sets;
        for (int i = 0; i < 6; ++i) {
          const auto indicator = MakeIndicator(fmt::format("r{}", revision), "m", 2023, v1::Indicator::ACTUAL);
          sets.push_back(
              MakeSet(thread % 2 == 0 ? i : 5 - i, revision, std::vector<v1::Indicator>(revision, indicator)));
        }
        const absl::Status put = store_->Put(sets);
        EXPECT_TRUE(put.ok()) << put;
        const auto read = store_->BatchGet({IdOf(1)});
        ASSERT_TRUE(read.ok()) << read.status();
        EXPECT_EQ(read->at(0).indicators_size(), read->at(0).revision()) << "never a mixture of revisions";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(store_->BatchGet({IdOf(i)})->at(0).revision(), kRevisions);
    EXPECT_THAT(Labels({.document = IdOf(i)}),
                ElementsAre("r12", "r12", "r12", "r12", "r12", "r12", "r12", "r12", "r12", "r12", "r12", "r12"));
  }
}

}  // namespace
}  // namespace duban
