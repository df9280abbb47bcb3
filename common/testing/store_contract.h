// SPDX-License-Identifier: Apache-2.0
// The fixture of a contract suite that runs on a store's two backends: one in memory, one in PostgreSQL.
//
//   using OutlineStoreTest = StoreContractTest<OutlineStore, NewMemoryOutlineStore, NewPostgresOutlineStore>;
//   INSTANTIATE_TEST_SUITE_P(Backends, OutlineStoreTest, kBackends, BackendName);
//   TEST_P(OutlineStoreTest, KeepsTheLatest) { … store_->Put(…) … }

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/testing/contract_database.h"

namespace duban::testing {

enum class Backend { kMemory, kPostgres };

inline const auto kBackends = ::testing::Values(Backend::kMemory, Backend::kPostgres);

inline std::string BackendName(const ::testing::TestParamInfo<Backend>& backend) {
  return backend.param == Backend::kMemory ? "Memory" : "Postgres";
}

// Every test has an empty store of its own.
template <typename Store, std::unique_ptr<Store> (*kNewMemory)(),
          absl::StatusOr<std::unique_ptr<Store>> (*kNewPostgres)(Database*)>
class StoreContractTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kMemory) {
      store_ = kNewMemory();
      return;
    }
    auto own = NewContractStore(kNewPostgres);
    ASSERT_TRUE(own.ok()) << own.status();
    database_ = std::move(own->database);
    store_ = std::move(own->store);
  }

  // Null in memory.
  std::unique_ptr<Database> database_;
  std::unique_ptr<Store> store_;
};

}  // namespace duban::testing
