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
#include "common/telemetry/log.h"
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

// A document and what the stages before made of it.
struct Read {
  v1::Document document;
  v1::Outline outline;
  v1::IndicatorSet indicators;

  // Whether all are of one revision.
  bool IsWhole() const {
    return outline.revision() == document.revision() && indicators.revision() == document.revision();
  }
};

absl::StatusOr<std::vector<Read>> ReadAll(const Upstream& upstream, const std::vector<std::string>& names,
                                          const std::string& traceparent) {
  DUBAN_ASSIGN_OR_RETURN(auto documents, FetchDocuments(*upstream.ingest, names, traceparent));
  DUBAN_ASSIGN_OR_RETURN(auto outlines, FetchOutlines(*upstream.segmentation, names, traceparent));
  DUBAN_ASSIGN_OR_RETURN(auto sets, FetchIndicators(*upstream.indicator, names, traceparent));
  std::vector<Read> all;
  for (size_t i = 0; i < names.size(); ++i) {
    all.push_back({std::move(documents[i]), std::move(outlines[i]), std::move(sets[i])});
  }
  return all;
}

// With their resource names.
std::vector<v1::PlanItem> FindItems(const Planner& planner, const Read& read) {
  std::vector<v1::PlanItem> items = planner.FindPlanItems(read.document, read.outline, read.indicators);
  for (v1::PlanItem& item : items) {
    item.set_name(PlanItemName({AgencyId(read.document), *ParseDocumentName("name", read.document.name()), item.id()}));
    item.set_agency_display_name(read.document.agency().display_name());
  }
  return items;
}

// Without plan items.
v1::Analysis ToAnalysis(Read read) {
  v1::Analysis analysis;
  *analysis.mutable_document() = std::move(read.document);
  analysis.mutable_sections()->Swap(read.outline.mutable_sections());
  analysis.mutable_problems()->Swap(read.outline.mutable_problems());
  analysis.mutable_indicators()->Swap(read.indicators.mutable_indicators());
  analysis.mutable_relations()->Swap(read.indicators.mutable_relations());
  analysis.mutable_findings()->Swap(read.indicators.mutable_findings());
  return analysis;
}

}  // namespace

absl::Status TrackHandler::FetchOwn(std::span<const v1::Task> tasks, Analyses* analyses) const {
  DUBAN_ASSIGN_OR_RETURN(std::vector<Read> all, ReadAll(upstream_, DocumentNames(tasks), tasks.front().traceparent()));
  for (size_t i = 0; i < tasks.size(); ++i) {
    Read& read = all[i];
    DUBAN_RETURN_IF_ERROR(CheckCurrent(tasks[i], read.document));
    if (!read.IsWhole()) {
      return absl::AbortedError(fmt::format("{}: revision {}, its outline is of {}, its indicators are of {}",
                                            tasks[i].document(), read.document.revision(), read.outline.revision(),
                                            read.indicators.revision()));
    }
    std::vector<v1::PlanItem> items = FindItems(planner_, read);
    v1::Analysis& analysis = (*analyses)[tasks[i].document()] = ToAnalysis(std::move(read));
    analysis.mutable_plan_items()->Assign(items.begin(), items.end());
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::FetchRows(const std::vector<PlanDocument>& rows, const std::string& traceparent,
                                     Analyses* analyses) const {
  std::map<std::string, PlanDocument> wanted;
  for (const PlanDocument& row : rows) {
    const auto known = analyses->find(DocumentName(row.id));
    if (known != analyses->end() && known->second.document().revision() == row.revision) continue;
    if (known != analyses->end()) analyses->erase(known);
    wanted[row.id] = row;
  }
  std::vector<PlanDocument> missing;
  for (auto& [id, row] : wanted) missing.push_back(std::move(row));
  for (size_t begin = 0; begin < missing.size(); begin += kFetchBatch) {
    const auto some = std::span(missing).subspan(begin, std::min(kFetchBatch, missing.size() - begin));
    absl::Status status = FetchNeighbours(some, traceparent, analyses);
    if (!absl::IsNotFound(status)) {
      DUBAN_RETURN_IF_ERROR(status);
      continue;
    }
    for (size_t i = 0; i < some.size(); ++i) {
      status = FetchNeighbours(some.subspan(i, 1), traceparent, analyses);
      if (!absl::IsNotFound(status)) {
        DUBAN_RETURN_IF_ERROR(status);
        continue;
      }
      const std::string name = DocumentName(some[i].id);
      DUBAN_ASSIGN_OR_RETURN(const bool superseded,
                             IsSuperseded(*upstream_.ingest, name, some[i].revision, traceparent));
      if (!superseded) LogWarning("tracked without it", {{"document", name}, {"error", status.ToString()}});
    }
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::FetchNeighbours(std::span<const PlanDocument> rows, const std::string& traceparent,
                                           Analyses* analyses) const {
  std::vector<std::string> names;
  for (const PlanDocument& row : rows) names.push_back(DocumentName(row.id));
  DUBAN_ASSIGN_OR_RETURN(std::vector<Read> all, ReadAll(upstream_, names, traceparent));
  for (size_t i = 0; i < rows.size(); ++i) {
    Read& read = all[i];
    if (read.document.revision() != rows[i].revision || !read.IsWhole()) continue;
    (*analyses)[names[i]] = ToAnalysis(std::move(read));
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  const std::string& traceparent = tasks.front().traceparent();
  Analyses analyses;
  for (size_t begin = 0; begin < tasks.size(); begin += kFetchBatch) {
    const auto some = tasks.subspan(begin, std::min(kFetchBatch, tasks.size() - begin));
    DUBAN_RETURN_IF_ERROR(FetchOwn(some, &analyses));
  }
  std::vector<PlanDocumentItems> rows;
  Years years;
  std::set<std::string> whole;  // agencies of which more than `years` may change
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
    std::vector<std::string> ids;
    for (const PlanDocument& row : rows) {
      const auto analysis = analyses->find(DocumentName(row.id));
      const bool current = analysis != analyses->end() && analysis->second.document().revision() == row.revision;
      if (!current) continue;
      analysis->second.clear_plan_items();
      concerned.push_back(&analysis->second);
      ids.push_back(row.id);
    }
    // Items as they are stored: today's rules may find others in a neighbour, and verdicts go by their ids.
    DUBAN_ASSIGN_OR_RETURN(std::vector<v1::PlanItem> items, store_.ItemsOf(agency, ids));
    for (v1::PlanItem& item : items) {
      const auto plan = analyses->find(item.document());
      if (plan != analyses->end()) *plan->second.add_plan_items() = std::move(item);
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
