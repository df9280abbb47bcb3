// SPDX-License-Identifier: Apache-2.0
// A private PostgreSQL cluster for a test: its own data directory and unix socket, no TCP port. Starts in about two
// seconds.
//
//   DUBAN_ASSIGN_OR_RETURN(auto server, PostgresServer::Start());
//   DUBAN_ASSIGN_OR_RETURN(std::string dsn, server->NewSchema("duban_ingest"));  // role and schema of a service
//
// PostgreSQL refuses to run as root: a test that is root runs it as the user nobody. The server dies with the test,
// however it dies. Durability is off (fsync, full_page_writes): a test may kill the server, not the machine.
// Thread-compatible; any number of connections may use the server.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/testing/subprocess.h"
#include "common/testing/temp_dir.h"

namespace duban::testing {

class PostgresServer {
 public:
  // Makes a cluster and starts it. FAILED_PRECONDITION if PostgreSQL is not installed, else the reason that initdb or
  // the log gives.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start();

  // Stops the server.
  ~PostgresServer();

  // Connection string of the superuser.
  std::string AdminDsn() const;

  // Connection string of `role`, whose password is asked for.
  std::string Dsn(std::string_view role, std::string_view password) const;

  // BootstrapSchema of common/store with a password of its own: the connection string of the new role.
  absl::StatusOr<std::string> NewSchema(std::string_view schema);

  // Ends sessions and stops in order; OK if it does not run.
  absl::Status Stop();

  // Stops as a crash would: no checkpoint, sessions cut off. The next start recovers from the log.
  absl::Status Kill();

  // Starts a stopped server again; a running one is stopped first.
  absl::Status Restart();

 private:
  PostgresServer() = default;
  absl::Status Launch();
  absl::Status End(int signal);

  TempDir directory_;
  std::unique_ptr<Subprocess> process_;
};

}  // namespace duban::testing
