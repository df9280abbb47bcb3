// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/label_lexicon.h"

#include <string>

#include "common/base/status.h"
#include "gtest/gtest.h"

namespace duban {
namespace {

std::string Fault(const v1::LabelLexicon& labels, const v1::AspectLexicon& aspects = {}) {
  return Message(LabelWords::Create(labels, aspects).status());
}

TEST(LabelWordsTest, RefusesFaultyRules) {
  v1::AspectLexicon aspects;
  aspects.add_base()->set_base("NEVER");
  EXPECT_EQ(Fault({}, aspects), "base.base: NEVER, want a value of Indicator.Base");
  v1::LabelLexicon labels;
  labels.add_rate_of()->add_act("合格");
  EXPECT_EQ(Fault(labels), "rate_of: want an act and a whole");
  labels.mutable_rate_of(0)->add_whole("抽查");
  EXPECT_TRUE(LabelWords::Create(labels, {}).ok());
  labels.mutable_rate_of(0)->add_act("优秀 合格");
  EXPECT_EQ(Fault(labels), "rate_of.act: 合格 is there twice");
  labels.mutable_rate_of(0)->mutable_act()->RemoveLast();
  while (labels.rate_of_size() <= 60) {
    v1::LabelLexicon::RateOf* rate = labels.add_rate_of();
    rate->add_act("act" + std::to_string(labels.rate_of_size()));
    rate->add_whole("抽查");
  }
  EXPECT_EQ(Fault(labels), "rate_of: more than 60 rules");
}

TEST(RateWordsTest, TellsActsFromWhatTheyMayBefall) {
  const LabelWords words = LabelWords::Create().value();
  const RateWords::Act good = words.rates().ActIn("案卷合格");
  EXPECT_EQ(good.size, std::string("合格").size());
  EXPECT_TRUE(words.rates().NamesWhole(good, "抽查案卷"));
  EXPECT_FALSE(words.rates().NamesWhole(good, "发现问题"));
  EXPECT_NE(words.rates().ActIn("案卷不合格").group, good.group);
  EXPECT_EQ(words.rates().ActIn("被采纳").group, words.rates().ActIn("意见采纳").group);
  EXPECT_EQ(words.rates().ActIn("合格案卷").group, good.group);
  EXPECT_EQ(words.rates().ActIn("案卷").group, 0);
  EXPECT_FALSE(words.rates().NamesWhole({}, "抽查案卷"));
}

}  // namespace
}  // namespace duban
