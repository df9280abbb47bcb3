// SPDX-License-Identifier: Apache-2.0
// services/cli/pages.h: what every command that lists shares: pages, and the flags that narrow a list.
//
//   return ShowPages(*PlanStub(), &v1::PlanService::StubInterface::ListPlanItems, request,
//                    &v1::ListPlanItemsResponse::plan_items, format, {"year", "promise"},
//                    [](const v1::PlanItem& item) { return std::vector{fmt::format("{}", item.year()), item.title()};
//                    });

#pragma once

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "google/protobuf/repeated_field.h"
#include "services/cli/output.h"
#include "services/cli/remote.h"

ABSL_DECLARE_FLAG(int, page_size);
ABSL_DECLARE_FLAG(std::string, page_token);
ABSL_DECLARE_FLAG(std::vector<std::string>, document);
ABSL_DECLARE_FLAG(std::string, region);

namespace duban {

// --year: all of them, and the one that a command with a single year takes (0 if there is none). INVALID_ARGUMENT: no
// year, or more than one.
absl::StatusOr<std::vector<int32_t>> YearFlags();
absl::StatusOr<int32_t> YearFlag();

// --agency as resource names, found by name over gRPC where needed; likewise. Statuses as ResolveAgencies.
absl::StatusOr<std::vector<std::string>> AgencyFlags();
absl::StatusOr<std::string> AgencyFlag();

// INVALID_ARGUMENT: one of --agency, --document, --region and --year is given that is not among `taken`. A filter that
// a command would not heed is refused, as it would show more than was asked for.
absl::Status CheckFilters(std::initializer_list<std::string_view> taken);

// Tells what is wrong with flags: exit code 2, or 1 if it is not the flags.
int FailOrWrongUsage(const absl::Status& status);

// The enum value named by a flag, in any case; 0 if the flag is empty. INVALID_ARGUMENT names all values but 0.
template <typename Enum>
absl::StatusOr<Enum> EnumFlag(const char* flag, const std::string& value) {
  if (value.empty()) return Enum{};
  const google::protobuf::EnumDescriptor* values = google::protobuf::GetEnumDescriptor<Enum>();
  std::string names;
  for (int i = 0; i < values->value_count(); ++i) {
    if (values->value(i)->number() == 0) continue;
    if (values->value(i)->name() == absl::AsciiStrToUpper(value)) return static_cast<Enum>(values->value(i)->number());
    names += (names.empty() ? "" : ", ") + values->value(i)->name();
  }
  return InvalidField(flag, fmt::format("\"{}\", want {}", value, names));
}

// Calls `list` for one page (--page_size given) or for all of them, request by request, and hands each to `visit`, then
// calls `show(ok)` once. Tells on stderr what failed or how to go on. Returns the process's exit code.
template <typename Stub, typename Request, typename Response, typename Visit, typename Show>
int ForEachPage(Stub& stub, grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*),
                std::vector<Request> requests, Visit visit, Show show) {
  const bool one_page = absl::GetFlag(FLAGS_page_size) != 0 || !absl::GetFlag(FLAGS_page_token).empty();
  if (one_page && requests.size() > 1) {
    return WrongUsage(InvalidField("--page_size", "pages of one list only, want one --document, --agency and --year"));
  }
  absl::Status status;
  std::string next;
  for (Request& request : requests) {
    request.set_page_size(absl::GetFlag(FLAGS_page_size) != 0 ? absl::GetFlag(FLAGS_page_size) : 1000);
    request.set_page_token(absl::GetFlag(FLAGS_page_token));
    do {
      Response response;
      status = FromGrpc((stub.*list)(CallContext().get(), request, &response));
      if (status.ok()) visit(response);
      next = response.next_page_token();
      request.set_page_token(next);
    } while (!next.empty() && absl::GetFlag(FLAGS_page_size) == 0);
    if (!status.ok()) break;
  }
  show(status.ok());
  std::fflush(stdout);  // before what goes to stderr
  if (!status.ok()) return Fail(status);
  if (!next.empty()) fmt::print(stderr, "more: --page_token={}\n", next);
  return 0;
}

// The same for a list of items: prints a JSON line for each, or `table` with `row(item)` below its heads.
template <typename Stub, typename Request, typename Response, typename Item, typename Row>
int ShowPages(Stub& stub, grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*),
              std::vector<Request> requests, const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
              Format format, Table table, Row row) {
  const auto visit = [&](const Response& response) {
    for (const Item& item : (response.*items)()) {
      if (format == Format::kJson) {
        PrintJson(item);
      } else {
        table.Add(row(item));
      }
    }
  };
  return ForEachPage(stub, list, std::move(requests), visit, [&](bool ok) {
    if (!table.empty()) PrintTable(table, format);
    if (table.empty() && format == Format::kTable && ok) fmt::print("none\n");
  });
}

// One request, and heads alone.
template <typename Stub, typename Request, typename Response, typename Item, typename Row>
int ShowPages(Stub& stub, grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*), Request request,
              const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const, Format format,
              std::vector<std::string> heads, Row row) {
  return ShowPages(stub, list, std::vector<Request>{std::move(request)}, items, format, Table(std::move(heads)), row);
}

}  // namespace duban
