// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/segmentation_server.h"

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/rpc/validate.h"
#include "common/text/offsets.h"

namespace duban {
namespace {

bool CountsBytes(v1::EncodingType encoding) {
  return encoding == v1::ENCODING_TYPE_UNSPECIFIED || encoding == v1::UTF8;
}

absl::Status CheckEncoding(v1::EncodingType encoding) {
  if (v1::EncodingType_IsValid(encoding)) return absl::OkStatus();
  return InvalidField("encoding_type", std::to_string(encoding) + ", want UTF8, UTF16 or UTF32");
}

absl::Status Segment(const Segmenter& segmenter, const v1::SegmentTextRequest& request, v1::Outline* outline) {
  DUBAN_RETURN_IF_ERROR(CheckText("text", request.text(), kMaxTextBytes));
  DUBAN_RETURN_IF_ERROR(CheckEncoding(request.encoding_type()));
  v1::Document document;
  document.set_text(request.text());
  document.set_report_year(request.report_year());
  document.set_plan_year(request.plan_year());
  *outline = segmenter.Segment(document);
  if (!CountsBytes(request.encoding_type())) {
    ConvertSpans(OffsetConverter(request.text(), request.encoding_type()), outline);
  }
  return absl::OkStatus();
}

absl::Status Get(OutlineStore& store, v1::IngestService::StubInterface& ingest, const grpc::ServerContext& context,
                 const v1::GetOutlineRequest& request, v1::Outline* outline) {
  DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseOutlineName("name", request.name()));
  DUBAN_RETURN_IF_ERROR(CheckEncoding(request.encoding_type()));
  DUBAN_ASSIGN_OR_RETURN(auto outlines, store.BatchGet({id}));
  *outline = std::move(outlines.front());
  if (CountsBytes(request.encoding_type())) return absl::OkStatus();
  // Other encodings are counted in the text, which ingest keeps.
  v1::GetDocumentRequest get;
  get.set_name(DocumentName(id));
  v1::Document document;
  const auto call = MakeContext({.parent = &context});
  DUBAN_RETURN_IF_ERROR(FromGrpc(ingest.GetDocument(call.get(), get, &document)));
  ConvertSpans(OffsetConverter(document.text(), request.encoding_type()), outline);
  return absl::OkStatus();
}

absl::Status BatchGet(OutlineStore& store, const v1::BatchGetOutlinesRequest& request,
                      v1::BatchGetOutlinesResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const auto ids, ParseNames("names", request.names(), ParseOutlineName));
  DUBAN_ASSIGN_OR_RETURN(auto outlines, store.BatchGet(ids));
  for (v1::Outline& outline : outlines) *response->add_outlines() = std::move(outline);
  return absl::OkStatus();
}

}  // namespace

grpc::Status SegmentationServer::SegmentText(grpc::ServerContext*, const v1::SegmentTextRequest* request,
                                             v1::Outline* response) {
  return ToGrpc(Segment(segmenter_, *request, response));
}

grpc::Status SegmentationServer::GetOutline(grpc::ServerContext* context, const v1::GetOutlineRequest* request,
                                            v1::Outline* response) {
  return ToGrpc(Get(store_, ingest_, *context, *request, response));
}

grpc::Status SegmentationServer::BatchGetOutlines(grpc::ServerContext*, const v1::BatchGetOutlinesRequest* request,
                                                  v1::BatchGetOutlinesResponse* response) {
  return ToGrpc(BatchGet(store_, *request, response));
}

}  // namespace duban
