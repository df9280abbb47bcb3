// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "common/testing/temp_dir.h"
#include "common/testing/wait.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duban {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// The output of a shell's `script`.
absl::StatusOr<std::string> Shell(const std::string& script, std::string_view input = "",
                                  const ChildOptions& options = {}) {
  absl::StatusOr<ChildEnd> end = RunChild({"/bin/sh", "-c", script}, input, options);
  if (!end.ok()) return end.status();
  return end->output;
}

TEST(RunChildTest, CarriesInputOutputAndStatus) {
  EXPECT_EQ(*Shell("cat"), "");
  const std::string much(1u << 20, 'x');
  EXPECT_EQ(*Shell("cat", much), much);
  const auto end = RunChild({"/bin/sh", "-c", "exit 3"}, much);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(WEXITSTATUS(end->status), 3);
}

// Former bug: passwords in the environment and open connections were the child's, too.
TEST(RunChildTest, ChildInheritsNothing) {
  setenv("DUBAN_DATABASE", "password=secret", 1);
  EXPECT_EQ(*Shell("cat /proc/self/environ | tr '\\0' '\\n' | grep -v ^PWD="), "LANG=C.UTF-8\n");
  unsetenv("DUBAN_DATABASE");
  const int open_file = open("/dev/null", O_RDONLY);
  ASSERT_GE(open_file, 3);
  EXPECT_EQ(*Shell("ls /proc/$$/fd; true"), "0\n1\n2\n");
  close(open_file);
}

TEST(RunChildTest, ChildHasItsSignals) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto handler = signal(SIGPIPE, SIG_IGN);
  const auto status = RunChild({"/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}, "");
  signal(SIGPIPE, handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(status.ok()) << status.status();
  // The C library keeps signals 32 and 33 for itself.
  EXPECT_THAT(status->output, MatchesRegex("SigBlk:\t0+\nSigIgn:\t0000000.80000000\n|SigBlk:\t0+\nSigIgn:\t0+\n"));
}

TEST(RunChildTest, TellsTheMachinesFaultsFromOthers) {
  const auto late = Shell("exec sleep 600", "", {.deadline = std::chrono::milliseconds(50)});
  EXPECT_TRUE(absl::IsUnavailable(late.status())) << late.status();
  const auto absent = RunChild({"/nowhere/at/all"}, "");
  EXPECT_TRUE(absl::IsFailedPrecondition(absent.status())) << absent.status();
  const auto chatty = Shell("cat /dev/zero", "", {.max_output = 1000});
  EXPECT_TRUE(absl::IsFailedPrecondition(chatty.status())) << chatty.status();
  rlimit most;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &most), 0);
  const rlimit few{3, most.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  const auto none_left = Shell("true");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &most), 0);
  EXPECT_TRUE(absl::IsUnavailable(none_left.status())) << none_left.status();
  EXPECT_TRUE(Shell("true").ok());
}

TEST(RunChildTest, NoMoreAtOnceThanCores) {
  const testing::TempDir dir;
  const std::string started = dir.File("started"), gate = dir.File("gate");
  ASSERT_TRUE(std::filesystem::create_directory(started));
  ASSERT_EQ(mkfifo(gate.c_str(), 0600), 0);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < cores; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(*Shell("> " + started + "/$$; head -c 1 " + gate), "x"); });
  }
  ASSERT_TRUE(testing::WaitFor([&] {
    return std::distance(std::filesystem::directory_iterator(started), {}) == static_cast<ptrdiff_t>(cores);
  }));
  const auto refused = Shell("true", "", {.deadline = std::chrono::milliseconds(50)});
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("too many"));
  const int writer = open(gate.c_str(), O_RDWR);
  EXPECT_EQ(write(writer, std::string(cores, 'x').data(), cores), static_cast<ssize_t>(cores));
  for (std::thread& thread : threads) thread.join();
  close(writer);
  EXPECT_TRUE(Shell("true").ok());
}

}  // namespace
}  // namespace duban
