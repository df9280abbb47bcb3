// SPDX-License-Identifier: Apache-2.0
// libpq connection strings, read and put together. Pure functions; safe to call from any thread.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace duban {

// The keywords of a connection string, which may be in keyword or URI form, with `settings` put over them. Server
// settings
// ("search_path" …) go into the keyword `options` behind those that are there. INVALID_ARGUMENT with libpq's reason.
absl::StatusOr<std::string> BuildConnectionString(const std::string& dsn,
                                                  const std::map<std::string, std::string>& keywords,
                                                  const std::map<std::string, std::string>& server_settings);

// INVALID_ARGUMENT unless `schema` is 1 to 63 lower-case letters, digits and _, and begins with a letter.
absl::Status CheckSchemaName(std::string_view schema);

}  // namespace duban
