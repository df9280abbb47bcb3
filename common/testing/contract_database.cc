// SPDX-License-Identifier: Apache-2.0
#include "common/testing/contract_database.h"

#include <fmt/format.h>

#include <string>

#include "common/base/status.h"

namespace duban::testing {

absl::StatusOr<PostgresServer*> ContractServer() {
  static const absl::StatusOr<std::unique_ptr<PostgresServer>> server = PostgresServer::Start();
  if (!server.ok()) return server.status();
  return server->get();
}

absl::StatusOr<std::unique_ptr<Database>> NewContractDatabase() {
  static int count = 0;
  DUBAN_ASSIGN_OR_RETURN(PostgresServer * server, ContractServer());
  const std::string schema = fmt::format("duban_contract{}", ++count);
  DUBAN_ASSIGN_OR_RETURN(const std::string dsn, server->NewSchema(schema));
  return Database::Open({.dsn = dsn, .schema = schema});
}

}  // namespace duban::testing
