// SPDX-License-Identifier: Apache-2.0
// The input is a serialized Analysis; it is searched for plan items and tracked against itself. Whatever its spans,
// parents and text: no crash, and items inside the text.

#include <cstdlib>

#include "common/text/utf8.h"
#include "services/plan/planner.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace duban;
  static const Planner& planner = *Planner::Create().value().release();
  v1::Analysis analysis;
  if (!analysis.ParseFromArray(data, static_cast<int>(size)) || !IsValidUtf8(analysis.document().text())) return 0;
  v1::Outline outline;
  *outline.mutable_sections() = analysis.sections();
  v1::IndicatorSet indicators;
  *indicators.mutable_indicators() = analysis.indicators();
  for (v1::PlanItem& item : planner.FindPlanItems(analysis.document(), outline, indicators)) {
    const int length = static_cast<int>(analysis.document().text().size());
    if (item.span().begin() < 0 || item.span().end() > length || item.span().begin() >= item.span().end()) std::abort();
    *analysis.add_plan_items() = std::move(item);
  }
  if (planner.Track(analysis, {&analysis, 1}).size() != static_cast<size_t>(analysis.plan_items_size())) std::abort();
  return 0;
}
