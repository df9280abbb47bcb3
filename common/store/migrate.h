// SPDX-License-Identifier: Apache-2.0
// Schemas of the services: made once by an administrator, then carried forward by SQL files that each service embeds.
//
//   DUBAN_RETURN_IF_ERROR(BootstrapSchema(admin_dsn, "duban_ingest", password));  // quickstart, tests; else the
//   operator's work DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_documents.sql",
//   embedded::_0001_documents_sql}}));
//
// Safe to call from any thread and from several processes at once.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/store/database.h"

namespace duban {

// One SQL file. Released files never change; a change of the schema is a new file.
struct Migration {
  int version = 0;
  std::string_view name;
  std::string_view sql;
};

// Runs those of `migrations` that the schema has not had, in order, in one transaction: all or none. What ran is kept
// with its checksum in the schema's table schema_migrations; callers that come at the same time wait for the first.
// Versions that the schema has and `migrations` has not are a newer program's and are left alone, so that a rolling
// update can go back: a migration must leave the tables usable for the release before it. INVALID_ARGUMENT: versions do
// not rise from 1 by 1. FAILED_PRECONDITION: the schema does not exist, or a file that ran has changed.
// A file may change tables that are in use: it waits at most `lock_wait` for each of them, as all that comes behind it
// waits too, then DEADLINE_EXCEEDED. How long it then holds them is for the file to tell.
absl::Status Migrate(Database& database, const std::vector<Migration>& migrations,
                     absl::Duration lock_wait = absl::Seconds(30));

// Makes the role `schema` (it may log in, with `password`) and the schema `schema` that it owns, or brings them to this
// state. The role gets no other right than to connect. `admin_dsn` is of a role that may create roles and schemas.
// INVALID_ARGUMENT: `schema` is not lower-case letters, digits and _, or `password` is empty; else Database's statuses.
absl::Status BootstrapSchema(std::string_view admin_dsn, std::string_view schema, std::string_view password);

}  // namespace duban
