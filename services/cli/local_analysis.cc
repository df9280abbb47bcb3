// SPDX-License-Identifier: Apache-2.0
#include "services/cli/local_analysis.h"

#include <fmt/format.h>

#include <utility>

#include "common/base/status.h"
#include "services/indicator/catalog.h"

namespace duban {
namespace {

// What duban-ingest takes by default.
constexpr size_t kLargestReport = 16 << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<const LocalAnalysis>> LocalAnalysis::Create(const std::string& catalog_file) {
  auto local = std::unique_ptr<LocalAnalysis>(new LocalAnalysis);
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Catalog> catalog, Catalog::Load(catalog_file));
  DUBAN_ASSIGN_OR_RETURN(local->reader_, Reader::Create());
  DUBAN_ASSIGN_OR_RETURN(local->segmenter_, Segmenter::Create());
  DUBAN_ASSIGN_OR_RETURN(local->extractor_, Extractor::Create(std::move(catalog)));
  DUBAN_ASSIGN_OR_RETURN(local->planner_, Planner::Create());
  return local;
}

absl::StatusOr<v1::Analysis> LocalAnalysis::Analyze(std::string_view bytes, std::string_view source_uri) const {
  if (bytes.size() > kLargestReport) {
    return InvalidField("content", fmt::format("{} bytes, want at most {}", bytes.size(), kLargestReport));
  }
  v1::Analysis analysis;
  DUBAN_ASSIGN_OR_RETURN(*analysis.mutable_document(), reader_->Read(bytes, source_uri));
  const v1::Document& document = analysis.document();
  v1::Outline outline = segmenter_->Segment(document);
  v1::IndicatorSet set = extractor_->Extract(document, outline);
  for (v1::PlanItem& item : planner_->FindPlanItems(document, outline, set)) {
    *analysis.add_plan_items() = std::move(item);
  }
  analysis.mutable_sections()->Swap(outline.mutable_sections());
  analysis.mutable_problems()->Swap(outline.mutable_problems());
  analysis.mutable_indicators()->Swap(set.mutable_indicators());
  analysis.mutable_relations()->Swap(set.mutable_relations());
  analysis.mutable_findings()->Swap(set.mutable_findings());
  return analysis;
}

v1::TrackReport LocalAnalysis::Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const {
  v1::TrackReport report;
  *report.mutable_plan() = plan;
  const v1::Analysis* last = nullptr;
  for (const v1::Analysis& result : results) {
    if (last == nullptr || result.document().report_year() >= last->document().report_year()) last = &result;
  }
  if (last != nullptr) *report.mutable_result() = *last;
  for (v1::Tracking& tracking : planner_->Track(plan, results)) *report.add_items() = std::move(tracking);
  return report;
}

}  // namespace duban
