// SPDX-License-Identifier: Apache-2.0
#include "common/redis/redis_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <thread>

#include "common/base/status.h"
#include "common/testing/redis_server.h"
#include "common/testing/wait.h"

namespace duban {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::RedisServer;
using ::testing::StartsWith;
using testing::WaitFor;

std::unique_ptr<RedisClient> Connect(const RedisServer& server) {
  return *RedisClient::Create({.address = server.address()});
}

TEST(RedisOptionsTest, NamesTheFault) {
  struct Case {
    RedisOptions options;
    const char* message;
  };
  for (const Case& c : std::initializer_list<Case>{
           {{.address = ""}, "address: , want host:port or unix:PATH"},
           {{.address = "host"}, "address: host, want"},
           {{.address = "host:"}, "address: host:, want"},
           {{.address = ":6379"}, "address: :6379, want"},
           {{.address = "host:70000"}, "address: host:70000, want"},
           {{.address = "host:63x"}, "address: host:63x, want"},
           {{.address = "unix:"}, "address: unix:, want"},
           {{.connect_timeout = milliseconds(0)}, "connect_timeout: 0 ms, want above 0"},
           {{.command_timeout = milliseconds(-1)}, "command_timeout: -1 ms, want above 0"},
           {{.max_idle_connections = -1}, "max_idle_connections: -1, want 0 or more"},
       }) {
    const auto client = RedisClient::Create(c.options);
    EXPECT_EQ(client.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(Message(client.status()), StartsWith(c.message));
  }
}

TEST(RedisReplyTest, ErrorsHaveCodes) {
  struct Case {
    const char* text;
    absl::StatusCode code;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"OOM command not allowed", absl::StatusCode::kResourceExhausted},
           {"LOADING Redis is loading", absl::StatusCode::kUnavailable},
           {"READONLY You can't write", absl::StatusCode::kUnavailable},
           {"BUSY Redis is busy", absl::StatusCode::kUnavailable},
           {"BUSYGROUP Consumer Group name", absl::StatusCode::kAlreadyExists},
           {"NOGROUP No such key", absl::StatusCode::kNotFound},
           {"NOAUTH Authentication required.", absl::StatusCode::kUnauthenticated},
           {"WRONGTYPE Operation", absl::StatusCode::kFailedPrecondition},
           {"ERR syntax error", absl::StatusCode::kInternal},
           {"", absl::StatusCode::kInternal},
       }) {
    const RedisReply reply{.type = RedisReply::Type::kError, .text = c.text};
    EXPECT_EQ(reply.status().code(), c.code) << c.text;
    EXPECT_EQ(reply.Integer().status().code(), c.code) << c.text;
  }
  EXPECT_EQ(Message(RedisReply{}.String().status()), "reply: nil, want string");
}

TEST(RedisClientTest, RunsTypedCommands) {
  RedisServer server;
  auto redis = Connect(server);
  EXPECT_EQ(*redis->Run({{"SET", "k", std::string("a\0b", 3)}})->String(), "OK");
  EXPECT_EQ(*redis->Run({{"GET", "k"}})->String(), std::string("a\0b", 3));
  EXPECT_EQ(*redis->Run({{"INCR", "n"}})->Integer(), 1);
  EXPECT_TRUE(redis->Run({{"GET", "missing"}})->IsNil());
  EXPECT_EQ(redis->Run({{"LPUSH", "k", "v"}}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(redis->Run({{"NOSUCH"}}).status().code(), absl::StatusCode::kInternal);
}

TEST(RedisClientTest, PipelineKeepsOrderAndErrorsApart) {
  RedisServer server;
  auto redis = Connect(server);
  std::vector<RedisCommand> commands;
  for (int i = 0; i < 1000; ++i) commands.push_back({{i % 10 == 3 ? "NOSUCH" : "ECHO", std::to_string(i)}});
  const auto replies = redis->Pipeline(commands);
  ASSERT_TRUE(replies.ok()) << replies.status();
  ASSERT_EQ(replies->size(), commands.size());
  for (int i = 0; i < 1000; ++i) {
    if (i % 10 == 3) {
      EXPECT_FALSE((*replies)[i].status().ok());
    } else {
      EXPECT_EQ((*replies)[i].text, std::to_string(i));
    }
  }
  EXPECT_TRUE(redis->Pipeline({})->empty());
}

TEST(RedisClientTest, ScriptsAreLoadedWhenMissed) {
  RedisServer server;
  auto redis = Connect(server);
  const RedisScript sum("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  const RedisScript broken("return +");
  for (int round = 1; round <= 2; ++round) {
    const std::vector<RedisCommand> commands = {
        RedisCommand::Call(sum, {"n"}, {"2"}), {{"PING"}}, RedisCommand::Call(sum, {"n"}, {"3"})};
    const auto replies = redis->Pipeline(commands);
    ASSERT_TRUE(replies.ok()) << replies.status();
    EXPECT_EQ((*replies)[0].integer, round * 5 - 3);
    EXPECT_EQ((*replies)[1].text, "PONG");
    EXPECT_EQ((*replies)[2].integer, round * 5);
    server.Run({{"SCRIPT", "FLUSH"}});
  }
  EXPECT_THAT(Message(redis->Run(RedisCommand::Call(broken, {}, {})).status()), HasSubstr("Error compiling script"));
  EXPECT_TRUE(redis->Ping().ok());
}

TEST(RedisClientTest, RestartBetweenCallsIsNotNoticed) {
  RedisServer server;
  auto redis = Connect(server);
  for (const bool kill : {false, true, false}) {
    EXPECT_TRUE(redis->Ping().ok());
    if (kill) server.Kill();
    server.Restart();
  }
  EXPECT_TRUE(redis->Ping().ok());
}

TEST(RedisClientTest, OutOfReachIsUnavailable) {
  RedisServer server;
  auto redis = Connect(server);
  ASSERT_TRUE(redis->Ping().ok());
  server.Kill();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(redis->Ping().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(redis->Ping()), StartsWith("redis " + server.address() + ": Connection refused"));
  server.Restart();
  EXPECT_TRUE(WaitFor([&] { return redis->Ping().ok(); }));
}

TEST(RedisClientTest, LostInTheMiddleOfACallIsUnavailable) {
  RedisServer server;
  auto redis = Connect(server);
  absl::Status status;
  std::thread blocked([&] {
    status = redis->Run({.args = {"BLPOP", "list", "100"}, .block = std::chrono::seconds(100)}).status();
  });
  EXPECT_TRUE(WaitFor([&] {
    return server.Run({{"INFO", "clients"}}).text.find("blocked_clients:1") != std::string::npos;
  }));
  server.Kill();
  blocked.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
}

TEST(RedisClientTest, SilentServerIsUnavailable) {
  RedisServer server;
  auto redis = *RedisClient::Create({.address = server.address(), .command_timeout = milliseconds(20)});
  const absl::Status status = redis->Run({{"BLPOP", "list", "100"}}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(status), HasSubstr("no answer in 20 ms"));
  EXPECT_TRUE(redis->Ping().ok());
  // A command that may block gets its time on top.
  EXPECT_TRUE(redis->Run({.args = {"BLPOP", "list", "0.05"}, .block = milliseconds(2000)})->IsNil());
}

TEST(RedisClientTest, ReplicaIsLeftForItsSuccessor) {
  RedisServer server;
  auto redis = Connect(server);
  ASSERT_TRUE(redis->Ping().ok());
  const int64_t own = *redis->Run({{"CLIENT", "ID"}})->Integer();
  EXPECT_EQ(*redis->Run({{"CLIENT", "ID"}})->Integer(), own);
  server.Run({{"REPLICAOF", "127.0.0.1", "1"}});
  EXPECT_EQ(redis->Run({{"SET", "k", "v"}}).status().code(), absl::StatusCode::kUnavailable);
  server.Run({{"REPLICAOF", "NO", "ONE"}});
  EXPECT_TRUE(redis->Run({{"SET", "k", "v"}}).ok());
  EXPECT_NE(*redis->Run({{"CLIENT", "ID"}})->Integer(), own);
}

TEST(RedisClientTest, Authenticates) {
  RedisServer server;
  server.Run({{"ACL", "SETUSER", "worker", "on", ">secret", "~*", "+@all"}});
  auto good = *RedisClient::Create({.address = server.address(), .username = "worker", .password = "secret"});
  EXPECT_EQ(*good->Run({{"ACL", "WHOAMI"}})->String(), "worker");
  auto bad = *RedisClient::Create({.address = server.address(), .username = "worker", .password = "guess"});
  EXPECT_EQ(bad->Ping().code(), absl::StatusCode::kUnauthenticated);
}

TEST(RedisClientTest, ThreadsDoNotWaitForEachOther) {
  RedisServer server;
  auto redis = Connect(server);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_TRUE(redis->Run({{"INCR", "n"}}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*redis->Run({{"GET", "n"}})->String(), "1600");
}

}  // namespace
}  // namespace duban
