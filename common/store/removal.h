// SPDX-License-Identifier: Apache-2.0
// Removals of documents from a stage's store.
//
// A removal of revision R leaves a tombstone of that revision: what the store holds of the document at R or below is
// dropped, and a result of R or below that comes later is ignored, so that a late task cannot bring the document back.
// The bytes given again are a document of a higher revision, which a late removal in turn does not touch. Whatever
// order results and removals come in, the highest revision holds.
//
// Pure functions.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duban {

struct Removal {
  // Id of the document (32 hexadecimal digits).
  std::string document;
  // Of the deletion.
  int32_t revision = 0;
};

// The highest revision by document. Ordered, so that batches that overlap lock their rows in one order.
using RemovalBatch = std::map<std::string, int32_t>;

// INVALID_ARGUMENT: a malformed id, or a revision below 1.
absl::StatusOr<RemovalBatch> ToBatch(const std::vector<Removal>& removals);

}  // namespace duban
