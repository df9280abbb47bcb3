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

#include <string>
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
ABSL_DECLARE_FLAG(std::string, document);
ABSL_DECLARE_FLAG(std::string, agency);
ABSL_DECLARE_FLAG(std::string, region);
ABSL_DECLARE_FLAG(int, year);

namespace duban {

// The enum value named by a flag, in any case; `unset` if the flag is empty. `parse` is the enum's _Parse function.
template <typename Enum>
absl::StatusOr<Enum> EnumFlag(const char* flag, const std::string& value, Enum unset,
                              bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum parsed = unset;
  if (value.empty() || (parse(absl::AsciiStrToUpper(value), &parsed) && parsed != unset)) return parsed;
  return InvalidField(flag, fmt::format("\"{}\" is none of its values; duban --helpfull lists them", value));
}

// Calls `list` for one page (--page_size given) or for all of them and hands each to `visit`, then calls `show(ok)`
// once. Tells on stderr what failed or how to go on. Returns the process's exit code.
template <typename Stub, typename Request, typename Response, typename Visit, typename Show>
int ForEachPage(Stub& stub, grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*),
                Request request, Visit visit, Show show) {
  const bool one_page = absl::GetFlag(FLAGS_page_size) != 0;
  request.set_page_size(one_page ? absl::GetFlag(FLAGS_page_size) : 1000);
  request.set_page_token(absl::GetFlag(FLAGS_page_token));
  absl::Status status;
  do {
    Response response;
    status = FromGrpc((stub.*list)(CallContext().get(), request, &response));
    if (status.ok()) visit(response);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && !one_page);
  show(status.ok());
  std::fflush(stdout);  // before what goes to stderr
  if (!status.ok()) return Fail(status);
  if (!request.page_token().empty()) fmt::print(stderr, "more: --page_token={}\n", request.page_token());
  return 0;
}

// The same for a list of items: prints a JSON line for each, or one table of `heads` with `row(item)` below.
template <typename Stub, typename Request, typename Response, typename Item, typename Row>
int ShowPages(Stub& stub, grpc::Status (Stub::*list)(grpc::ClientContext*, const Request&, Response*), Request request,
              const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const, Format format,
              std::vector<std::string> heads, Row row) {
  Table table(std::move(heads));
  const auto visit = [&](const Response& response) {
    for (const Item& item : (response.*items)()) {
      if (format == Format::kJson) {
        PrintJson(item);
      } else {
        table.Add(row(item));
      }
    }
  };
  return ForEachPage(stub, list, std::move(request), visit, [&](bool ok) {
    if (!table.empty()) PrintTable(table, format);
    if (table.empty() && format == Format::kTable && ok) fmt::print("none\n");
  });
}

}  // namespace duban
