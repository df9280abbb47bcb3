// SPDX-License-Identifier: Apache-2.0
// duban status, indicators, plan, dlq: what the services know.

#include <fmt/format.h>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "services/cli/commands.h"
#include "services/cli/output.h"
#include "services/cli/remote.h"

ABSL_FLAG(int, page_size, 0, "rows per page; 0: all pages of the server's default size");
ABSL_FLAG(std::string, page_token, "", "where the page before ended (printed below it)");
ABSL_FLAG(std::string, document, "", "only this document: documents/…");
ABSL_FLAG(std::string, agency, "", "only this agency: agencies/…");
ABSL_FLAG(std::string, metric, "", "only this metric of the catalog");
ABSL_FLAG(std::string, region, "", "only regions whose GB/T 2260 code begins so, e.g. 44");
ABSL_FLAG(int, year, 0, "only this year");
ABSL_FLAG(std::string, aspect, "", "only ACTUAL, CHANGE, TARGET or BASELINE figures");
ABSL_FLAG(std::string, status, "",
          "only this verdict: DELIVERED, PARTIAL, MISSED, CARRIED_OVER, NOT_REPORTED or PENDING");

namespace duban {
namespace {

// The enum value named by a flag, in any case; `unset` if the flag is empty. `parse` is the enum's _Parse function.
template <typename Enum>
absl::StatusOr<Enum> EnumFlag(const char* flag, const std::string& value, Enum unset,
                              bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum parsed = unset;
  if (value.empty() || (parse(absl::AsciiStrToUpper(value), &parsed) && parsed != unset)) return parsed;
  return InvalidField(flag, fmt::format("\"{}\" is none of its values; duban --helpfull lists them", value));
}

// Calls `fetch(request) -> StatusOr<Response>` and `show(response)` for one page (--page_size given) or for all of
// them. Prints how to go on on stderr.
template <typename Request, typename Fetch, typename Show>
int ShowPages(Request request, Fetch fetch, Show show) {
  const bool one_page = absl::GetFlag(FLAGS_page_size) != 0;
  request.set_page_size(one_page ? absl::GetFlag(FLAGS_page_size) : 1000);
  request.set_page_token(absl::GetFlag(FLAGS_page_token));
  while (true) {
    const auto response = fetch(request);
    if (!response.ok()) return Fail(response.status());
    show(*response);
    request.set_page_token(response->next_page_token());
    if (request.page_token().empty()) return 0;
    if (one_page) {
      fmt::print(stderr, "more: --page_token={}\n", request.page_token());
      return 0;
    }
  }
}

void ShowIndicators(const v1::ListIndicatorsResponse& response, Format format) {
  Table table({"year", "indicator", "value", "unit", "qualifier", "aspect", "metric", "evidence"});
  for (const v1::Indicator& indicator : response.indicators()) {
    if (format == Format::kJson) {
      PrintJson(indicator);
      continue;
    }
    const v1::Quantity& quantity = indicator.quantity();
    table.Add({fmt::format("{}", indicator.year()), indicator.label(), NumberText(quantity.value()), quantity.unit(),
               v1::Quantity::Qualifier_Name(quantity.qualifier()), v1::Indicator::Aspect_Name(indicator.aspect()),
               indicator.metric(), indicator.evidence()});
  }
  if (!table.empty()) PrintTable(table, format);
}

void ShowTrackings(const v1::ListTrackingsResponse& response, Format format) {
  Table table({"year", "promise", "status", "score", "evidence", "plan item"});
  for (const v1::Tracking& tracking : response.trackings()) {
    if (format == Format::kJson) {
      PrintJson(tracking);
      continue;
    }
    table.Add({fmt::format("{}", tracking.plan_item().year()), tracking.plan_item().title(),
               v1::Tracking::Status_Name(tracking.status()), fmt::format("{:.2f}", tracking.score()),
               tracking.evidence().empty() ? "" : tracking.evidence(0).text(), tracking.plan_item().name()});
  }
  if (!table.empty()) PrintTable(table, format);
}

void ShowPlanItems(const v1::ListPlanItemsResponse& response, Format format) {
  Table table({"year", "promise", "due", "responsible", "plan item"});
  for (const v1::PlanItem& item : response.plan_items()) {
    if (format == Format::kJson) {
      PrintJson(item);
      continue;
    }
    table.Add({fmt::format("{}", item.year()), item.title(), item.due_date(), item.responsible_unit(), item.name()});
  }
  if (!table.empty()) PrintTable(table, format);
}

std::string AgencyFlag() {
  const std::string agency = absl::GetFlag(FLAGS_agency);
  return agency.empty() ? "agencies/-" : agency;
}

int ListTrackings(v1::PlanService::StubInterface& stub, Format format) {
  const auto status = EnumFlag<v1::Tracking::Status>("--status", absl::GetFlag(FLAGS_status),
                                                     v1::Tracking::STATUS_UNSPECIFIED, v1::Tracking::Status_Parse);
  if (!status.ok()) return WrongUsage(status.status());
  v1::ListTrackingsRequest request;
  request.set_parent(AgencyFlag());
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_status(*status);
  const auto fetch = [&](const v1::ListTrackingsRequest& page) -> absl::StatusOr<v1::ListTrackingsResponse> {
    v1::ListTrackingsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(stub.ListTrackings(CallContext().get(), page, &response)));
    return response;
  };
  return ShowPages(request, fetch, [&](const v1::ListTrackingsResponse& page) { ShowTrackings(page, format); });
}

int ListPlanItems(v1::PlanService::StubInterface& stub, Format format) {
  v1::ListPlanItemsRequest request;
  request.set_parent(AgencyFlag());
  request.set_year(absl::GetFlag(FLAGS_year));
  const auto fetch = [&](const v1::ListPlanItemsRequest& page) -> absl::StatusOr<v1::ListPlanItemsResponse> {
    v1::ListPlanItemsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(stub.ListPlanItems(CallContext().get(), page, &response)));
    return response;
  };
  return ShowPages(request, fetch, [&](const v1::ListPlanItemsResponse& page) { ShowPlanItems(page, format); });
}

int ListDeadLetters(v1::IngestService::StubInterface& stub, Format format) {
  const auto fetch = [&](const v1::ListDeadLettersRequest& page) -> absl::StatusOr<v1::ListDeadLettersResponse> {
    v1::ListDeadLettersResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(stub.ListDeadLetters(CallContext().get(), page, &response)));
    return response;
  };
  return ShowPages(v1::ListDeadLettersRequest(), fetch, [&](const v1::ListDeadLettersResponse& page) {
    Table table({"id", "stage", "document", "deliveries", "reason"});
    for (const v1::DeadLetter& letter : page.dead_letters()) {
      if (format == Format::kJson) {
        PrintJson(letter);
        continue;
      }
      table.Add({letter.id(), v1::Task::Stage_Name(letter.task().stage()), letter.task().document(),
                 fmt::format("{}", letter.deliveries()), letter.reason()});
    }
    if (!table.empty()) PrintTable(table, format);
  });
}

}  // namespace

int StatusCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("status: takes no further words"));
  v1::PipelineStatus status;
  const absl::Status called =
      FromGrpc(IngestStub()->GetPipelineStatus(CallContext().get(), v1::GetPipelineStatusRequest(), &status));
  if (!called.ok()) return Fail(called);
  if (*format == Format::kJson) {
    PrintJson(status);
    return 0;
  }
  for (const auto& row : status.states()) {
    fmt::print("{:<10} {}\n", v1::Document::State_Name(row.state()), row.count());
  }
  if (!status.queue_available()) {
    fmt::print("Redis is out of reach: documents are accepted and wait until it is back\n");
    return 0;
  }
  for (const auto& row : status.stages()) {
    fmt::print("backlog {:<8} {}\n", v1::Task::Stage_Name(row.stage()), row.backlog());
  }
  fmt::print("dead letters {}{}\n", status.dead_letters(), status.dead_letters() > 0 ? "  (duban dlq list)" : "");
  return 0;
}

int IndicatorsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("indicators: takes flags only"));
  const auto aspect = EnumFlag<v1::Indicator::Aspect>("--aspect", absl::GetFlag(FLAGS_aspect),
                                                      v1::Indicator::ASPECT_UNSPECIFIED, v1::Indicator::Aspect_Parse);
  if (!aspect.ok()) return WrongUsage(aspect.status());
  v1::ListIndicatorsRequest request;
  const std::string document = absl::GetFlag(FLAGS_document);
  request.set_parent(document.empty() ? "documents/-" : document);
  request.set_metric(absl::GetFlag(FLAGS_metric));
  request.set_agency(absl::GetFlag(FLAGS_agency));
  request.set_region_prefix(absl::GetFlag(FLAGS_region));
  request.set_year(absl::GetFlag(FLAGS_year));
  request.set_aspect(*aspect);
  const auto stub = IndicatorStub();
  const auto fetch = [&](const v1::ListIndicatorsRequest& page) -> absl::StatusOr<v1::ListIndicatorsResponse> {
    v1::ListIndicatorsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(stub->ListIndicators(CallContext().get(), page, &response)));
    return response;
  };
  return ShowPages(request, fetch, [&](const v1::ListIndicatorsResponse& page) { ShowIndicators(page, *format); });
}

int PlanCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  const std::string verb = arguments.empty() ? "list" : arguments.front();
  const auto stub = PlanStub();
  if (verb == "list" && arguments.size() <= 1) return ListPlanItems(*stub, *format);
  if (verb == "track" && arguments.size() == 1) return ListTrackings(*stub, *format);
  return WrongUsage(absl::InvalidArgumentError(fmt::format("plan: \"{}\", want list or track and flags", verb)));
}

int DeadLettersCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  const std::string verb = arguments.empty() ? "" : arguments.front();
  const auto stub = IngestStub();
  if (verb == "list" && arguments.size() == 1) return ListDeadLetters(*stub, *format);
  if (verb == "redrive" && arguments.size() > 1) {
    v1::RedriveDeadLettersRequest request;
    request.mutable_ids()->Assign(arguments.begin() + 1, arguments.end());
    v1::RedriveDeadLettersResponse response;
    const absl::Status status = FromGrpc(stub->RedriveDeadLetters(CallContext().get(), request, &response));
    if (!status.ok()) return Fail(status);
    fmt::print("{} put back to work\n", response.redriven());
    return 0;
  }
  if (verb == "drop" && arguments.size() > 1) {
    v1::DropDeadLettersRequest request;
    request.mutable_ids()->Assign(arguments.begin() + 1, arguments.end());
    v1::DropDeadLettersResponse response;
    const absl::Status status = FromGrpc(stub->DropDeadLetters(CallContext().get(), request, &response));
    if (!status.ok()) return Fail(status);
    fmt::print("{} dropped\n", response.dropped());
    return 0;
  }
  return WrongUsage(
      absl::InvalidArgumentError(fmt::format("dlq: \"{}\", want list, redrive ID... or drop ID...", verb)));
}

}  // namespace duban
