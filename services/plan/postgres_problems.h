// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_problems.h: the table of admitted problems, for the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/plan/plan_rules.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace duban {

// Puts the problems of those documents of `batch` whose ids are in `written` in place of what was stored of those of
// them that are in `replaced`.
void WriteProblems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written,
                   const std::vector<std::string>& replaced);

// PlanStore::ListProblems, with one statement. Filter and cursor are checked before. DATA_LOSS.
absl::Status SelectProblems(pqxx::transaction_base& transaction, const ProblemFilter& filter,
                            const std::optional<PlanCursor>& after, int limit, ProblemPage* page);

}  // namespace duban
