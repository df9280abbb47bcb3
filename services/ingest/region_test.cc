// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/region.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/ingest_test_util.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> CodesOf(std::span<const int> entries) {
  std::vector<std::string> codes;
  for (const int entry : entries) codes.push_back(testing::TheRegions().entries()[entry].code);
  return codes;
}

TEST(RegionIndexTest, FindsTheLongestNameAtAPlace) {
  struct Case {
    std::string_view text;
    std::string_view name;
    bool full;
    std::vector<std::string> codes;
  };
  for (const Case& c : std::vector<Case>{
           {"坪山区司法局", "坪山区", true, {"440310"}},
           {"坪山打造", "坪山", false, {"440310"}},
           {"蓟县司法局", "蓟县", true, {"120119"}},      // a former name
           {"恩施州司法局", "恩施州", true, {"422800"}},  // a short name
           {"青岚县司法局", "", false, {}},
           {"司法局", "", false, {}},
           {"县", "", false, {}},
           {"", "", false, {}},
       }) {
    SCOPED_TRACE(c.text);
    const RegionHit hit = testing::TheRegions().LongestAt(c.text, 0);
    EXPECT_EQ(c.text.substr(0, hit.size), c.name);
    EXPECT_EQ(hit.full, c.full);
    EXPECT_THAT(CodesOf(hit.candidates), ElementsAreArray(c.codes));
  }
  EXPECT_GT(testing::TheRegions().LongestAt("鼓楼区", 0).candidates.size(), 3u);
}

// Of same-named divisions the one whose parents the text names; none where it names no parent, or two.
TEST(RegionIndexTest, TellsSameNamedDivisionsApartByTheirParents) {
  struct Case {
    std::string_view text;
    std::string_view code;  // empty: ambiguous
  };
  const RegionIndex& index = testing::TheRegions();
  for (const Case& c : std::vector<Case>{
           {"鼓楼区司法局", ""},
           {"南京市鼓楼区司法局", "320106"},
           {"鼓楼区司法局在徐州市司法局指导下", "320302"},
           {"鼓楼区司法局，福州", "350102"},
           {"南京市鼓楼区和徐州市鼓楼区", ""},
       }) {
    SCOPED_TRACE(c.text);
    const int entry = index.Resolve(index.LongestAt("鼓楼区", 0).candidates, index.Gather(c.text));
    EXPECT_EQ(entry < 0 ? "" : index.entries()[entry].code, c.code);
  }
  EXPECT_EQ(index.Resolve({}, index.Gather("南京市")), -1);
}

TEST(RegionIndexTest, TellsWhichDivisionATextIsAbout) {
  const RegionIndex& index = testing::TheRegions();
  const auto about = [&](std::string_view text, v1::Agency::Level level, std::string_view suffix) {
    const int entry = index.MostMentioned(index.Gather(text), level, suffix);
    return entry < 0 ? "" : index.entries()[entry].name;
  };
  EXPECT_EQ(about("三门县地处台州。三门县司法局办案。天台县来访。", v1::Agency::COUNTY, "县"), "三门县");
  EXPECT_EQ(about("三门县来访。", v1::Agency::COUNTY, "县"), "") << "once and alone";
  EXPECT_EQ(about("三门县和天台县，三门县和天台县。", v1::Agency::COUNTY, "县"), "") << "two alike";
  EXPECT_EQ(about("三门县司法局。三门县办案。", v1::Agency::COUNTY, "区"), "");
  EXPECT_EQ(about("", v1::Agency::COUNTY, ""), "");
}

TEST(RegionIndexTest, FullNamesFollowTheWrittenName) {
  const RegionIndex& index = testing::TheRegions();
  const int entry = index.LongestAt("蓟州区", 0).candidates.front();
  EXPECT_EQ(index.FullNameAs(entry, "蓟州区"), "天津市蓟州区");
  EXPECT_EQ(index.FullNameAs(entry, "蓟县"), "天津市蓟县");
}

TEST(RegionIndexTest, EndingsOfDivisionsAreKnown) {
  const RegionIndex& index = testing::TheRegions();
  ASSERT_NE(index.EndingAt("县司法局", 0), nullptr);
  EXPECT_EQ(index.EndingAt("县司法局", 0)->level, v1::Agency::COUNTY);
  EXPECT_TRUE(index.EndingAt("市司法局", 0)->or_county);
  EXPECT_EQ(index.EndingAt("司法局", 0), nullptr);
  EXPECT_EQ(index.EndingAt("自治县", 0), nullptr) << "full names alone end so";
}

TEST(RegionIndexTest, RefusesAFaultyTable) {
  struct Case {
    std::string code, message;
  };
  for (const Case& c : std::vector<Case>{{"33102", "six digits"}, {"33102a", "six digits"}, {"331022", "province"}}) {
    ingest::RegionLexicon lexicon;
    lexicon.add_region()->set_code(c.code);
    lexicon.mutable_region(0)->set_name("三门县");
    const absl::Status status = RegionIndex::Create(lexicon).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.code;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
  }
}

// The table itself: every division under a known parent, with one code each.
TEST(RegionIndexTest, EveryDivisionHasItsPlace) {
  const RegionIndex& index = testing::TheRegions();
  ASSERT_GT(index.entries().size(), 3000u);
  std::vector<std::string> wrong;
  for (const RegionIndex::Entry& entry : index.entries()) {
    const bool province = entry.level == v1::Agency::PROVINCE;
    if (province != (entry.parent < 0) || !entry.full_name.ends_with(entry.name)) wrong.push_back(entry.code);
  }
  EXPECT_THAT(wrong, IsEmpty());
  EXPECT_THAT(CodesOf(index.LongestAt("浙江省", 0).candidates), ElementsAre("330000"));
}

}  // namespace
}  // namespace duban
