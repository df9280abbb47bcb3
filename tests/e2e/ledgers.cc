// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/ledgers.h"

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"

namespace duban::testing {
namespace {

// Calls `list(context, request, &response)` for every page and gathers `items(response)`.
template <typename Item, typename Request, typename Response, typename List, typename Items>
absl::StatusOr<std::vector<Item>> AllPages(const std::string& parent, int page_size, List list, Items items) {
  Request request;
  request.set_parent(parent);
  request.set_page_size(page_size);
  std::vector<Item> all;
  do {
    Response response;
    const auto context = MakeContext({.timeout = absl::Seconds(30)});
    DUBAN_RETURN_IF_ERROR(FromGrpc(list(context.get(), request, &response)));
    for (const Item& item : items(response)) all.push_back(item);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace

absl::StatusOr<std::vector<v1::Indicator>> AllIndicators(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages<v1::Indicator, v1::ListIndicatorsRequest, v1::ListIndicatorsResponse>(
      parent, page_size,
      [&](auto* context, const auto& request, auto* response) {
        return cluster.indicator().ListIndicators(context, request, response);
      },
      [](const auto& response) -> const auto& { return response.indicators(); });
}

absl::StatusOr<std::vector<v1::Tracking>> AllTrackings(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages<v1::Tracking, v1::ListTrackingsRequest, v1::ListTrackingsResponse>(
      parent, page_size,
      [&](auto* context, const auto& request, auto* response) {
        return cluster.plan().ListTrackings(context, request, response);
      },
      [](const auto& response) -> const auto& { return response.trackings(); });
}

absl::StatusOr<std::vector<v1::PlanItem>> AllPlanItems(Cluster& cluster, const std::string& parent, int page_size) {
  return AllPages<v1::PlanItem, v1::ListPlanItemsRequest, v1::ListPlanItemsResponse>(
      parent, page_size,
      [&](auto* context, const auto& request, auto* response) {
        return cluster.plan().ListPlanItems(context, request, response);
      },
      [](const auto& response) -> const auto& { return response.plan_items(); });
}

}  // namespace duban::testing
