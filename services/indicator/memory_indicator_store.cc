// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/indicator_store.h"

namespace duban {
namespace {

bool SetMatches(const std::string& id, const v1::IndicatorSet& set, const IndicatorFilter& filter) {
  return (filter.document.empty() || id == filter.document) &&
         (filter.agency.empty() || AgencyOf(set) == filter.agency) && RegionOf(set).starts_with(filter.region_prefix);
}

bool IndicatorMatches(const v1::Indicator& indicator, const IndicatorFilter& filter) {
  return (filter.metric.empty() || indicator.metric() == filter.metric) &&
         (filter.year == 0 || indicator.year() == filter.year) &&
         (filter.aspect == v1::Indicator::ASPECT_UNSPECIFIED || indicator.aspect() == filter.aspect);
}

class MemoryIndicatorStore : public IndicatorStore {
 public:
  absl::Status Put(const std::vector<v1::IndicatorSet>& sets) override {
    DUBAN_ASSIGN_OR_RETURN(const IndicatorBatch batch, ToBatch(sets));
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, set] : batch) {
      v1::IndicatorSet& stored = sets_[id];
      if (stored.revision() <= set->revision()) stored = *set;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<v1::IndicatorSet>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    std::vector<v1::IndicatorSet> sets;
    for (const std::string& id : ids) {
      const auto set = sets_.find(id);
      if (set == sets_.end()) {
        return ResourceNotFound("duban.v1/IndicatorSet", DocumentName(id),
                                "the document is not extracted yet or does not exist");
      }
      sets.push_back(set->second);
    }
    return sets;
  }

  absl::StatusOr<IndicatorPage> List(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after,
                                     int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    IndicatorPage page;
    IndicatorCursor last;
    for (auto place = after.has_value() ? sets_.lower_bound(after->document) : sets_.begin(); place != sets_.end();
         ++place) {
      const auto& [id, set] = *place;
      if (!SetMatches(id, set, filter)) continue;
      for (int ordinal = 1; ordinal <= set.indicators_size(); ++ordinal) {
        if (after.has_value() && id == after->document && ordinal <= after->ordinal) continue;
        if (!IndicatorMatches(set.indicators(ordinal - 1), filter)) continue;
        if (static_cast<int>(page.indicators.size()) == limit) {
          page.next = std::move(last);
          return page;
        }
        page.indicators.push_back(set.indicators(ordinal - 1));
        last = {id, ordinal};
      }
    }
    return page;
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, v1::IndicatorSet> sets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<IndicatorStore> NewMemoryIndicatorStore() { return std::make_unique<MemoryIndicatorStore>(); }

}  // namespace duban
