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

PlanDocument Row(const v1::Document& document, int32_t revision) {
  return {.id = *ParseDocumentName("name", document.name()),
          .revision = revision,
          .agency = AgencyId(document),
          .report_year = document.report_year(),
          .plan_year = document.plan_year(),
          .region = document.region().code(),
          .agency_display_name = document.agency().display_name()};
}

// A plan without a report tells what is promised again after the year before its own.
int32_t YearBeforePlan(int32_t report_year, int32_t plan_year) {
  return report_year == 0 && plan_year != 0 ? plan_year - 1 : 0;
}

// The documents of an agency that bear on plans for `years`: those plans, the reports on them, and plans without a
// report for the year after.
std::vector<std::string> Concerned(const std::vector<PlanDocument>& neighbours, const std::set<int32_t>& years) {
  std::vector<std::string> names;
  for (const PlanDocument& row : neighbours) {
    const int32_t before = YearBeforePlan(row.report_year, row.plan_year);
    if (years.contains(row.plan_year) || years.contains(row.report_year) || (before != 0 && years.contains(before))) {
      names.push_back(DocumentName(row.id));
    }
  }
  return names;
}

// The documents that a plan is held against: the agency's other reports on the plan's year, and plans without a report
// for the year after.
std::vector<v1::Analysis> Results(const v1::Analysis& plan, const std::vector<const v1::Analysis*>& concerned) {
  std::vector<v1::Analysis> results;
  const int32_t year = plan.document().plan_year();
  for (const v1::Analysis* other : concerned) {
    const v1::Document& document = other->document();
    const bool of_the_year = year != 0 && (document.report_year() == year ||
                                           YearBeforePlan(document.report_year(), document.plan_year()) == year);
    if (of_the_year && other->document().name() != plan.document().name()) results.push_back(*other);
  }
  return results;
}

}  // namespace

absl::Status TrackHandler::Fetch(const std::vector<std::string>& names, const std::string& traceparent,
                                 Analyses* analyses) const {
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (!analyses->contains(name)) missing.push_back(name);
  }
  for (size_t begin = 0; begin < missing.size(); begin += kFetchBatch) {
    const std::vector<std::string> some(missing.begin() + begin,
                                        missing.begin() + std::min(missing.size(), begin + kFetchBatch));
    DUBAN_ASSIGN_OR_RETURN(auto documents, FetchDocuments(*upstream_.ingest, some, traceparent));
    DUBAN_ASSIGN_OR_RETURN(auto outlines, FetchOutlines(*upstream_.segmentation, some, traceparent));
    DUBAN_ASSIGN_OR_RETURN(auto sets, FetchIndicators(*upstream_.indicator, some, traceparent));
    for (size_t i = 0; i < some.size(); ++i) {
      v1::Analysis& analysis = (*analyses)[some[i]];
      for (v1::PlanItem& item : planner_.FindPlanItems(documents[i], outlines[i], sets[i])) {
        item.set_name(
            PlanItemName({AgencyId(documents[i]), *ParseDocumentName("name", documents[i].name()), item.id()}));
        item.set_agency_display_name(documents[i].agency().display_name());
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
  return absl::OkStatus();
}

absl::Status TrackHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  const std::string& traceparent = tasks.front().traceparent();
  Analyses analyses;
  DUBAN_RETURN_IF_ERROR(Fetch(DocumentNames(tasks), traceparent, &analyses));
  std::vector<PlanDocumentItems> rows;
  std::map<std::string, std::set<int32_t>> years;  // plan years to track anew, by agency
  for (const v1::Task& task : tasks) {
    const v1::Analysis& analysis = analyses.at(task.document());
    PlanDocumentItems& row = rows.emplace_back();
    row.document = Row(analysis.document(), task.revision());
    row.items.assign(analysis.plan_items().begin(), analysis.plan_items().end());
    row.problems.assign(analysis.problems().begin(), analysis.problems().end());
    std::set<int32_t>& changed = years[row.document.agency];
    for (const int32_t year : {row.document.report_year, row.document.plan_year,
                               YearBeforePlan(row.document.report_year, row.document.plan_year)}) {
      if (year != 0) changed.insert(year);
    }
  }
  DUBAN_ASSIGN_OR_RETURN(const auto agencies, store_.PutDocuments(rows));

  // One fetch for the neighbours of all agencies.
  std::map<std::string, std::vector<PlanDocument>> neighbours;
  std::vector<std::string> concerned;
  for (const std::string& agency : agencies) {
    DUBAN_ASSIGN_OR_RETURN(neighbours[agency], store_.Neighbours(agency));
    // An agency that a document has left: nothing tells which of its years it was in.
    const bool left = !years.contains(agency);
    std::set<int32_t>& changed = years[agency];
    for (const PlanDocument& row : neighbours[agency]) {
      if (left) changed.insert(row.plan_year);
    }
    for (std::string& name : Concerned(neighbours[agency], changed)) concerned.push_back(std::move(name));
  }
  DUBAN_RETURN_IF_ERROR(Fetch(concerned, traceparent, &analyses));
  for (const auto& [agency, changed] : years) {
    DUBAN_RETURN_IF_ERROR(Retrack(agency, changed, std::move(neighbours[agency]), traceparent, &analyses));
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::Retrack(const std::string& agency, const std::set<int32_t>& years,
                                   std::vector<PlanDocument> neighbours, const std::string& traceparent,
                                   Analyses* analyses) const {
  absl::Status status;
  for (int round = 0; round < kMaxRounds; ++round) {
    const std::vector<std::string> names = Concerned(neighbours, years);
    DUBAN_RETURN_IF_ERROR(Fetch(names, traceparent, analyses));
    std::vector<const v1::Analysis*> concerned;
    for (const std::string& name : names) concerned.push_back(&analyses->at(name));
    std::vector<v1::Tracking> trackings;
    for (const v1::Analysis* plan : concerned) {
      if (!years.contains(plan->document().plan_year()) || plan->plan_items().empty()) continue;
      for (v1::Tracking& tracking : planner_.Track(*plan, Results(*plan, concerned))) {
        tracking.set_name(tracking.plan_item().name() + "/tracking");
        trackings.push_back(std::move(tracking));
      }
    }
    status = store_.CommitTrackings(agency, neighbours, trackings);
    if (!absl::IsAborted(status)) return status;
    DUBAN_ASSIGN_OR_RETURN(neighbours, store_.Neighbours(agency));
  }
  return status;
}

}  // namespace duban
