// SPDX-License-Identifier: Apache-2.0
// Databases for the contract suites of the stores.
//
//   absl::StatusOr<std::unique_ptr<Database>> database = NewContractDatabase();
//   absl::StatusOr<ContractStore<PlanStore>> own = NewContractStore(NewPostgresPlanStore);
//
// Thread-compatible.

#pragma once

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/status.h"
#include "common/store/database.h"
#include "common/testing/postgres_server.h"

namespace duban::testing {

// The cluster of this test program: started at the first call, gone with the program.
absl::StatusOr<PostgresServer*> ContractServer();

// An empty schema of its own on that cluster.
absl::StatusOr<std::unique_ptr<Database>> NewContractDatabase();

// A store on such a schema.
template <typename Store>
struct ContractStore {
  // Outlives the store.
  std::unique_ptr<Database> database;
  std::unique_ptr<Store> store;
};

// `make` makes the store, and its tables.
template <typename Store>
absl::StatusOr<ContractStore<Store>> NewContractStore(absl::StatusOr<std::unique_ptr<Store>> (*make)(Database*)) {
  ContractStore<Store> own;
  DUBAN_ASSIGN_OR_RETURN(own.database, NewContractDatabase());
  DUBAN_ASSIGN_OR_RETURN(own.store, make(own.database.get()));
  return own;
}

}  // namespace duban::testing
