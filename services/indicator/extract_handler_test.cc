// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/extract_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/utf8.h"

namespace duban {
namespace {

// A document that is one sentence, with an indicator on each 12件 of it.
v1::Document OneSentence(int figures, v1::IndicatorSet* set) {
  v1::Document document;
  document.set_name("documents/0123456789abcdef0123456789abcdef");
  document.mutable_agency()->set_name("agencies/0123456789abcdef");
  document.mutable_agency()->set_display_name("青岚县司法局");
  std::string& text = *document.mutable_text();
  for (int i = 0; i < figures; ++i) {
    text += "办理案件";
    v1::Indicator& indicator = *set->add_indicators();
    indicator.set_id("i" + std::to_string(i + 1));
    indicator.mutable_span()->set_begin(static_cast<int32_t>(text.size()));
    text += "12件";
    indicator.mutable_span()->set_end(static_cast<int32_t>(text.size()));
    indicator.mutable_quantity()->set_text("12件");
    text += "，";
  }
  for (v1::Indicator& indicator : *set->mutable_indicators()) {
    indicator.mutable_sentence()->set_end(static_cast<int32_t>(text.size()));
  }
  return document;
}

TEST(CompleteSetTest, ShortSentenceIsTheEvidence) {
  v1::IndicatorSet set;
  const v1::Document document = OneSentence(3, &set);
  CompleteSet(document, 2, &set);
  EXPECT_EQ(set.revision(), 2);
  for (const v1::Indicator& indicator : set.indicators()) {
    EXPECT_EQ(indicator.evidence(), document.text());
    EXPECT_EQ(indicator.name(), document.name() + "/indicators/" + indicator.id());
    EXPECT_EQ(indicator.agency_display_name(), "青岚县司法局");
  }
}

// Former bugs

// Each figure held a copy of the whole sentence: 9,000 figures in one line took 3.7 GB.
TEST(CompleteSetTest, LongSentenceIsCutAroundTheFigure) {
  v1::IndicatorSet set;
  const v1::Document document = OneSentence(9000, &set);
  CompleteSet(document, 1, &set);
  for (const v1::Indicator& indicator : set.indicators()) {
    ASSERT_LE(indicator.evidence().size(), 600u);
    ASSERT_TRUE(IsValidUtf8(indicator.evidence()));
    ASSERT_THAT(indicator.evidence(), ::testing::HasSubstr("办理案件12件"));
  }
  EXPECT_LT(set.ByteSizeLong(), 16u << 20);
}

}  // namespace
}  // namespace duban
