// SPDX-License-Identifier: Apache-2.0
// A service's PostgreSQL database: a pool of connections, transactions, errors as values.
//
//   DUBAN_ASSIGN_OR_RETURN(auto database, Database::Open({.dsn = "postgresql://duban_ingest@db/duban", .schema =
//   "duban_ingest"})); DUBAN_RETURN_IF_ERROR(database->Transact([&](pqxx::transaction_base& transaction) {
//     transaction.exec_params0("UPDATE queue_epoch SET token = $1", token);
//     return absl::OkStatus();
//   }));
//
// Statuses, whoever runs the statement:
//   UNAVAILABLE         the server is out of reach, restarts, is read-only, has no connection or no disk left; retry
//                       with backoff. A COMMIT that was cut off may have taken effect: writes must be safe to repeat.
//   ABORTED             still a serialization failure or deadlock after max_attempts
//   DEADLINE_EXCEEDED   statement_timeout, or no pooled connection became free within connect_timeout
//   ALREADY_EXISTS      unique constraint           FAILED_PRECONDITION  foreign key
//   INVALID_ARGUMENT    a value that its type or another constraint refuses (NUL bytes and invalid UTF-8 in text too)
//   RESOURCE_EXHAUSTED  memory of the server, or a limit of PostgreSQL
//   PERMISSION_DENIED   the role may not            INTERNAL             anything else: a fault of the statement
// Safe to call from any thread. The header needs no pqxx header; the function's own source does.

#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace pqxx {
class transaction_base;
}

namespace duban {

struct DatabaseOptions {
  // libpq's connection string, as keywords (host=… dbname=…) or URI.
  std::string dsn;

  // The service's schema, lower-case letters, digits and _: the only one on the search path.
  std::string schema;

  // Connections at most, 1 to 1000. More callers than that wait.
  int max_connections = 8;

  // How long one attempt to connect may take, and how long a caller waits for a pooled connection. At least 2 s:
  // libpq's floor.
  absl::Duration connect_timeout = absl::Seconds(5);

  // How long one statement may run. 0: for ever.
  absl::Duration statement_timeout = absl::Seconds(30);

  // Tries of one transaction in all when PostgreSQL asks to try again, at least 1.
  int max_attempts = 5;
};

class Database {
 public:
  using Function = absl::FunctionRef<absl::Status(pqxx::transaction_base&)>;

  // Checks the options; connections are made on demand. INVALID_ARGUMENT names the option.
  static absl::StatusOr<std::unique_ptr<Database>> Open(DatabaseOptions options);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `function` in a READ COMMITTED transaction and commits if it returns OK; rolls back and returns its status
  // otherwise. On a serialization failure or a deadlock `function` runs again after a random pause: it must start from
  // scratch each time.
  absl::Status Transact(Function function);

  // Runs `function` outside a transaction: one round trip a statement, each with its own snapshot. For reading only: it
  // runs again if the connection turns out to be dead.
  absl::Status Read(Function function);

  // The service's schema.
  const std::string& schema() const;

 private:
  class Pool;
  explicit Database(std::unique_ptr<Pool> pool);

  const std::unique_ptr<Pool> pool_;
};

}  // namespace duban
