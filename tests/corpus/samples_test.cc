// SPDX-License-Identifier: Apache-2.0
// The ledgers of deploy/samples, all cores in one process, against tests/e2e/testdata/expected_ledgers.textproto.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/corpus/corpus.h"

namespace duban {
namespace {

const Corpus& Samples() {
  static const Corpus* const corpus =
      new Corpus(Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples"));
  return *corpus;
}

bool Answers(const ExpectedReport::Figure& figure, const v1::Indicator& indicator) {
  return indicator.aspect() == figure.aspect() && indicator.quantity().value() == figure.value() &&
         indicator.quantity().unit() == figure.unit() && indicator.label().find(figure.label()) != std::string::npos &&
         (figure.metric().empty() || indicator.metric() == figure.metric());
}

TEST(SamplesTest, EveryReportIsReadAsExpected) {
  ASSERT_EQ(Samples().expected().report_size(), 6);
  for (const ExpectedReport& expected : Samples().expected().report()) {
    SCOPED_TRACE(expected.file());
    const v1::Analysis analysis = Samples().Analyze(expected.file());
    EXPECT_EQ(analysis.document().agency().display_name(), expected.agency());
    EXPECT_EQ(analysis.document().region().name(), expected.region());
    EXPECT_EQ(analysis.document().report_year(), expected.report_year());
    EXPECT_EQ(analysis.document().plan_year(), expected.plan_year());
    EXPECT_EQ(analysis.plan_items_size(), expected.plan_items());
    EXPECT_EQ(analysis.problems_size(), expected.problems());
    for (const ExpectedReport::Figure& figure : expected.figure()) {
      EXPECT_TRUE(std::any_of(analysis.indicators().begin(), analysis.indicators().end(),
                              [&](const v1::Indicator& indicator) { return Answers(figure, indicator); }))
          << figure.ShortDebugString();
    }
    std::vector<int> findings;
    for (const v1::Finding& finding : analysis.findings()) findings.push_back(finding.type());
    EXPECT_THAT(findings, ::testing::ElementsAreArray(expected.finding().begin(), expected.finding().end()));
  }
}

TEST(SamplesTest, ItemsCarryUnitsAndDeadlines) {
  const v1::Analysis analysis = Samples().Analyze("linhe_2022.txt");
  ASSERT_GE(analysis.plan_items_size(), 7);
  EXPECT_EQ(analysis.plan_items(0).responsible_unit(), "依法治县办秘书股");
  EXPECT_EQ(analysis.plan_items(0).due_date(), "2023-09-30");
  EXPECT_EQ(analysis.plan_items(6).due_date(), "2023-12-31");
}

}  // namespace
}  // namespace duban
