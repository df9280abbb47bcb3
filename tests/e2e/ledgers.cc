// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/ledgers.h"

#include <fmt/format.h>

#include "common/base/status.h"

namespace duban::testing {
namespace {

// Asks for every page of a list and gathers its items.
template <typename Item, typename Stub, typename Request, typename Response>
absl::StatusOr<std::vector<Item>> AllPages(Cluster& cluster,
                                           grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*),
                                           const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
                                           const std::string& parent, int page_size) {
  Request request;
  request.set_parent(parent);
  request.set_page_size(page_size);
  std::vector<Item> all;
  do {
    Response response;
    DUBAN_RETURN_IF_ERROR(cluster.Call(list, request, &response));
    all.insert(all.end(), (response.*items)().begin(), (response.*items)().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

template <typename Item>
void AppendLines(const std::vector<Item>& items, std::string* text) {
  for (const Item& item : items) *text += item.ShortDebugString() + "\n";
}

}  // namespace

absl::StatusOr<std::vector<v1::Indicator>> AllIndicators(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages(cluster, &v1::IndicatorService::StubInterface::ListIndicators,
                  &v1::ListIndicatorsResponse::indicators, parent, page_size);
}

absl::StatusOr<std::vector<v1::Tracking>> AllTrackings(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages(cluster, &v1::PlanService::StubInterface::ListTrackings, &v1::ListTrackingsResponse::trackings,
                  parent, page_size);
}

absl::StatusOr<std::vector<v1::PlanItem>> AllPlanItems(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages(cluster, &v1::PlanService::StubInterface::ListPlanItems, &v1::ListPlanItemsResponse::plan_items,
                  parent, page_size);
}

absl::StatusOr<std::string> LedgersAsText(Cluster& cluster, const std::set<std::string>& documents) {
  using Indicators = v1::IndicatorService::StubInterface;
  std::string text;
  for (const std::string& name : documents) {
    v1::GetOutlineRequest request;
    request.set_name(name + "/outline");
    v1::Outline outline;
    const absl::Status status = cluster.Call(&v1::SegmentationService::StubInterface::GetOutline, request, &outline);
    outline.clear_revision();
    text += fmt::format("{} {}\n", static_cast<int>(status.code()), outline.ShortDebugString());
  }
  DUBAN_ASSIGN_OR_RETURN(const auto indicators, AllIndicators(cluster, "documents/-", 1000));
  AppendLines(indicators, &text);
  DUBAN_ASSIGN_OR_RETURN(const auto findings, AllPages(cluster, &Indicators::ListFindings,
                                                       &v1::ListFindingsResponse::findings, "documents/-", 1000));
  AppendLines(findings, &text);
  std::set<std::string> metrics;
  for (const v1::Indicator& indicator : indicators) metrics.insert(indicator.metric());
  metrics.erase("");
  for (const std::string& metric : metrics) {
    v1::CompareMetricRequest request;
    request.set_metric(metric);
    v1::CompareMetricResponse comparison;
    DUBAN_RETURN_IF_ERROR(cluster.Call(&Indicators::CompareMetric, request, &comparison));
    text += comparison.ShortDebugString() + "\n";
  }
  v1::ListUnmappedLabelsResponse labels;
  DUBAN_RETURN_IF_ERROR(cluster.Call(&Indicators::ListUnmappedLabels, v1::ListUnmappedLabelsRequest(), &labels));
  text += labels.ShortDebugString() + "\n";
  DUBAN_ASSIGN_OR_RETURN(const auto items, AllPlanItems(cluster, "agencies/-", 1000));
  AppendLines(items, &text);
  DUBAN_ASSIGN_OR_RETURN(const auto trackings, AllTrackings(cluster, "agencies/-", 1000));
  AppendLines(trackings, &text);
  v1::SummarizePlansRequest summarize;
  summarize.set_parent("agencies/-");
  v1::SummarizePlansResponse summaries;
  DUBAN_RETURN_IF_ERROR(cluster.Call(&v1::PlanService::StubInterface::SummarizePlans, summarize, &summaries));
  return text + summaries.ShortDebugString();
}

}  // namespace duban::testing
