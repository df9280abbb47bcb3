// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/indicator_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/paging.h"
#include "common/rpc/status.h"
#include "common/rpc/validate.h"
#include "common/text/offsets.h"

namespace duban {
namespace {

constexpr std::string_view kAllDocuments = "documents/-";

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
  if (request.parent() != kAllDocuments) {
    const auto id = ParseDocumentName("parent", request.parent());
    if (!id.ok()) {
      return InvalidField("parent", fmt::format("\"{}\", want documents/{{document}}, or documents/- for all",
                                                request.parent().substr(0, 100)));
    }
    filter.document = *id;
  }
  if (!request.agency().empty()) {
    DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseAgencyName("agency", request.agency()));
  }
  const std::string& prefix = request.region_prefix();
  const bool digits = std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!prefix.empty() && (!digits || prefix.size() < 2 || prefix.size() > 6)) {
    return InvalidField("region_prefix", fmt::format("\"{}\", want two to six digits", prefix.substr(0, 100)));
  }
  if (request.year() < 0)
    return InvalidField("year", fmt::format("{}, want 0 (all) or a calendar year", request.year()));
  filter.region_prefix = prefix;
  filter.metric = request.metric();
  filter.year = request.year();
  filter.aspect = request.aspect();
  return filter;
}

// A page token's position: the document's id, a blank, the place in the document.
absl::StatusOr<std::optional<IndicatorCursor>> ParseCursor(const std::string& position) {
  if (position.empty()) return std::optional<IndicatorCursor>();
  const size_t blank = position.find(' ');
  IndicatorCursor cursor{position.substr(0, blank), 0};
  if (blank == std::string::npos ||
      std::from_chars(position.data() + blank + 1, position.data() + position.size(), cursor.ordinal).ec !=
          std::errc()) {
    return InvalidField("page_token", "not a token of this list");
  }
  return std::optional<IndicatorCursor>(std::move(cursor));
}

absl::Status List(IndicatorStore& store, const v1::ListIndicatorsRequest& request,
                  v1::ListIndicatorsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const IndicatorFilter filter, Filter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(IndicatorPage page, store.List(filter, after, size));
  for (v1::Indicator& indicator : page.indicators) *response->add_indicators() = std::move(indicator);
  if (page.next.has_value()) {
    response->set_next_page_token(
        MakePageToken(request, fmt::format("{} {}", page.next->document, page.next->ordinal)));
  }
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

}  // namespace duban
