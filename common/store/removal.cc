// SPDX-License-Identifier: Apache-2.0
#include "common/store/removal.h"

#include <algorithm>

#include "common/base/status.h"
#include "common/store/check.h"

namespace duban {

absl::StatusOr<RemovalBatch> ToBatch(const std::vector<Removal>& removals) {
  RemovalBatch batch;
  for (const Removal& removal : removals) {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("removal.document", removal.document));
    DUBAN_RETURN_IF_ERROR(CheckRevision("removal.revision", removal.revision));
    int32_t& revision = batch[removal.document];
    revision = std::max(revision, removal.revision);
  }
  return batch;
}

}  // namespace duban
