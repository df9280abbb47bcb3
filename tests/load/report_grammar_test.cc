// SPDX-License-Identifier: Apache-2.0
#include "tests/load/report_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/cli/local_analysis.h"

namespace duban {
namespace {

TEST(ReportGrammarTest, SameNumberSameReportOtherNumberOtherBytes) {
  const auto grammar = ReportGrammar::Create();
  ASSERT_TRUE(grammar.ok()) << grammar.status();
  EXPECT_EQ(grammar->Write(1, 5).text, grammar->Write(1, 5).text);
  EXPECT_NE(grammar->Write(1, 5).text, grammar->Write(2, 5).text);
  std::set<std::string> texts;
  for (int i = 0; i < 20'000; ++i) texts.insert(grammar->Write(1, i).text);
  EXPECT_EQ(texts.size(), 20'000u);
}

TEST(ReportGrammarTest, NeighboursAreOneAgencysYears) {
  const auto grammar = ReportGrammar::Create();
  ASSERT_TRUE(grammar.ok());
  EXPECT_EQ(grammar->Write(1, 0).agency, grammar->Write(1, 2).agency);
  EXPECT_EQ(grammar->Write(1, 0).year + 2, grammar->Write(1, 2).year);
  EXPECT_NE(grammar->Write(1, 2).agency, grammar->Write(1, 3).agency);
}

// What the load test relies on: the analysis finds in a synthetic report just what was written into it.
TEST(ReportGrammarTest, AnalysisFindsWhatWasWritten) {
  const auto grammar = ReportGrammar::Create();
  ASSERT_TRUE(grammar.ok());
  const auto local = LocalAnalysis::Create();
  ASSERT_TRUE(local.ok());
  for (int i = 0; i < 50; ++i) {
    const SyntheticReport report = grammar->Write(3, i);
    SCOPED_TRACE(report.text);
    const auto analysis = (*local)->Analyze(report.text, "");
    ASSERT_TRUE(analysis.ok());
    EXPECT_EQ(analysis->document().agency().display_name(), report.agency);
    EXPECT_EQ(analysis->document().report_year(), report.year);
    std::vector<SyntheticFigure> figures;
    for (const v1::Indicator& indicator : analysis->indicators()) {
      figures.push_back(
          {indicator.quantity().value(), indicator.quantity().unit(), indicator.aspect() == v1::Indicator::TARGET});
    }
    EXPECT_TRUE(figures == report.figures);
    std::vector<std::string> promises;
    for (const v1::PlanItem& item : analysis->plan_items()) promises.push_back(item.title());
    EXPECT_EQ(promises, report.promises);
  }
}

}  // namespace
}  // namespace duban
