// SPDX-License-Identifier: Apache-2.0
// What both backends of PlanStore do alike: checks of arguments and answers made without the tables. Pure functions.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/names.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/plan_store.h"
#include "services/plan/plan_years.h"

namespace duban {

// A document by its id; of several the last one of the highest revision.
using PlanBatch = std::map<std::string, const PlanDocumentItems*>;

// INVALID_ARGUMENT as PlanStore::PutDocuments. `documents` must outlive the batch.
absl::StatusOr<PlanBatch> ToBatch(const std::vector<PlanDocumentItems>& documents);

// The problems of a document as they are listed.
std::vector<v1::AdmittedProblem> AdmittedProblems(const PlanDocumentItems& plan);

// Whether two are the same to the last byte.
bool IsSame(const PlanDocumentItems& a, const PlanDocumentItems& b);

// A tracking by document and item id, the last of several.
using TrackingBatch = std::map<std::pair<std::string, std::string>, const v1::Tracking*>;

// INVALID_ARGUMENT as PlanStore::CommitTrackings. `trackings` must outlive the batch.
absl::StatusOr<TrackingBatch> ToBatch(const std::vector<v1::Tracking>& trackings);

// ABORTED as PlanStore::CommitTrackings for an item that the agency has not, or with other words.
absl::Status UnknownItem(const std::string& agency);

// INVALID_ARGUMENT: a malformed id.
absl::Status CheckIds(const std::string& agency, const std::vector<std::string>& documents);

// INVALID_ARGUMENT: a malformed agency, or a year below 1.
absl::Status CheckPlans(const std::string& agency, const std::set<int32_t>& years);

// ABORTED unless both have the same documents at the same revisions; INVALID_ARGUMENT if a tracking of the batch is of
// none of their plans for `years`.
absl::Status CheckReadSet(const std::string& agency, const std::set<int32_t>& years,
                          const std::vector<PlanDocument>& read_set, const std::vector<PlanDocument>& stored,
                          const TrackingBatch& batch);

// The years of documents, in their order.
std::vector<DocumentYears> YearsOf(const std::vector<PlanDocument>& documents);

absl::Status CheckFilter(const PlanFilter& filter, const std::optional<PlanCursor>& after, int limit);

absl::Status CheckFilter(const ProblemFilter& filter, const std::optional<PlanCursor>& after, int limit);

// Whether the filter lets a shown tracking through, its agency, year, theme and region aside.
bool Passes(const PlanFilter& filter, const v1::Tracking& shown);

// INVALID_ARGUMENT as PlanStore::Apply, as far as the tables are not needed.
absl::Status CheckEdit(const Edit& edit);

// INVALID_ARGUMENT unless `digest`, stored with the edit's request_id, is the edit's.
absl::Status CheckRepeat(const Edit& edit, const std::string& digest);

absl::Status CheckSummary(const PlanFilter& filter, const std::string& as_of, const std::optional<SummaryCursor>& after,
                          int limit);

absl::Status CheckKey(const PlanItemKey& key);

// INVALID_ARGUMENT and OUT_OF_RANGE as PlanStore::ReadChanges.
absl::Status MalformedToken();
absl::Status TokenOutOfRange();

absl::Status PlanItemNotFound(const PlanItemKey& key);

// What is known of an item before its tracking is computed.
v1::Tracking PendingTracking(const PlanItemKey& key, v1::PlanItem item);

}  // namespace duban
