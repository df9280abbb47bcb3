// SPDX-License-Identifier: Apache-2.0
// The ledger of what was measured: every document's indicators, with relations and findings.
//
//   DUBAN_RETURN_IF_ERROR(store->Put({set}));   // set.document: documents/{id}
//   DUBAN_ASSIGN_OR_RETURN(auto page,
//                          store->List({.metric = "legal_aid.cases_accepted", .year = 2023}, std::nullopt, 50));
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
#include "common/store/removal.h"
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
  // Only indicators that a finding speaks of.
  bool has_finding = false;
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

// Which findings to list; fields that are set must all hold.
struct FindingFilter {
  // As in IndicatorFilter.
  std::string document;
  std::string agency;
  std::string region_prefix;
  // Of the printed figure. 0: all.
  int32_t year = 0;
  // TYPE_UNSPECIFIED: all.
  v1::Finding::Type type = v1::Finding::TYPE_UNSPECIFIED;
};

struct FindingPage {
  // With everything that Finding says of ListFindings.
  std::vector<v1::Finding> findings;
  // By document id, then by the finding's place in it.
  std::optional<IndicatorCursor> next;
};

// What to compare.
struct ComparisonFilter {
  // Id of the metric, and any unit that means the same as the figures' that count.
  std::string metric;
  std::string unit;
  bool lower_is_better = false;
  // Ids. Empty: all.
  std::vector<std::string> agencies;
  // As in IndicatorFilter.
  std::string region_prefix;
  // Empty: all.
  std::vector<int32_t> years;
};

// An agency's figure of a year.
struct ComparedFigure {
  int32_t year = 0;
  // Place among the `ranked` agencies that the filter leaves; equal values share one.
  int rank = 0;
  int ranked = 0;
  v1::Indicator indicator;
};

struct ComparedAgency {
  // name alone if its report does not say more.
  v1::Agency agency;
  std::string region_code;
  // By year. Of years asked for and, for the growth, of years before one.
  std::vector<ComparedFigure> figures;
  // All years for which it has figures of any metric that could be compared, rising.
  std::vector<int32_t> reported_years;
};

struct ComparisonPage {
  // By agency id: those that have a figure in a year asked for.
  std::vector<ComparedAgency> agencies;
  // Years asked for, else those of any figure that the filter leaves; rising. Empty if no agency is left.
  std::vector<int32_t> years;
  // Id of the last agency; none on the last page.
  std::optional<std::string> next;
};

// A label without a metric.
struct UnmappedLabelCount {
  std::string label;
  int64_t indicators = 0;
  int64_t documents = 0;
  // The first by document id and place.
  v1::Indicator example;
};

// A place in the order of ListUnmapped: most indicators first, then by label in bytes.
struct UnmappedCursor {
  int64_t indicators = 0;
  std::string label;
};

struct UnmappedPage {
  std::vector<UnmappedLabelCount> labels;
  std::optional<UnmappedCursor> next;
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

  // Drops the indicators, relations and findings of documents (removal.h), all in one transaction; findings of other
  // documents that rest on them go, too. INVALID_ARGUMENT: nothing is dropped then.
  virtual absl::Status Remove(const std::vector<Removal>& removals) = 0;

  // The whole set of each document, in the order asked. `ids` are of 32 hexadecimal digits.
  // NOT_FOUND with ResourceInfo: a document has none. INVALID_ARGUMENT: a malformed id.
  virtual absl::StatusOr<std::vector<v1::IndicatorSet>> BatchGet(const std::vector<std::string>& ids) = 0;

  // At most `limit` (1 or more) indicators behind `after`. INVALID_ARGUMENT: a malformed field of the filter or the
  // cursor.
  virtual absl::StatusOr<IndicatorPage> List(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after,
                                             int limit) = 0;

  // At most `limit` findings behind `after`: those of the stored sets, growths that the agency's report of the year
  // before contradicts (history.h), and figures that none of its other years makes believable (jump.h), whatever order
  // the reports came in. INVALID_ARGUMENT as List.
  virtual absl::StatusOr<FindingPage> ListFindings(const FindingFilter& filter,
                                                   const std::optional<IndicatorCursor>& after, int limit) = 0;

  // At most `limit` agencies behind `after`, an agency's id. An agency's figure of a year is its document's headline
  // (ledger_rows.h), of several documents the largest; the filter leaves or drops it by its own document's region.
  // INVALID_ARGUMENT: a malformed field of the filter, or `after`.
  virtual absl::StatusOr<ComparisonPage> Compare(const ComparisonFilter& filter,
                                                 const std::optional<std::string>& after, int limit) = 0;

  // At most `limit` labels behind `after`. INVALID_ARGUMENT: limit, or a cursor that cannot be stored.
  virtual absl::StatusOr<UnmappedPage> ListUnmapped(const std::optional<UnmappedCursor>& after, int limit) = 0;
};

// On PostgreSQL. Brings the schema of `database`, which must outlive the store, up to date.
absl::StatusOr<std::unique_ptr<IndicatorStore>> NewPostgresIndicatorStore(Database* database);

// In memory, for tests and trials.
std::unique_ptr<IndicatorStore> NewMemoryIndicatorStore();

}  // namespace duban
