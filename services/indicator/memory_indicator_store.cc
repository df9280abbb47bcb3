// SPDX-License-Identifier: Apache-2.0
// Everything is derived from the sets on each call: the definition that the other backend is held against.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "services/indicator/arithmetic.h"
#include "services/indicator/history.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/indicator_store.h"
#include "services/indicator/jump.h"
#include "services/indicator/ledger_rows.h"

namespace duban {
namespace {

using Sets = std::map<std::string, v1::IndicatorSet>;

const HistoryWords& Words() {
  static const HistoryWords& words = *new HistoryWords(HistoryWords::Create().value());
  return words;
}

std::vector<MetricFigure> FiguresIn(const v1::IndicatorSet& set) { return FiguresOf(set, Words()); }

template <typename Filter>
bool SetMatches(const std::string& id, const v1::IndicatorSet& set, const Filter& filter) {
  return (filter.document.empty() || id == filter.document) &&
         (filter.agency.empty() || AgencyOf(set) == filter.agency) && RegionOf(set).starts_with(filter.region_prefix);
}

bool IndicatorMatches(const v1::Indicator& indicator, const IndicatorFilter& filter) {
  return (filter.metric.empty() || indicator.metric() == filter.metric) &&
         (filter.year == 0 || indicator.year() == filter.year) &&
         (filter.aspect == v1::Indicator::ASPECT_UNSPECIFIED || indicator.aspect() == filter.aspect);
}

// A finding at its place in the ledger and the indicators it speaks of.
struct PlacedFinding {
  v1::Finding finding;
  IndicatorCursor place;
  std::vector<IndicatorCursor> members;
};

StatedFigure Stated(const std::string& document, const v1::IndicatorSet& set, int ordinal) {
  return {document, ordinal, &set.indicators(ordinal - 1)};
}

StatedFigure Stated(const std::string& document, const v1::IndicatorSet& set, const MetricFigure& figure) {
  return {document, figure.ordinal, &set.indicators(figure.ordinal - 1), figure.of_year, figure.tells_of_jump};
}

// The figures of all documents that a claim is held against.
std::vector<StatedFigure> FiguresAgainst(const Sets& sets, const std::string& agency, const MetricFigure& of) {
  std::vector<StatedFigure> figures;
  for (const auto& [id, set] : sets) {
    if (AgencyOf(set) != agency) continue;
    for (const MetricFigure& figure : FiguresIn(set)) {
      const bool year = figure.year == of.year || figure.year == of.year - 1;
      if (year && figure.metric == of.metric && figure.unit == of.unit) {
        figures.push_back(Stated(id, set, figure));
      }
    }
  }
  return figures;
}

// The figures of `id` that no other year makes believable.
std::vector<PlacedFinding> JumpsOf(const Sets& sets, const std::string& id, const v1::IndicatorSet& of) {
  std::map<std::pair<std::string, std::string>, std::vector<StatedFigure>> histories;  // by metric and unit
  for (const auto& [document, set] : sets) {
    if (AgencyOf(set) != AgencyOf(of)) continue;
    for (const MetricFigure& figure : FiguresIn(set)) {
      histories[{figure.metric, figure.unit}].push_back(Stated(document, set, figure));
    }
  }
  std::vector<PlacedFinding> jumps;
  for (const auto& [key, figures] : histories) {
    for (const Jump& jump : FindJumps(figures)) {
      if (jump.figure.document != id) continue;
      const int ordinal = jump.figure.ordinal;
      jumps.push_back({jump.finding, {id, kJumpOrdinal + ordinal}, {{id, ordinal}}});
      for (const StatedFigure& other : jump.others) jumps.back().members.push_back({other.document, other.ordinal});
    }
  }
  std::sort(jumps.begin(), jumps.end(),
            [](const PlacedFinding& a, const PlacedFinding& b) { return a.place.ordinal < b.place.ordinal; });
  return jumps;
}

std::vector<PlacedFinding> FindingsOf(const Sets& sets, const std::string& id, const v1::IndicatorSet& set) {
  std::vector<PlacedFinding> findings;
  const auto members = MembersOf(set);
  for (int i = 0; i < set.findings_size(); ++i) {
    findings.push_back({set.findings(i), {id, i + 1}, {}});
    for (int ordinal : members[i]) findings.back().members.push_back({id, ordinal});
  }
  for (const GrowthClaim& claim : ClaimsOf(set, FiguresIn(set), Words())) {
    const auto mismatch = CheckHistory(Stated(id, set, claim.ordinal), Stated(id, set, claim.of.ordinal),
                                       FiguresAgainst(sets, AgencyOf(set), claim.of));
    if (!mismatch.has_value()) continue;
    findings.push_back(
        {mismatch->finding,
         {id, kHistoryOrdinal + claim.ordinal},
         {{id, claim.ordinal}, {id, claim.of.ordinal}, {mismatch->earlier.document, mismatch->earlier.ordinal}}});
  }
  for (PlacedFinding& placed : JumpsOf(sets, id, set)) findings.push_back(std::move(placed));
  for (PlacedFinding& placed : findings) {
    for (const IndicatorCursor& member : placed.members) {
      *placed.finding.add_evidence() = sets.at(member.document).indicators(member.ordinal - 1);
    }
    if (!placed.members.empty()) placed.finding.set_year(placed.finding.evidence(0).year());
    placed.finding.set_document(DocumentName(id));
    if (!AgencyOf(set).empty()) placed.finding.set_agency(AgencyName(AgencyOf(set)));
    placed.finding.set_region_code(RegionOf(set));
  }
  return findings;
}

// Places of all indicators that a finding speaks of.
std::set<std::pair<std::string, int>> MembersOfFindings(const Sets& sets) {
  std::set<std::pair<std::string, int>> places;
  for (const auto& [id, set] : sets) {
    for (const PlacedFinding& placed : FindingsOf(sets, id, set)) {
      for (const IndicatorCursor& member : placed.members) places.emplace(member.document, member.ordinal);
    }
  }
  return places;
}

struct HeadlineFigure {
  std::string document;
  const v1::IndicatorSet* set = nullptr;
  const v1::Indicator* indicator = nullptr;
};

// By agency and year.
using Cells = std::map<std::string, std::map<int32_t, HeadlineFigure>>;

Cells CellsOf(const Sets& sets, const ComparisonFilter& filter) {
  Cells cells;
  const std::vector<int32_t> years = YearsToRead(filter);
  const std::set<std::string> agencies(filter.agencies.begin(), filter.agencies.end());
  for (const auto& [id, set] : sets) {
    if (!agencies.empty() && !agencies.contains(AgencyOf(set))) continue;
    for (const MetricFigure& figure : FiguresIn(set)) {
      if (!figure.headline || figure.metric != filter.metric || !SameUnit(figure.unit, filter.unit)) continue;
      if (!years.empty() && !std::binary_search(years.begin(), years.end(), figure.year)) continue;
      HeadlineFigure& cell = cells[AgencyOf(set)][figure.year];
      const v1::Indicator& indicator = set.indicators(figure.ordinal - 1);
      // Of equal ones that of the first document.
      if (cell.indicator == nullptr || indicator.quantity().value() > cell.indicator->quantity().value()) {
        cell = {id, &set, &indicator};
      }
    }
  }
  for (auto row = cells.begin(); row != cells.end();) {
    std::erase_if(row->second,
                  [&](const auto& cell) { return !RegionOf(*cell.second.set).starts_with(filter.region_prefix); });
    row = row->second.empty() ? cells.erase(row) : std::next(row);
  }
  return cells;
}

ComparedFigure Rank(const Cells& cells, int32_t year, const v1::Indicator& indicator, bool lower_is_better) {
  ComparedFigure figure{year, 1, 0, indicator};
  for (const auto& [agency, row] : cells) {
    const auto other = row.find(year);
    if (other == row.end()) continue;
    const double apart = other->second.indicator->quantity().value() - indicator.quantity().value();
    figure.rank += lower_is_better ? apart < 0 : apart > 0;
    ++figure.ranked;
  }
  return figure;
}

std::vector<int32_t> ReportedYears(const Sets& sets, const std::string& agency) {
  std::set<int32_t> years;
  for (const auto& [id, set] : sets) {
    if (AgencyOf(set) != agency) continue;
    for (const MetricFigure& figure : FiguresIn(set)) years.insert(figure.year);
  }
  return {years.begin(), years.end()};
}

class MemoryIndicatorStore : public IndicatorStore {
 public:
  absl::Status Put(const std::vector<v1::IndicatorSet>& sets) override {
    DUBAN_ASSIGN_OR_RETURN(const IndicatorBatch batch, ToBatch(sets));
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, set] : batch) {
      const auto removed = removed_.find(id);
      if (removed != removed_.end() && removed->second >= set->revision()) continue;
      v1::IndicatorSet& stored = sets_[id];
      if (stored.revision() <= set->revision()) stored = *set;
    }
    return absl::OkStatus();
  }

  absl::Status Remove(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch batch, ToBatch(removals));
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, revision] : batch) {
      removed_[id] = std::max(removed_[id], revision);
      const auto set = sets_.find(id);
      if (set != sets_.end() && set->second.revision() <= revision) sets_.erase(set);
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
    std::set<std::pair<std::string, int>> found;
    if (filter.has_finding) found = MembersOfFindings(sets_);
    IndicatorPage page;
    IndicatorCursor last;
    for (auto place = after.has_value() ? sets_.lower_bound(after->document) : sets_.begin(); place != sets_.end();
         ++place) {
      const auto& [id, set] = *place;
      if (!SetMatches(id, set, filter)) continue;
      for (int ordinal = 1; ordinal <= set.indicators_size(); ++ordinal) {
        if (after.has_value() && id == after->document && ordinal <= after->ordinal) continue;
        if (!IndicatorMatches(set.indicators(ordinal - 1), filter)) continue;
        if (filter.has_finding && !found.contains({id, ordinal})) continue;
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

  absl::StatusOr<FindingPage> ListFindings(const FindingFilter& filter, const std::optional<IndicatorCursor>& after,
                                           int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    FindingPage page;
    IndicatorCursor last;
    for (const auto& [id, set] : sets_) {
      if (!SetMatches(id, set, filter) || (after.has_value() && id < after->document)) continue;
      for (PlacedFinding& placed : FindingsOf(sets_, id, set)) {
        if (after.has_value() && id == after->document && placed.place.ordinal <= after->ordinal) continue;
        if (filter.year != 0 && placed.finding.year() != filter.year) continue;
        if (filter.type != v1::Finding::TYPE_UNSPECIFIED && placed.finding.type() != filter.type) continue;
        if (static_cast<int>(page.findings.size()) == limit) {
          page.next = std::move(last);
          return page;
        }
        page.findings.push_back(std::move(placed.finding));
        last = placed.place;
      }
    }
    return page;
  }

  absl::StatusOr<ComparisonPage> Compare(const ComparisonFilter& filter, const std::optional<std::string>& after,
                                         int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    const Cells cells = CellsOf(sets_, filter);
    const std::set<int32_t> asked(filter.years.begin(), filter.years.end());
    std::set<int32_t> years = asked;
    ComparisonPage page;
    for (const auto& [agency, row] : cells) {
      const bool states = std::any_of(row.begin(), row.end(),
                                      [&](const auto& cell) { return asked.empty() || asked.contains(cell.first); });
      if (!states) continue;
      if (asked.empty()) {
        for (const auto& [year, cell] : row) years.insert(year);
      }
      if ((after.has_value() && agency <= *after) || page.next.has_value()) continue;
      if (static_cast<int>(page.agencies.size()) == limit) {
        page.next = page.agencies.back().agency.name().substr(AgencyName("").size());
        continue;
      }
      page.agencies.push_back(CompareAgency(agency, row, cells, filter));
    }
    if (!page.agencies.empty()) page.years.assign(years.begin(), years.end());
    return page;
  }

  absl::StatusOr<UnmappedPage> ListUnmapped(const std::optional<UnmappedCursor>& after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckCursor(after, limit));
    absl::MutexLock lock(&mutex_);
    std::map<std::string, UnmappedLabelCount> counts;
    for (const auto& [id, set] : sets_) {
      std::set<std::string> seen;
      for (const v1::Indicator& indicator : set.indicators()) {
        const std::string label(UnmappedLabel(indicator));
        if (label.empty()) continue;
        UnmappedLabelCount& count = counts[label];
        if (count.indicators++ == 0) count.example = indicator;
        count.documents += seen.insert(label).second;
      }
    }
    std::map<std::pair<int64_t, std::string>, UnmappedLabelCount> ordered;
    for (auto& [label, count] : counts) {
      count.label = label;
      ordered[{-count.indicators, label}] = std::move(count);
    }
    UnmappedPage page;
    auto place = after.has_value() ? ordered.upper_bound({-after->indicators, after->label}) : ordered.begin();
    for (; place != ordered.end(); ++place) {
      if (static_cast<int>(page.labels.size()) == limit) {
        page.next = UnmappedCursor{page.labels.back().indicators, page.labels.back().label};
        break;
      }
      page.labels.push_back(place->second);
    }
    return page;
  }

 private:
  ComparedAgency CompareAgency(const std::string& agency, const std::map<int32_t, HeadlineFigure>& row,
                               const Cells& cells, const ComparisonFilter& filter) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ComparedAgency compared;
    for (const auto& [year, cell] : row) {
      compared.figures.push_back(Rank(cells, year, *cell.indicator, filter.lower_is_better));
    }
    const v1::IndicatorSet& newest = *row.rbegin()->second.set;
    compared.agency = newest.agency();
    compared.agency.set_name(AgencyName(agency));
    compared.region_code = RegionOf(newest);
    compared.reported_years = ReportedYears(sets_, agency);
    return compared;
  }

  absl::Mutex mutex_;
  Sets sets_ ABSL_GUARDED_BY(mutex_);
  // The highest revision at which a document was removed.
  std::map<std::string, int32_t> removed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<IndicatorStore> NewMemoryIndicatorStore() { return std::make_unique<MemoryIndicatorStore>(); }

}  // namespace duban
