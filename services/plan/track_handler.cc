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
#include "services/plan/plan_rules.h"
#include "services/plan/plan_years.h"

namespace duban {
namespace {

// Documents fetched at a time: even large ones stay below the size limit of a message.
constexpr size_t kFetchBatch = 16;
// How often a tracking is computed anew because another document of the agency came in between.
constexpr int kMaxRounds = 20;
// Documents held in memory at a time for plans of several agencies or years; those of one year may be more.
constexpr size_t kMostTogether = 128;

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

// A plan of an agency and the documents that it is held against.
struct HeldPlan {
  PlanDocument plan;
  std::vector<PlanDocument> sources;
};

// The plans for `years` among the documents that bear on them.
std::vector<HeldPlan> PlansFor(const std::set<int32_t>& years, const std::vector<PlanDocument>& documents) {
  const std::vector<DocumentYears> of = YearsOf(documents);
  std::vector<HeldPlan> plans;
  for (size_t plan = 0; plan < documents.size(); ++plan) {
    if (!years.contains(documents[plan].plan_year)) continue;
    HeldPlan& held = plans.emplace_back(HeldPlan{documents[plan], {}});
    for (const size_t i : SourcesOf(documents[plan].plan_year, of, plan)) held.sources.push_back(documents[i]);
  }
  return plans;
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
  for (const v1::Task& task : tasks) {
    const v1::Analysis& analysis = analyses.at(task.document());
    PlanDocumentItems& row = rows.emplace_back();
    row.document = Row(analysis.document(), task.revision());
    row.items.assign(analysis.plan_items().begin(), analysis.plan_items().end());
    row.problems.assign(analysis.problems().begin(), analysis.problems().end());
  }
  DUBAN_ASSIGN_OR_RETURN(const PlanYears concerned, store_.PutDocuments(rows));
  return RetrackAll(concerned, traceparent, &analyses);
}

absl::Status TrackHandler::RemoveBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto removals, Removals(tasks));
  DUBAN_ASSIGN_OR_RETURN(const PlanYears concerned, store_.RemoveDocuments(removals));
  Analyses analyses;
  return RetrackAll(concerned, tasks.front().traceparent(), &analyses);
}

absl::Status TrackHandler::RetrackAll(const PlanYears& concerned, const std::string& traceparent,
                                      Analyses* analyses) const {
  std::set<std::string> own;
  for (const auto& [name, analysis] : *analyses) own.insert(name);
  std::vector<Share> left, together;
  for (const auto& [agency, years] : concerned) left.push_back({agency, years, {}});
  size_t documents = 0;
  while (!left.empty()) {
    Share share = std::move(left.back());
    left.pop_back();
    DUBAN_ASSIGN_OR_RETURN(share.neighbours, store_.Neighbours(share.agency, share.years));
    if (share.neighbours.size() > kMostTogether && share.years.size() > 1) {
      const auto middle = std::next(share.years.begin(), static_cast<long>(share.years.size() / 2));
      left.push_back({share.agency, {share.years.begin(), middle}, {}});
      left.push_back({share.agency, {middle, share.years.end()}, {}});
      continue;
    }
    documents += share.neighbours.size();
    together.push_back(std::move(share));
    if (documents < kMostTogether && !left.empty()) continue;
    DUBAN_RETURN_IF_ERROR(RetrackTogether(std::move(together), traceparent, analyses));
    std::erase_if(*analyses, [&](const auto& entry) { return !own.contains(entry.first); });
    together.clear();
    documents = 0;
  }
  return absl::OkStatus();
}

absl::Status TrackHandler::RetrackTogether(std::vector<Share> shares, const std::string& traceparent,
                                           Analyses* analyses) const {
  // One fetch for the neighbours of all agencies.
  std::vector<PlanDocument> wanted;
  for (const Share& share : shares) {
    for (HeldPlan& held : PlansFor(share.years, share.neighbours)) {
      std::move(held.sources.begin(), held.sources.end(), std::back_inserter(wanted));
      wanted.push_back(std::move(held.plan));
    }
  }
  DUBAN_RETURN_IF_ERROR(FetchRows(wanted, traceparent, analyses));
  for (Share& share : shares) DUBAN_RETURN_IF_ERROR(Retrack(std::move(share), traceparent, analyses));
  return absl::OkStatus();
}

absl::Status TrackHandler::Retrack(Share share, const std::string& traceparent, Analyses* analyses) const {
  absl::Status status;
  for (int round = 0; round < kMaxRounds; ++round) {
    if (round > 0) {
      DUBAN_ASSIGN_OR_RETURN(share.neighbours, store_.Neighbours(share.agency, share.years));
    }
    DUBAN_ASSIGN_OR_RETURN(const std::vector<v1::Tracking> trackings, Track(share, traceparent, analyses));
    status = store_.CommitTrackings(share.agency, share.years, share.neighbours, trackings);
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

absl::StatusOr<std::vector<v1::Tracking>> TrackHandler::Track(const Share& share, const std::string& traceparent,
                                                              Analyses* analyses) const {
  const std::vector<HeldPlan> plans = PlansFor(share.years, share.neighbours);
  std::vector<PlanDocument> wanted;
  std::vector<std::string> ids;
  for (const HeldPlan& held : plans) {
    wanted.push_back(held.plan);
    wanted.insert(wanted.end(), held.sources.begin(), held.sources.end());
    ids.push_back(held.plan.id);
  }
  DUBAN_RETURN_IF_ERROR(FetchRows(wanted, traceparent, analyses));
  // Items as they are stored: today's rules may find others in a neighbour, and verdicts go by their ids.
  DUBAN_ASSIGN_OR_RETURN(std::vector<v1::PlanItem> items, store_.ItemsOf(share.agency, ids));
  std::map<std::string, std::vector<v1::PlanItem>> stored;
  for (v1::PlanItem& item : items) stored[item.document()].push_back(std::move(item));
  // None if it was left out.
  const auto find = [&](const PlanDocument& row) -> const v1::Analysis* {
    const auto analysis = analyses->find(DocumentName(row.id));
    const bool current = analysis != analyses->end() && analysis->second.document().revision() == row.revision;
    return current ? &analysis->second : nullptr;
  };
  std::vector<v1::Tracking> trackings;
  for (const HeldPlan& held : plans) {
    const v1::Analysis* analysis = find(held.plan);
    const auto own = stored.find(DocumentName(held.plan.id));
    if (analysis == nullptr || own == stored.end()) continue;
    v1::Analysis plan = *analysis;
    plan.mutable_plan_items()->Assign(own->second.begin(), own->second.end());
    std::vector<v1::Analysis> sources;
    for (const PlanDocument& row : held.sources) {
      if (const v1::Analysis* source = find(row); source != nullptr) sources.push_back(*source);
    }
    for (v1::Tracking& tracking : planner_.Track(plan, sources)) {
      tracking.set_name(tracking.plan_item().name() + "/tracking");
      trackings.push_back(std::move(tracking));
    }
  }
  return trackings;
}

}  // namespace duban
