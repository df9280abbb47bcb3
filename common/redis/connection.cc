// SPDX-License-Identifier: Apache-2.0
#include "common/redis/connection.h"

#include <errno.h>
#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <charconv>
#include <mutex>
#include <thread>
#include <utility>

#include "common/base/status.h"

namespace duban {
namespace {

using std::chrono::milliseconds;

timeval ToTimeval(milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

// hiredis writes with write(2), which kills the process if the server has just gone.
void IgnoreSigpipe() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction current = {};
    sigaction(SIGPIPE, nullptr, &current);
    if (current.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
  });
}

RedisReply Convert(const redisReply& from) {
  RedisReply to;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      to.type = RedisReply::Type::kInteger;
      to.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      to.type = from.type == REDIS_REPLY_ERROR ? RedisReply::Type::kError : RedisReply::Type::kString;
      to.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      to.type = RedisReply::Type::kArray;
      to.elements.reserve(from.elements);
      for (size_t i = 0; i < from.elements; ++i) to.elements.push_back(Convert(*from.element[i]));
      break;
    default:
      break;
  }
  return to;
}

void Append(redisContext* context, const RedisCommand& command) {
  std::vector<const char*> data;
  std::vector<size_t> sizes;
  data.reserve(command.args.size());
  sizes.reserve(command.args.size());
  for (const std::string& arg : command.args) {
    data.push_back(arg.data());
    sizes.push_back(arg.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(data.size()), data.data(), sizes.data());
}

}  // namespace

absl::StatusOr<RedisAddress> ParseRedisAddress(const std::string& address) {
  constexpr std::string_view kUnix = "unix:";
  if (address.starts_with(kUnix) && address.size() > kUnix.size()) {
    return RedisAddress{.path = address.substr(kUnix.size())};
  }
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon != std::string::npos && colon > 0) {
    const char* end = address.data() + address.size();
    const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, port);
    if (error != std::errc() || rest != end) port = 0;
  }
  if (port < 1 || port > 65535) {
    return InvalidField("address", fmt::format("{}, want host:port or unix:PATH", address));
  }
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return RedisAddress{.host = std::move(host), .port = port};
}

void RedisConnection::ContextDeleter::operator()(redisContext* context) const { redisFree(context); }

RedisConnection::RedisConnection(redisContext* context, const RedisOptions& options)
    : context_(context), name_(options.address), command_timeout_(options.command_timeout) {}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::Open(const RedisAddress& address,
                                                                       const RedisOptions& options) {
  IgnoreSigpipe();
  const timeval timeout = ToTimeval(options.connect_timeout);
  redisContext* context = address.path.empty() ? redisConnectWithTimeout(address.host.c_str(), address.port, timeout)
                                               : redisConnectUnixWithTimeout(address.path.c_str(), timeout);
  if (context == nullptr) return absl::ResourceExhaustedError("redis: no memory for a connection");
  std::unique_ptr<RedisConnection> connection(new RedisConnection(context, options));
  if (context->err != 0) return connection->Error(options.connect_timeout);
  if (address.path.empty()) redisEnableKeepAlive(context);
  if (!options.password.empty()) {
    RedisCommand auth{{"AUTH", options.password}};
    if (!options.username.empty()) auth.args.insert(auth.args.begin() + 1, options.username);
    DUBAN_ASSIGN_OR_RETURN(const auto replies, connection->Exchange({&auth, 1}));
    DUBAN_RETURN_IF_ERROR(replies.front().status());
  }
  return connection;
}

bool RedisConnection::Alive() const {
  char byte;
  const ssize_t got = recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

absl::Status RedisConnection::Error(milliseconds timeout) const {
  const bool timed_out = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (timed_out) return absl::UnavailableError(fmt::format("redis {}: no answer in {} ms", name_, timeout.count()));
  return absl::UnavailableError(fmt::format("redis {}: {}", name_, context_->errstr));
}

absl::Status RedisConnection::SetTimeout(milliseconds timeout) {
  if (timeout == current_timeout_) return absl::OkStatus();
  if (redisSetTimeout(context_.get(), ToTimeval(timeout)) != REDIS_OK) return Error(timeout);
  current_timeout_ = timeout;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RedisReply>> RedisConnection::Exchange(std::span<const RedisCommand> commands) {
  milliseconds timeout = command_timeout_;
  for (const RedisCommand& command : commands) timeout += command.block;
  DUBAN_RETURN_IF_ERROR(SetTimeout(timeout));
  for (const RedisCommand& command : commands) Append(context_.get(), command);
  std::vector<RedisReply> replies;
  replies.reserve(commands.size());
  while (replies.size() < commands.size()) {
    void* raw = nullptr;
    if (redisGetReply(context_.get(), &raw) != REDIS_OK) return Error(timeout);
    const std::unique_ptr<void, void (*)(void*)> reply(raw, freeReplyObject);
    replies.push_back(Convert(*static_cast<redisReply*>(raw)));
  }
  return replies;
}

RedisPool::RedisPool(RedisAddress address, RedisOptions options)
    : address_(std::move(address)), options_(std::move(options)) {}

std::unique_ptr<RedisConnection> RedisPool::TakeIdle() {
  absl::MutexLock lock(&mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<RedisConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->Alive()) return connection;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisPool::Acquire() {
  if (auto connection = TakeIdle()) return connection;
  Clock::time_point next_attempt;
  {
    absl::MutexLock lock(&mutex_);
    next_attempt = next_attempt_;
  }
  std::this_thread::sleep_until(next_attempt);
  auto connection = RedisConnection::Open(address_, options_);
  absl::MutexLock lock(&mutex_);
  if (connection.ok()) {
    failures_ = 0;
  } else {
    next_attempt_ = Clock::now() + Backoff(options_.reconnect, failures_++, absl::Uniform(random_, 0.0, 1.0));
  }
  return connection;
}

void RedisPool::Release(std::unique_ptr<RedisConnection> connection) {
  absl::MutexLock lock(&mutex_);
  if (idle_.size() < static_cast<size_t>(options_.max_idle_connections)) idle_.push_back(std::move(connection));
}

void RedisPool::Clear() {
  absl::MutexLock lock(&mutex_);
  idle_.clear();
}

}  // namespace duban
