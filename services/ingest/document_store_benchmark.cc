// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL backend of DocumentStore on a private cluster that does not wait for the disk: figures compare batch
// sizes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/base/names.h"
#include "common/testing/store_benchmark.h"
#include "services/ingest/document_store.h"

namespace duban {
namespace {

std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }

// A report of 15 kB.
NewDocument MakeDocument(int number) {
  NewDocument made;
  made.document.set_name(DocumentName(IdOf(number)));
  made.document.mutable_agency()->set_name(AgencyName(Sha256Hex(fmt::format("agency {}", number % 400), 16)));
  for (int line = 0; line < 150; ++line) {
    *made.document.mutable_text() += fmt::format("第{}项：全年办结案卷{}件，挽回损失{}元，满意率{}%。\n", line,
                                                 number * 31 + line, line * 977, line % 100);
  }
  made.original = made.document.text();
  return made;
}

// Stores state.range(0) documents at a time.
void BM_Insert(benchmark::State& state) {
  const auto own = testing::NewBenchmarkStore(NewPostgresDocumentStore);
  int number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<NewDocument> documents;
    for (int i = 0; i < state.range(0); ++i) documents.push_back(MakeDocument(number++));
    state.ResumeTiming();
    if (!own.store->Insert(documents).ok()) state.SkipWithError("Insert");
  }
  state.SetItemsProcessed(number);
}
BENCHMARK(BM_Insert)->Arg(1)->Arg(8)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);

// Takes in state.range(0) events at a time, each of another document.
void BM_ApplyEvents(benchmark::State& state) {
  const auto own = testing::NewBenchmarkStore(NewPostgresDocumentStore);
  int number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<NewDocument> documents;
    std::vector<v1::StageEvent> events;
    for (int i = 0; i < state.range(0); ++i) {
      documents.push_back(MakeDocument(number++));
      v1::StageEvent& event = events.emplace_back();
      event.set_document(documents.back().document.name());
      event.set_stage(v1::Task::SEGMENT);
      event.set_revision(1);
      event.set_outcome(v1::StageEvent::DONE);
    }
    if (!own.store->Insert(documents).ok()) state.SkipWithError("Insert");
    state.ResumeTiming();
    if (!own.store->ApplyEvents(events).ok()) state.SkipWithError("ApplyEvents");
  }
  state.SetItemsProcessed(number);
}
BENCHMARK(BM_ApplyEvents)->Arg(1)->Arg(32)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duban
