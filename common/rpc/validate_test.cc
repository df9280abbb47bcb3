// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/validate.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "common/base/status.h"

namespace duban {
namespace {

TEST(CheckTextTest, SaysWhatIsWrong) {
  struct Case {
    std::string text;
    std::string message;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"a", ""},
           {"督办", ""},
           {"督办司法", "text: 12 bytes, want 1 to 8"},
           {"", "text: 0 bytes, want 1 to 8"},
           {"督\xE5\x8A", "text: byte 3 is not UTF-8, want UTF-8"},
       }) {
    const absl::Status status = CheckText("text", c.text, 8);
    EXPECT_EQ(Message(status), c.message);
    EXPECT_EQ(status.code(), c.message.empty() ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument);
  }
}

TEST(CheckWordsTest, WantsSomethingToRead) {
  for (const char* good : {"周某", "已动工\n\t详见附件", "  a "})
    EXPECT_TRUE(CheckWords("note", good, 64).ok()) << good;
  for (const auto& [text, message] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", "note: 0 bytes, want 1 to 8"},
           {"  \n", "note: only blanks, want words"},
           {"\u3000\u00A0", "note: only blanks, want words"},
           {"\u200B", "note: only blanks, want words"},
           {"ab\x1B[m", "note: control character U+001B at byte 2, want none"},
           {std::string("a\0", 2), "note: control character U+0000 at byte 1, want none"},
       }) {
    const absl::Status status = CheckWords("note", text, 8);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_EQ(Message(status), message);
  }
}

TEST(CheckRegionPrefixTest, WantsTwoToSixDigits) {
  for (const char* good : {"", "44", "440310"}) EXPECT_TRUE(CheckRegionPrefix(good).ok()) << good;
  for (const char* bad : {"4", "4403101", "4a", "44%", " 44"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckRegionPrefix(bad))) << bad;
  }
}

}  // namespace
}  // namespace duban
