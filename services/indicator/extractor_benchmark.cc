// SPDX-License-Identifier: Apache-2.0
// Bytes per second of the whole extraction: on a synthetic report of about 35 % sentences with figures, from 10 kB to 1
// MB, and on the reports of DUBAN_REPORTS_DIR if that is set.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/base/lexicon.h"
#include "services/indicator/extractor.h"

namespace duban {
namespace {

std::string Report(size_t size) {
  std::string text;
  for (int n = 0; text.size() < size; ++n) {
    text += "深入贯彻落实各项部署要求，持续完善工作机制，推动法治建设各项任务走深走实，着力营造良好的法治环境。\n";
    text += "加强组织领导，压实工作责任，健全协调联动机制，形成齐抓共管的工作格局，不断提升群众获得感和满意度。\n";
    text += fmt::format("全年受理行政复议案件{}宗，办结{}宗，其中调解结案{}宗，同比增长{}.5%，调解成功率98.2%。\n",
                        100 + n % 900, 90 + n % 800, 40 + n % 50, n % 40);
  }
  return text;
}

v1::Outline Lines(const std::string& text) {
  v1::Outline outline;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    v1::Sentence* sentence = outline.add_sentences();
    sentence->mutable_span()->set_begin(static_cast<int32_t>(begin));
    sentence->mutable_span()->set_end(static_cast<int32_t>(end));
    begin = end + 1;
  }
  return outline;
}

void Run(const std::string& text, benchmark::State* state) {
  const auto extractor = Extractor::Create().value();
  v1::Document document;
  document.set_text(text);
  document.set_report_year(2023);
  const v1::Outline outline = Lines(text);
  for (auto _ : *state) benchmark::DoNotOptimize(extractor->Extract(document, outline));
  state->SetBytesProcessed(static_cast<int64_t>(state->iterations() * text.size()));
}

void BM_Synthetic(benchmark::State& state) { Run(Report(static_cast<size_t>(state.range(0))), &state); }
BENCHMARK(BM_Synthetic)->Arg(10 << 10)->Arg(100 << 10)->Arg(1 << 20);

// One sentence that never ends, of what once took the square of its size.
void BM_Hostile(benchmark::State& state) {
  struct Shape {
    const char* front;
    const char* part;
  };
  static constexpr Shape kShapes[] = {{"受理案件9件", "（1件"},         {"受理案件90000件，其中", "甲类3件、"},
                                      {"受理案件90件", "，同比增长5%"}, {"受理案件9件", "，3件"},
                                      {"清理文件90件", "，废止3件"},    {"受理案件90件", "，办结率95%"},
                                      {"受理案件90件", "，2019年为8件"}};
  const Shape& shape = kShapes[state.range(0)];
  std::string text = shape.front;
  while (text.size() < static_cast<size_t>(state.range(1))) text += shape.part;
  state.SetLabel(shape.part);
  Run(text, &state);
}
BENCHMARK(BM_Hostile)->ArgsProduct({{0, 1, 2, 3, 4, 5, 6}, {64 << 10, 512 << 10}})->Unit(benchmark::kMillisecond);

void BM_RealReports(benchmark::State& state) {
  const char* dir = std::getenv("DUBAN_REPORTS_DIR");
  if (dir == nullptr) return state.SkipWithError("DUBAN_REPORTS_DIR is not set");
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    if (entry.path().extension() == ".txt") text += ReadFile(entry.path().string()).value() + "\n";
  }
  Run(text, &state);
}
BENCHMARK(BM_RealReports);

}  // namespace
}  // namespace duban
