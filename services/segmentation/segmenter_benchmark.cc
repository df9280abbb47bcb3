// SPDX-License-Identifier: Apache-2.0
// Speed of the outline over synthetic reports from 10 kB to 1 MB; bytes per second must not fall with the size.
#include <benchmark/benchmark.h>

#include <string>

#include "services/segmentation/segmenter.h"

namespace duban {
namespace {

// A report of about `size` bytes: parts, headings of all levels, items, figures.
std::string Report(size_t size) {
  std::string text = "云溪县司法局2023年工作总结和2024年工作计划\n";
  const char* const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  for (size_t i = 0; text.size() < size; ++i) {
    text += std::string(numerals[i % 10]) + (i % 2 == 0 ? "、2023年主要工作\n" : "、2024年工作计划\n");
    for (int k = 0; k < 4; ++k) {
      text += std::string("（") + numerals[k] + "）强化统筹协调，提升法治建设水平\n";
      text += "一是完善工作机制。召开会议12次，印发文件26份，审查规范性文件38件，提出意见建议320条，采纳率达到95.6%。";
      text += "二是深化监督检查。组织专项检查6轮，抽查案卷430卷，发现并督促整改问题87个，制发监督意见书14份。\n";
      text += "1.办好民生实事。受理法律援助案件1,203件，同比增长8.2%，为群众挽回经济损失约4735万元。\n";
      text += "2.建强基层队伍。新增专职调解员48名，调解成功率为98.1%，群众满意度持续提升，工作成效得到充分肯定。\n";
    }
  }
  return text;
}

void BM_Segment(benchmark::State& state) {
  auto segmenter = Segmenter::Create();
  if (!segmenter.ok()) return state.SkipWithError("lexicon");
  v1::Document document;
  document.set_text(Report(static_cast<size_t>(state.range(0))));
  document.set_report_year(2023);
  document.set_plan_year(2024);
  for (auto _ : state) benchmark::DoNotOptimize((*segmenter)->Segment(document));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(document.text().size()));
}
BENCHMARK(BM_Segment)->Arg(10 << 10)->Arg(100 << 10)->Arg(1 << 20)->Unit(benchmark::kMicrosecond);

// Texts of nothing but enumerators and turns, in one line or in many: the shapes that a quadratic step would show on.
void BM_SegmentHostile(benchmark::State& state) {
  auto segmenter = Segmenter::Create();
  if (!segmenter.ok()) return state.SkipWithError("lexicon");
  v1::Document document;
  while (document.text().size() < static_cast<size_t>(state.range(0))) {
    document.mutable_text()->append("一是仍存在，二是问题（一）1、①首先，存在。下一步，将完善。");
    if (state.range(1) != 0)
      document.mutable_text()->append("\n持续深化改革。全面推进各项工作任务落实落细，取得新的成效。\n");
  }
  for (auto _ : state) benchmark::DoNotOptimize((*segmenter)->Segment(document));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(document.text().size()));
}
BENCHMARK(BM_SegmentHostile)->ArgsProduct({{10 << 10, 100 << 10, 1 << 20}, {0, 1}})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace duban
