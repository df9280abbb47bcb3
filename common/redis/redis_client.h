// SPDX-License-Identifier: Apache-2.0
// A client of one Redis server: pooled connections, pipelines, scripts.
//
//   DUBAN_ASSIGN_OR_RETURN(auto redis, RedisClient::Create({.address = "127.0.0.1:6379"}));
//   DUBAN_ASSIGN_OR_RETURN(RedisReply reply, redis->Run({{"XLEN", "{duban}:segment"}}));
//   DUBAN_ASSIGN_OR_RETURN(int64_t length, reply.Integer());
//
// Every call takes a connection of the pool for itself and opens one if none is idle, so callers never wait for each
// other. A connection that the server has closed meanwhile is noticed before anything is sent and replaced, so a
// restart of Redis between two calls costs nothing. A command that was sent is never sent again: after UNAVAILABLE it
// may or may not have been executed.
//
// Errors: UNAVAILABLE out of reach, no answer in time, LOADING, READONLY, MASTERDOWN, BUSY and the like (the call may
// work later); RESOURCE_EXHAUSTED maxmemory is reached (OOM); NOT_FOUND no such group (NOGROUP); ALREADY_EXISTS the
// group exists (BUSYGROUP); UNAUTHENTICATED, PERMISSION_DENIED; FAILED_PRECONDITION WRONGTYPE; INTERNAL any other error
// reply. The message begins with Redis' own.
//
// Sets SIGPIPE to be ignored, once, if the process has left it at its default. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/backoff.h"

namespace duban {

class RedisPool;

struct RedisOptions {
  // host:port, or unix:PATH for a socket.
  std::string address = "127.0.0.1:6379";
  // Sent with AUTH on every new connection. Empty password: no AUTH; empty user name: the default user.
  std::string username;
  std::string password;
  // For a connection to be made. Must be above 0.
  std::chrono::milliseconds connect_timeout{1000};
  // For the answer of one command, beyond the time that the command itself may block. Must be above 0.
  std::chrono::milliseconds command_timeout{5000};
  // Connections kept open while unused. 0: every call opens its own.
  int max_idle_connections = 32;
  // After a failed connection the next call waits so long before it tries.
  BackoffOptions reconnect{.initial = std::chrono::milliseconds(20), .max = std::chrono::milliseconds(1000)};
};

// One answer of Redis. Status and bulk strings are both STRING.
struct RedisReply {
  enum class Type { kNil, kInteger, kString, kArray, kError };
  Type type = Type::kNil;
  int64_t integer = 0;
  std::string text;
  std::vector<RedisReply> elements;

  bool IsNil() const { return type == Type::kNil; }
  // The error that a kError stands for; OK for any other type.
  absl::Status status() const;
  // The value. INTERNAL if the reply is of another type; the error itself if it is one.
  absl::StatusOr<int64_t> Integer() const;
  absl::StatusOr<std::string> String() const;
  absl::StatusOr<std::vector<RedisReply>> Array() &&;
};

// A Lua script, known to Redis by its SHA-1.
class RedisScript {
 public:
  explicit RedisScript(std::string_view body);
  const std::string& body() const { return body_; }
  const std::string& sha() const { return sha_; }

 private:
  std::string body_;
  std::string sha_;
};

struct RedisCommand {
  // The command and its arguments, any bytes.
  std::vector<std::string> args;
  // How long the command itself may block on the server (XREADGROUP … BLOCK). 0: not at all.
  std::chrono::milliseconds block{0};
  // Set by Call(): sent again after SCRIPT LOAD if the server does not know the script. Must outlive the command.
  const RedisScript* script = nullptr;

  // EVALSHA of `script`.
  static RedisCommand Call(const RedisScript& script, std::vector<std::string> keys, std::vector<std::string> args);
};

class RedisClient {
 public:
  // Does not connect. INVALID_ARGUMENT names the option that makes no sense.
  static absl::StatusOr<std::unique_ptr<RedisClient>> Create(RedisOptions options);
  ~RedisClient();
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  // The reply of one command. An error reply is an error.
  absl::StatusOr<RedisReply> Run(const RedisCommand& command);

  // Sends all commands at once and gives their replies in order, error replies among them (RedisReply::status). An
  // error stands for the connection: any of the commands may or may not have been executed. Scripts that the server did
  // not know run after the rest.
  absl::StatusOr<std::vector<RedisReply>> Pipeline(std::span<const RedisCommand> commands);

  // OK if the server answers.
  absl::Status Ping();

 private:
  explicit RedisClient(std::unique_ptr<RedisPool> pool);

  const std::unique_ptr<RedisPool> pool_;
};

}  // namespace duban
