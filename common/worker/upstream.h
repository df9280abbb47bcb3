// SPDX-License-Identifier: Apache-2.0
// common/worker/upstream.h: what the stages before have stored, fetched in batches over gRPC.
//
//   DUBAN_ASSIGN_OR_RETURN(std::vector<v1::Document> documents, FetchDocuments(*ingest, names, task.traceparent()));
//
// Each function answers in the order asked, and with the status of the RPC otherwise: NOT_FOUND if one is missing,
// UNAVAILABLE if the service is out of reach after the channel's retries or has no room for the call,
// RESOURCE_EXHAUSTED if the answer is larger than a message may be. `names` are document names; no more than a call may
// carry (100). Thread-safe.
//
// A task is superseded when ingest holds its document at another revision: it was deleted, or deleted and given again.
// Its result is wanted no more, and what it would read may be gone.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/removal.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "duban/v1/task.pb.h"

namespace duban {

// The documents that `tasks` speak of.
std::vector<std::string> DocumentNames(std::span<const v1::Task> tasks);

// What removal tasks ask a store to drop. INVALID_ARGUMENT: a malformed document name.
absl::StatusOr<std::vector<Removal>> Removals(std::span<const v1::Task> tasks);

// NOT_FOUND if `document`, that of `task`, is of another revision.
absl::Status CheckCurrent(const v1::Task& task, const v1::Document& document);

// The documents of `tasks`, each checked so.
absl::StatusOr<std::vector<v1::Document>> FetchDocumentsOf(v1::IngestService::StubInterface& ingest,
                                                           std::span<const v1::Task> tasks);

// Whether ingest has deleted `document` or holds it at another revision. False if there never was such a document: a
// task for it is an error, not superseded.
absl::StatusOr<bool> IsSuperseded(v1::IngestService::StubInterface& ingest, const std::string& document,
                                  int32_t revision, std::string_view traceparent);

absl::StatusOr<std::vector<v1::Document>> FetchDocuments(v1::IngestService::StubInterface& ingest,
                                                         const std::vector<std::string>& names,
                                                         std::string_view traceparent);

absl::StatusOr<std::vector<v1::Outline>> FetchOutlines(v1::SegmentationService::StubInterface& segmentation,
                                                       const std::vector<std::string>& names,
                                                       std::string_view traceparent);

absl::StatusOr<std::vector<v1::IndicatorSet>> FetchIndicators(v1::IndicatorService::StubInterface& indicator,
                                                              const std::vector<std::string>& names,
                                                              std::string_view traceparent);

}  // namespace duban
