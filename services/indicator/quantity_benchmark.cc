// SPDX-License-Identifier: Apache-2.0
// Speed of ScanQuantities and ParseNumeral. With DUBAN_REPORTS_DIR set, also on the text files of that directory.
#include "services/indicator/quantity.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "benchmark/benchmark.h"
#include "common/base/lexicon.h"
#include "common/text/utf8.h"
#include "services/indicator/numeral.h"

namespace duban {
namespace {

const UnitLexicon& Units() {
  static const auto units = UnitLexicon::Create();
  return **units;
}

// Text of the genre: prose with a figure about every hundred bytes.
std::string GeneratedText(size_t size) {
  static constexpr std::string_view kClauses[] = {"坚持统筹推进，持续深化基层治理体系建设，不断提升公共法律服务水平，",
                                                  "受理法律援助案件786宗，",
                                                  "挽回经济损失约4735万元，",
                                                  "调解成功率达98.5%，同比增长2.3个百分点。",
                                                  "开展各类宣传活动一百二十余场次，受教育群众20万余人次；",
                                                  "二是健全工作机制。制定年度任务清单，明确责任单位，压实工作责任。",
                                                  "2023年3月，组织召开第十四次联席会议，印发《行政执法监督办法》，",
                                                  "在全市考核中排名第三，",
                                                  "落实“八五”普法规划，打造“15分钟公共法律服务圈”，"};
  std::mt19937 random(20240101);
  std::string text;
  while (text.size() < size) {
    text += kClauses[random() % std::size(kClauses)];
    if (random() % 8 == 0) text += "\n    ";
  }
  return text;
}

void Scan(benchmark::State& state, const std::string& text, NumeralScope scope) {
  size_t found = 0;
  for (auto _ : state) {
    found = ScanQuantities(text, Units(), scope).size();
    benchmark::DoNotOptimize(found);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["found"] = static_cast<double>(found);
}

void BM_ScanGenerated(benchmark::State& state) {
  Scan(state, GeneratedText(static_cast<size_t>(state.range(0))), NumeralScope::kMeasured);
}
BENCHMARK(BM_ScanGenerated)->RangeMultiplier(10)->Range(10'000, 1'000'000);

void BM_ScanAllNumerals(benchmark::State& state) { Scan(state, GeneratedText(100'000), NumeralScope::kAll); }
BENCHMARK(BM_ScanAllNumerals);

void BM_ScanReports(benchmark::State& state) {
  const char* directory = std::getenv("DUBAN_REPORTS_DIR");
  if (directory == nullptr) {
    state.SkipWithError("DUBAN_REPORTS_DIR is not set");
    return;
  }
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const auto bytes = ReadFile(entry.path().string());
    if (bytes.ok() && IsValidUtf8(*bytes)) text += *bytes;
  }
  Scan(state, text, NumeralScope::kMeasured);
}
BENCHMARK(BM_ScanReports);

void BM_ParseNumeral(benchmark::State& state) {
  static constexpr std::string_view kNumerals[] = {"3302", "1,120.5万", "二千八百六十", "百分之九十九点二", "3亿2千万"};
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ParseNumeral(kNumerals[i++ % std::size(kNumerals)]));
}
BENCHMARK(BM_ParseNumeral);

}  // namespace
}  // namespace duban
