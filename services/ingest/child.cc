// SPDX-License-Identifier: Apache-2.0
// One socket pair carries the input in and the output out: the child's standard input and output. The parent never
// blocks: it polls, sends and receives in pieces, and kills the child at the deadline or when it says too much.
#include "services/ingest/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "common/base/status.h"

namespace duban {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

// What a call of the system that failed with `error` says about the machine and the file.
absl::Status SystemError(int error, std::string_view what) {
  const bool passes = error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE || error == ENOBUFS;
  return absl::Status(passes ? absl::StatusCode::kUnavailable : absl::StatusCode::kFailedPrecondition,
                      fmt::format("{}: {}", what, std::strerror(error)));
}

// The children that may run at once in this process.
class Turns {
 public:
  static Turns& Get() {
    static Turns turns;
    return turns;
  }
  bool Take(Deadline deadline) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_until(lock, deadline, [this] { return free_ > 0; })) return false;
    --free_;
    return true;
  }
  void Give() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  unsigned free_ = std::max(1u, std::thread::hardware_concurrency());
};

// A child process and the socket to it; ends the child and gives its turn back when it goes.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (socket_ >= 0) close(socket_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      Wait();
    }
    if (has_turn_) Turns::Get().Give();
  }

  absl::Status Start(const std::vector<std::string>& argv, Deadline deadline) {
    has_turn_ = Turns::Get().Take(deadline);
    if (!has_turn_) return absl::UnavailableError("too many documents are converted at once");
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return SystemError(errno, "socketpair");
    socket_ = ends[0];
    const int error = Spawn(argv, ends[1]);
    close(ends[1]);
    if (error == 0) return absl::OkStatus();
    pid_ = -1;
    return SystemError(error, argv[0]);
  }

  // Sends all of `bytes` and receives all that the child says.
  absl::StatusOr<std::string> Talk(std::string_view bytes, Deadline deadline, const ChildOptions& options) {
    std::string out(1u << 16, '\0'), said;
    bool sending = true;
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd poll_fd{socket_, static_cast<short>(POLLIN | (sending ? POLLOUT : 0)), 0};
      if (left.count() <= 0 || (poll(&poll_fd, 1, static_cast<int>(left.count())) == 0))
        return absl::UnavailableError(fmt::format("conversion took more than {} ms", options.deadline.count()));
      if (poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) {
        const ssize_t size = recv(socket_, out.data(), out.size(), MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return said;
        if (size > 0) said.append(out, 0, static_cast<size_t>(size));
        if (said.size() > options.max_output)
          return absl::FailedPreconditionError(
              fmt::format("conversion gave more than {} bytes of text", options.max_output));
      }
      if (sending && (poll_fd.revents & POLLOUT)) {
        const ssize_t size = send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size > 0) bytes.remove_prefix(static_cast<size_t>(size));
        const bool broken = size < 0 && errno != EAGAIN && errno != EINTR;
        if (bytes.empty() || broken) {
          sending = false;
          shutdown(socket_, SHUT_WR);
        }
      }
    }
  }

  // The child's exit status once it ended.
  int Wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  // 0 or the error.
  int Spawn(const std::vector<std::string>& argv, int end) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    char language[] = "LANG=C.UTF-8";
    char* const environment[] = {language, nullptr};
    const int error = posix_spawn(&pid_, argv[0].c_str(), &actions, &attributes, arguments.data(), environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }

  bool has_turn_ = false;
  pid_t pid_ = -1;
  int socket_ = -1;
};

}  // namespace

absl::StatusOr<ChildEnd> RunChild(const std::vector<std::string>& argv, std::string_view input,
                                  const ChildOptions& options) {
  const Deadline deadline = std::chrono::steady_clock::now() + options.deadline;
  Child child;
  DUBAN_RETURN_IF_ERROR(child.Start(argv, deadline));
  DUBAN_ASSIGN_OR_RETURN(std::string output, child.Talk(input, deadline, options));
  return ChildEnd{.status = child.Wait(), .output = std::move(output)};
}

}  // namespace duban
