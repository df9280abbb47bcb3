// SPDX-License-Identifier: Apache-2.0
// tests/e2e/ledgers.h: what the services hold, read page by page, for comparison with what must be there.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/plan.pb.h"
#include "tests/e2e/cluster.h"

namespace duban::testing {

// All indicators of one document (or documents/-), in order, read in pages of `page_size`.
absl::StatusOr<std::vector<v1::Indicator>> AllIndicators(Cluster& cluster, const std::string& parent, int page_size);

// All trackings of one agency (or agencies/-), in order, read in pages of `page_size`.
absl::StatusOr<std::vector<v1::Tracking>> AllTrackings(Cluster& cluster, const std::string& parent, int page_size);

// All plan items, likewise.
absl::StatusOr<std::vector<v1::PlanItem>> AllPlanItems(Cluster& cluster, const std::string& parent, int page_size);

// All that the services hold but documents, line by line: outlines of `documents` (or the code of the error),
// indicators, findings, comparisons, labels without a metric, plan items, trackings, summaries.
absl::StatusOr<std::string> LedgersAsText(Cluster& cluster, const std::set<std::string>& documents);

}  // namespace duban::testing
