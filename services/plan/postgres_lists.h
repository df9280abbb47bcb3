// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_lists.h: what the PostgreSQL store reads of plan items: single ones, pages and summaries.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.
// Filters and cursors are checked before. Each function reads with one statement, hence of one moment.

#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "services/plan/plan_store.h"

namespace pqxx {
class row;
class transaction_base;
}  // namespace pqxx

namespace duban {

// What the machine says of an item (PENDING while that is not computed) and what people do. NOT_FOUND: no such item.
absl::Status SelectTracking(pqxx::transaction_base& transaction, const PlanItemKey& key, v1::Tracking* tracking,
                            Workflow* workflow);

// The same of the columns from `column` on: payloads of item and tracking (null if it is not computed), then those of
// ParseWorkflow. DATA_LOSS.
absl::Status ParseTracking(const pqxx::row& row, int column, const PlanItemKey& key, v1::Tracking* tracking,
                           Workflow* workflow);

// PlanStore::ListPlanItems, ListTrackings and Summarize. DATA_LOSS.
absl::Status SelectItems(pqxx::transaction_base& transaction, const PlanFilter& filter,
                         const std::optional<PlanCursor>& after, int limit, PlanItemPage* page);
absl::Status SelectTrackings(pqxx::transaction_base& transaction, const PlanFilter& filter,
                             const std::optional<PlanCursor>& after, int limit, TrackingPage* page);
void SelectSummaries(pqxx::transaction_base& transaction, const PlanFilter& filter, const std::string& as_of,
                     const std::optional<SummaryCursor>& after, int limit, SummaryPage* page);

}  // namespace duban
