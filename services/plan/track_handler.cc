// SPDX-License-Identifier: Apache-2.0
#include "services/plan/track_handler.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/worker/upstream.h"

namespace duban {
namespace {

// Documents fetched at a time: even large ones stay below the size limit of a message.
constexpr size_t kFetchBatch = 16;
// How often a tracking is computed anew because another document of the agency came in between.
constexpr int kMaxRounds = 20;

// A report whose agency is not known is tracked against nothing: it gets an agency of its own.
std::string AgencyId(const v1::Document& document) {
  const auto id = ParseAgencyName("agency", document.agency().name());
  return id.ok() ? *id : Sha256Hex(document.name(), 16);
}

PlanDocument Row(const v1::Analysis& analysis, int32_t revision) {
  const v1::Document& document = analysis.document();
  return {.id = *ParseDocumentName("name", document.name()),
          .revision = revision,
          .agency = AgencyId(document),
          .report_year = document.report_year(),
          .plan_year = document.plan_year()};
}

}  // namespace

absl::StatusOr<std::vector<v1::Analysis>> TrackHandler::FetchAnalyses(const std::vector<std::string>& names,
                                                                      const std::string& traceparent) const {
  std::vector<v1::Analysis> analyses;
  for (size_t begin = 0; begin < names.size(); begin += kFetchBatch) {
    const std::vector<std::string> some(names.begin() + begin,
                                        names.begin() + std::min(names.size(), begin + kFetchBatch));
    DUBAN_ASSIGN_OR_RETURN(auto documents, FetchDocuments(*upstream_.ingest, some, traceparent));
    DUBAN_ASSIGN_OR_RETURN(auto outlines, FetchOutlines(*upstream_.segmentation, some, traceparent));
    DUBAN_ASSIGN_OR_RETURN(auto sets, FetchIndicators(*upstream_.indicator, some, traceparent));
    for (size_t i = 0; i < some.size(); ++i) {
      v1::Analysis& analysis = analyses.emplace_back();
      for (v1::PlanItem& item : planner_.FindPlanItems(documents[i], outlines[i], sets[i])) {
        item.set_name(
            PlanItemName({AgencyId(documents[i]), *ParseDocumentName("name", documents[i].name()), item.id()}));
        *analysis.add_plan_items() = std::move(item);
      }
      *analysis.mutable_document() = std::move(documents[i]);
      analysis.mutable_sections()->Swap(outlines[i].mutable_sections());
      analysis.mutable_problems()->Swap(outlines[i].mutable_problems());
      analysis.mutable_indicators()->Swap(sets[i].mutable_indicators());
      analysis.mutable_relations()->Swap(sets[i].mutable_relations());
      analysis.mutable_findings()->Swap(sets[i].mutable_findings());
    }
  }
  return analyses;
}

absl::Status TrackHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  const std::string& traceparent = tasks.front().traceparent();
  DUBAN_ASSIGN_OR_RETURN(const auto analyses, FetchAnalyses(DocumentNames(tasks), traceparent));
  std::vector<PlanDocumentItems> rows;
  std::map<std::string, std::set<int32_t>> years;  // plan years to track anew, by agency
  for (size_t i = 0; i < tasks.size(); ++i) {
    PlanDocumentItems& row = rows.emplace_back();
    row.document = Row(analyses[i], tasks[i].revision());
    row.items.assign(analyses[i].plan_items().begin(), analyses[i].plan_items().end());
    years[row.document.agency].insert({row.document.report_year, row.document.plan_year});
  }
  DUBAN_RETURN_IF_ERROR(store_.PutDocuments(rows).status());
  for (const auto& [agency, changed] : years) DUBAN_RETURN_IF_ERROR(Retrack(agency, changed, traceparent));
  return absl::OkStatus();
}

absl::Status TrackHandler::Retrack(const std::string& agency, const std::set<int32_t>& years,
                                   const std::string& traceparent) const {
  absl::Status status;
  for (int round = 0; round < kMaxRounds; ++round) {
    DUBAN_ASSIGN_OR_RETURN(const auto neighbours, store_.Neighbours(agency));
    std::vector<std::string> names;
    for (const PlanDocument& row : neighbours) {
      if (years.contains(row.plan_year) || years.contains(row.report_year)) names.push_back(DocumentName(row.id));
    }
    DUBAN_ASSIGN_OR_RETURN(const auto analyses, FetchAnalyses(names, traceparent));
    std::vector<v1::Tracking> trackings;
    for (const v1::Analysis& plan : analyses) {
      const int32_t year = plan.document().plan_year();
      if (!years.contains(year) || plan.plan_items().empty()) continue;
      std::vector<v1::Analysis> results;
      for (const v1::Analysis& result : analyses) {
        const bool later = year != 0 && result.document().report_year() == year;
        if (later && result.document().name() != plan.document().name()) results.push_back(result);
      }
      for (v1::Tracking& tracking : planner_.Track(plan, results)) {
        tracking.set_name(tracking.plan_item().name() + "/tracking");
        trackings.push_back(std::move(tracking));
      }
    }
    status = store_.CommitTrackings(agency, neighbours, trackings);
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

}  // namespace duban
