// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/indicator_server.h"

#include <fmt/format.h>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/paging.h"
#include "common/rpc/status.h"
#include "common/rpc/validate.h"
#include "common/text/offsets.h"
#include "services/indicator/ledger_calls.h"
#include "services/indicator/request_fields.h"

namespace duban {
namespace {

absl::Status Extract(const Extractor& extractor, v1::SegmentationService::StubInterface& segmentation,
                     const grpc::ServerContext& context, const v1::ExtractIndicatorsRequest& request,
                     v1::IndicatorSet* response) {
  DUBAN_RETURN_IF_ERROR(CheckText("text", request.text(), kMaxTextBytes));
  if (!v1::EncodingType_IsValid(request.encoding_type())) {
    return InvalidField("encoding_type",
                        fmt::format("{}, want UTF8, UTF16 or UTF32", static_cast<int>(request.encoding_type())));
  }
  v1::SegmentTextRequest segment;
  segment.set_text(request.text());
  segment.set_report_year(request.report_year());
  segment.set_plan_year(request.plan_year());
  v1::Outline outline;
  const auto call = MakeContext({.parent = &context});
  DUBAN_RETURN_IF_ERROR(Annotate(FromGrpc(segmentation.SegmentText(call.get(), segment, &outline)), "segmentation"));
  v1::Document document;
  document.set_text(request.text());
  document.set_report_year(request.report_year());
  document.set_plan_year(request.plan_year());
  *response = extractor.Extract(document, outline);
  if (request.encoding_type() != v1::ENCODING_TYPE_UNSPECIFIED && request.encoding_type() != v1::UTF8) {
    ConvertSpans(OffsetConverter(request.text(), request.encoding_type()), response);
  }
  return absl::OkStatus();
}

absl::StatusOr<IndicatorFilter> Filter(const v1::ListIndicatorsRequest& request) {
  IndicatorFilter filter;
  DUBAN_ASSIGN_OR_RETURN(filter.document, ParseParent(request.parent()));
  DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseAgency(request.agency()));
  DUBAN_RETURN_IF_ERROR(CheckRegionPrefix(request.region_prefix()));
  DUBAN_RETURN_IF_ERROR(CheckYear(request.year()));
  filter.region_prefix = request.region_prefix();
  filter.metric = request.metric();
  filter.year = request.year();
  filter.aspect = request.aspect();
  filter.has_finding = request.has_finding();
  return filter;
}

absl::Status List(IndicatorStore& store, const v1::ListIndicatorsRequest& request,
                  v1::ListIndicatorsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const IndicatorFilter filter, Filter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(IndicatorPage page, store.List(filter, after, size));
  for (v1::Indicator& indicator : page.indicators) *response->add_indicators() = std::move(indicator);
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status BatchGet(IndicatorStore& store, const v1::BatchGetIndicatorsRequest& request,
                      v1::BatchGetIndicatorsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const auto ids, ParseNames("names", request.names(), ParseDocumentName));
  DUBAN_ASSIGN_OR_RETURN(auto sets, store.BatchGet(ids));
  for (v1::IndicatorSet& set : sets) *response->add_sets() = std::move(set);
  return absl::OkStatus();
}

}  // namespace

grpc::Status IndicatorServer::ExtractIndicators(grpc::ServerContext* context,
                                                const v1::ExtractIndicatorsRequest* request,
                                                v1::IndicatorSet* response) {
  return ToGrpc(Extract(extractor_, segmentation_, *context, *request, response));
}

grpc::Status IndicatorServer::ListIndicators(grpc::ServerContext*, const v1::ListIndicatorsRequest* request,
                                             v1::ListIndicatorsResponse* response) {
  return ToGrpc(List(store_, *request, response));
}

grpc::Status IndicatorServer::BatchGetIndicators(grpc::ServerContext*, const v1::BatchGetIndicatorsRequest* request,
                                                 v1::BatchGetIndicatorsResponse* response) {
  return ToGrpc(BatchGet(store_, *request, response));
}

grpc::Status IndicatorServer::ListMetrics(grpc::ServerContext*, const v1::ListMetricsRequest* request,
                                          v1::ListMetricsResponse* response) {
  return ToGrpc(duban::ListMetrics(catalog_, *request, response));
}

grpc::Status IndicatorServer::GetMetric(grpc::ServerContext*, const v1::GetMetricRequest* request,
                                        v1::Metric* response) {
  return ToGrpc(duban::GetMetric(catalog_, *request, response));
}

grpc::Status IndicatorServer::CompareMetric(grpc::ServerContext*, const v1::CompareMetricRequest* request,
                                            v1::CompareMetricResponse* response) {
  return ToGrpc(duban::CompareMetric(catalog_, store_, *request, response));
}

grpc::Status IndicatorServer::ListFindings(grpc::ServerContext*, const v1::ListFindingsRequest* request,
                                           v1::ListFindingsResponse* response) {
  return ToGrpc(duban::ListFindings(store_, *request, response));
}

grpc::Status IndicatorServer::ListUnmappedLabels(grpc::ServerContext*, const v1::ListUnmappedLabelsRequest* request,
                                                 v1::ListUnmappedLabelsResponse* response) {
  return ToGrpc(duban::ListUnmappedLabels(store_, *request, response));
}

}  // namespace duban
