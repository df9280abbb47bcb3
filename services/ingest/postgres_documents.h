// SPDX-License-Identifier: Apache-2.0
// services/ingest/postgres_documents.h: documents as rows, for the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.

#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "services/ingest/document_store.h"

namespace pqxx {
class row;
class transaction_base;
}  // namespace pqxx

namespace duban {

struct StoredDocument {
  v1::Document document;
  bool removed = false;
};
using Documents = std::unordered_map<std::string, StoredDocument>;  // by id

// A query of documents AS d that ReadDocument reads, up to its WHERE. Texts come from document_contents AS c.
std::string SelectDocumentsFrom(bool with_text);

absl::Status ReadDocument(const pqxx::row& row, v1::Document* document);

// Those of `ids` that have a row.
absl::Status SelectDocuments(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, bool with_text,
                             Documents* documents);

// DocumentStore::Insert within a transaction. Rows are written in the order of their ids.
absl::Status InsertDocuments(pqxx::transaction_base& transaction, const std::vector<NewDocument>& documents,
                             std::vector<InsertedDocument>* result);

}  // namespace duban
