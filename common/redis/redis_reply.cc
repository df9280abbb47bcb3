// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <iterator>
#include <utility>

#include "common/redis/redis_client.h"

namespace duban {
namespace {

struct ErrorCode {
  std::string_view prefix;
  absl::StatusCode code;
};

// The first word of an error reply. What a failover, a start or a long script answers is worth another try later.
constexpr ErrorCode kErrorCodes[] = {
    {"OOM", absl::StatusCode::kResourceExhausted},   {"LOADING", absl::StatusCode::kUnavailable},
    {"READONLY", absl::StatusCode::kUnavailable},    {"MASTERDOWN", absl::StatusCode::kUnavailable},
    {"CLUSTERDOWN", absl::StatusCode::kUnavailable}, {"TRYAGAIN", absl::StatusCode::kUnavailable},
    {"BUSY", absl::StatusCode::kUnavailable},        {"NOREPLICAS", absl::StatusCode::kUnavailable},
    {"MISCONF", absl::StatusCode::kUnavailable},     {"NOGROUP", absl::StatusCode::kNotFound},
    {"UNBLOCKED", absl::StatusCode::kNotFound},      {"BUSYGROUP", absl::StatusCode::kAlreadyExists},
    {"NOAUTH", absl::StatusCode::kUnauthenticated},  {"WRONGPASS", absl::StatusCode::kUnauthenticated},
    {"NOPERM", absl::StatusCode::kPermissionDenied}, {"WRONGTYPE", absl::StatusCode::kFailedPrecondition},
};

constexpr std::string_view kTypeNames[] = {"nil", "integer", "string", "array", "error"};

absl::Status WrongType(RedisReply::Type got, RedisReply::Type want) {
  return absl::InternalError(
      fmt::format("reply: {}, want {}", kTypeNames[static_cast<int>(got)], kTypeNames[static_cast<int>(want)]));
}

std::string Sha1Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
  return hex;
}

}  // namespace

absl::Status RedisReply::status() const {
  if (type != Type::kError) return absl::OkStatus();
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  for (const ErrorCode& error : kErrorCodes) {
    if (error.prefix == word) return absl::Status(error.code, text);
  }
  return absl::InternalError(text);
}

absl::StatusOr<int64_t> RedisReply::Integer() const {
  if (type == Type::kInteger) return integer;
  return type == Type::kError ? status() : WrongType(type, Type::kInteger);
}

absl::StatusOr<std::string> RedisReply::String() const {
  if (type == Type::kString) return text;
  return type == Type::kError ? status() : WrongType(type, Type::kString);
}

absl::StatusOr<std::vector<RedisReply>> RedisReply::Array() && {
  if (type == Type::kArray) return std::move(elements);
  return type == Type::kError ? status() : WrongType(type, Type::kArray);
}

RedisScript::RedisScript(std::string_view body) : body_(body), sha_(Sha1Hex(body)) {}

RedisCommand RedisCommand::Call(const RedisScript& script, std::vector<std::string> keys,
                                std::vector<std::string> args) {
  RedisCommand command{.args = {"EVALSHA", script.sha(), std::to_string(keys.size())}, .script = &script};
  std::move(keys.begin(), keys.end(), std::back_inserter(command.args));
  std::move(args.begin(), args.end(), std::back_inserter(command.args));
  return command;
}

}  // namespace duban
