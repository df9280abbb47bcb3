// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "services/plan/carry_over.h"
#include "services/plan/memory_change_log.h"
#include "services/plan/memory_documents.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"

namespace duban {
namespace {

// What people did to an item; kept whatever becomes of the item's document.
struct Record {
  // What the item said when they last did.
  std::string title;
  std::string digest;
  Workflow workflow;
  std::vector<v1::HistoryEntry> history;
  // By request_id: the request's digest and the index in `history`.
  std::map<std::string, std::pair<std::string, size_t>> requests;
};

using Place = std::tuple<std::string, int32_t, std::string, int32_t>;

Place PlaceOf(const PlanCursor& cursor) { return {cursor.agency, cursor.year, cursor.document, cursor.ordinal}; }

// Sets rank and ranked of each by its delivery rate among those of its year.
void Rank(std::map<std::pair<std::string, int32_t>, PlanCounts>* all) {
  std::map<int32_t, std::multiset<double>> rates;
  for (const auto& [key, counts] : *all) {
    if (const auto rate = DeliveryRate(counts); rate.has_value()) rates[key.second].insert(*rate);
  }
  for (auto& [key, counts] : *all) {
    const std::multiset<double>& others = rates[key.second];
    counts.ranked = static_cast<int64_t>(others.size());
    if (const auto rate = DeliveryRate(counts); rate.has_value()) {
      counts.rank = 1 + std::distance(others.upper_bound(*rate), others.end());
    }
  }
}

class MemoryPlanStore : public PlanStore {
 public:
  absl::StatusOr<PlanYears> PutDocuments(const std::vector<PlanDocumentItems>& documents) override {
    DUBAN_ASSIGN_OR_RETURN(const PlanBatch batch, ToBatch(documents));
    absl::MutexLock lock(&mutex_);
    std::vector<PlanDocument> before, after;
    for (const auto& [id, plan] : batch) {
      MemoryDocuments::Entry& entry = documents_.Of(id);
      const int32_t stored = entry.plan.document.revision;
      const bool known = stored == plan->document.revision && !entry.removed;
      if (stored > plan->document.revision || (entry.removed && stored == plan->document.revision)) continue;
      if (!entry.plan.document.agency.empty() && !entry.removed) before.push_back(entry.plan.document);
      after.push_back(plan->document);
      if (known && IsSame(entry.plan, *plan)) continue;
      Carry(id, plan->items);
      LogItems(entry.plan, *plan);
      entry.plan = *plan;
      entry.removed = false;
      entry.trackings.clear();
    }
    documents_.NoteConcerned(before, after);
    return documents_.ConcernedBy(batch);
  }

  absl::StatusOr<PlanYears> RemoveDocuments(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch batch, ToBatch(removals));
    absl::MutexLock lock(&mutex_);
    std::vector<PlanDocument> before;
    for (const auto& [id, revision] : batch) {
      MemoryDocuments::Entry& entry = documents_.Of(id);
      if (entry.plan.document.revision > revision) continue;
      if (!entry.plan.document.agency.empty() && !entry.removed) before.push_back(entry.plan.document);
      PlanDocumentItems tombstone{.document = entry.plan.document};
      tombstone.document.revision = revision;
      LogItems(entry.plan, tombstone);
      entry.plan = std::move(tombstone);
      entry.removed = true;
      entry.trackings.clear();
    }
    documents_.NoteConcerned(before, {});
    return documents_.ConcernedBy(batch);
  }

  absl::StatusOr<std::vector<PlanDocument>> Neighbours(const std::string& agency,
                                                       const std::set<int32_t>& years) override {
    DUBAN_RETURN_IF_ERROR(CheckPlans(agency, years));
    absl::MutexLock lock(&mutex_);
    return documents_.BearingOn(agency, years);
  }

  absl::StatusOr<std::vector<v1::PlanItem>> ItemsOf(const std::string& agency,
                                                    const std::vector<std::string>& documents) override {
    DUBAN_RETURN_IF_ERROR(CheckIds(agency, documents));
    absl::MutexLock lock(&mutex_);
    std::vector<v1::PlanItem> items;
    for (const std::string& id : std::set<std::string>(documents.begin(), documents.end())) {
      const MemoryDocuments::Entry* entry = documents_.Find(id);
      if (entry == nullptr || entry->plan.document.agency != agency) continue;
      items.insert(items.end(), entry->plan.items.begin(), entry->plan.items.end());
    }
    return items;
  }

  absl::Status CommitTrackings(const std::string& agency, const std::set<int32_t>& years,
                               const std::vector<PlanDocument>& read_set,
                               const std::vector<v1::Tracking>& trackings) override {
    DUBAN_RETURN_IF_ERROR(CheckPlans(agency, years));
    DUBAN_ASSIGN_OR_RETURN(const TrackingBatch batch, ToBatch(trackings));
    absl::MutexLock lock(&mutex_);
    DUBAN_RETURN_IF_ERROR(CheckReadSet(agency, years, read_set, documents_.BearingOn(agency, years), batch));
    for (const auto& [key, tracking] : batch) {
      const MemoryDocuments::Entry* entry = documents_.Find(key.first);
      const v1::PlanItem* item = entry == nullptr ? nullptr : entry->Find(agency, key.second);
      if (item == nullptr || DigestOf(*item) != DigestOf(tracking->plan_item())) return UnknownItem(agency);
    }
    for (const auto& [key, tracking] : batch) {
      const PlanItemKey item = {agency, key.first, key.second};
      v1::Tracking& stored =
          documents_.Of(key.first).trackings.try_emplace(key.second, PendingTracking(item, {})).first->second;
      if (!SameVerdict(stored, *tracking)) log_.Add(v1::PlanItemChange::TRACKED, item);
      stored = *tracking;
    }
    documents_.ForgetConcerned(agency, years);
    return absl::OkStatus();
  }

  absl::StatusOr<PlanItemPage> ListPlanItems(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<Place, v1::PlanItem> found;
    ForEachItem(filter, after, [&](const Place& place, const v1::PlanItem& item, const v1::Tracking& shown, bool) {
      if (Passes(filter, shown)) found[place] = Shown(item, RecordOf(item).workflow);
    });
    PlanItemPage page;
    Cut(found, limit, &page.items, &page.next);
    return page;
  }

  absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<Place, v1::Tracking> found;
    ForEachItem(filter, after, [&](const Place& place, const v1::PlanItem&, const v1::Tracking& shown, bool computed) {
      if (computed && Passes(filter, shown)) found[place] = shown;
    });
    TrackingPage page;
    Cut(found, limit, &page.trackings, &page.next);
    return page;
  }

  absl::StatusOr<ProblemPage> ListProblems(const ProblemFilter& filter, const std::optional<PlanCursor>& after,
                                           int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<Place, v1::AdmittedProblem> found;
    for (const auto& [id, entry] : documents_.All()) {
      const PlanDocument& document = entry.plan.document;
      if (!filter.agency.empty() && document.agency != filter.agency) continue;
      if (filter.report_year != 0 && document.report_year != filter.report_year) continue;
      int32_t ordinal = 0;
      for (v1::AdmittedProblem& problem : AdmittedProblems(entry.plan)) {
        const Place place(document.agency, document.report_year, id, ++ordinal);
        if (after.has_value() && place <= PlaceOf(*after)) continue;
        if (!filter.unanswered || problem.plan_items().empty()) found[place] = std::move(problem);
      }
    }
    ProblemPage page;
    Cut(found, limit, &page.problems, &page.next);
    return page;
  }

  absl::StatusOr<v1::PlanItem> GetPlanItem(const PlanItemKey& key) override {
    DUBAN_ASSIGN_OR_RETURN(v1::Tracking tracking, GetTracking(key));
    return std::move(*tracking.mutable_plan_item());
  }

  absl::StatusOr<v1::Tracking> GetTracking(const PlanItemKey& key) override {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    absl::MutexLock lock(&mutex_);
    return Find(key);
  }

  absl::StatusOr<Edited> Apply(const Edit& edit) override {
    DUBAN_RETURN_IF_ERROR(CheckEdit(edit));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(v1::Tracking shown, Find(edit.key));
    Record& record = records_[{edit.key.document, edit.key.item}];
    if (const auto request = record.requests.find(edit.request_id); request != record.requests.end()) {
      DUBAN_RETURN_IF_ERROR(CheckRepeat(edit, request->second.first));
      return Edited{std::move(shown), record.history[request->second.second]};
    }
    v1::HistoryEntry entry = edit.entry;
    Workflow workflow = record.workflow;
    DUBAN_RETURN_IF_ERROR(ApplyChange(shown, edit.etag, &entry, &workflow));
    entry.set_sequence(static_cast<int32_t>(record.history.size()) + 1);
    if (!edit.request_id.empty()) record.requests[edit.request_id] = {edit.request_digest, record.history.size()};
    record.history.push_back(entry);
    record.workflow = std::move(workflow);
    record.title = shown.plan_item().title();
    record.digest = DigestOf(shown.plan_item());
    log_.Add(KindOf(entry), edit.key);
    return Edited{*Find(edit.key), std::move(entry)};
  }

  absl::StatusOr<HistoryPage> ListHistory(const PlanItemKey& key, int32_t after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(const v1::Tracking shown, Find(key));
    HistoryPage page;
    for (const v1::HistoryEntry& entry : RecordOf(shown.plan_item()).history) {
      if (entry.sequence() <= after) continue;
      page.more = static_cast<int>(page.entries.size()) == limit;
      if (page.more) break;
      page.entries.push_back(entry);
    }
    return page;
  }

  absl::StatusOr<SummaryPage> Summarize(const PlanFilter& filter, const std::string& as_of,
                                        const std::optional<SummaryCursor>& after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckSummary(filter, as_of, after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<std::pair<std::string, int32_t>, PlanCounts> all;
    ForEachItem(filter, std::nullopt,
                [&](const Place& place, const v1::PlanItem& item, const v1::Tracking& shown, bool) {
                  const std::pair key(std::get<0>(place), std::get<1>(place));
                  PlanCounts& counts = all[key];
                  std::tie(counts.agency, counts.year) = key;
                  ++counts.statuses[shown.status()];
                  counts.overdue += IsOverdue(shown, as_of);
                  counts.reviewed += shown.has_review();
                  counts.assigned += shown.plan_item().has_assignment();
                  auto& [total, delivered] = counts.themes[item.theme()];
                  ++total;
                  delivered += shown.status() == v1::Tracking::DELIVERED;
                });
    Rank(&all);
    SummaryPage page;
    for (auto& [key, counts] : all) {
      if (after.has_value() && key <= std::pair(after->agency, after->year)) continue;
      if (static_cast<int>(page.counts.size()) == limit) {
        page.next = SummaryCursor{page.counts.back().agency, page.counts.back().year};
        break;
      }
      for (const PlanDocument& document : documents_.OfAgency(counts.agency)) {
        if (!document.agency_display_name.empty()) counts.agency_display_name = document.agency_display_name;
      }
      page.counts.push_back(std::move(counts));
    }
    return page;
  }

  absl::StatusOr<ChangePage> ReadChanges(const std::string& agency, const std::string& token, int limit) override {
    if (!agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(ChangePage page, log_.Read(agency, token, limit));
    for (v1::PlanItemChange& change : page.changes) {
      if (change.kind() == v1::PlanItemChange::REMOVED) continue;
      DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("plan_item", change.plan_item()));
      if (auto tracking = Find(key); tracking.ok()) *change.mutable_tracking() = *std::move(tracking);
    }
    return page;
  }

  absl::StatusOr<std::string> LastChange() override {
    absl::MutexLock lock(&mutex_);
    return log_.Last();
  }

  absl::StatusOr<int64_t> TrimChanges(absl::Duration age) override {
    absl::MutexLock lock(&mutex_);
    return log_.Trim(age);
  }

 private:
  // Carries what people said of a document over to `items`.
  void Carry(const std::string& document, const std::vector<v1::PlanItem>& items)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<Record> records;
    std::vector<Remembered> remembered;
    for (auto at = records_.lower_bound({document, ""}); at != records_.end() && at->first.first == document;) {
      remembered.push_back({at->first.second, at->second.title, at->second.digest});
      records.push_back(std::move(at->second));
      at = records_.erase(at);
    }
    const std::vector<std::string> kept = CarryOver(remembered, items);
    for (size_t i = 0; i < records.size(); ++i) records_[{document, kept[i]}] = std::move(records[i]);
  }

  // Logs that `plan` comes in place of `old`.
  void LogItems(const PlanDocumentItems& old, const PlanDocumentItems& plan) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::set<std::string> stay;
    if (old.document.agency == plan.document.agency) {
      for (const v1::PlanItem& item : plan.items) stay.insert(item.id());
    }
    for (const v1::PlanItem& item : old.items) {
      if (stay.contains(item.id())) continue;
      log_.Add(v1::PlanItemChange::REMOVED, {old.document.agency, old.document.id, item.id()});
    }
    for (const v1::PlanItem& item : plan.items) {
      log_.Add(v1::PlanItemChange::STORED, {plan.document.agency, plan.document.id, item.id()});
    }
  }

  // What people did to an item as stored in its document.
  const Record& RecordOf(const v1::PlanItem& item) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    static const Record* const kNothing = new Record;
    const auto record = records_.find({item.document().substr(DocumentName("").size()), item.id()});
    return record == records_.end() ? *kNothing : record->second;
  }

  v1::Tracking TrackingOf(const PlanItemKey& key, const MemoryDocuments::Entry& entry, const v1::PlanItem& item) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    v1::Tracking tracking = PendingTracking(key, item);
    if (const auto found = entry.trackings.find(item.id()); found != entry.trackings.end()) {
      tracking = found->second;
      *tracking.mutable_plan_item() = item;
    }
    return Shown(std::move(tracking), RecordOf(item).workflow);
  }

  absl::StatusOr<v1::Tracking> Find(const PlanItemKey& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const MemoryDocuments::Entry* entry = documents_.Find(key.document);
    const v1::PlanItem* item = entry == nullptr ? nullptr : entry->Find(key.agency, key.item);
    if (item == nullptr) return PlanItemNotFound(key);
    return TrackingOf(key, *entry, *item);
  }

  // visit(place, item, shown tracking, whether it is computed) for the items behind `after` of the filter's agency,
  // region, year and theme.
  template <typename Visit>
  void ForEachItem(const PlanFilter& filter, const std::optional<PlanCursor>& after, Visit visit) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [id, entry] : documents_.All()) {
      const std::string& agency = entry.plan.document.agency;
      if (!filter.agency.empty() && agency != filter.agency) continue;
      if (!entry.plan.document.region.starts_with(filter.region_prefix)) continue;
      int32_t ordinal = 0;
      for (const v1::PlanItem& item : entry.plan.items) {
        const Place place(agency, item.year(), id, ++ordinal);
        if (filter.year != 0 && item.year() != filter.year) continue;
        if (!filter.theme.empty() && item.theme() != filter.theme) continue;
        if (after.has_value() && place <= PlaceOf(*after)) continue;
        visit(place, item, TrackingOf({agency, id, item.id()}, entry, item), entry.trackings.contains(item.id()));
      }
    }
  }

  template <typename T>
  static void Cut(const std::map<Place, T>& found, int limit, std::vector<T>* elements,
                  std::optional<PlanCursor>* next) {
    const Place* last = nullptr;
    for (const auto& [place, element] : found) {
      if (static_cast<int>(elements->size()) == limit) {
        *next = PlanCursor{std::get<0>(*last), std::get<1>(*last), std::get<2>(*last), std::get<3>(*last)};
        return;
      }
      elements->push_back(element);
      last = &place;
    }
  }

  absl::Mutex mutex_;
  MemoryDocuments documents_ ABSL_GUARDED_BY(mutex_);
  // By document and item id.
  std::map<std::pair<std::string, std::string>, Record> records_ ABSL_GUARDED_BY(mutex_);
  MemoryChangeLog log_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<PlanStore> NewMemoryPlanStore() { return std::make_unique<MemoryPlanStore>(); }

}  // namespace duban
