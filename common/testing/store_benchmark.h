// SPDX-License-Identifier: Apache-2.0
// What the benchmarks of the stores share: stores on a private PostgreSQL cluster that does not wait for the disk, so
// that figures compare queries and batch sizes, not disks; one that is filled once; and the times of single calls.
//
//   void BM_List(benchmark::State& state, const PlanFilter& filter) {
//     PlanStore& store = FilledStore(NewPostgresPlanStore, Fill);
//     TimeCalls(state, [&] { return store.ListTrackings(filter, std::nullopt, 50).status(); });
//   }
//
// A failure ends the program. Thread-compatible.

#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status.h"
#include "common/testing/contract_database.h"

namespace duban::testing {

// A store of its own, in an empty schema.
template <typename Store>
ContractStore<Store> NewBenchmarkStore(absl::StatusOr<std::unique_ptr<Store>> (*make)(Database*)) {
  auto own = NewContractStore(make);
  if (own.ok()) return *std::move(own);
  std::fprintf(stderr, "%s\n", Message(own.status()).c_str());
  std::exit(1);
}

// The store that a program's lists read: made by the first call and filled by `fill`(store, begin, end), a hundred
// documents a call, with as many as DUBAN_BENCHMARK_DOCUMENTS says (5000).
template <typename Store, typename Fill>
Store& FilledStore(absl::StatusOr<std::unique_ptr<Store>> (*make)(Database*), Fill fill) {
  static const ContractStore<Store>* const own = [&] {
    auto* made = new ContractStore<Store>(NewBenchmarkStore(make));
    const char* variable = std::getenv("DUBAN_BENCHMARK_DOCUMENTS");
    const int documents = variable != nullptr ? std::atoi(variable) : 5000;
    for (int begin = 0; begin < documents; begin += 100) {
      const absl::Status status = fill(*made->store, begin, std::min(begin + 100, documents));
      if (status.ok()) continue;
      std::fprintf(stderr, "%s\n", Message(status).c_str());
      std::exit(1);
    }
    return made;
  }();
  return *own->store;
}

// Times calls of `call`, which returns a status; the counter p99_ms is the 99th percentile of single ones.
template <typename Call>
void TimeCalls(benchmark::State& state, Call call) {
  std::vector<double> times_ms;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    const absl::Status status = call();
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    if (!status.ok()) state.SkipWithError(status.ToString().c_str());
  }
  std::sort(times_ms.begin(), times_ms.end());
  state.counters["p99_ms"] = times_ms[times_ms.size() * 99 / 100];
}

}  // namespace duban::testing
