// SPDX-License-Identifier: Apache-2.0
// Both functions hold a transaction-level advisory lock, so that a crash frees it with the connection. Locks of this
// file use the two-number form; stores that lock by one number (the plan ledger's agencies) live in a key space of
// their own.
#include "common/store/migrate.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
#include <pqxx/pqxx>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/connection_string.h"
#include "common/store/sql_status.h"

namespace duban {
namespace {

// "duba" and a number per purpose.
constexpr int kLockClass = 0x64756261;

void Lock(pqxx::transaction_base& transaction, const std::string& schema) {
  transaction.exec_params1("SELECT pg_advisory_xact_lock($1, hashtext($2))", kLockClass, schema);
}

absl::Status CheckVersions(const std::vector<Migration>& migrations) {
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version != static_cast<int>(i) + 1) {
      return absl::InvalidArgumentError(
          fmt::format("migrations: {} has version {}, want {}", migrations[i].name, migrations[i].version, i + 1));
    }
  }
  return absl::OkStatus();
}

// Version to checksum.
using Applied = std::map<int, std::string>;

Applied ReadApplied(pqxx::transaction_base& transaction) {
  transaction.exec0(
      "CREATE TABLE IF NOT EXISTS schema_migrations ("
      "version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
      "applied_at timestamptz NOT NULL DEFAULT now())");
  Applied applied;
  for (const auto& row : transaction.exec("SELECT version, checksum FROM schema_migrations")) {
    applied[row[0].as<int>()] = row[1].as<std::string>();
  }
  return applied;
}

// Runs one file. Other faults of it than a table that others hold go to the caller as they are.
absl::Status Apply(pqxx::transaction_base& transaction, const Migration& migration, absl::Duration lock_wait) {
  try {
    transaction.exec0(std::string(migration.sql));
    return absl::OkStatus();
  } catch (const pqxx::sql_error& error) {
    constexpr char kLockNotAvailable[] = "55P03";
    if (error.sqlstate() != kLockNotAvailable) throw;
  }
  return absl::DeadlineExceededError(fmt::format(
      "migration {}: other sessions held a table that it changes for more than {}; end what reads and writes the "
      "schema, then start again",
      migration.name, absl::FormatDuration(lock_wait)));
}

absl::Status MigrateLocked(pqxx::transaction_base& transaction, const std::vector<Migration>& migrations,
                           absl::Duration lock_wait) {
  const Applied applied = ReadApplied(transaction);
  for (const Migration& migration : migrations) {
    const std::string checksum = Sha256Hex(migration.sql, 64);
    if (const auto found = applied.find(migration.version); found != applied.end()) {
      if (found->second == checksum) continue;
      return absl::FailedPreconditionError(
          fmt::format("migration {}: was changed after it ran (checksum {}, ran with {}); put a change into a new file",
                      migration.name, checksum, found->second));
    }
    DUBAN_RETURN_IF_ERROR(Apply(transaction, migration, lock_wait));
    transaction.exec_params0("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                             migration.version, std::string(migration.name), checksum);
  }
  return absl::OkStatus();
}

// What the server keeps of a password. Only this goes there: the password itself would show in its log and in
// pg_stat_activity. libpqxx 6 does not offer it, so libpq is asked, which wants a session of its own for it.
absl::StatusOr<std::string> ScramVerifier(const std::string& session, const std::string& role,
                                          const std::string& password) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(session.c_str()), &PQfinish);
  char* verifier = PQencryptPasswordConn(connection.get(), password.c_str(), role.c_str(), "scram-sha-256");
  if (verifier == nullptr)
    return absl::UnavailableError(fmt::format("PostgreSQL: {}", PQerrorMessage(connection.get())));
  std::string copy = verifier;
  PQfreemem(verifier);
  return copy;
}

void MakeRole(pqxx::transaction_base& transaction, const std::string& role, const std::string& verifier) {
  const bool exists = !transaction.exec_params("SELECT 1 FROM pg_roles WHERE rolname = $1", role).empty();
  transaction.exec0(fmt::format("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}",
                                exists ? "ALTER" : "CREATE", transaction.quote_name(role),
                                transaction.quote(verifier)));
}

void MakeSchema(pqxx::transaction_base& transaction, const std::string& schema) {
  const std::string name = transaction.quote_name(schema);
  // An administrator that is no superuser must be a member of a role to make schemas for it.
  transaction.exec0(fmt::format("GRANT {} TO CURRENT_USER", name));
  transaction.exec0(fmt::format("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", name, name));
  transaction.exec0(fmt::format("ALTER SCHEMA {} OWNER TO {}", name, name));
  transaction.exec0(fmt::format("ALTER ROLE {} SET search_path = {}", name, name));
}

}  // namespace

absl::Status Migrate(Database& database, const std::vector<Migration>& migrations, absl::Duration lock_wait) {
  DUBAN_RETURN_IF_ERROR(CheckVersions(migrations));
  return database.Transact([&](pqxx::transaction_base& transaction) -> absl::Status {
    // Waiting for another process, and filling a new index, may take longer than a statement of the service may.
    transaction.exec0("SET LOCAL statement_timeout = 0");
    Lock(transaction, database.schema());
    if (transaction.exec1("SELECT current_schema()")[0].is_null()) {
      return absl::FailedPreconditionError(fmt::format(
          "schema {}: does not exist or the role may not use it, want it made by the operator", database.schema()));
    }
    // Not before: others may wait for the first one as long as it takes.
    transaction.exec0(fmt::format("SET LOCAL lock_timeout = {}", absl::ToInt64Milliseconds(lock_wait)));
    return MigrateLocked(transaction, migrations, lock_wait);
  });
}

absl::Status BootstrapSchema(std::string_view admin_dsn, std::string_view schema, std::string_view password) {
  DUBAN_RETURN_IF_ERROR(CheckSchemaName(schema));
  if (password.empty()) return absl::InvalidArgumentError("password: empty, want one for the role");
  DUBAN_ASSIGN_OR_RETURN(
      const std::string session,
      BuildConnectionString(std::string(admin_dsn), {{"connect_timeout", "5"}}, {{"client_min_messages", "error"}}));
  const std::string name(schema);
  DUBAN_ASSIGN_OR_RETURN(const std::string verifier, ScramVerifier(session, name, std::string(password)));
  try {
    pqxx::connection connection(session);
    pqxx::work transaction(connection);
    // One lock for all schemas: roles are shared by the whole cluster, and concurrent changes of one row of its
    // catalogs fail.
    Lock(transaction, "bootstrap");
    MakeRole(transaction, name, verifier);
    MakeSchema(transaction, name);
    transaction.commit();
    return absl::OkStatus();
  } catch (...) {
    return StatusOfCurrentException();
  }
}

}  // namespace duban
