// SPDX-License-Identifier: Apache-2.0
// Errors as values, with the details that reach a gRPC caller.
//
//   return InvalidField("page_size", fmt::format("{}, want 0 (server default) to 1000", size));
//   // INVALID_ARGUMENT "page_size: -3, want 0 (server default) to 1000" + google.rpc.BadRequest
//
// Details travel as payloads of absl::Status under their type URL; rpc/status.h turns them into
// grpc-status-details-bin. All functions are pure.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace duban {

// INVALID_ARGUMENT "<field>: <description>" with google.rpc.BadRequest.FieldViolation{field, description}.
absl::Status InvalidField(std::string_view field, std::string_view description);

// RESOURCE_EXHAUSTED with google.rpc.RetryInfo{retry_delay}.
absl::Status Exhausted(std::string_view message, std::chrono::milliseconds retry_delay);

// NOT_FOUND "<resource_name>: <description>" with google.rpc.ResourceInfo{resource_type, resource_name, description}.
// resource_type is the proto type, e.g. "duban.v1/Document".
absl::Status ResourceNotFound(std::string_view resource_type, std::string_view resource_name,
                              std::string_view description);

// The same status with `prefix` and ": " before its message; details are kept. OK stays OK.
absl::Status Annotate(const absl::Status& status, std::string_view prefix);

// The status's message as a std::string (absl::string_view is a type of its own here and does not format).
inline std::string Message(const absl::Status& status) { return std::string(status.message()); }

}  // namespace duban

// Returns from the current function if the expression, an absl::Status, is not OK.
#define DUBAN_RETURN_IF_ERROR(expr)                                                  \
  do {                                                                               \
    if (absl::Status duban_status = (expr); !duban_status.ok()) return duban_status; \
  } while (false)

#define DUBAN_CONCAT_INNER(a, b) a##b
#define DUBAN_CONCAT(a, b) DUBAN_CONCAT_INNER(a, b)

// DUBAN_ASSIGN_OR_RETURN(auto document, store.Get(id)): declares `document`, or returns the expression's error.
#define DUBAN_ASSIGN_OR_RETURN(lhs, expr) \
  DUBAN_ASSIGN_OR_RETURN_IMPL(DUBAN_CONCAT(duban_statusor_, __LINE__), lhs, expr)
#define DUBAN_ASSIGN_OR_RETURN_IMPL(statusor, lhs, expr) \
  auto statusor = (expr);                                \
  if (!statusor.ok()) return statusor.status();          \
  lhs = *std::move(statusor)
