// SPDX-License-Identifier: Apache-2.0
// Exceptions of libpqxx as statuses; the table stands in database.h. Safe to call from any thread.

#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace duban {

// What PostgreSQL means by an SQLSTATE. An empty one is a lost connection: libpq gave no answer of the server.
absl::StatusCode CodeOfSqlState(std::string_view sqlstate);

// The exception that is being handled; to be called in a catch block only.
absl::Status StatusOfCurrentException() noexcept;

}  // namespace duban
