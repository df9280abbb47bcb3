// SPDX-License-Identifier: Apache-2.0
// The outlines of all documents, the latest revision of each.
//
//   DUBAN_RETURN_IF_ERROR(store->Put({outline}));                     // outline.name: documents/{id}/outline
//   DUBAN_ASSIGN_OR_RETURN(auto outlines, store->BatchGet({id}));     // the latest revision of each
//
// Every call may answer the statuses of common/store/database.h. Thread-safe.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/database.h"
#include "common/store/removal.h"
#include "duban/v1/outline.pb.h"

namespace duban {

class OutlineStore {
 public:
  virtual ~OutlineStore() = default;

  // Stores each outline in place of its document's, all in one transaction. One of a lower revision than the stored one
  // is ignored, as is an earlier one of the same document and revision in `outlines`.
  // INVALID_ARGUMENT: a malformed name, or a revision below 1; nothing is stored then.
  virtual absl::Status Put(const std::vector<v1::Outline>& outlines) = 0;

  // Drops the outlines of documents in one transaction (removal.h). INVALID_ARGUMENT: nothing is dropped then.
  virtual absl::Status Remove(const std::vector<Removal>& removals) = 0;

  // The outline of each document, in the order asked. `ids` are of 32 hexadecimal digits.
  // NOT_FOUND with ResourceInfo: a document has none. INVALID_ARGUMENT: a malformed id.
  virtual absl::StatusOr<std::vector<v1::Outline>> BatchGet(const std::vector<std::string>& ids) = 0;
};

// On PostgreSQL. Brings the schema of `database`, which must outlive the store, up to date.
absl::StatusOr<std::unique_ptr<OutlineStore>> NewPostgresOutlineStore(Database* database);

// In memory, for tests and trials.
std::unique_ptr<OutlineStore> NewMemoryOutlineStore();

}  // namespace duban
