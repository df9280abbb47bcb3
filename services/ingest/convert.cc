// SPDX-License-Identifier: Apache-2.0
// One socket pair carries the document in and the page out: the child's standard input and output. The parent never
// blocks: it polls, sends and receives in pieces, and kills the child at the deadline or when it says too much.
#include "services/ingest/convert.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "absl/status/status.h"
#include "services/ingest/converted.pb.h"

extern char** environ;

namespace duban {
namespace {

absl::Status Failed(std::string_view why) { return absl::FailedPreconditionError(fmt::format("content: {}", why)); }

// duban-convert in the folder of the running program.
std::string ConverterPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  const std::string self(path, size > 0 ? static_cast<size_t>(size) : 0);
  return self.substr(0, self.rfind('/') + 1) + "duban-convert";
}

// A child process and the socket to it; ends the child when it goes.
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
  }

  absl::Status Start(const std::string& media_type, const ConvertLimits& limits) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return Failed(std::strerror(errno));
    socket_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const std::string path = ConverterPath();
    std::string words[] = {path, media_type, std::to_string(limits.memory_bytes), std::to_string(limits.cpu_seconds)};
    char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    const int error = posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error == 0) return absl::OkStatus();
    pid_ = -1;
    return Failed(fmt::format("{} cannot be read without {}: {}", media_type, path, std::strerror(error)));
  }

  // Sends all of `bytes` and receives all that the child says.
  absl::StatusOr<std::string> Talk(std::string_view bytes, const ConvertLimits& limits) {
    const auto deadline = std::chrono::steady_clock::now() + limits.deadline;
    std::string out(1u << 16, '\0'), said;
    bool sending = true;
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd poll_fd{socket_, static_cast<short>(POLLIN | (sending ? POLLOUT : 0)), 0};
      if (left.count() <= 0 || (poll(&poll_fd, 1, static_cast<int>(left.count())) == 0))
        return Failed(fmt::format("conversion took more than {} ms", limits.deadline.count()));
      if (poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) {
        const ssize_t size = recv(socket_, out.data(), out.size(), MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return said;
        if (size > 0) said.append(out, 0, static_cast<size_t>(size));
        if (static_cast<int64_t>(said.size()) > limits.output_bytes)
          return Failed(fmt::format("conversion gave more than {} bytes of text", limits.output_bytes));
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
  pid_t pid_ = -1;
  int socket_ = -1;
};

}  // namespace

std::string BinaryMediaType(std::string_view bytes) {
  if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  if (bytes.starts_with(std::string_view("PK\3\4"))) return "application/zip";
  return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") ? "application/x-ole-storage" : "";
}

absl::StatusOr<Page> Convert(std::string_view bytes, const std::string& media_type, const ConvertLimits& limits) {
  if (media_type == "application/x-ole-storage") return Failed("old Word format, want DOCX, PDF, OFD, HTML or text");
  Child child;
  if (absl::Status status = child.Start(media_type, limits); !status.ok()) return status;
  absl::StatusOr<std::string> said = child.Talk(bytes, limits);
  if (!said.ok()) return said.status();
  const int status = child.Wait();
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
    return Failed(fmt::format("conversion took more than {} s of processor time", limits.cpu_seconds));
  ingest::ConvertedPage converted;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !converted.ParseFromString(*said))
    return Failed(fmt::format("conversion crashed or wanted more than {} bytes of memory", limits.memory_bytes));
  if (converted.code() != 0) return absl::Status(static_cast<absl::StatusCode>(converted.code()), converted.message());
  Page page;
  page.media_type = std::move(*converted.mutable_media_type());
  for (ingest::ConvertedPage::Line& line : *converted.mutable_line()) {
    page.lines.push_back({std::move(*line.mutable_text()), true, line.title(), line.whole(), line.blank_before()});
  }
  return page;
}

}  // namespace duban
