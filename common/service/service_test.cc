// SPDX-License-Identifier: Apache-2.0
// What RunService says to wrong command lines, before it opens anything.
#include "common/service/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/base/status.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

// Starts a service with `word`; ends the process.
void Start(std::string word) {
  std::string program = "duban-test";
  char* argv[] = {program.data(), word.data(), nullptr};
  std::exit(RunService(2, argv, "test", [](ServiceContext&) { return ServiceParts(); }));
}

TEST(RunServiceDeathTest, NamesTheWrongFlag) {
  unsetenv("DUBAN_DATABASE");
  struct Case {
    std::string word, message;
  };
  for (const Case& c : std::vector<Case>{
           {"--role=boss", "--role: "},
           {"--batch_size=0", "--batch_size: 0, want 1 to 100"},
           {"--batch_size=101", "--batch_size: 101, want 1 to 100"},
           {"--worker_threads=0", "--worker_threads: 0, want 1 or more"},
           {"--max_threads=0", "--max_threads: 0"},
           {"--database_connections=0", "--database_connections: 0"},
           {"--max_attempts=-1", "--max_attempts: -1"},
           {"--lease=0", "--lease: 0, want above 0"},
           {"--lease=-3s", "--lease: -3s, want above 0"},
           {"--drain_pause=-1s", "--drain_pause: -1s, want 0 or more"},
           {"worker", "want flags only"},
           // Right ones go on to the next thing that is missing.
           {"--batch_size=100", "DUBAN_DATABASE: empty"},
           {"--lease=1s", "DUBAN_DATABASE: empty"},
       }) {
    EXPECT_EXIT(Start(c.word), ::testing::ExitedWithCode(1), HasSubstr(c.message)) << c.word;
  }
}

TEST(CheckPositiveTest, NamesTheFlag) {
  EXPECT_TRUE(CheckPositive("--quiet", absl::Nanoseconds(1)).ok());
  EXPECT_EQ(Message(CheckPositive("--quiet", absl::ZeroDuration())), "--quiet: 0, want above 0");
  EXPECT_TRUE(absl::IsInvalidArgument(CheckPositive("--quiet", -absl::InfiniteDuration())));
}

}  // namespace
}  // namespace duban
