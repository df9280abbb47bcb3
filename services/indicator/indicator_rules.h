// SPDX-License-Identifier: Apache-2.0
// What both backends of IndicatorStore do alike: checks of arguments. Pure functions.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "duban/v1/indicator.pb.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// A set by its document's id; of several the last one of the highest revision.
using IndicatorBatch = std::map<std::string, const v1::IndicatorSet*>;

// INVALID_ARGUMENT as IndicatorStore::Put. `sets` must outlive the batch.
absl::StatusOr<IndicatorBatch> ToBatch(const std::vector<v1::IndicatorSet>& sets);

// The agency's id and the region's code that all indicators of a checked set share; empty without indicators.
std::string AgencyOf(const v1::IndicatorSet& set);
std::string RegionOf(const v1::IndicatorSet& set);

// INVALID_ARGUMENT as IndicatorStore::List.
absl::Status CheckFilter(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after, int limit);

// INVALID_ARGUMENT as IndicatorStore::ListFindings, Compare and ListUnmapped.
absl::Status CheckFilter(const FindingFilter& filter, const std::optional<IndicatorCursor>& after, int limit);
absl::Status CheckFilter(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit);
absl::Status CheckCursor(const std::optional<UnmappedCursor>& after, int limit);

// Place of a HISTORY_MISMATCH in its document: this + the ordinal of the growth; behind all findings of the set.
inline constexpr int kHistoryOrdinal = 1000000;

// Place of an IMPLAUSIBLE_JUMP: this + the ordinal of the figure; behind the growths.
inline constexpr int kJumpOrdinal = 2000000;

// The years whose figures a comparison reads: those asked for and, for the growth, each year before one.
std::vector<int32_t> YearsToRead(const ComparisonFilter& filter);

}  // namespace duban
