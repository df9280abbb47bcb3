// SPDX-License-Identifier: Apache-2.0
#include "common/store/connection_string.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include "common/base/status.h"

namespace duban {
namespace {

// 'value' with quotes and backslashes escaped, as libpq reads values.
std::string QuoteValue(std::string_view value) {
  std::string quoted = "'";
  for (char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

absl::StatusOr<std::string> BuildConnectionString(const std::string& dsn,
                                                  const std::map<std::string, std::string>& keywords,
                                                  const std::map<std::string, std::string>& server_settings) {
  char* error = nullptr;
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(dsn.c_str(), &error),
                                                                      &PQconninfoFree);
  if (parsed == nullptr) {
    std::string reason = error != nullptr ? error : "out of memory";
    PQfreemem(error);
    while (reason.ends_with('\n')) reason.pop_back();
    return absl::InvalidArgumentError(fmt::format("dsn: {}", reason));
  }
  std::map<std::string, std::string> all;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) all[option->keyword] = option->val;
  }
  for (const auto& [keyword, value] : keywords) all[keyword] = value;
  for (const auto& [setting, value] : server_settings) all["options"] += fmt::format(" -c {}={}", setting, value);
  std::string text;
  for (const auto& [keyword, value] : all) text += fmt::format("{}={} ", keyword, QuoteValue(value));
  return text;
}

absl::Status CheckSchemaName(std::string_view schema) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool good = !schema.empty() && schema.size() <= 63 && schema[0] >= 'a' && schema[0] <= 'z' &&
                    std::all_of(schema.begin(), schema.end(), allowed);
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("schema: \"{}\", want 1 to 63 lower-case letters, digits and _, a letter first", schema));
}

}  // namespace duban
