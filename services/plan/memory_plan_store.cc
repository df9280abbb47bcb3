// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"

namespace duban {
namespace {

// A document, its items, and the trackings of those that have one by item id.
struct Entry {
  PlanDocumentItems plan;
  std::string previous_agency;
  std::map<std::string, v1::Tracking> trackings;

  const v1::PlanItem* Find(const std::string& agency, const std::string& item) const {
    if (plan.document.agency != agency) return nullptr;
    for (const v1::PlanItem& candidate : plan.items) {
      if (candidate.id() == item) return &candidate;
    }
    return nullptr;
  }
};

using Place = std::tuple<std::string, int32_t, std::string, int32_t>;

Place PlaceOf(const PlanCursor& cursor) { return {cursor.agency, cursor.year, cursor.document, cursor.ordinal}; }

class MemoryPlanStore : public PlanStore {
 public:
  absl::StatusOr<std::vector<std::string>> PutDocuments(const std::vector<PlanDocumentItems>& documents) override {
    DUBAN_ASSIGN_OR_RETURN(const PlanBatch batch, ToBatch(documents));
    absl::MutexLock lock(&mutex_);
    std::set<std::string> agencies;
    for (const auto& [id, plan] : batch) {
      Entry& entry = entries_[id];
      if (entry.plan.document.revision <= plan->document.revision) {
        const std::string& old = entry.plan.document.agency;
        if (!old.empty() && old != plan->document.agency) entry.previous_agency = old;
        entry.plan = *plan;
        entry.trackings.clear();
      }
      agencies.insert(entry.plan.document.agency);
      if (!entry.previous_agency.empty()) agencies.insert(entry.previous_agency);
    }
    return std::vector<std::string>(agencies.begin(), agencies.end());
  }

  absl::StatusOr<std::vector<PlanDocument>> Neighbours(const std::string& agency) override {
    DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    absl::MutexLock lock(&mutex_);
    return DocumentsOf(agency);
  }

  absl::Status CommitTrackings(const std::string& agency, const std::vector<PlanDocument>& read_set,
                               const std::vector<v1::Tracking>& trackings) override {
    DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    DUBAN_ASSIGN_OR_RETURN(const TrackingBatch batch, ToBatch(trackings));
    absl::MutexLock lock(&mutex_);
    DUBAN_RETURN_IF_ERROR(CheckReadSet(agency, read_set, DocumentsOf(agency)));
    for (const auto& [key, tracking] : batch) {
      const auto entry = entries_.find(key.first);
      if (entry == entries_.end() || entry->second.Find(agency, key.second) == nullptr) return UnknownItem(agency);
    }
    for (const auto& [key, tracking] : batch) entries_.at(key.first).trackings[key.second] = *tracking;
    return absl::OkStatus();
  }

  absl::StatusOr<PlanItemPage> ListPlanItems(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    if (filter.status != v1::Tracking::STATUS_UNSPECIFIED)
      return InvalidField("status", "set, want it for trackings only");
    absl::MutexLock lock(&mutex_);
    std::map<Place, const v1::PlanItem*> found;
    ForEachItem(filter, after,
                [&](const Place& place, const Entry&, const v1::PlanItem& item) { found[place] = &item; });
    PlanItemPage page;
    Cut(found, limit, &page.items, &page.next);
    return page;
  }

  absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<Place, const v1::Tracking*> found;
    ForEachItem(filter, after, [&](const Place& place, const Entry& entry, const v1::PlanItem& item) {
      const auto tracking = entry.trackings.find(item.id());
      if (tracking == entry.trackings.end()) return;
      if (filter.status != v1::Tracking::STATUS_UNSPECIFIED && tracking->second.status() != filter.status) return;
      found[place] = &tracking->second;
    });
    TrackingPage page;
    Cut(found, limit, &page.trackings, &page.next);
    return page;
  }

  absl::StatusOr<v1::PlanItem> GetPlanItem(const PlanItemKey& key) override {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    absl::MutexLock lock(&mutex_);
    const auto entry = entries_.find(key.document);
    const v1::PlanItem* item = entry == entries_.end() ? nullptr : entry->second.Find(key.agency, key.item);
    if (item == nullptr) return PlanItemNotFound(key);
    return *item;
  }

  absl::StatusOr<v1::Tracking> GetTracking(const PlanItemKey& key) override {
    DUBAN_ASSIGN_OR_RETURN(v1::PlanItem item, GetPlanItem(key));
    absl::MutexLock lock(&mutex_);
    const std::map<std::string, v1::Tracking>& trackings = entries_.at(key.document).trackings;
    const auto tracking = trackings.find(key.item);
    return tracking == trackings.end() ? PendingTracking(key, std::move(item)) : tracking->second;
  }

 private:
  std::vector<PlanDocument> DocumentsOf(const std::string& agency) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<PlanDocument> documents;
    for (const auto& [id, entry] : entries_) {
      if (entry.plan.document.agency == agency) documents.push_back(entry.plan.document);
    }
    std::sort(documents.begin(), documents.end(), [](const PlanDocument& a, const PlanDocument& b) {
      return std::tie(a.report_year, a.plan_year, a.id) < std::tie(b.report_year, b.plan_year, b.id);
    });
    return documents;
  }

  // visit(place, entry, item) for the items behind `after` that the filter lets through, its status aside.
  template <typename Visit>
  void ForEachItem(const PlanFilter& filter, const std::optional<PlanCursor>& after, Visit visit) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [id, entry] : entries_) {
      const std::string& agency = entry.plan.document.agency;
      if (!filter.agency.empty() && agency != filter.agency) continue;
      int32_t ordinal = 0;
      for (const v1::PlanItem& item : entry.plan.items) {
        const Place place(agency, item.year(), id, ++ordinal);
        if (filter.year != 0 && item.year() != filter.year) continue;
        if (!after.has_value() || place > PlaceOf(*after)) visit(place, entry, item);
      }
    }
  }

  template <typename T>
  static void Cut(const std::map<Place, const T*>& found, int limit, std::vector<T>* elements,
                  std::optional<PlanCursor>* next) {
    const Place* last = nullptr;
    for (const auto& [place, element] : found) {
      if (static_cast<int>(elements->size()) == limit) {
        *next = PlanCursor{std::get<0>(*last), std::get<1>(*last), std::get<2>(*last), std::get<3>(*last)};
        return;
      }
      elements->push_back(*element);
      last = &place;
    }
  }

  absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<PlanStore> NewMemoryPlanStore() { return std::make_unique<MemoryPlanStore>(); }

}  // namespace duban
