// SPDX-License-Identifier: Apache-2.0
// common/worker/upstream.h: what the stages before have stored, fetched in batches over gRPC.
//
//   DUBAN_ASSIGN_OR_RETURN(std::vector<v1::Document> documents, FetchDocuments(*ingest, names, task.traceparent()));
//
// Each function answers in the order asked, and with the status of the RPC otherwise: NOT_FOUND if one is missing,
// UNAVAILABLE if the service is out of reach after the channel's retries or has no room for the call,
// RESOURCE_EXHAUSTED if the answer is larger than a message may be. `names` are document names; no more than a call may
// carry (100). Thread-safe.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "duban/v1/task.pb.h"

namespace duban {

// The documents that `tasks` speak of.
std::vector<std::string> DocumentNames(std::span<const v1::Task> tasks);

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
