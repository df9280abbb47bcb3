// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_workflow.h: the tables of what people did to plan items, for the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.
// Those that write want the lock of the item's agency held.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"

namespace pqxx {
class row;
class transaction_base;
}  // namespace pqxx

namespace duban {

// The workflow in a row's columns version, assignment and review of plan_workflows, which begin at `column`; all are
// null for an item that no one touched. DATA_LOSS.
absl::Status ParseWorkflow(const pqxx::row& row, int column, Workflow* workflow);

// The entry that an earlier edit of the same request_id made; none if there was no such one, or edit has no request_id.
// INVALID_ARGUMENT: it stands for another digest.
absl::StatusOr<std::optional<v1::HistoryEntry>> FindRepeat(pqxx::transaction_base& transaction, const Edit& edit);

// Adds `entry` to the history of `item`, which is the edit's, fills its sequence, and stores the workflow after it.
void WriteChange(pqxx::transaction_base& transaction, const Edit& edit, const v1::PlanItem& item,
                 const Workflow& workflow, v1::HistoryEntry* entry);

// Notes with what people said of documents what the items said of which they did, where that is not known yet: the
// release before did not. To be called before the items go. DATA_LOSS.
absl::Status RememberItems(pqxx::transaction_base& transaction, const std::vector<std::string>& documents);

// Carries what people said of the documents `replaced` over to their items in `batch` (carry_over.h). DATA_LOSS.
absl::Status CarryWorkflows(pqxx::transaction_base& transaction, const PlanBatch& batch,
                            const std::vector<std::string>& replaced);

// At most `limit` entries behind the sequence `after`. DATA_LOSS.
absl::Status SelectHistory(pqxx::transaction_base& transaction, const PlanItemKey& key, int32_t after, int limit,
                           HistoryPage* page);

}  // namespace duban
