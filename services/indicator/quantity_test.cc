// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/quantity.h"

#include <fmt/format.h>

#include <memory>
#include <random>
#include <string>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/text/utf8.h"
#include "embedded/quantities.textproto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/indicator/testdata/quantity_cases.pb.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

const UnitLexicon& Units() {
  static const auto units = UnitLexicon::Create();
  return **units;
}

const QuantityCases& Cases() {
  static const auto cases = ParseLexicon<QuantityCases>("quantities.textproto", embedded::quantities_textproto);
  return *cases;
}

// "4735万元 = 47350000 元 MONEY ABOUT", without the text as written if not `with_text`.
std::string Described(const v1::Quantity& quantity, bool with_text = true) {
  const std::string high = quantity.has_value_high() ? fmt::format("..{}", quantity.value_high()) : "";
  return fmt::format("{}{}{} {} {} {}", with_text ? quantity.text() + " = " : "", quantity.decimal(), high,
                     quantity.unit().empty() ? "-" : quantity.unit(), v1::Quantity::Kind_Name(quantity.kind()),
                     v1::Quantity::Qualifier_Name(quantity.qualifier()));
}

std::vector<std::string> Scanned(std::string_view text, bool with_text = true,
                                 NumeralScope scope = NumeralScope::kAll) {
  std::vector<std::string> lines;
  for (const FoundQuantity& found : ScanQuantities(text, Units(), scope)) {
    lines.push_back(Described(found.quantity, with_text));
  }
  return lines;
}

TEST(QuantityTest, ReadsEveryCaseOfTheTable) {
  ASSERT_GE(Cases().case_().size(), 300);
  for (const QuantityCases::Case& c : Cases().case_()) {
    EXPECT_THAT(Scanned(c.text()), ElementsAreArray(c.want())) << c.text();
  }
}

TEST(QuantityTest, SpansHoldTheTextAndNestInTheirExtent) {
  for (const QuantityCases::Case& c : Cases().case_()) {
    SCOPED_TRACE(c.text());
    size_t last = 0;
    for (const FoundQuantity& found : ScanQuantities(c.text(), Units(), NumeralScope::kAll)) {
      const v1::Quantity& quantity = found.quantity;
      const auto begin = static_cast<size_t>(quantity.span().begin());
      const auto end = static_cast<size_t>(quantity.span().end());
      EXPECT_EQ(c.text().substr(begin, end - begin), quantity.text());
      EXPECT_LE(last, begin);
      EXPECT_LE(found.extent_begin, begin);
      EXPECT_LT(begin, found.numeral_end);
      EXPECT_LE(found.numeral_end, end);
      EXPECT_LE(end, found.extent_end);
      EXPECT_LE(found.extent_end, c.text().size());
      EXPECT_EQ(found.value.ToString(), quantity.decimal());
      last = end;
    }
  }
}

TEST(QuantityTest, MeasuredScopeLeavesOutOnlyBareNumerals) {
  for (const QuantityCases::Case& c : Cases().case_()) {
    std::vector<std::string> measured;
    for (const FoundQuantity& found : ScanQuantities(c.text(), Units(), NumeralScope::kAll)) {
      if (!found.quantity.unit().empty()) measured.push_back(Described(found.quantity));
    }
    EXPECT_THAT(Scanned(c.text(), true, NumeralScope::kMeasured), ElementsAreArray(measured)) << c.text();
  }
}

// Full-width forms of ASCII except in words that a table of the rules would not know.
std::string FullWidth(std::string_view text) {
  std::string wide;
  for (const CodePoint& c : CodePoints(text)) {
    AppendUtf8(c.value > 0x20 && c.value < 0x7F && c.value != '"' ? c.value + 0xFEE0 : c.value, &wide);
  }
  return wide;
}

TEST(QuantityTest, FullWidthFormsDoNotChangeAFigure) {
  for (const QuantityCases::Case& c : Cases().case_()) {
    EXPECT_THAT(Scanned(FullWidth(c.text()), false), ElementsAreArray(Scanned(c.text(), false))) << c.text();
  }
}

TEST(QuantityTest, InvisibleCharactersDoNotChangeAFigure) {
  for (const QuantityCases::Case& c : Cases().case_()) {
    std::string spaced;
    for (const CodePoint& point : CodePoints(c.text())) {
      AppendUtf8(point.value, &spaced);
      AppendUtf8(0x200B, &spaced);
    }
    EXPECT_THAT(Scanned(spaced, false), ElementsAreArray(Scanned(c.text(), false))) << c.text();
  }
}

TEST(QuantityTest, ALineBreakInsideDoesNotChangeAFigure) {
  for (const QuantityCases::Case& c : Cases().case_()) {
    const auto found = ScanQuantities(c.text(), Units(), NumeralScope::kMeasured);
    // A range may be two figures of two lines.
    if (found.size() != 1 || found[0].bare || found[0].quantity.has_value_high()) continue;
    if (found[0].quantity.unit().starts_with(':') || found[0].quantity.kind() == v1::Quantity::RANK) continue;
    // Behind the numeral, and inside a Chinese one.
    const auto begin = static_cast<size_t>(found[0].quantity.span().begin());
    std::vector<size_t> places = {found[0].numeral_end};
    if (found[0].chinese && found[0].numeral_end - begin > 3) places.push_back(found[0].numeral_end - 3);
    for (const size_t place : places) {
      if (place == static_cast<size_t>(found[0].quantity.span().end())) continue;
      const std::string broken = "共" + c.text().substr(0, place) + "\n" + c.text().substr(place);
      EXPECT_THAT(Scanned(broken, false, NumeralScope::kMeasured), ElementsAre(Described(found[0].quantity, false)))
          << broken;
    }
  }
}

TEST(QuantityTest, ATextIsReadLikeItsLines) {
  std::string text;
  std::vector<std::string> want;
  for (const QuantityCases::Case& c : Cases().case_()) {
    text += c.text() + "\n\n";
    for (const std::string& line : c.want()) want.push_back(line);
  }
  EXPECT_THAT(Scanned(text), ElementsAreArray(want));
}

TEST(QuantityTest, TellsHowAFigureIsWritten) {
  const auto found = ScanQuantities("约三百件,前10%的村,不低于95%以上,共2.5亿,已满60岁", Units(), NumeralScope::kAll);
  ASSERT_EQ(found.size(), 5);
  EXPECT_TRUE(found[0].chinese);
  EXPECT_EQ(found[0].extent_begin, 0);
  EXPECT_TRUE(found[1].top);
  EXPECT_TRUE(found[2].bound_behind);
  EXPECT_FALSE(found[2].bare);
  EXPECT_TRUE(found[3].bare);
  EXPECT_EQ(found[3].quantity.unit(), "");
  EXPECT_TRUE(found[4].descriptive);
  const auto plus = ScanQuantities("增速+5.2%", Units(), NumeralScope::kAll);
  ASSERT_EQ(plus.size(), 1);
  EXPECT_TRUE(plus[0].plus);
  EXPECT_EQ(plus[0].extent_begin, 6);
  EXPECT_EQ(plus[0].quantity.span().begin(), 7);
}

TEST(QuantityTest, FindQuantitiesGivesTheMeasuredOnes) {
  const auto found = FindQuantities("受理法律援助案件786宗, 挽回经济损失约4735万元, 律师万人比2.9", Units());
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(Described(found[0]), "786宗 = 786 宗 COUNT EXACT");
  EXPECT_EQ(Described(found[1]), "4735万元 = 47350000 元 MONEY ABOUT");
}

TEST(QuantityTest, CellsAreNotJoined) {
  EXPECT_THAT(Scanned("公证办证    件    5210    4479", false),
              ElementsAre("5210 - COUNT EXACT", "4479 - COUNT EXACT"));
  EXPECT_THAT(Scanned("件\n5210\n家庭服务\n", false), ElementsAre("5210 - COUNT EXACT"));
  EXPECT_THAT(Scanned("12\t345\t件", false), ElementsAre("12 - COUNT EXACT", "345 - COUNT EXACT"));
  EXPECT_THAT(Scanned("增至三百\n一是强化监督", false), ElementsAre("300 - COUNT EXACT"));
}

TEST(QuantityTest, NothingInNothing) {
  EXPECT_THAT(Scanned(""), IsEmpty());
  EXPECT_THAT(Scanned("\n \n"), IsEmpty());
}

// Cost must not depend on what the text is made of: every kind of opening that never closes, long runs, long chains.
TEST(QuantityTest, LongRunsAreReadInLinearTime) {
  for (const std::string_view unit : {"1", "一", "十", "“", "《", "1-", "1,234", "1:", "1/", "万", "第", "1元1角",
                                      "百分之", "一分之", "2020-", "约"}) {
    std::string text;
    while (text.size() < 300'000) text += unit;
    ScanQuantities(text, Units(), NumeralScope::kAll);
  }
}

TEST(QuantityTest, AnyBytesAreSafe) {
  std::mt19937 random(7);
  std::vector<std::string> pieces;
  for (const QuantityCases::Case& c : Cases().case_()) {
    for (const CodePoint& point : CodePoints(c.text())) pieces.emplace_back(c.text().substr(point.offset, point.size));
  }
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = 0; i < 24; ++i) text += pieces[random() % pieces.size()];
    size_t last = 0;
    for (const FoundQuantity& found : ScanQuantities(text, Units(), NumeralScope::kAll)) {
      ASSERT_LE(last, static_cast<size_t>(found.quantity.span().begin())) << text;
      ASSERT_LT(found.quantity.span().begin(), found.quantity.span().end()) << text;
      last = static_cast<size_t>(found.quantity.span().end());
    }
    ASSERT_LE(last, text.size());
  }
}

TEST(UnitLexiconTest, RefusesFaultyRules) {
  UnitRules rules;
  rules.add_units()->add_text("件");
  EXPECT_EQ(Message(UnitLexicon::Create(rules).status()), "units: \"件\" has no kind");
  rules.mutable_units(0)->set_kind(v1::Quantity::COUNT);
  EXPECT_TRUE(UnitLexicon::Create(rules).ok());
  rules.add_names("");
  EXPECT_EQ(Message(UnitLexicon::Create(rules).status()), "names: an empty word");
  rules.clear_names();
  rules.add_before()->add_text("约");
  EXPECT_EQ(Message(UnitLexicon::Create(rules).status()), "before: want a qualifier");
  rules.clear_before();
  UnitRules::Units::Smaller* smaller = rules.mutable_units(0)->add_then();
  smaller->set_per(1);
  EXPECT_EQ(Message(UnitLexicon::Create(rules).status()), "units.then.per: 1, want 2 or more");
  smaller->set_per(60);
  smaller->set_as("宗");
  EXPECT_EQ(Message(UnitLexicon::Create(rules).status()), "units.then.as: \"宗\", want the name of a unit");
  rules.mutable_units(0)->clear_then();
  rules.add_fixed()->set_value("many");
  EXPECT_EQ(UnitLexicon::Create(rules).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace duban
