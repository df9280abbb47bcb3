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

}  // namespace duban
