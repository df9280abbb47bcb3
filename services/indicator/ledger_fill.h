// SPDX-License-Identifier: Apache-2.0
// services/indicator/ledger_fill.h: a ledger as large as wanted, for benchmarks.
//
//   DUBAN_RETURN_IF_ERROR(FillLedger(*database, *store, 100000));
//
// A hundred documents are put like any others; the rest are copies of their rows, made in SQL, of other agencies: a
// million figures a minute or so. An agency reports on ten years with 60 figures each. Twelve metrics stand in every
// report, which is the worst case for a comparison; 180 more in some. Not thread-safe.

#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/database.h"
#include "duban/v1/indicator.pb.h"
#include "services/indicator/indicator_store.h"

namespace duban {

inline constexpr int kFilledTemplates = 100;
inline constexpr int kFilledMetrics = 192;
inline constexpr int kFilledCommonMetrics = 12;
inline constexpr int kFilledFirstYear = 2015;
inline constexpr int kFilledYears = 10;

// `number` 0 to kFilledMetrics - 1, the common ones first.
std::string FilledMetric(int number);

// The set of document `number` of agency number / kFilledYears.
v1::IndicatorSet FilledSet(int number);

// Fills the empty ledger of `store` in `database` with `documents`, a multiple of kFilledTemplates, and takes
// statistics.
absl::Status FillLedger(Database& database, IndicatorStore& store, int documents);

// The first column of what `sql` selects, as text.
absl::StatusOr<std::vector<std::string>> ReadColumn(Database& database, const std::string& sql);

}  // namespace duban
