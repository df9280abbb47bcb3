// SPDX-License-Identifier: Apache-2.0
// MB/s on texts of 10 kB to 1 MB: growth must be linear. A web page is parsed in this process (BM_ParseHtml), as
// duban-convert does it; BM_HtmlPage is all that a page costs, with that process.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "services/ingest/html.h"
#include "services/ingest/reader.h"

namespace duban {
namespace {

std::string Report(size_t bytes) {
  std::string text = "首页 > 政务公开\n松阳县司法局2023年工作总结及2024年工作计划\n发布时间：2024-01-12\n";
  for (int i = 1; text.size() < bytes; ++i) {
    text += "一、依法治县统筹推进\n（一）深化法治督察。一是组织专项督察" + std::to_string(i % 9 + 1) +
            "次，在市司法局指导下整改问题120个，整改率98.5%。二是松阳县司法局办理行政复议案件96件，办结88件，"
            "其中调解和解42件，丽水市评查优秀率为92%，较上年提高3.1个百分点，群众满意度明显提升。\n";
  }
  return text;
}

void Read(benchmark::State& state, const std::string& text) {
  auto reader = Reader::Create();
  for (auto _ : state) benchmark::DoNotOptimize((*reader)->Read(text, "report"));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void BM_PlainText(benchmark::State& state) { Read(state, Report(static_cast<size_t>(state.range(0)))); }
BENCHMARK(BM_PlainText)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

std::string HtmlReport(size_t bytes) {
  std::string page = "<html><body><div>";
  for (const char c : Report(bytes)) page += c == '\n' ? std::string("</p>\n<p>") : std::string(1, c);
  return page;
}

void BM_ParseHtml(benchmark::State& state) {
  const std::string page = HtmlReport(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(ReadHtml(page));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * page.size()));
}
BENCHMARK(BM_ParseHtml)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void BM_HtmlPage(benchmark::State& state) { Read(state, HtmlReport(static_cast<size_t>(state.range(0)))); }
BENCHMARK(BM_HtmlPage)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->UseRealTime();

// Shapes that a careless reader takes quadratic time for: the time of a byte must not grow from one size to the next.
std::string Hostile(int64_t shape, size_t bytes) {
  constexpr std::string_view kTitle = "松阳县司法局2023年工作总结\n";
  const auto times = [&](std::string_view before, std::string_view piece) {
    std::string text(before);
    while (text.size() < bytes) text += piece;
    return text;
  };
  switch (shape) {
    case 0:
      return times(std::string(kTitle) + "全年受理案件和调解纠纷共计620\n", "1 1\n");
    case 1:
      return times(std::string(kTitle) + std::string(bytes / 2, '1') + "\n", "x\n");
    case 2:
      return times(std::string(kTitle) + "1、", "x，\n");
    case 3:
      return times(kTitle, "标题：松阳县司法局\n没有句号的短行\n");
    default:
      return times(kTitle, "\t1");
  }
}

void BM_Hostile(benchmark::State& state) { Read(state, Hostile(state.range(0), static_cast<size_t>(state.range(1)))); }
BENCHMARK(BM_Hostile)->ArgsProduct({{0, 1, 2, 3, 4}, {100'000, 400'000}});

}  // namespace
}  // namespace duban
