// SPDX-License-Identifier: Apache-2.0
// What an agency's other reports say: growths, jumps, and which figures are of a whole year.
#include "services/indicator/history.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "services/indicator/history_words.h"
#include "services/indicator/jump.h"

namespace duban {
namespace {

v1::Indicator Figure(int year, double value, std::string_view label = "受理案件",
                     v1::Quantity::Kind kind = v1::Quantity::COUNT) {
  v1::Indicator indicator;
  indicator.set_id("i1");
  indicator.set_label(std::string(label));
  indicator.set_year(year);
  indicator.set_aspect(v1::Indicator::ACTUAL);
  indicator.mutable_quantity()->set_value(value);
  indicator.mutable_quantity()->set_unit("件");
  indicator.mutable_quantity()->set_text(fmt::format("{}件", value));
  indicator.mutable_quantity()->set_kind(kind);
  indicator.mutable_quantity()->set_qualifier(v1::Quantity::EXACT);
  return indicator;
}

// One figure to a document, named d0, d1 ….
class History {
 public:
  History& Add(const v1::Indicator& indicator, bool of_year = true, bool tells_of_jump = false) {
    indicators_.push_back(indicator);
    const int place = static_cast<int>(figures_.size());
    figures_.push_back({fmt::format("d{}", place), 1, &indicators_.back(), of_year, tells_of_jump});
    return *this;
  }

  // "year>computed" of each jump.
  std::vector<std::string> Jumps() {
    std::vector<std::string> jumps;
    for (const Jump& jump : FindJumps(figures_)) {
      jumps.push_back(fmt::format("{}>{:g}", jump.figure.indicator->year(), jump.finding.computed()));
    }
    return jumps;
  }

  std::vector<StatedFigure>& figures() { return figures_; }

 private:
  std::deque<v1::Indicator> indicators_;
  std::vector<StatedFigure> figures_;
};

TEST(FindJumpsTest, FindsFiguresThatNoOtherYearMakesBelievable) {
  struct Case {
    const char* what;
    std::vector<std::pair<int, double>> figures;
    std::vector<std::string> want;
  };
  using Want = std::vector<std::string>;
  for (const Case& c : std::vector<Case>{
           {"fifty times two years that agree", {{2021, 100}, {2022, 110}, {2023, 5500}}, Want{"2023>110"}},
           {"a fiftieth of them", {{2021, 5500}, {2022, 110}, {2023, 5600}}, Want{"2022>5500"}},
           {"the first year", {{2021, 48120000}, {2022, 4735}, {2023, 4812}}, Want{"2021>4735"}},
           {"just below", {{2021, 100}, {2022, 110}, {2023, 5499}}, {}},
           {"two years that do not agree", {{2021, 100}, {2022, 301}, {2023, 15050}}, {}},
           {"they agree just so", {{2021, 100}, {2022, 300}, {2023, 15000}}, Want{"2023>300"}},
           {"one year, no slip", {{2022, 100}, {2023, 9000000}}, {}},
           {"one year, a slip in 万", {{2022, 4735}, {2023, 48120000}}, Want{"2023>4735"}},
           {"the other way round", {{2022, 47350000}, {2023, 4812}}, Want{"2023>4.735e+07"}},
           {"a slip in 亿", {{2022, 3}, {2023, 310000000}}, Want{"2023>3"}},
           {"not quite a slip", {{2022, 100}, {2023, 2000001}}, {}},
           {"a slip, two years apart", {{2021, 4735}, {2023, 48120000}}, {}},
           {"the year before slipped, not this one",
            {{2021, 50000000}, {2022, 4735}, {2023, 48120000}},
            Want{"2022>5e+07"}},
           {"two of four", {{2020, 4700}, {2021, 47000000}, {2022, 4800}, {2023, 48000000}}, {}},
           {"a handful may be many a year later", {{2021, 2}, {2022, 3}, {2023, 400}}, {}},
           {"growth of some years", {{2020, 10}, {2021, 60}, {2022, 300}, {2023, 900}}, {}}}) {
    SCOPED_TRACE(c.what);
    History history;
    for (const auto& [year, value] : c.figures) history.Add(Figure(year, value));
    EXPECT_EQ(history.Jumps(), c.want);
  }
}

TEST(FindJumpsTest, HoldsLikeAgainstLikeOnly) {
  const auto jumps = [](const v1::Indicator& last, bool of_year = true, bool tells = false) {
    return History().Add(Figure(2021, 100)).Add(Figure(2022, 110)).Add(last, of_year, tells).Jumps().size();
  };
  EXPECT_EQ(jumps(Figure(2023, 9000)), 1);
  EXPECT_EQ(jumps(Figure(2023, 9000, "受理各类案件")), 0) << "another label";
  EXPECT_EQ(jumps(Figure(2022, 9000)), 0) << "no third year";
  EXPECT_EQ(jumps(Figure(2023, 9000), false), 0) << "a running total";
  EXPECT_EQ(jumps(Figure(2023, 9000), true, true), 0) << "its report tells of it";
  EXPECT_EQ(jumps(Figure(2023, 9000, "受理案件", v1::Quantity::PERCENT)), 0);
  v1::Indicator about = Figure(2023, 9000);
  about.mutable_quantity()->set_qualifier(v1::Quantity::OVER);
  EXPECT_EQ(jumps(about), 0) << "not exact";
}

TEST(FindJumpsTest, TellsWhatItIsHeldAgainst) {
  History history;
  history.Add(Figure(2020, 100)).Add(Figure(2021, 110)).Add(Figure(2022, 9000)).Add(Figure(2023, 120));
  const std::vector<Jump> jumps = FindJumps(history.figures());
  ASSERT_EQ(jumps.size(), 1);
  EXPECT_EQ(
      jumps[0].finding.message(),
      "受理案件 is 9000件 in the report on 2022 but 110件 in that on 2021, 120件 in that on 2023: a factor of 82");
  EXPECT_EQ(jumps[0].finding.severity(), v1::Finding::HIGH);
  EXPECT_EQ(jumps[0].finding.reported(), 9000);
  ASSERT_EQ(jumps[0].others.size(), 2);
  EXPECT_EQ(jumps[0].others[0].document, "d1");
  EXPECT_EQ(jumps[0].others[1].document, "d3");
}

// Years that differ by less than tenfold each, however many, are never a jump; and the order of figures never matters.
TEST(FindJumpsPropertyTest, SilentOnSteadyHistoriesAndBlindToOrder) {
  std::mt19937 random(5);
  int found = 0;
  for (int round = 0; round < 5000; ++round) {
    History steady, wild;
    double value = 10 + random() % 1000;
    for (int year = 2015; year < 2024; ++year) {
      value = std::max(1.0, std::round(value * (0.4 + 1.8 * (random() % 1000) / 1000)));
      steady.Add(Figure(year, value));
      wild.Add(Figure(year, random() % 6 == 0 ? value * 1e4 : value));
    }
    ASSERT_TRUE(steady.Jumps().empty());
    std::vector<std::string> before = wild.Jumps();
    std::shuffle(wild.figures().begin(), wild.figures().end(), random);
    std::vector<std::string> after = wild.Jumps();
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    ASSERT_EQ(before, after);
    found += static_cast<int>(before.size());
  }
  EXPECT_GT(found, 100);
}

TEST(TellsOfJumpTest, TenfoldEitherWay) {
  const auto tells = [](double value, std::string unit, v1::Indicator::Direction direction) {
    v1::Indicator change = Figure(2023, value);
    change.set_aspect(v1::Indicator::CHANGE);
    change.set_direction(direction);
    change.mutable_quantity()->set_unit(std::move(unit));
    return TellsOfJump(change);
  };
  EXPECT_TRUE(tells(12, "倍", v1::Indicator::UP));
  EXPECT_FALSE(tells(3, "倍", v1::Indicator::UP));
  EXPECT_TRUE(tells(900, "%", v1::Indicator::UP));
  EXPECT_FALSE(tells(180, "%", v1::Indicator::UP));
  EXPECT_TRUE(tells(95, "%", v1::Indicator::DOWN));
  EXPECT_FALSE(tells(80, "%", v1::Indicator::DOWN));
  EXPECT_FALSE(tells(5000, "件", v1::Indicator::UP));
}

TEST(HistoryWordsTest, TellsFiguresOfTheWholeYear) {
  const auto words = HistoryWords::Create();
  ASSERT_TRUE(words.ok()) << words.status();
  const auto of_year = [&](std::string_view before, std::string_view after = "件。") {
    v1::Indicator indicator = Figure(2023, 386);
    indicator.mutable_quantity()->set_text("386");
    indicator.set_evidence(fmt::format("{}386{}", before, after));
    return words->IsOfYear(indicator);
  };
  for (const char* before : {"受理案件", "今年以来，共受理案件", "全年受理案件", "1—12月受理案件", "2023年受理案件",
                             "截至12月底，受理案件", "开展法治宣传月活动，受理咨询", "三年行动收官，受理案件"}) {
    EXPECT_TRUE(of_year(before)) << before;
  }
  for (const char* before : {"累计受理案件", "自中心成立以来受理案件", "上半年受理案件", "1-11月受理案件",
                             "近三年来受理案件", "日均接听电话", "春节期间受理案件", "第三季度受理案件",
                             "“十四五”期间受理案件", "12月份受理案件", "累计培训80场，受理案件"}) {
    EXPECT_FALSE(of_year(before)) << before;
  }
  EXPECT_TRUE(of_year("受理案件", "件，累计挽回损失90万元。")) << "behind the figure";
  EXPECT_TRUE(of_year("上半年受理案件200件，全年受理案件")) << "the last of them counts";
  EXPECT_TRUE(of_year("全年累计受理案件"));
  EXPECT_FALSE(of_year("全年受理案件500件，其中上半年"));
  EXPECT_TRUE(words->IsOfYear(Figure(2023, 1)));
}

TEST(HistoryWordsTest, TellsGrowthAtConstantPrices) {
  const auto words = HistoryWords::Create();
  ASSERT_TRUE(words.ok()) << words.status();
  using Case = std::pair<const char*, const char*>;
  for (const auto& [label, around] :
       {Case("地区生产总值", "，增长"), Case("规模以上工业增加值", ""), Case("农业产值", "，按可比价格计算增长"),
        Case("居民收入", "，扣除价格因素，实际增长")}) {
    EXPECT_TRUE(words->IsReal(label, around)) << label << around;
  }
  for (const auto& [label, around] : {Case("一般公共预算收入", "，同比增长"), Case("受理法律援助案件", ""),
                                      Case("一般公共预算收入", "占地区生产总值的9%，增长")}) {
    EXPECT_FALSE(words->IsReal(label, around)) << label << around;
  }
}

// Former bug: the figure was looked for as text, so that 5件 was found inside of 15件.
TEST(HistoryWordsTest, ReadsWhatStandsBeforeTheFigureItself) {
  const auto words = HistoryWords::Create();
  ASSERT_TRUE(words.ok()) << words.status();
  const auto of_year = [&](std::string_view before, bool placed, std::string_view gone = "") {
    v1::Indicator indicator = Figure(2023, 5);
    indicator.set_evidence(fmt::format("{}5件。", before));
    if (placed) {
      indicator.mutable_sentence()->set_begin(100);
      indicator.mutable_span()->set_begin(static_cast<int32_t>(100 + gone.size() + before.size()));
    }
    return words->IsOfYear(indicator);
  };
  for (const bool placed : {true, false}) {
    EXPECT_FALSE(of_year("移送线索15件，上半年办结", placed)) << placed;
    EXPECT_TRUE(of_year("移送线索15件，办结", placed)) << placed;
  }
  EXPECT_FALSE(of_year("移送线索5件，上半年办结", true)) << "the same figure twice";
  std::string front = "上半年办结";
  while (front.size() + 3 <= kEvidenceBytesBefore) front.insert(0, "甲");
  EXPECT_FALSE(of_year("5件，" + front.substr(9), true, std::string(900, 'x'))) << "cut in front";
}

}  // namespace
}  // namespace duban
