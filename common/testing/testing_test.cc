// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/testing/subprocess.h"
#include "common/testing/temp_dir.h"
#include "common/testing/wait.h"

namespace duban::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST(WaitForTest, AsksUntilTrue) {
  std::atomic<int> asked{0};
  EXPECT_TRUE(WaitFor([&] { return ++asked == 5; }));
  EXPECT_EQ(asked, 5);
  EXPECT_FALSE(WaitFor([] { return false; }, milliseconds(5)));
}

TEST(TempDirTest, EndsWithItsContent) {
  std::string path;
  {
    TempDir dir;
    path = dir.path();
    WriteFile(dir.File("a"), "bytes");
    EXPECT_EQ(*ReadFile(dir.File("a")), "bytes");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(SubprocessTest, RunProgramGivesOutputAndCode) {
  const auto result =
      RunProgram({.argv = {"sh", "-c", "echo out $WORD; echo err >&2; exit 3"}, .env = {{"WORD", "x y"}}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "out x y\nerr\n");
}

TEST(SubprocessTest, NamesWhatCannotStart) {
  const auto missing = Subprocess::Start({.argv = {"/nonexistent/program"}});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(missing.status()), HasSubstr("/nonexistent/program: No such file"));
  EXPECT_EQ(Subprocess::Start({}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Subprocess::Start({.argv = {"true"}, .user = "no such user"}).status().code(), absl::StatusCode::kNotFound);
}

TEST(SubprocessTest, SignalsAndTimeouts) {
  auto process = Subprocess::Start({.argv = {"sleep", "1000"}});
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_TRUE((*process)->Running());
  EXPECT_EQ((*process)->Wait(milliseconds(5)).status().code(), absl::StatusCode::kDeadlineExceeded);
  (*process)->Kill(SIGKILL);
  EXPECT_EQ(*(*process)->Wait(), 128 + SIGKILL);
  (*process)->Kill(SIGTERM);

  auto polite = Subprocess::Start({.argv = {"sleep", "1000"}});
  EXPECT_EQ(*(*polite)->Terminate(), 128 + SIGTERM);
}

TEST(SubprocessTest, EndsWithItsObject) {
  pid_t pid = 0;
  {
    auto process = Subprocess::Start({.argv = {"sleep", "1000"}});
    pid = (*process)->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(SubprocessTest, EndsWithTheThreadThatStartedIt) {
  std::unique_ptr<Subprocess> process;
  std::thread([&] { process = *Subprocess::Start({.argv = {"sleep", "1000"}}); }).join();
  EXPECT_EQ(*process->Wait(), 128 + SIGKILL);
}

TEST(FreePortTest, GivesAPort) { EXPECT_GT(FreePort(), 1023); }

}  // namespace
}  // namespace duban::testing
