// SPDX-License-Identifier: Apache-2.0
#include "common/testing/redis_server.h"

#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>

#include "common/base/lexicon.h"
#include "common/testing/wait.h"

namespace duban::testing {
namespace {

[[noreturn]] void Die(const std::string& what, const TempDir& dir) {
  fmt::print(stderr, "redis-server: {}\n{}\n", what, ReadFile(dir.File("redis.log")).value_or("(no log)"));
  abort();
}

}  // namespace

RedisServer::RedisServer() {
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    port_ = FreePort();
    address_ = fmt::format("127.0.0.1:{}", port_);
    client_ = *RedisClient::Create({.address = address_});
    if (TryStart()) return;
  }
  Die(fmt::format("not up after {} tries", kTries), dir_);
}

bool RedisServer::TryStart() {
  auto process = Subprocess::Start(
      {.argv = {"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_), "--dir", dir_.path(),
                "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no"},
       .log_file = dir_.File("redis.log")});
  if (!process.ok()) Die(process.status().ToString(), dir_);
  process_ = *std::move(process);
  // Another program's server may hold the port and answer: ours must still run when it does.
  return WaitFor([this] { return !process_->Running() || client_->Ping().ok(); }) && process_->Running();
}

void RedisServer::Stop() { (void)process_->Terminate(); }

void RedisServer::Kill() {
  process_->Kill(SIGKILL);
  (void)process_->Wait();
}

void RedisServer::Restart() {
  Stop();
  if (!TryStart()) Die("not up again", dir_);
}

void RedisServer::FlushAll() { Run({{"FLUSHALL"}}); }

void RedisServer::Configure(const std::string& name, const std::string& value) {
  Run({{"CONFIG", "SET", name, value}});
}

RedisReply RedisServer::Run(const RedisCommand& command) {
  auto reply = client_->Run(command);
  if (!reply.ok()) Die(fmt::format("{}: {}", command.args[0], reply.status().ToString()), dir_);
  return *std::move(reply);
}

}  // namespace duban::testing
