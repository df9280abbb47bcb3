// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Rules& TestRules() {
  static const Rules& rules = *[] {
    auto created = Rules::Create();
    EXPECT_TRUE(created.ok()) << Message(created.status());
    return created->release();
  }();
  return rules;
}

TEST(MatchEnumeratorTest, Reads) {
  struct Case {
    std::string_view text;
    Place place;
    std::string_view marker;
    int level;
    int number;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"一、成效", Place::kLineStart, "一、", 1, 1},
           {"二十一、成效", Place::kLineStart, "二十一、", 1, 21},
           {"（十二）成效", Place::kStop, "（十二）", 2, 12},
           {"( 二 ) 成效", Place::kLineStart, "( 二 )", 2, 2},
           {"2、9月底前建成", Place::kLineStart, "2、", 3, 2},
           {"14.12315投诉", Place::kStop, "14.", 3, 14},
           {"(3)5家企业", Place::kStop, "(3)", 4, 3},
           {"10．成效", Place::kLineStart, "10．", 3, 10},
           {"３、成效", Place::kStop, "３、", 3, 3},
           {"（4）成效", Place::kStop, "（4）", 4, 4},
           {"⑵成效", Place::kLineStart, "⑵", 4, 2},
           {"②成效", Place::kStop, "②", 5, 2},
           {"三是成效", Place::kComma, "三是", 5, 3},
           {"一是成效", Place::kGlued, "一是", 5, 1},
           {"二要成效", Place::kStop, "二要", 5, 2},
           {"第三，成效", Place::kStop, "第三，", 5, 3},
           {"其次，成效", Place::kStop, "其次", 5, 2},
           {"最后，成效", Place::kStop, "最后", 5, 0},
           {"第二部分 成效", Place::kLineStart, "第二部分", 0, 2},
           {"亮点3　成效", Place::kLineStart, "亮点3", 2, 3},
       }) {
    SCOPED_TRACE(c.text);
    const auto found = MatchEnumerator(c.text, 0, c.place, TestRules());
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(c.text.substr(found->begin, found->end - found->begin), c.marker);
    EXPECT_EQ(found->level, c.level);
    EXPECT_EQ(found->number, c.number);
  }
}

TEST(MatchEnumeratorTest, Rejects) {
  struct Case {
    std::string_view text;
    Place place;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"1.5万", Place::kLineStart},     {"2.3", Place::kLineStart},      {"2.3、2.4", Place::kLineStart},
           {"2.1.3成效", Place::kLineStart}, {"2，000家", Place::kLineStart}, {"2.12345热线", Place::kBlank},
           {"2023.6", Place::kLineStart},    {"1、2、3", Place::kStop},       {"一二三、", Place::kLineStart},
           {"一是否", Place::kStop},         {"一要求", Place::kStop},        {"（一）项", Place::kStop},
           {"二是成效", Place::kGlued},      {"一是成效", Place::kInside},    {"（一）成效", Place::kComma},
           {"首先进", Place::kStop},         {"第一部分", Place::kStop},      {"一百、", Place::kLineStart},
           {"", Place::kLineStart},
       }) {
    SCOPED_TRACE(c.text);
    EXPECT_FALSE(MatchEnumerator(c.text, 0, c.place, TestRules()).has_value());
  }
}

TEST(YearsInTest, ReadsDigitsOfAllForms) {
  EXPECT_THAT(YearsIn("2023年总结和二〇二四年计划", TestRules()), ElementsAre(2023, 2024));
  EXPECT_THAT(YearsIn("２０２２ 年度，二○二一年", TestRules()), ElementsAre(2022, 2021));
  EXPECT_THAT(YearsIn("5年、12345年、2019起、3000年、23年", TestRules()), IsEmpty());
}

TEST(CueIndexTest, FindsPatternsAndRefusesShortOnes) {
  segmentation::RoleLexicon lexicon;
  auto* cue = lexicon.add_cues();
  cue->add_pattern("存在*问题");
  cue->add_pattern("主要问题");
  CueIndex index;
  ASSERT_TRUE(index.Build(lexicon).ok());
  EXPECT_EQ(index.Find("存在的主要问题").size(), 2U);
  EXPECT_EQ(index.Find("存在的困难").size(), 0U);
  EXPECT_EQ(index.Find("问题").size(), 0U);
  EXPECT_EQ(index.Find("存在，一二三四五六七八九十甲乙问题").size(), 0U) << "further apart than twelve characters";
  cue->add_pattern("存在*题");
  CueIndex refused;
  EXPECT_THAT(Message(refused.Build(lexicon)), HasSubstr("存在*题, want two ideographs"));
}

}  // namespace
}  // namespace duban
