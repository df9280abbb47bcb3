// SPDX-License-Identifier: Apache-2.0
// One connection to Redis and the pool of them: the inside of RedisClient.
//
// RedisConnection is thread-compatible, RedisPool thread-safe.

#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/redis/redis_client.h"

struct redisContext;

namespace duban {

// Where a server listens, as RedisOptions::address tells it.
struct RedisAddress {
  // Empty for a unix socket.
  std::string host;
  int port = 0;
  std::string path;
};
absl::StatusOr<RedisAddress> ParseRedisAddress(const std::string& address);

class RedisConnection {
 public:
  // Connects and authenticates. UNAVAILABLE if the server is out of reach.
  static absl::StatusOr<std::unique_ptr<RedisConnection>> Open(const RedisAddress& address,
                                                               const RedisOptions& options);

  // False if the server has closed the connection, or sent what nobody asked for.
  bool Alive() const;

  // Sends all commands and reads all replies. After an error the connection is of no use.
  absl::StatusOr<std::vector<RedisReply>> Exchange(std::span<const RedisCommand> commands);

 private:
  struct ContextDeleter {
    void operator()(redisContext* context) const;
  };
  RedisConnection(redisContext* context, const RedisOptions& options);
  absl::Status SetTimeout(std::chrono::milliseconds timeout);
  absl::Status Error(std::chrono::milliseconds timeout) const;

  const std::unique_ptr<redisContext, ContextDeleter> context_;
  const std::string name_;
  const std::chrono::milliseconds command_timeout_;
  std::chrono::milliseconds current_timeout_{0};
};

class RedisPool {
 public:
  RedisPool(RedisAddress address, RedisOptions options);

  // A connection for the caller alone. Opens one if none is idle, at the pace of RedisOptions::reconnect after a
  // failure.
  absl::StatusOr<std::unique_ptr<RedisConnection>> Acquire();
  // Takes back a connection that works.
  void Release(std::unique_ptr<RedisConnection> connection);
  // Closes what is idle: the server is not one that we want to speak to.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<RedisConnection> TakeIdle();

  const RedisAddress address_;
  const RedisOptions options_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<RedisConnection>> idle_ ABSL_GUARDED_BY(mutex_);
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  Clock::time_point next_attempt_ ABSL_GUARDED_BY(mutex_);
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duban
