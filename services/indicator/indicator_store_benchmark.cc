// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL backend of IndicatorStore on a private cluster that does not wait for the disk: figures compare
// queries and batch sizes, not disks. DUBAN_BENCHMARK_DOCUMENTS sets how many documents the lists work on (default
// 5000, 50 indicators each).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "common/base/names.h"
#include "common/testing/store_benchmark.h"
#include "services/indicator/indicator_store.h"

namespace duban {
namespace {

constexpr int kIndicators = 50;
constexpr int kAgencies = 400;

v1::IndicatorSet MakeSet(int number) {
  const int agency = number % kAgencies;
  v1::IndicatorSet set;
  set.set_document(DocumentName(Sha256Hex(fmt::format("document {}", number), 32)));
  set.set_revision(1);
  for (int i = 0; i < kIndicators; ++i) {
    v1::Indicator* indicator = set.add_indicators();
    indicator->set_id(fmt::format("i{}", i + 1));
    indicator->set_label("受理法律援助案件");
    if (i % 2 == 0) indicator->set_metric(fmt::format("metric.{}", (number + i) % 120));
    indicator->set_agency(AgencyName(Sha256Hex(fmt::format("agency {}", agency), 16)));
    indicator->set_region_code(fmt::format("{}", 110101 + agency * 1777));
    indicator->set_year(2010 + number / kAgencies % 14);
    indicator->set_aspect(static_cast<v1::Indicator::Aspect>(i % 10 < 7 ? 1 : i % 10 - 5));
    indicator->mutable_quantity()->set_decimal(fmt::format("{}", 1000 + i));
    indicator->mutable_quantity()->set_unit("件");
    indicator->set_evidence("全年共受理法律援助案件若干件，同比有所上升，为群众挽回经济损失若干元。");
  }
  return set;
}

std::vector<v1::IndicatorSet> MakeSets(int begin, int end) {
  std::vector<v1::IndicatorSet> sets;
  for (int number = begin; number < end; ++number) sets.push_back(MakeSet(number));
  return sets;
}

// Documents a second, state.range(0) documents to a transaction.
void BM_Put(benchmark::State& state) {
  const auto own = testing::NewBenchmarkStore(NewPostgresIndicatorStore);
  int number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const int end = number + static_cast<int>(state.range(0));
    const std::vector<v1::IndicatorSet> sets = MakeSets(number, end);
    number = end;
    state.ResumeTiming();
    if (!own.store->Put(sets).ok()) state.SkipWithError("Put");
  }
  state.SetItemsProcessed(number);
}
BENCHMARK(BM_Put)->Arg(1)->Arg(8)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);

// The store that all lists read.
IndicatorStore& Filled() {
  return testing::FilledStore(NewPostgresIndicatorStore, [](IndicatorStore& store, int begin, int end) {
    return store.Put(MakeSets(begin, end));
  });
}

// Pages of 50, from the first to the last and over again.
void BM_List(benchmark::State& state, const IndicatorFilter& filter) {
  IndicatorStore& store = Filled();
  std::optional<IndicatorCursor> cursor;
  testing::TimeCalls(state, [&] {
    const auto page = store.List(filter, cursor, 50);
    if (page.ok()) cursor = page->next;
    return page.status();
  });
}

std::string Agency() { return Sha256Hex("agency 7", 16); }
BENCHMARK_CAPTURE(BM_List, all, {})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, metric, {.metric = "metric.8"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, metric_none, {.metric = "metric.none"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, agency, {.agency = Agency()})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, agency_metric, {.metric = "metric.9", .agency = Agency()})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, province, {.region_prefix = "44"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, province_none, {.region_prefix = "99"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, metric_province_year, {.metric = "metric.8", .region_prefix = "44", .year = 2012})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, year, {.year = 2012})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, year_none, {.year = 1999})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, aspect, {.aspect = v1::Indicator::BASELINE})->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duban
