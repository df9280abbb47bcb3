// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/arithmetic.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

namespace duban {
namespace {

TEST(ArithmeticTest, AgreesAsPrinted) {
  EXPECT_TRUE(AgreesAsPrinted("98", 100.0 * 3237 / 3302));
  EXPECT_TRUE(AgreesAsPrinted("98.2", 100.0 * 4312 / 4388));  // cut off
  EXPECT_TRUE(AgreesAsPrinted("98.3", 100.0 * 4312 / 4388));  // rounded
  EXPECT_TRUE(AgreesAsPrinted("95.80", 100.0 * 114 / 119));
  EXPECT_TRUE(AgreesAsPrinted("100", 100));
  EXPECT_TRUE(AgreesAsPrinted("0.5", 0.45));
  EXPECT_FALSE(AgreesAsPrinted("98.4", 100.0 * 4312 / 4388));
  EXPECT_FALSE(AgreesAsPrinted("98.1", 100.0 * 4312 / 4388));
  EXPECT_FALSE(AgreesAsPrinted("100", 98.9));
  EXPECT_FALSE(AgreesAsPrinted("95.8", 95.9));
}

// Against the definition: some rounding or cutting off of the quotient to that many digits is what is printed.
TEST(ArithmeticPropertyTest, EveryPrintedQuotientAgrees) {
  for (int whole = 1; whole < 200; whole += 7) {
    for (int part = 0; part <= whole; ++part) {
      const double rate = 100.0 * part / whole;
      for (int digits : {0, 1, 2}) {
        EXPECT_TRUE(AgreesAsPrinted(fmt::format("{:.{}f}", rate, digits), rate)) << part << "/" << whole;
        EXPECT_TRUE(WholeNumberGives(fmt::format("{:.{}f}", rate, digits), whole)) << part << "/" << whole;
        const double off = rate + 3 * std::pow(10.0, -digits);
        EXPECT_FALSE(AgreesAsPrinted(fmt::format("{:.{}f}", off, digits), rate)) << part << "/" << whole;
      }
    }
  }
}

TEST(ArithmeticTest, WholeNumberGives) {
  EXPECT_FALSE(WholeNumberGives("97", 11));
  EXPECT_TRUE(WholeNumberGives("90.9", 11));
  EXPECT_TRUE(WholeNumberGives("33", 1328));
  EXPECT_FALSE(WholeNumberGives("110", 10)) << "more than all";
  EXPECT_TRUE(WholeNumberGives("100", 10));
  EXPECT_TRUE(WholeNumberGives("97", 0));
  EXPECT_TRUE(WholeNumberGives("97.123", 1e7));
}

v1::Quantity Printed(std::string_view text, double value, std::string_view unit) {
  v1::Quantity quantity;
  quantity.set_text(std::string(text));
  quantity.set_value(value);
  quantity.set_unit(std::string(unit));
  return quantity;
}

TEST(ArithmeticTest, PrintedStep) {
  EXPECT_EQ(PrintedStep(Printed("786宗", 786, "宗")), 0);
  EXPECT_EQ(PrintedStep(Printed("12,000件", 12000, "件")), 0);
  EXPECT_EQ(PrintedStep(Printed("1.2万件", 12000, "件")), 1000);
  EXPECT_EQ(PrintedStep(Printed("１．２万件", 12000, "件")), 1000);
  EXPECT_EQ(PrintedStep(Printed("3亿元", 3e8, "元")), 1e8);
  EXPECT_EQ(PrintedStep(Printed("98.25%", 98.25, "%")), 0.01);
  EXPECT_EQ(PrintedStep(Printed("三万件", 30000, "件")), std::nullopt);
}

TEST(ArithmeticTest, PrintedRange) {
  const auto range = PrintedRange(Printed("1.2万件", 12000, "件"));
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->low, 11000);
  EXPECT_EQ(range->high, 13000);
  EXPECT_EQ(PrintedRange(Printed("一百二十件", 120, "件"))->low, 120);
  EXPECT_FALSE(PrintedRange(Printed("三万件", 30000, "件")).has_value());
}

TEST(ArithmeticTest, AgreesAsPrintedOfARange) {
  EXPECT_TRUE(AgreesAsPrinted("50", {49, 51}));
  EXPECT_TRUE(AgreesAsPrinted("49", {49.4, 60}));
  EXPECT_TRUE(AgreesAsPrinted("60", {49, 59.6}));
  EXPECT_FALSE(AgreesAsPrinted("61", {49, 60.4}));
}

TEST(ArithmeticTest, IsPrintedPercent) {
  EXPECT_TRUE(IsPrintedPercent(Printed("98.2%", 98.2, "%")));
  EXPECT_TRUE(IsPrintedPercent(Printed("98％", 98, "%")));
  EXPECT_TRUE(IsPrintedPercent(Printed("百分之九十八", 98, "%")));
  EXPECT_FALSE(IsPrintedPercent(Printed("九成", 90, "%")));
  EXPECT_FALSE(IsPrintedPercent(Printed("三分之二", 66.67, "%")));
  EXPECT_FALSE(IsPrintedPercent(Printed("5‰", 5, "‰")));
}

TEST(ArithmeticTest, SameThings) {
  EXPECT_TRUE(SameThings("辆次", "辆"));
  EXPECT_TRUE(SameThings("人", "人次"));
  EXPECT_TRUE(SameThings("宗", "件次"));
  EXPECT_FALSE(SameThings("次", "人"));
  EXPECT_FALSE(SameThings("人次", "家次"));
}

TEST(ArithmeticTest, SameUnit) {
  EXPECT_TRUE(SameUnit("宗", "件"));
  EXPECT_TRUE(SameUnit("名", "人"));
  EXPECT_TRUE(SameUnit("亩", "亩"));
  EXPECT_FALSE(SameUnit("件", "人"));
  EXPECT_FALSE(SameUnit("", "件"));
}

TEST(ArithmeticTest, UnitsHaveARepresentativeAndASort) {
  EXPECT_EQ(RepresentativeUnit("起"), "宗");
  EXPECT_EQ(RepresentativeUnit("亩"), "亩");
  EXPECT_EQ(RepresentativeUnit(""), "");
  EXPECT_EQ(SortOfUnit("名"), UnitClasses::PEOPLE);
  EXPECT_EQ(SortOfUnit("场次"), UnitClasses::EVENTS);
  EXPECT_EQ(SortOfUnit("卷"), UnitClasses::CASES);
  EXPECT_EQ(SortOfUnit("家"), UnitClasses::OTHER);
  EXPECT_EQ(SortOfUnit("亩"), UnitClasses::OTHER);
}

}  // namespace
}  // namespace duban
