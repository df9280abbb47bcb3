// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_items.h: the table of plan items, for the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/plan/plan_rules.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace duban {

// The ids of the batch's documents, as a parameter.
std::string DocumentIds(const PlanBatch& batch);

// A document's row. One that was removed is not there for anybody but who stores and removes it.
struct StoredDocument {
  PlanDocument document;
  bool removed = false;
};
using StoredDocuments = std::map<std::string, StoredDocument>;

// The rows of documents, whose ids are given as a parameter, by id.
StoredDocuments SelectStored(pqxx::transaction_base& transaction, const std::string& documents);

// `batch` without the documents that are `stored` just so, with the same items and problems.
PlanBatch WithoutKnown(pqxx::transaction_base& transaction, const PlanBatch& batch, const StoredDocuments& stored);

// PlanStore::ItemsOf, with one statement. DATA_LOSS.
absl::Status SelectItemsOf(pqxx::transaction_base& transaction, const std::string& agency,
                           const std::vector<std::string>& documents, std::vector<v1::PlanItem>* items);

// Puts the items of those documents of `batch` whose ids are in `written` in place of what was stored of those of them
// that are in `replaced`, and logs what became of both.
void WriteItems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written,
                const std::vector<std::string>& replaced);

}  // namespace duban
