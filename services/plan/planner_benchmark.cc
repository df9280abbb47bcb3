// SPDX-License-Identifier: Apache-2.0
// Cost of plan items per byte of report, and of tracking one plan against one report, over reports of growing size.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "services/plan/planner.h"

namespace duban {
namespace {

// A report with `items` achievements and as many plan items, each an enumerated section.
v1::Analysis Report(int items, int year) {
  v1::Analysis report;
  report.mutable_document()->set_report_year(year);
  report.mutable_document()->set_plan_year(year + 1);
  std::string* text = report.mutable_document()->mutable_text();
  const auto add = [&](v1::Section::Role role, const std::string& words) {
    v1::Section& section = *report.add_sections();
    section.set_id("s" + std::to_string(report.sections_size()));
    section.set_level(5);
    section.set_marker("一是");
    section.set_role(role);
    section.mutable_span()->set_begin(static_cast<int32_t>(text->size()));
    *text += words;
    section.mutable_span()->set_end(static_cast<int32_t>(text->size()));
  };
  const auto name = [](int i) { return "第" + std::to_string(i) + "片区“" + std::string("东西南北中") + "”"; };
  for (int i = 0; i < items; ++i) {
    add(v1::Section::ACHIEVEMENT,
        "一是" + name(i) + "法律服务站建成投用。办理法律援助案件，调解矛盾纠纷，群众满意率稳步上升。");
  }
  for (int i = 0; i < items; ++i) {
    add(v1::Section::PLAN, "一是建成" + name(i) + "法律服务站。完善值班制度，加强律师管理，6月底前投入使用。");
  }
  return report;
}

v1::Outline OutlineOf(const v1::Analysis& report) {
  v1::Outline outline;
  *outline.mutable_sections() = report.sections();
  return outline;
}

void BM_FindPlanItems(benchmark::State& state) {
  const auto planner = Planner::Create().value();
  const v1::Analysis report = Report(static_cast<int>(state.range(0)), 2023);
  const v1::Outline outline = OutlineOf(report);
  for (auto _ : state) benchmark::DoNotOptimize(planner->FindPlanItems(report.document(), outline, {}));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * report.document().text().size()));
}
BENCHMARK(BM_FindPlanItems)->Arg(20)->Arg(200)->Arg(2000);

void BM_Track(benchmark::State& state) {
  const auto planner = Planner::Create().value();
  v1::Analysis plan = Report(static_cast<int>(state.range(0)), 2023);
  for (v1::PlanItem& item : planner->FindPlanItems(plan.document(), OutlineOf(plan), {})) {
    *plan.add_plan_items() = std::move(item);
  }
  const v1::Analysis result = Report(static_cast<int>(state.range(0)), 2024);
  for (auto _ : state) benchmark::DoNotOptimize(planner->Track(plan, {&result, 1}));
}
BENCHMARK(BM_Track)->Arg(20)->Arg(40)->Arg(80)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duban
