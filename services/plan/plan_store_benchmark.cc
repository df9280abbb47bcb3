// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL backend of PlanStore on a private cluster that does not wait for the disk: figures compare queries and
// batch sizes, not disks. DUBAN_BENCHMARK_DOCUMENTS sets how many documents the lists work on (default 5000, 20 plan
// items each).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/names.h"
#include "common/testing/store_benchmark.h"
#include "services/plan/plan_store.h"

namespace duban {
namespace {

constexpr int kItems = 20;
constexpr int kAgencies = 400;
constexpr int kTogether = 100;  // that many documents in a row are of one agency

std::string AgencyOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

PlanDocumentItems MakePlan(int number) {
  PlanDocumentItems plan;
  const int agency = number / kTogether % kAgencies;
  const int32_t year = 2010 + number % 14;
  plan.document = {.id = Sha256Hex(fmt::format("document {}", number), 32),
                   .revision = 1,
                   .agency = AgencyOf(agency),
                   .report_year = year - 1,
                   .plan_year = year,
                   .region = fmt::format("{}", 110101 + agency * 1777),
                   .agency_display_name = "某某区司法局"};
  for (int place = 1; place <= kItems; ++place) {
    v1::PlanItem& item = plan.items.emplace_back();
    item.set_id(fmt::format("p{}", place));
    item.set_name(PlanItemName({plan.document.agency, plan.document.id, item.id()}));
    item.set_title("推进公共法律服务中心建设");
    item.set_text(
        "推进公共法律服务中心建设，完善工作制度，加强人员培训，年内建成覆盖城乡的服务网络，方便群众就近办事。");
    item.set_document(DocumentName(plan.document.id));
    item.set_year(year);
    item.set_theme(number % 1000 == 500 && place == 7 ? "theme.rare" : fmt::format("theme.{}", place % 12));
  }
  return plan;
}

// One in 20,000 is MISSED; the others are spread over three verdicts.
v1::Tracking::Status StatusOf(int document, int place) {
  if (document % 1000 == 500 && place == 7) return v1::Tracking::MISSED;
  constexpr v1::Tracking::Status kCommon[] = {v1::Tracking::DELIVERED, v1::Tracking::PARTIAL,
                                              v1::Tracking::NOT_REPORTED};
  return kCommon[(document + place) % 3];
}

std::vector<v1::Tracking> MakeTrackings(const PlanDocumentItems& plan, int number) {
  std::vector<v1::Tracking> trackings;
  for (const v1::PlanItem& item : plan.items) {
    v1::Tracking& tracking = trackings.emplace_back();
    tracking.set_name(item.name() + "/tracking");
    *tracking.mutable_plan_item() = item;
    tracking.set_status(StatusOf(number, static_cast<int>(trackings.size())));
    tracking.set_score(tracking.status() == v1::Tracking::MISSED ? 0.1 : 0.8);
    tracking.add_evidence()->set_text("建成公共法律服务中心，服务网络覆盖城乡。");
  }
  return trackings;
}

// Stores documents in one transaction, and the trackings of each agency's in one.
absl::Status Fill(PlanStore& store, const std::vector<int>& numbers) {
  std::vector<PlanDocumentItems> plans;
  for (const int number : numbers) plans.push_back(MakePlan(number));
  if (const auto put = store.PutDocuments(plans); !put.ok()) return put.status();
  PlanYears years;
  std::map<std::string, std::vector<v1::Tracking>> trackings;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const PlanDocument& document = plans[i].document;
    years[document.agency].insert(document.plan_year);
    for (v1::Tracking& tracking : MakeTrackings(plans[i], numbers[i])) {
      trackings[document.agency].push_back(std::move(tracking));
    }
  }
  for (const auto& [agency, all] : trackings) {
    const auto neighbours = store.Neighbours(agency, years.at(agency));
    if (!neighbours.ok()) return neighbours.status();
    const absl::Status status = store.CommitTrackings(agency, years.at(agency), *neighbours, all);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Documents a second with their trackings, state.range(0) documents of as many agencies to a transaction.
void BM_PutAndTrack(benchmark::State& state) {
  const auto own = testing::NewBenchmarkStore(NewPostgresPlanStore);
  int number = 0;
  for (auto _ : state) {
    std::vector<int> numbers;
    for (int i = 0; i < state.range(0); ++i) numbers.push_back(number++ * kTogether);
    if (!Fill(*own.store, numbers).ok()) state.SkipWithError("Fill");
  }
  state.SetItemsProcessed(number);
}
BENCHMARK(BM_PutAndTrack)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);

// One more report of an agency that has state.range(0) of them, over 14 years: stored, its neighbours read, its plan
// tracked.
void BM_NextReport(benchmark::State& state) {
  const auto own = testing::NewBenchmarkStore(NewPostgresPlanStore);
  int number = 0;
  const auto add = [&] {
    const absl::Status status = Fill(*own.store, {number});
    if (++number % kTogether == 0) number += (kAgencies - 1) * kTogether;  // still of the first agency
    return status;
  };
  for (int reports = 0; reports < state.range(0); ++reports) {
    if (const absl::Status status = add(); !status.ok()) state.SkipWithError(status.ToString().c_str());
  }
  for (auto _ : state) {
    if (const absl::Status status = add(); !status.ok()) state.SkipWithError(status.ToString().c_str());
  }
}
BENCHMARK(BM_NextReport)->Arg(10)->Arg(100)->Arg(1000)->Iterations(50)->UseRealTime()->Unit(benchmark::kMillisecond);

// The store that all lists read.
PlanStore& Filled() {
  return testing::FilledStore(NewPostgresPlanStore, [](PlanStore& store, int begin, int end) {
    std::vector<int> numbers(static_cast<size_t>(end - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    return Fill(store, numbers);
  });
}

// Pages of 50 trackings, from the first to the last and over again.
void BM_List(benchmark::State& state, const PlanFilter& filter) {
  PlanStore& store = Filled();
  std::optional<PlanCursor> cursor;
  testing::TimeCalls(state, [&] {
    const auto page = store.ListTrackings(filter, cursor, 50);
    if (page.ok()) cursor = page->next;
    return page.status();
  });
}
BENCHMARK_CAPTURE(BM_List, all, {})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, agency, {.agency = AgencyOf(7)})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, year, {.year = 2012})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, status, {.status = v1::Tracking::DELIVERED})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, status_rare, {.status = v1::Tracking::MISSED})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, status_none, {.status = v1::Tracking::CARRIED_OVER})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, theme, {.theme = "theme.3"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, theme_rare, {.theme = "theme.rare"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, overdue, {.overdue_on = "2024-01-01"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, overdue_none, {.overdue_on = "2010-01-01"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, review, {.needs_review_below = 0.9})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, review_rare, {.needs_review_below = 0.2})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_List, unit_none, {.unit = "普法股"})->UseRealTime()->Unit(benchmark::kMillisecond);

// Pages of 50 summaries, from the first to the last and over again.
void BM_Summarize(benchmark::State& state, const PlanFilter& filter) {
  PlanStore& store = Filled();
  std::optional<SummaryCursor> cursor;
  testing::TimeCalls(state, [&] {
    const auto page = store.Summarize(filter, "2024-01-01", cursor, 50);
    if (page.ok()) cursor = page->next;
    return page.status();
  });
}
BENCHMARK_CAPTURE(BM_Summarize, all, {})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Summarize, year, {.year = 2012})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Summarize, province, {.region_prefix = "44"})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Summarize, agency, {.agency = AgencyOf(7)})->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duban
