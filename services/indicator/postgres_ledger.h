// SPDX-License-Identifier: Apache-2.0
// services/indicator/postgres_ledger.h: the parts of the PostgreSQL backend of IndicatorStore, each on its own tables.
//
// Functions run inside the caller's transaction or read; what pqxx throws passes through to Database. Arguments are
// checked already.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/store/sql.h"
#include "services/indicator/history_words.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// Agency, metric and year of a figure.
struct FigureKey {
  std::string agency;
  std::string metric;
  int32_t year = 0;
  auto operator<=>(const FigureKey&) const = default;
};
using FigureKeys = std::set<FigureKey>;

// How many indicators and documents a label gains or loses.
struct LabelDelta {
  int64_t indicators = 0;
  int64_t documents = 0;
};
using LabelDeltas = std::map<std::string, LabelDelta>;

// Behind ORDER BY of a subquery that is read until a page is full. The limit is none, but the planner cannot know and
// takes the index that begins at once over a plan that finds and sorts all rows sooner.
inline constexpr std::string_view kUntilFull = " LIMIT (SELECT 1000000000)";

// Adds AND conditions on columns of `s`, indicator_sets.
void AppendOrigin(const std::string& agency, const std::string& region_prefix, Query* query);

// Adds the condition that a row, of `document` alone if that is not empty, stands behind `after`.
void AppendAfter(const std::string& document, const std::optional<IndicatorCursor>& after,
                 std::string_view document_column, std::string_view ordinal_column, Query* query);

// Figures, growth claims and findings of replaced documents; adds their figures' keys to `touched`.
void DeleteLedger(pqxx::transaction_base& transaction, const std::vector<std::string>& documents, FigureKeys* touched);

// Figures, growth claims and findings of the sets of `documents`, which have none; adds their figures' keys.
void WriteLedger(pqxx::transaction_base& transaction, const IndicatorBatch& batch,
                 const std::vector<std::string>& documents, const HistoryWords& words, FigureKeys* touched);

// Chooses anew which figures of `touched` are their agency's in comparisons. The caller holds the agencies' locks.
void MarkCells(pqxx::transaction_base& transaction, const FigureKeys& touched);

// Finds anew which growth claims the figures of `touched` contradict. The caller holds the agencies' locks and has
// written the indicators.
absl::Status CheckClaims(pqxx::transaction_base& transaction, const FigureKeys& touched);

// Finds anew which figures of the agencies and metrics of `touched` are implausible. The caller as above.
absl::Status CheckJumps(pqxx::transaction_base& transaction, const FigureKeys& touched);

// Adds to the counts of labels without a metric. Last of a transaction: frequent labels are shared by all of them.
void AddLabels(pqxx::transaction_base& transaction, const LabelDeltas& deltas);

absl::Status SelectFindings(pqxx::transaction_base& transaction, const FindingFilter& filter,
                            const std::optional<IndicatorCursor>& after, int limit, FindingPage* page);
absl::Status SelectComparison(pqxx::transaction_base& transaction, const ComparisonFilter& filter,
                              const std::optional<std::string>& after, int limit, ComparisonPage* page);
absl::Status SelectUnmapped(pqxx::transaction_base& transaction, const std::optional<UnmappedCursor>& after, int limit,
                            UnmappedPage* page);

}  // namespace duban
