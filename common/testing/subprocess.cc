// SPDX-License-Identifier: Apache-2.0
//
// Between fork and exec only async-signal-safe calls are made: a test has threads, and one of them may hold malloc's
// lock. All strings are therefore laid out before the fork, and a failure of exec comes back as an errno through a
// close-on-exec pipe.
#include "common/testing/subprocess.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <random>
#include <utility>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/testing/temp_dir.h"
#include "common/testing/wait.h"

namespace duban::testing {
namespace {

struct LaunchPlan {
  std::vector<char*> argv;
  std::vector<std::string> env_strings;
  std::vector<char*> env;
  const char* log_file = nullptr;
  const char* working_dir = nullptr;
  bool change_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t parent = 0;
  int error_fd = -1;
};

absl::Status ResolveUser(const std::string& user, LaunchPlan* plan) {
  if (user.empty()) return absl::OkStatus();
  const passwd* entry = getpwnam(user.c_str());
  if (entry == nullptr) return absl::NotFoundError(fmt::format("user: {}, want one of this machine", user));
  plan->change_user = entry->pw_uid != geteuid();
  plan->uid = entry->pw_uid;
  plan->gid = entry->pw_gid;
  return absl::OkStatus();
}

void ResolveEnvironment(const std::map<std::string, std::string>& added, LaunchPlan* plan) {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!added.contains(std::string(text.substr(0, text.find('='))))) plan->env_strings.emplace_back(text);
  }
  for (const auto& [name, value] : added) plan->env_strings.push_back(name + "=" + value);
  for (std::string& text : plan->env_strings) plan->env.push_back(text.data());
  plan->env.push_back(nullptr);
}

[[noreturn]] void Fail(const LaunchPlan& plan) {
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(plan.error_fd, &error, sizeof(error));
  _exit(127);
}

// Runs in the child.
[[noreturn]] void Launch(const LaunchPlan& plan) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  const int input = open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, STDIN_FILENO) < 0) Fail(plan);
  if (plan.log_file != nullptr) {
    const int log = open(plan.log_file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) Fail(plan);
  }
  if (plan.working_dir != nullptr && chdir(plan.working_dir) != 0) Fail(plan);
  if (plan.change_user && (setgroups(0, nullptr) != 0 || setgid(plan.gid) != 0 || setuid(plan.uid) != 0)) Fail(plan);
  // After the change of user, which would clear it. The parent may have died before.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  execvpe(plan.argv[0], plan.argv.data(), plan.env.data());
  Fail(plan);
}

// The errno that the child's launch ended with, 0 if the program runs.
int ReadLaunchError(int fd) {
  int error = 0;
  ssize_t got;
  do got = read(fd, &error, sizeof(error));
  while (got < 0 && errno == EINTR);
  return got == sizeof(error) ? error : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Subprocess>> Subprocess::Start(const SubprocessOptions& options) {
  if (options.argv.empty()) return absl::InvalidArgumentError("argv: empty, want a program");
  LaunchPlan plan;
  DUBAN_RETURN_IF_ERROR(ResolveUser(options.user, &plan));
  ResolveEnvironment(options.env, &plan);
  for (const std::string& argument : options.argv) plan.argv.push_back(const_cast<char*>(argument.c_str()));
  plan.argv.push_back(nullptr);
  if (!options.log_file.empty()) plan.log_file = options.log_file.c_str();
  if (!options.working_dir.empty()) plan.working_dir = options.working_dir.c_str();
  plan.parent = getpid();
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return absl::ResourceExhaustedError(fmt::format("pipe2: {}", strerror(errno)));
  plan.error_fd = fds[1];
  const pid_t pid = fork();
  if (pid == 0) Launch(plan);
  const int fork_error = pid < 0 ? errno : 0;
  close(fds[1]);
  const int error = pid < 0 ? fork_error : ReadLaunchError(fds[0]);
  close(fds[0]);
  if (error == 0) return std::unique_ptr<Subprocess>(new Subprocess(pid));
  if (pid > 0) waitpid(pid, nullptr, 0);
  return absl::FailedPreconditionError(fmt::format("{}: {}", options.argv[0], strerror(error)));
}

Subprocess::~Subprocess() {
  Kill(SIGKILL);
  WaitFor([this] { return !Running(); });
}

bool Subprocess::Reap() {
  if (ended_) return true;
  int state = 0;
  if (waitpid(pid_, &state, WNOHANG) != pid_) return false;
  ended_ = true;
  exit_code_ = WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
  return true;
}

bool Subprocess::Running() {
  absl::MutexLock lock(&mutex_);
  return !Reap();
}

void Subprocess::Kill(int signal) {
  absl::MutexLock lock(&mutex_);
  if (!Reap()) kill(pid_, signal);
}

absl::StatusOr<int> Subprocess::Wait(std::chrono::milliseconds timeout) {
  if (!WaitFor([this] { return !Running(); }, timeout)) {
    return absl::DeadlineExceededError(fmt::format("process {}: still runs after {} ms", pid_, timeout.count()));
  }
  absl::MutexLock lock(&mutex_);
  return exit_code_;
}

absl::StatusOr<int> Subprocess::Terminate(std::chrono::milliseconds grace) {
  Kill(SIGTERM);
  if (!WaitFor([this] { return !Running(); }, grace)) Kill(SIGKILL);
  return Wait();
}

absl::StatusOr<ProgramResult> RunProgram(SubprocessOptions options, std::chrono::milliseconds timeout) {
  TempDir dir;
  if (!options.user.empty()) std::filesystem::permissions(dir.path(), std::filesystem::perms::all);
  options.log_file = dir.File("output");
  DUBAN_ASSIGN_OR_RETURN(auto process, Subprocess::Start(options));
  DUBAN_ASSIGN_OR_RETURN(const int exit_code, process->Wait(timeout));
  DUBAN_ASSIGN_OR_RETURN(std::string output, ReadFile(options.log_file));
  return ProgramResult{exit_code, std::move(output)};
}

int FreePort() {
  // Below the ports that the kernel gives to outgoing connections: one of those would take the port before its server
  // does, or a client that waits for the server would reach itself.
  constexpr int kLowest = 12000;
  constexpr int kHighest = 32000;
  constexpr int kTries = 1000;
  static std::mt19937 random(std::random_device{}());
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  for (int i = 0; i < kTries; ++i) {
    const int port = std::uniform_int_distribution<int>(kLowest, kHighest)(random);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    close(fd);
    if (bound) return port;
  }
  return 0;
}

}  // namespace duban::testing
