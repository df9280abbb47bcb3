// SPDX-License-Identifier: Apache-2.0
#include "services/plan/carry_over.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace duban {
namespace {

using ::testing::ElementsAreArray;
using Words = std::pair<std::string, std::string>;  // title and text

v1::PlanItem MakeItem(int place, const Words& words) {
  v1::PlanItem item;
  item.set_id(fmt::format("p{}", place));
  item.set_title(words.first);
  item.set_text(words.second);
  return item;
}

const Words kArchive = {"建成数字档案馆一期", "建成数字档案馆一期，年内投用。"};
const Words kArchiveLonger = {"建成数字档案馆一期", "建成数字档案馆一期，年内投用，培训管理员。"};
const Words kJoined = {"推进馆室建设", "推进馆室建设，建成数字档案馆一期，修缮旧馆。"};
const Words kHall = {"修缮旧馆", "修缮旧馆。"};
const Words kHallInText = {"改善条件", "改善条件，修缮旧馆，添置书架。"};
const Words kOther = {"开展普法宣传", "开展普法宣传。"};

TEST(CarryOverTest, FollowsTheWords) {
  struct Case {
    std::string_view name;
    // What was said of items: id and words (both empty: not known).
    std::vector<std::pair<std::string, Words>> said;
    std::vector<Words> items;
    std::vector<std::string> kept;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"nothing changed", {{"p1", kArchive}, {"p2", kHall}}, {kArchive, kHall}, {"p1", "p2"}},
           {"one came before", {{"p1", kArchive}, {"p2", kHall}}, {kOther, kArchive, kHall}, {"p2", "p3"}},
           {"they changed places", {{"p1", kArchive}, {"p2", kHall}}, {kHall, kArchive}, {"p2", "p1"}},
           {"the text grew", {{"p2", kArchive}}, {kArchiveLonger, kOther}, {"p1"}},
           {"it was joined to another", {{"p1", kArchive}}, {kOther, kJoined}, {"p2"}},
           {"the same words before the same title", {{"p1", kArchive}}, {kArchiveLonger, kArchive}, {"p2"}},
           {"a sure sign takes the item", {{"p1", kArchiveLonger}, {"p2", kArchive}}, {kArchive}, {"~1", "p1"}},
           {"a short title in a text says nothing", {{"p1", kHall}}, {kHallInText}, {"~1"}},
           {"another promise at its place", {{"p1", kArchive}}, {kOther}, {"~1"}},
           {"no promise at all", {{"p1", kArchive}, {"p2", kHall}}, {}, {"~1", "~2"}},
           {"it comes back", {{"~2", kArchive}, {"p1", kOther}}, {kOther, kArchive}, {"p2", "p1"}},
           {"it stays aside", {{"~2", kArchive}, {"p1", kHall}}, {kOther}, {"~2", "~1"}},
           {"twice the same words", {{"p1", kHall}, {"p2", kHall}}, {kOther, kHall, kHall}, {"p3", "p2"}},
           {"twice the same words, one spoken of", {{"p2", kHall}}, {kHall, kHall}, {"p2"}},
           {"nothing known", {{"p1", {}}, {"p3", {}}}, {kOther, kHall}, {"p1", "~1"}},
           {"nothing known, but the place is taken", {{"p1", {}}, {"p2", kOther}}, {kOther}, {"~1", "p1"}}}) {
    SCOPED_TRACE(c.name);
    std::vector<Remembered> remembered;
    for (const auto& [id, words] : c.said) {
      const bool known = !words.first.empty();
      remembered.push_back({id, words.first, known ? DigestOf(MakeItem(1, words)) : ""});
    }
    std::vector<v1::PlanItem> items;
    for (const Words& words : c.items) items.push_back(MakeItem(static_cast<int>(items.size()) + 1, words));
    EXPECT_THAT(CarryOver(remembered, items), ElementsAreArray(c.kept));
  }
}

// However items come, go and move, what was said of a promise is shown at that promise or not at all, and never lost.
TEST(CarryOverTest, NeverShowsAtAnotherPromise) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> promises(8);
    for (int i = 0; i < 8; ++i) promises[i] = i;
    const auto words = [](int promise) {
      return Words{fmt::format("承诺{}", promise), fmt::format("承诺{}。", promise)};
    };
    std::vector<Remembered> remembered;
    for (int step = 0; step < 6; ++step) {
      std::shuffle(promises.begin(), promises.end(), random);
      std::vector<v1::PlanItem> items;
      const size_t size = random() % 9;
      for (size_t i = 0; i < size; ++i) items.push_back(MakeItem(static_cast<int>(i) + 1, words(promises[i])));
      if (step == 0) {
        for (const v1::PlanItem& item : items) {
          if (random() % 2 == 0) remembered.push_back({item.id(), item.title(), DigestOf(item)});
        }
        continue;
      }
      const std::vector<std::string> kept = CarryOver(remembered, items);
      ASSERT_EQ(std::set<std::string>(kept.begin(), kept.end()).size(), remembered.size());
      for (size_t i = 0; i < kept.size(); ++i) {
        remembered[i].item = kept[i];
        const auto item =
            std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.id() == kept[i]; });
        const auto same = std::find_if(items.begin(), items.end(),
                                       [&](const auto& one) { return one.title() == remembered[i].title; });
        ASSERT_EQ(item, same);
      }
    }
  }
}

}  // namespace
}  // namespace duban
