// SPDX-License-Identifier: Apache-2.0
// Databases for the contract suites of the stores.
//
//   absl::StatusOr<std::unique_ptr<Database>> database = NewContractDatabase();
//
// Thread-compatible.

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/store/database.h"
#include "common/testing/postgres_server.h"

namespace duban::testing {

// The cluster of this test program: started at the first call, gone with the program.
absl::StatusOr<PostgresServer*> ContractServer();

// An empty schema of its own on that cluster.
absl::StatusOr<std::unique_ptr<Database>> NewContractDatabase();

}  // namespace duban::testing
