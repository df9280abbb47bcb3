// SPDX-License-Identifier: Apache-2.0
#include "common/worker/upstream.h"

#include <fmt/format.h>

#include <memory>

#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

// Moves the answers out; INTERNAL if there are not as many as asked for.
template <typename Item>
absl::StatusOr<std::vector<Item>> TakeAll(std::string_view what, size_t wanted,
                                          google::protobuf::RepeatedPtrField<Item>* items) {
  if (static_cast<size_t>(items->size()) != wanted) {
    return absl::InternalError(fmt::format("{}: {} answers, want {}", what, items->size(), wanted));
  }
  return std::vector<Item>(std::make_move_iterator(items->begin()), std::make_move_iterator(items->end()));
}

// The status of a call to `service`. A server without room for a call answers RESOURCE_EXHAUSTED as well as gRPC does
// for an answer that is too large; only gRPC's words tell them apart. The first says nothing about the documents and
// passes.
absl::Status UpstreamStatus(const grpc::Status& answer, std::string_view service) {
  const absl::Status status = Annotate(FromGrpc(answer), service);
  if (!absl::IsResourceExhausted(status) || answer.error_message().find("larger than max") != std::string::npos)
    return status;
  return absl::UnavailableError(Message(status));
}

absl::StatusOr<std::vector<v1::Document>> Fetch(v1::IngestService::StubInterface& ingest,
                                                const std::vector<std::string>& names, std::string_view traceparent,
                                                v1::DocumentView view) {
  v1::BatchGetDocumentsRequest request;
  request.mutable_names()->Assign(names.begin(), names.end());
  request.set_view(view);
  v1::BatchGetDocumentsResponse response;
  const auto context = MakeContext({.traceparent = std::string(traceparent)});
  DUBAN_RETURN_IF_ERROR(UpstreamStatus(ingest.BatchGetDocuments(context.get(), request, &response), "ingest"));
  return TakeAll("ingest", names.size(), response.mutable_documents());
}

}  // namespace

std::vector<std::string> DocumentNames(std::span<const v1::Task> tasks) {
  std::vector<std::string> names;
  for (const v1::Task& task : tasks) names.push_back(task.document());
  return names;
}

absl::StatusOr<std::vector<Removal>> Removals(std::span<const v1::Task> tasks) {
  std::vector<Removal> removals;
  for (const v1::Task& task : tasks) {
    DUBAN_ASSIGN_OR_RETURN(const std::string document, ParseDocumentName("task.document", task.document()));
    removals.push_back({document, task.revision()});
  }
  return removals;
}

absl::Status CheckCurrent(const v1::Task& task, const v1::Document& document) {
  if (document.revision() == task.revision()) return absl::OkStatus();
  return absl::NotFoundError(fmt::format("ingest: {}: revision {}, the task is for {}", task.document(),
                                         document.revision(), task.revision()));
}

absl::StatusOr<std::vector<v1::Document>> FetchDocumentsOf(v1::IngestService::StubInterface& ingest,
                                                           std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(auto documents, FetchDocuments(ingest, DocumentNames(tasks), tasks.front().traceparent()));
  for (size_t i = 0; i < tasks.size(); ++i) DUBAN_RETURN_IF_ERROR(CheckCurrent(tasks[i], documents[i]));
  return documents;
}

absl::StatusOr<bool> IsSuperseded(v1::IngestService::StubInterface& ingest, const std::string& document,
                                  int32_t revision, std::string_view traceparent) {
  const auto documents = Fetch(ingest, {document}, traceparent, v1::BASIC);
  if (documents.ok()) return documents->front().revision() != revision;
  if (absl::IsNotFound(documents.status())) return IsDeleted(documents.status());
  return documents.status();
}

absl::StatusOr<std::vector<v1::Document>> FetchDocuments(v1::IngestService::StubInterface& ingest,
                                                         const std::vector<std::string>& names,
                                                         std::string_view traceparent) {
  return Fetch(ingest, names, traceparent, v1::FULL);
}

absl::StatusOr<std::vector<v1::Outline>> FetchOutlines(v1::SegmentationService::StubInterface& segmentation,
                                                       const std::vector<std::string>& names,
                                                       std::string_view traceparent) {
  v1::BatchGetOutlinesRequest request;
  for (const std::string& name : names) request.add_names(name + "/outline");
  v1::BatchGetOutlinesResponse response;
  const auto context = MakeContext({.traceparent = std::string(traceparent)});
  DUBAN_RETURN_IF_ERROR(
      UpstreamStatus(segmentation.BatchGetOutlines(context.get(), request, &response), "segmentation"));
  return TakeAll("segmentation", names.size(), response.mutable_outlines());
}

absl::StatusOr<std::vector<v1::IndicatorSet>> FetchIndicators(v1::IndicatorService::StubInterface& indicator,
                                                              const std::vector<std::string>& names,
                                                              std::string_view traceparent) {
  v1::BatchGetIndicatorsRequest request;
  request.mutable_names()->Assign(names.begin(), names.end());
  v1::BatchGetIndicatorsResponse response;
  const auto context = MakeContext({.traceparent = std::string(traceparent)});
  DUBAN_RETURN_IF_ERROR(UpstreamStatus(indicator.BatchGetIndicators(context.get(), request, &response), "indicator"));
  return TakeAll("indicator", names.size(), response.mutable_sets());
}

}  // namespace duban
