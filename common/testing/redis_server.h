// SPDX-License-Identifier: Apache-2.0
// A real redis-server of a test's own: free loopback port, data in a temp dir, AOF, noeviction, nothing left behind.
//
//   RedisServer server;
//   auto redis = RedisClient::Create({.address = server.address()});
//   server.Kill();  server.Restart();  // the same port and data
//
// Must be started from a thread that outlives it (see subprocess.h). Thread-compatible.

#pragma once

#include <memory>
#include <string>

#include "common/redis/redis_client.h"
#include "common/testing/subprocess.h"
#include "common/testing/temp_dir.h"

namespace duban::testing {

class RedisServer {
 public:
  // Starts the server and waits until it answers. Ends the process with the server's log if it does not: no test can go
  // on.
  RedisServer();

  const std::string& address() const { return address_; }
  // SIGTERM: the server writes what it holds and ends.
  void Stop();
  // SIGKILL. As with any Redis whose appendfsync is everysec, the last 2 s of answered writes may be lost; set it to
  // always for a test that must not lose any.
  void Kill();
  // Ends the server if it runs, starts it again on its port and data, and waits until it answers.
  void Restart();
  // Removes all keys, as a lost volume would.
  void FlushAll();
  // CONFIG SET; lasts until a restart.
  void Configure(const std::string& name, const std::string& value);
  // Runs any command. Ends the process on an error.
  RedisReply Run(const RedisCommand& command);

 private:
  bool TryStart();

  TempDir dir_;
  int port_ = 0;
  std::string address_;
  std::unique_ptr<RedisClient> client_;
  std::unique_ptr<Subprocess> process_;
};

}  // namespace duban::testing
