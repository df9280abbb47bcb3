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
  EXPECT_TRUE(WholeNumberGives("97", 0));
  EXPECT_TRUE(WholeNumberGives("97.123", 1e7));
}

TEST(ArithmeticTest, SameUnit) {
  EXPECT_TRUE(SameUnit("宗", "件"));
  EXPECT_TRUE(SameUnit("名", "人"));
  EXPECT_TRUE(SameUnit("亩", "亩"));
  EXPECT_FALSE(SameUnit("件", "人"));
  EXPECT_FALSE(SameUnit("", "件"));
}

}  // namespace
}  // namespace duban
