// SPDX-License-Identifier: Apache-2.0
#include "common/redis/redis_client.h"

#include <fmt/format.h>

#include <unordered_set>
#include <utility>

#include "common/base/status.h"
#include "common/redis/connection.h"

namespace duban {
namespace {

bool HasCode(const RedisReply& reply, std::string_view code) {
  return reply.type == RedisReply::Type::kError && reply.text.starts_with(code);
}

// Loads the scripts that the server did not know and runs their commands again, in place of the NOSCRIPT replies.
absl::Status RunUnknownScripts(std::span<const RedisCommand> commands, RedisConnection* connection,
                               std::vector<RedisReply>* replies) {
  std::vector<RedisCommand> again;
  std::vector<size_t> places;
  std::unordered_set<const RedisScript*> loaded;
  for (size_t i = 0; i < commands.size(); ++i) {
    if (commands[i].script == nullptr || !HasCode((*replies)[i], "NOSCRIPT")) continue;
    if (loaded.insert(commands[i].script).second) again.push_back({{"SCRIPT", "LOAD", commands[i].script->body()}});
    places.push_back(i);
  }
  if (places.empty()) return absl::OkStatus();
  const size_t loads = again.size();
  for (const size_t place : places) again.push_back(commands[place]);
  DUBAN_ASSIGN_OR_RETURN(auto answers, connection->Exchange(again));
  // A script that does not compile tells so here; its command would only say NOSCRIPT again.
  for (size_t i = 0; i < loads; ++i) DUBAN_RETURN_IF_ERROR(answers[i].status());
  for (size_t i = 0; i < places.size(); ++i) (*replies)[places[i]] = std::move(answers[loads + i]);
  return absl::OkStatus();
}

}  // namespace

RedisClient::RedisClient(std::unique_ptr<RedisPool> pool) : pool_(std::move(pool)) {}
RedisClient::~RedisClient() = default;

absl::StatusOr<std::unique_ptr<RedisClient>> RedisClient::Create(RedisOptions options) {
  DUBAN_ASSIGN_OR_RETURN(RedisAddress address, ParseRedisAddress(options.address));
  for (const auto& [field, value] : {std::pair("connect_timeout", options.connect_timeout.count()),
                                     std::pair("command_timeout", options.command_timeout.count())}) {
    if (value <= 0) return InvalidField(field, fmt::format("{} ms, want above 0", value));
  }
  if (options.max_idle_connections < 0) {
    return InvalidField("max_idle_connections", fmt::format("{}, want 0 or more", options.max_idle_connections));
  }
  return std::unique_ptr<RedisClient>(
      new RedisClient(std::make_unique<RedisPool>(std::move(address), std::move(options))));
}

absl::StatusOr<std::vector<RedisReply>> RedisClient::Pipeline(std::span<const RedisCommand> commands) {
  if (commands.empty()) return std::vector<RedisReply>();
  DUBAN_ASSIGN_OR_RETURN(auto connection, pool_->Acquire());
  DUBAN_ASSIGN_OR_RETURN(auto replies, connection->Exchange(commands));
  DUBAN_RETURN_IF_ERROR(RunUnknownScripts(commands, connection.get(), &replies));
  for (const RedisReply& reply : replies) {
    // A replica: the address leads to another server after a failover, but an open connection does not.
    if (!HasCode(reply, "READONLY")) continue;
    pool_->Clear();
    return replies;
  }
  pool_->Release(std::move(connection));
  return replies;
}

absl::StatusOr<RedisReply> RedisClient::Run(const RedisCommand& command) {
  DUBAN_ASSIGN_OR_RETURN(auto replies, Pipeline({&command, 1}));
  DUBAN_RETURN_IF_ERROR(replies.front().status());
  return std::move(replies.front());
}

absl::Status RedisClient::Ping() { return Run({{"PING"}}).status(); }

}  // namespace duban
