// SPDX-License-Identifier: Apache-2.0
#include "services/plan/plan_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/paging.h"
#include "common/rpc/status.h"
#include "services/plan/chains.h"
#include "services/plan/plan_requests.h"
#include "services/plan/plan_rules.h"

namespace duban {
namespace {

// Promises of one agency that were carried over and chains are made of: some 10 MB.
constexpr size_t kMaxCarried = 10'000;

// A page token's position: agency, year, document and place in the plan, with blanks between.
std::string FormatCursor(const PlanCursor& cursor) {
  return fmt::format("{} {} {} {}", cursor.agency, cursor.year, cursor.document, cursor.ordinal);
}

// The words of `position`, which must be `count`.
absl::StatusOr<std::vector<std::string>> Words(const std::string& position, size_t count) {
  std::vector<std::string> words(1);
  for (char c : position) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.size() != count) return InvalidField("page_token", "not a token of this list");
  return words;
}

absl::Status ReadNumber(const std::string& word, int32_t* value) {
  if (std::from_chars(word.data(), word.data() + word.size(), *value).ec == std::errc()) return absl::OkStatus();
  return InvalidField("page_token", "not a token of this list");
}

absl::StatusOr<std::optional<PlanCursor>> ParseCursor(const std::string& position) {
  std::optional<PlanCursor> cursor;
  if (position.empty()) return cursor;
  DUBAN_ASSIGN_OR_RETURN(const std::vector<std::string> words, Words(position, 4));
  cursor = PlanCursor{.agency = words[0], .document = words[2]};
  DUBAN_RETURN_IF_ERROR(ReadNumber(words[1], &cursor->year));
  DUBAN_RETURN_IF_ERROR(ReadNumber(words[3], &cursor->ordinal));
  return cursor;
}

// Tells whether it is overdue, if the caller says when.
void SetOverdue(const std::string& as_of, v1::Tracking* tracking) {
  if (!as_of.empty()) tracking->set_overdue(IsOverdue(*tracking, as_of));
}

absl::Status ListItems(PlanStore& store, const v1::ListPlanItemsRequest& request, v1::ListPlanItemsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanFilter filter, ToFilter(request));
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
  DUBAN_ASSIGN_OR_RETURN(const PlanFilter filter, ToFilter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(TrackingPage page, store.ListTrackings(filter, after, size));
  for (v1::Tracking& tracking : page.trackings) {
    SetOverdue(request.as_of(), &tracking);
    *response->add_trackings() = std::move(tracking);
  }
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status ListProblems(PlanStore& store, const v1::ListAdmittedProblemsRequest& request,
                          v1::ListAdmittedProblemsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const ProblemFilter filter, ToFilter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DUBAN_ASSIGN_OR_RETURN(ProblemPage page, store.ListProblems(filter, after, size));
  for (v1::AdmittedProblem& problem : page.problems) *response->add_problems() = std::move(problem);
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  return absl::OkStatus();
}

absl::Status ListEntries(PlanStore& store, const v1::ListHistoryRequest& request, v1::ListHistoryResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("parent", request.parent()));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  int32_t after = 0;
  if (!position.empty()) DUBAN_RETURN_IF_ERROR(ReadNumber(position, &after));
  DUBAN_ASSIGN_OR_RETURN(HistoryPage page, store.ListHistory(key, after, size));
  for (v1::HistoryEntry& entry : page.entries) *response->add_entries() = std::move(entry);
  if (page.more) {
    const int32_t last = response->entries().rbegin()->sequence();
    response->set_next_page_token(MakePageToken(request, fmt::format("{}", last)));
  }
  return absl::OkStatus();
}

absl::Status ListAllThemes(const ThemeLexicon& themes, const v1::ListThemesRequest& request,
                           v1::ListThemesResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  int32_t begin = 0;
  if (!position.empty()) DUBAN_RETURN_IF_ERROR(ReadNumber(position, &begin));
  const int32_t end = static_cast<int32_t>(std::min<int64_t>(int64_t{begin} + size, themes.theme_size()));
  for (int32_t i = std::max(begin, 0); i < end; ++i) {
    v1::Theme& theme = *response->add_themes();
    theme.set_id(themes.theme(i).id());
    theme.set_display_name(themes.theme(i).display_name());
    theme.set_english_name(themes.theme(i).english_name());
  }
  if (end < themes.theme_size()) response->set_next_page_token(MakePageToken(request, fmt::format("{}", end)));
  return absl::OkStatus();
}

absl::Status Summarize(PlanStore& store, const ThemeLexicon& themes, const v1::SummarizePlansRequest& request,
                       v1::SummarizePlansResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanFilter filter, ToFilter(request));
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  std::optional<SummaryCursor> after;
  if (!position.empty()) {
    DUBAN_ASSIGN_OR_RETURN(const std::vector<std::string> words, Words(position, 2));
    after = SummaryCursor{.agency = words[0]};
    DUBAN_RETURN_IF_ERROR(ReadNumber(words[1], &after->year));
  }
  DUBAN_ASSIGN_OR_RETURN(const SummaryPage page, store.Summarize(filter, request.as_of(), after, size));
  std::vector<std::string> order;
  for (const ThemeLexicon::Theme& theme : themes.theme()) order.push_back(theme.id());
  for (const PlanCounts& counts : page.counts) {
    *response->add_summaries() = ToSummary(counts, !request.as_of().empty(), order);
  }
  if (page.next.has_value()) {
    response->set_next_page_token(MakePageToken(request, fmt::format("{} {}", page.next->agency, page.next->year)));
  }
  return absl::OkStatus();
}

// The agency's trackings that are CARRIED_OVER. FAILED_PRECONDITION: more than kMaxCarried.
absl::StatusOr<std::vector<v1::Tracking>> CarriedOver(PlanStore& store, const std::string& agency) {
  std::vector<v1::Tracking> carried;
  const PlanFilter filter = {.agency = agency, .status = v1::Tracking::CARRIED_OVER};
  std::optional<PlanCursor> after;
  do {
    DUBAN_ASSIGN_OR_RETURN(TrackingPage page, store.ListTrackings(filter, after, kMaxPageSize));
    std::move(page.trackings.begin(), page.trackings.end(), std::back_inserter(carried));
    after = page.next;
    if (carried.size() > kMaxCarried) {
      return absl::FailedPreconditionError(
          fmt::format("{}: more than {} plan items were carried over, too many to make "
                      "chains of",
                      AgencyName(agency), kMaxCarried));
    }
  } while (after.has_value());
  return carried;
}

// The items of the plans that `carried` were carried into, but for those that are among these, as PENDING trackings:
// chains end with them.
absl::StatusOr<std::vector<v1::Tracking>> CarriedInto(PlanStore& store, const std::string& agency,
                                                      const std::vector<v1::Tracking>& carried) {
  std::set<std::string> documents, known;
  for (const v1::Tracking& tracking : carried) {
    known.insert(tracking.plan_item().name());
    for (const v1::Evidence& evidence : tracking.evidence()) {
      if (const auto id = ParseDocumentName("document", evidence.document()); id.ok()) documents.insert(*id);
    }
  }
  DUBAN_ASSIGN_OR_RETURN(std::vector<v1::PlanItem> items,
                         store.ItemsOf(agency, std::vector<std::string>(documents.begin(), documents.end())));
  std::vector<v1::Tracking> ends;
  for (v1::PlanItem& item : items) {
    if (known.contains(item.name())) continue;
    DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("plan_item", item.name()));
    ends.push_back(PendingTracking(key, std::move(item)));
  }
  return ends;
}

// Puts the tracking as it is in place of a chain's last one, of which only the item was read. It stays if the item has
// gone since.
absl::Status ReadEnd(PlanStore& store, v1::PromiseChain* chain) {
  v1::Tracking& last = *chain->mutable_trackings()->rbegin();
  if (last.status() == v1::Tracking::CARRIED_OVER) return absl::OkStatus();
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("plan_item", last.plan_item().name()));
  auto tracking = store.GetTracking(key);
  if (!tracking.ok()) return absl::IsNotFound(tracking.status()) ? absl::OkStatus() : tracking.status();
  last = *std::move(tracking);
  return absl::OkStatus();
}

absl::Status ListChains(PlanStore& store, const v1::ListPromiseChainsRequest& request,
                        v1::ListPromiseChainsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const std::string agency, ParseAgencyName("parent", request.parent()));
  const int min_years = request.min_years() == 0 ? 2 : request.min_years();
  if (min_years < 2 || min_years > 100) {
    return InvalidField("min_years", fmt::format("{}, want 0 (server default) or 2 to 100", min_years));
  }
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  int32_t begin = 0;
  if (!position.empty()) DUBAN_RETURN_IF_ERROR(ReadNumber(position, &begin));
  DUBAN_ASSIGN_OR_RETURN(std::vector<v1::Tracking> trackings, CarriedOver(store, agency));
  DUBAN_ASSIGN_OR_RETURN(std::vector<v1::Tracking> ends, CarriedInto(store, agency, trackings));
  std::move(ends.begin(), ends.end(), std::back_inserter(trackings));
  std::vector<v1::PromiseChain> chains = FindChains(std::move(trackings), min_years);
  const int32_t end = static_cast<int32_t>(std::min<int64_t>(int64_t{begin} + size, chains.size()));
  for (int32_t i = std::max(begin, 0); i < end; ++i) {
    DUBAN_RETURN_IF_ERROR(ReadEnd(store, &chains[i]));
    *response->add_chains() = std::move(chains[i]);
  }
  if (end < static_cast<int32_t>(chains.size())) {
    response->set_next_page_token(MakePageToken(request, fmt::format("{}", end)));
  }
  return absl::OkStatus();
}

absl::Status GetItem(PlanStore& store, const v1::GetPlanItemRequest& request, v1::PlanItem* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParsePlanItemName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(*response, store.GetPlanItem(key));
  return absl::OkStatus();
}

absl::Status GetTracked(PlanStore& store, const v1::GetTrackingRequest& request, v1::Tracking* response) {
  DUBAN_ASSIGN_OR_RETURN(const PlanItemKey key, ParseTrackingName("name", request.name()));
  DUBAN_RETURN_IF_ERROR(CheckDay("as_of", request.as_of()));
  DUBAN_ASSIGN_OR_RETURN(*response, store.GetTracking(key));
  SetOverdue(request.as_of(), response);
  return absl::OkStatus();
}

// Makes the change that `request` asks for, as coming in now.
template <typename Request>
absl::StatusOr<Edited> MakeChange(PlanStore& store, const Request& request) {
  DUBAN_ASSIGN_OR_RETURN(const Edit edit, ToEdit(request, absl::Now()));
  return store.Apply(edit);
}

absl::Status Assign(PlanStore& store, const v1::AssignPlanItemRequest& request, v1::PlanItem* response) {
  DUBAN_ASSIGN_OR_RETURN(Edited edited, MakeChange(store, request));
  *response = std::move(*edited.tracking.mutable_plan_item());
  return absl::OkStatus();
}

absl::Status AddUpdate(PlanStore& store, const v1::AddProgressUpdateRequest& request, v1::ProgressUpdate* response) {
  DUBAN_ASSIGN_OR_RETURN(Edited edited, MakeChange(store, request));
  *response = std::move(*edited.entry.mutable_progress_update());
  return absl::OkStatus();
}

absl::Status GiveReview(PlanStore& store, const v1::ReviewTrackingRequest& request, v1::Tracking* response) {
  DUBAN_ASSIGN_OR_RETURN(Edited edited, MakeChange(store, request));
  *response = std::move(edited.tracking);
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

grpc::Status PlanServer::AssignPlanItem(grpc::ServerContext*, const v1::AssignPlanItemRequest* request,
                                        v1::PlanItem* response) {
  return ToGrpc(Assign(store_, *request, response));
}

grpc::Status PlanServer::AddProgressUpdate(grpc::ServerContext*, const v1::AddProgressUpdateRequest* request,
                                           v1::ProgressUpdate* response) {
  return ToGrpc(AddUpdate(store_, *request, response));
}

grpc::Status PlanServer::ReviewTracking(grpc::ServerContext*, const v1::ReviewTrackingRequest* request,
                                        v1::Tracking* response) {
  return ToGrpc(GiveReview(store_, *request, response));
}

grpc::Status PlanServer::ListHistory(grpc::ServerContext*, const v1::ListHistoryRequest* request,
                                     v1::ListHistoryResponse* response) {
  return ToGrpc(ListEntries(store_, *request, response));
}

grpc::Status PlanServer::SummarizePlans(grpc::ServerContext*, const v1::SummarizePlansRequest* request,
                                        v1::SummarizePlansResponse* response) {
  return ToGrpc(Summarize(store_, themes_, *request, response));
}

grpc::Status PlanServer::ListPromiseChains(grpc::ServerContext*, const v1::ListPromiseChainsRequest* request,
                                           v1::ListPromiseChainsResponse* response) {
  return ToGrpc(ListChains(store_, *request, response));
}

grpc::Status PlanServer::ListAdmittedProblems(grpc::ServerContext*, const v1::ListAdmittedProblemsRequest* request,
                                              v1::ListAdmittedProblemsResponse* response) {
  return ToGrpc(ListProblems(store_, *request, response));
}

grpc::Status PlanServer::ListThemes(grpc::ServerContext*, const v1::ListThemesRequest* request,
                                    v1::ListThemesResponse* response) {
  return ToGrpc(ListAllThemes(themes_, *request, response));
}

grpc::Status PlanServer::WatchPlanItems(grpc::ServerContext* context, const v1::WatchPlanItemsRequest* request,
                                        grpc::ServerWriter<v1::PlanItemChange>* writer) {
  const auto agency = ParseParent(request->parent());
  if (!agency.ok()) return ToGrpc(agency.status());
  return ToGrpc(feed_.Watch(
      *agency, request->resume_token(), [&] { return context->IsCancelled(); },
      [&](const v1::PlanItemChange& change) { return writer->Write(change); }));
}

}  // namespace duban
