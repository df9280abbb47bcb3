// SPDX-License-Identifier: Apache-2.0
// The ledger of what was measured: every document's indicators, with relations and findings.
//
//   DUBAN_RETURN_IF_ERROR(store->Put({set}));                                              // set.document:
//   documents/{id} DUBAN_ASSIGN_OR_RETURN(auto page, store->List({.metric = "legal_aid.cases_accepted", .year = 2023},
//   std::nullopt, 50));
//
// Every call may answer the statuses of common/store/database.h. Thread-safe.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/database.h"
#include "duban/v1/indicator.pb.h"

namespace duban {

// What to list; fields that are set must all hold.
struct IndicatorFilter {
  // Id of the document (32 hexadecimal digits). Empty: all.
  std::string document;
  // Id of the catalog metric. Empty: all.
  std::string metric;
  // Id of the agency (16 hexadecimal digits). Empty: all.
  std::string agency;
  // Two to six digits that the region's GB/T 2260 code begins with. Empty: all.
  std::string region_prefix;
  // 0: all.
  int32_t year = 0;
  // ASPECT_UNSPECIFIED: all.
  v1::Indicator::Aspect aspect = v1::Indicator::ASPECT_UNSPECIFIED;
};

// A place in the order of List: by document id, then by place in the document.
struct IndicatorCursor {
  std::string document;
  int32_t ordinal = 0;  // from 1
};

struct IndicatorPage {
  std::vector<v1::Indicator> indicators;
  // Where the next page goes on; none on the last.
  std::optional<IndicatorCursor> next;
};

class IndicatorStore {
 public:
  virtual ~IndicatorStore() = default;

  // Replaces the indicators, relations and findings of each set's document, all in one transaction. A set of a lower
  // revision than the stored one is ignored, as is an earlier set of the same document and revision in `sets`.
  // INVALID_ARGUMENT, and nothing is stored: a malformed document name, a revision below 1, a quantity whose decimal is
  // neither empty nor a plain decimal number, a malformed agency name or region code, or indicators of one set that
  // differ in agency or region.
  virtual absl::Status Put(const std::vector<v1::IndicatorSet>& sets) = 0;

  // The whole set of each document, in the order asked. `ids` are of 32 hexadecimal digits.
  // NOT_FOUND with ResourceInfo: a document has none. INVALID_ARGUMENT: a malformed id.
  virtual absl::StatusOr<std::vector<v1::IndicatorSet>> BatchGet(const std::vector<std::string>& ids) = 0;

  // At most `limit` (1 or more) indicators behind `after`. INVALID_ARGUMENT: a malformed field of the filter or the
  // cursor.
  virtual absl::StatusOr<IndicatorPage> List(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after,
                                             int limit) = 0;
};

// On PostgreSQL. Brings the schema of `database`, which must outlive the store, up to date.
absl::StatusOr<std::unique_ptr<IndicatorStore>> NewPostgresIndicatorStore(Database* database);

// In memory, for tests and trials.
std::unique_ptr<IndicatorStore> NewMemoryIndicatorStore();

}  // namespace duban
