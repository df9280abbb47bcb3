// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/quantity.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace duban {
namespace {

const UnitLexicon& Units() {
  static const auto units = UnitLexicon::Create();
  return **units;
}

struct Case {
  std::string_view text;
  std::string_view value;
  std::string_view unit;
  v1::Quantity::Qualifier qualifier;
};

TEST(FindQuantitiesTest, ReadsApproximators) {
  for (const Case& c : std::initializer_list<Case>{
           {"约4735万元", "47350000", "元", v1::Quantity::ABOUT},
           {"2.5万余件", "25000", "件", v1::Quantity::OVER},
           {"近15万人次", "150000", "人次", v1::Quantity::NEARLY},
       }) {
    SCOPED_TRACE(c.text);
    const auto found = FindQuantities(c.text, Units());
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].decimal(), c.value);
    EXPECT_EQ(found[0].unit(), c.unit);
    EXPECT_EQ(found[0].qualifier(), c.qualifier);
  }
}

}  // namespace
}  // namespace duban
