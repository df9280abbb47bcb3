// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_changes.h: the log of changes, for the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/plan/plan_store.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace duban {

// A change as the log keeps it.
struct LoggedChange {
  v1::PlanItemChange::Kind kind = v1::PlanItemChange::KIND_UNSPECIFIED;
  PlanItemKey key;
};

// Adds to the log what the transaction changes, in this order. The locks of the items' agencies must have been held
// before the transaction wrote anything.
void LogChanges(pqxx::transaction_base& transaction, const std::vector<LoggedChange>& changes);

// PlanStore::ReadChanges, with one statement.
absl::Status SelectChanges(pqxx::transaction_base& transaction, const std::string& agency, const std::string& token,
                           int limit, ChangePage* page);

// PlanStore::LastChange.
std::string SelectLastChange(pqxx::transaction_base& transaction);

// Drops changes of transactions that this server has not reached yet, and lets the log begin here if it was trimmed up
// to one: a dump of another server brought them. Nothing if there are none.
void DropForeignChanges(pqxx::transaction_base& transaction);

// Drops at most `limit` changes older than `age`. Answers how many.
int64_t TrimChanges(pqxx::transaction_base& transaction, absl::Duration age, int limit);

}  // namespace duban
