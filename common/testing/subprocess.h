// SPDX-License-Identifier: Apache-2.0
// Programs that a test starts, and that never outlive it.
//
//   auto worker = Subprocess::Start({.argv = {binary, "--role=worker"}, .log_file = dir.File("worker.log")});
//   (*worker)->Kill(SIGKILL);
//   EXPECT_EQ(*(*worker)->Wait(), 128 + SIGKILL);
//
// The kernel kills a child when the thread that started it ends, however it ends (PR_SET_PDEATHSIG): start programs
// from a thread that outlives them. Thread-safe.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace duban::testing {

struct SubprocessOptions {
  // Program and arguments; a name without a slash is looked up in PATH.
  std::vector<std::string> argv;
  // Variables put over the test's own environment.
  std::map<std::string, std::string> env;
  // Standard output and error are appended here. Empty: they go where the test's own go.
  std::string log_file;
  // Empty: the test's own working directory.
  std::string working_dir;
  // Name of the user to run as, which only root can change (PostgreSQL refuses root). Empty: the test's own.
  std::string user;
};

class Subprocess {
 public:
  // Starts the program with empty standard input. NOT_FOUND for an unknown user, FAILED_PRECONDITION with the system's
  // reason if the program cannot be started.
  static absl::StatusOr<std::unique_ptr<Subprocess>> Start(const SubprocessOptions& options);

  // Kills with SIGKILL what still runs, and waits for its end.
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();
  // Sends `signal`. Nothing happens if the program has ended.
  void Kill(int signal);
  // The exit code, 128 + signal if a signal ended it. DEADLINE_EXCEEDED if it still runs after `timeout`.
  absl::StatusOr<int> Wait(std::chrono::milliseconds timeout = std::chrono::seconds(30));
  // SIGTERM, then SIGKILL after `grace`; answers as Wait.
  absl::StatusOr<int> Terminate(std::chrono::milliseconds grace = std::chrono::seconds(10));

 private:
  explicit Subprocess(pid_t pid) : pid_(pid) {}
  bool Reap() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const pid_t pid_;
  absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  int exit_code_ ABSL_GUARDED_BY(mutex_) = 0;
};

struct ProgramResult {
  int exit_code = 0;
  // Standard output and error, as they came.
  std::string output;
};

// Runs a program to its end; options.log_file is not used. DEADLINE_EXCEEDED, and the program is killed, after
// `timeout`.
absl::StatusOr<ProgramResult> RunProgram(SubprocessOptions options,
                                         std::chrono::milliseconds timeout = std::chrono::seconds(60));

// A TCP port of 127.0.0.1 that was free a moment ago. Another program may take it first: be ready to try again.
int FreePort();

}  // namespace duban::testing
