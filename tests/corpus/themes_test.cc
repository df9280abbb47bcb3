// SPDX-License-Identifier: Apache-2.0
// The themes of plan items and the catalog of metrics are kept by two services: they must not drift apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "services/indicator/catalog.h"
#include "services/plan/planner.h"

namespace duban {
namespace {

TEST(ThemesTest, EveryThemeOfTheCatalogIsOneOfPlanItems) {
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok()) << planner.status();
  std::set<std::string> themes;
  for (const ThemeLexicon::Theme& theme : (*planner)->Themes().theme()) {
    EXPECT_TRUE(themes.insert(theme.id()).second) << theme.id() << " twice";
    EXPECT_FALSE(theme.display_name().empty()) << theme.id();
    EXPECT_FALSE(theme.english_name().empty()) << theme.id();
    EXPECT_FALSE(theme.words().empty()) << theme.id();
  }
  const auto catalog = Catalog::Load("");
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  std::set<std::string> of_metrics;
  for (const v1::Metric& metric : (*catalog)->metrics().metric())
    of_metrics.insert(metric.id().substr(0, metric.id().find('.')));
  ASSERT_GE(of_metrics.size(), 15u);
  for (const std::string& theme : of_metrics) EXPECT_TRUE(themes.contains(theme)) << theme;
}

}  // namespace
}  // namespace duban
