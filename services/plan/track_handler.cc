// SPDX-License-Identifier: Apache-2.0
#include "services/plan/track_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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
std::vector<PlanDocument> Concerned(const std::vector<PlanDocument>& neighbours, const std::set<int32_t>& years) {
  std::vector<PlanDocument> concerned;
  std::copy_if(neighbours.begin(), neighbours.end(), std::back_inserter(concerned), [&](const PlanDocument& row) {
    const int32_t before = YearBeforePlan(row.report_year, row.plan_year);
    return years.contains(row.plan_year) || years.contains(row.report_year) || (before != 0 && years.contains(before));
  });
  return concerned;
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
  DUBAN_ASSIGN_OR_RETURN(auto documents, FetchDocuments(*upstream_.ingest, names, traceparent));
  DUBAN_ASSIGN_OR_RETURN(auto outlines, FetchOutlines(*upstream_.segmentation, names, traceparent));
  DUBAN_ASSIGN_OR_RETURN(auto sets, FetchIndicators(*upstream_.indicator, names, traceparent));
  for (size_t i = 0; i < names.size(); ++i) {
    const int32_t revision = documents[i].revision();
    if (outlines[i].revision() != revision || sets[i].revision() != revision) {
      return absl::AbortedError(fmt::format("{}: revision {}, its outline is of {}, its indicators are of {}", names[i],
                                            revision, outlines[i].revision(), sets[i].revision()));
    }
    v1::Analysis& analysis = (*analyses)[names[i]] = v1::Analysis();
    for (v1::PlanItem& item : planner_.FindPlanItems(documents[i], outlines[i], sets[i])) {
      item.set_name(PlanItemName({AgencyId(documents[i]), *ParseDocumentName("name", documents[i].name()), item.id()}));
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
  return absl::OkStatus();
}

absl::Status TrackHandler::FetchRows(const std::vector<PlanDocument>& rows, const std::string& traceparent,
                                     Analyses* analyses) const {
  std::map<std::string, int32_t> missing;
  for (const PlanDocument& row : rows) {
    const auto known = analyses->find(DocumentName(row.id));
    if (known != analyses->end() && known->second.document().revision() == row.revision) continue;
    if (known != analyses->end()) analyses->erase(known);
    missing[DocumentName(row.id)] = row.revision;
  }
  std::vector<std::string> names;
  for (const auto& [name, revision] : missing) names.push_back(name);
  for (size_t begin = 0; begin < names.size(); begin += kFetchBatch) {
    const std::vector<std::string> some(names.begin() + begin,
                                        names.begin() + std::min(names.size(), begin + kFetchBatch));
    absl::Status status = Fetch(some, traceparent, analyses);
    if (!absl::IsNotFound(status)) {
      DUBAN_RETURN_IF_ERROR(status);
      continue;
    }
    for (const std::string& name : some) {
      status = Fetch({name}, traceparent, analyses);
      if (absl::IsNotFound(status)) {
        DUBAN_ASSIGN_OR_RETURN(const bool superseded,
                               IsSuperseded(*upstream_.ingest, name, missing.at(name), traceparent));
        if (superseded) continue;
      }
      DUBAN_RETURN_IF_ERROR(status);
    }
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  const std::string& traceparent = tasks.front().traceparent();
  Analyses analyses;
  for (size_t begin = 0; begin < tasks.size(); begin += kFetchBatch) {
    const auto some = tasks.subspan(begin, std::min(kFetchBatch, tasks.size() - begin));
    DUBAN_RETURN_IF_ERROR(Fetch(DocumentNames(some), traceparent, &analyses));
  }
  std::vector<PlanDocumentItems> rows;
  Years years;
  std::set<std::string> whole;  // agencies of which more than `years` may change
  for (const v1::Task& task : tasks) {
    const v1::Analysis& analysis = analyses.at(task.document());
    DUBAN_RETURN_IF_ERROR(CheckCurrent(task, analysis.document()));
    PlanDocumentItems& row = rows.emplace_back();
    row.document = Row(analysis.document(), task.revision());
    row.items.assign(analysis.plan_items().begin(), analysis.plan_items().end());
    row.problems.assign(analysis.problems().begin(), analysis.problems().end());
    std::set<int32_t>& changed = years[row.document.agency];
    for (const int32_t year : {row.document.report_year, row.document.plan_year,
                               YearBeforePlan(row.document.report_year, row.document.plan_year)}) {
      if (year != 0) changed.insert(year);
    }
    if (task.revision() > 1) whole.insert(row.document.agency);
  }
  for (const std::string& agency : whole) years.erase(agency);
  DUBAN_ASSIGN_OR_RETURN(const auto agencies, store_.PutDocuments(rows));
  return RetrackAll(agencies, std::move(years), traceparent, &analyses);
}

absl::Status TrackHandler::RemoveBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto removals, Removals(tasks));
  DUBAN_ASSIGN_OR_RETURN(const auto agencies, store_.RemoveDocuments(removals));
  Analyses analyses;
  return RetrackAll(agencies, {}, tasks.front().traceparent(), &analyses);
}

absl::Status TrackHandler::RetrackAll(const std::vector<std::string>& agencies, Years years,
                                      const std::string& traceparent, Analyses* analyses) const {
  // One fetch for the neighbours of all agencies.
  std::map<std::string, std::vector<PlanDocument>> neighbours;
  std::vector<PlanDocument> concerned;
  for (const std::string& agency : agencies) {
    DUBAN_ASSIGN_OR_RETURN(neighbours[agency], store_.Neighbours(agency));
    const auto [place, all] = years.try_emplace(agency);
    for (const PlanDocument& row : neighbours[agency]) {
      if (all && row.plan_year != 0) place->second.insert(row.plan_year);
    }
    for (PlanDocument& row : Concerned(neighbours[agency], place->second)) concerned.push_back(std::move(row));
  }
  DUBAN_RETURN_IF_ERROR(FetchRows(concerned, traceparent, analyses));
  for (auto& [agency, rows] : neighbours) {
    DUBAN_RETURN_IF_ERROR(Retrack(agency, years.at(agency), std::move(rows), traceparent, analyses));
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::Retrack(const std::string& agency, const std::set<int32_t>& years,
                                   std::vector<PlanDocument> neighbours, const std::string& traceparent,
                                   Analyses* analyses) const {
  absl::Status status;
  for (int round = 0; round < kMaxRounds; ++round) {
    const std::vector<PlanDocument> rows = Concerned(neighbours, years);
    DUBAN_RETURN_IF_ERROR(FetchRows(rows, traceparent, analyses));
    std::vector<const v1::Analysis*> concerned;
    for (const PlanDocument& row : rows) {
      const auto analysis = analyses->find(DocumentName(row.id));
      const bool current = analysis != analyses->end() && analysis->second.document().revision() == row.revision;
      if (current) concerned.push_back(&analysis->second);
    }
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
