// SPDX-License-Identifier: Apache-2.0
// Errors that tell a resource that is deleted from one that never was. Both are NOT_FOUND to a caller.
//
//   return ResourceDeleted("duban.v1/Document", name, "the document is deleted");
//   if (IsDeleted(status)) …   // also after the status came over gRPC
//
// Pure functions.

#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace duban {

// As ResourceNotFound (status.h), with google.rpc.PreconditionFailure.Violation{type: DELETED, subject: resource_name,
// description} besides.
absl::Status ResourceDeleted(std::string_view resource_type, std::string_view resource_name,
                             std::string_view description);

// Whether ResourceDeleted made `status`.
bool IsDeleted(const absl::Status& status);

}  // namespace duban
