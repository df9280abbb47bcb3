// SPDX-License-Identifier: Apache-2.0
#include "services/cli/flag_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/flags/flag.h"
#include "common/base/status.h"

ABSL_FLAG(std::vector<std::string>, kind, {}, "a list");
ABSL_FLAG(int, most, 0, "a number");
ABSL_FLAG(bool, quick, false, "a switch");

namespace duban {
namespace {

using ::testing::ElementsAre;
using Words = std::vector<std::string>;

TEST(OrderFlagsTest, JoinsRepeatedLists) {
  for (const auto& [words, want] : std::vector<std::pair<Words, Words>>{
           {{"list", "a"}, {"list", "a"}},
           {{"list", "--kind=a"}, {"--kind=a", "list"}},
           {{"--kind=a", "list", "--kind=b,c", "-kind", "d"}, {"--kind=a,b,c,d", "list"}},
           {{"list", "--most", "3", "--quick", "x"}, {"list", "--most", "3", "--quick", "x"}},
           {{"--noquick", "-", "--", "--kind=a"}, {"--noquick", "-", "--", "--kind=a"}},
           {{"--kind=", "list"}, {"--kind=", "list"}}}) {
    const auto ordered = OrderFlags(words);
    ASSERT_TRUE(ordered.ok()) << ordered.status();
    EXPECT_EQ(*ordered, want);
  }
}

TEST(OrderFlagsTest, TellsWhatIsWrong) {
  for (const auto& [words, message] : std::vector<std::pair<Words, std::string>>{
           {{"list", "--knid=a"}, "--knid: no such flag; duban --helpfull lists them"},
           {{"--nomost"}, "--nomost: no such flag; duban --helpfull lists them"},
           {{"list", "--kind"}, "--kind: no value behind it"},
           {{"--most=many"}, "--most: \"many\", want another value"},
           {{"--quick=perhaps"}, "--quick: \"perhaps\", want another value"}}) {
    const auto ordered = OrderFlags(words);
    ASSERT_FALSE(ordered.ok());
    EXPECT_TRUE(absl::IsInvalidArgument(ordered.status()));
    EXPECT_THAT(Message(ordered.status()), ::testing::StartsWith(message));
  }
}

TEST(ListFlagsTest, TellsTheFlagsOfTheProgramAlone) {
  EXPECT_EQ(ListFlags(),
            "  --kind                 a list\n"
            "  --most                 a number (0)\n"
            "  --quick                a switch (false)\n");
}

}  // namespace
}  // namespace duban
