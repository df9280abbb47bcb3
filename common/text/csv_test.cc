// SPDX-License-Identifier: Apache-2.0
#include "common/text/csv.h"

#include <gtest/gtest.h>

namespace duban {
namespace {

TEST(CsvLineTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(CsvLine({"a", "b,c", "say \"d\"", "e\nf", ""}), "a,\"b,c\",\"say \"\"d\"\"\",\"e\nf\",\r\n");
}

TEST(InertCellTest, MarksWhatASpreadsheetWouldEvaluate) {
  for (const std::string same : {"", "5", "-5", "+5", "-12.50", "+0.5", "a=b", "12-3", "法律援助", "'=1"}) {
    EXPECT_EQ(InertCell(same), same);
  }
  for (const std::string risky : {"=1", "=cmd|' /C calc'!A0", "+", "-", "@SUM(1)", "-1+2", "+1e5", "-1.", "-.5", "--5",
                                  "-公证", "\t=1", "\r=1"}) {
    EXPECT_EQ(InertCell(risky), "'" + risky);
  }
}

}  // namespace
}  // namespace duban
