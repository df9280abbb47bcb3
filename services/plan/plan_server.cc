// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_server.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <vector>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/paging.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

// What ListPlanItems and ListTrackings have in common.
template <typename Request>
absl::StatusOr<PlanFilter> Filter(const Request& request) {
  PlanFilter filter;
  DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseAgencyName("parent", request.parent(), /*allow_wildcard=*/true));
  if (filter.agency == "-") filter.agency.clear();
  if (request.year() < 0)
    return InvalidField("year", fmt::format("{}, want 0 (all) or a calendar year", request.year()));
  filter.year = request.year();
  return filter;
}

// A page token's position: agency, year, document and place in the plan, with blanks between.
std::string FormatCursor(const PlanCursor& cursor) {
  return fmt::format("{} {} {} {}", cursor.agency, cursor.year, cursor.document, cursor.ordinal);
}

absl::StatusOr<std::optional<PlanCursor>> ParseCursor(const std::string& position) {
  if (position.empty()) return std::optional<PlanCursor>();
  std::vector<std::string> words(1);
  for (char c : position) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  PlanCursor cursor;
  const auto number = [](const std::string& word, int32_t* value) {
    return std::from_chars(word.data(), word.data() + word.size(), *value).ec == std::errc();
  };
  if (words.size() != 4 || !number(words[1], &cursor.year) || !number(words[3], &cursor.ordinal)) {
    return InvalidField("page_token", "not a token of this list");
  }
  cursor.agency = words[0];
  cursor.document = words[2];
  return std::optional<PlanCursor>(std::move(cursor));
}

absl::Status ListItems(PlanStore& store, const v1::ListPlanItemsRequest& request, v1::ListPlanItemsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanFilter filter, Filter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(PlanItemPage page, store.ListPlanItems(filter, after, size));
  for (v1::PlanItem& item : page.items) *response->add_plan_items() = std::move(item);
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status ListTracked(PlanStore& store, const v1::ListTrackingsRequest& request,
                         v1::ListTrackingsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(PlanFilter filter, Filter(request));
  filter.status = request.status();
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(TrackingPage page, store.ListTrackings(filter, after, size));
  for (v1::Tracking& tracking : page.trackings) *response->add_trackings() = std::move(tracking);
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status GetItem(PlanStore& store, const v1::GetPlanItemRequest& request, v1::PlanItem* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(*response, store.GetPlanItem(key));
  return absl::OkStatus();
}

absl::Status GetTracked(PlanStore& store, const v1::GetTrackingRequest& request, v1::Tracking* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParseTrackingName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(*response, store.GetTracking(key));
  return absl::OkStatus();
}

}  // namespace

grpc::Status PlanServer::ListPlanItems(grpc::ServerContext*, const v1::ListPlanItemsRequest* request,
                                       v1::ListPlanItemsResponse* response) {
  return ToGrpc(ListItems(store_, *request, response));
}

grpc::Status PlanServer::GetPlanItem(grpc::ServerContext*, const v1::GetPlanItemRequest* request,
                                     v1::PlanItem* response) {
  return ToGrpc(GetItem(store_, *request, response));
}

grpc::Status PlanServer::GetTracking(grpc::ServerContext*, const v1::GetTrackingRequest* request,
                                     v1::Tracking* response) {
  return ToGrpc(GetTracked(store_, *request, response));
}

grpc::Status PlanServer::ListTrackings(grpc::ServerContext*, const v1::ListTrackingsRequest* request,
                                       v1::ListTrackingsResponse* response) {
  return ToGrpc(ListTracked(store_, *request, response));
}

}  // namespace duban
