// SPDX-License-Identifier: Apache-2.0
// Checks of arguments that every backend of every store makes alike. Errors are INVALID_ARGUMENT with a BadRequest that
// names `field`. Pure functions.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace duban {

// 32 lower-case hexadecimal digits.
absl::Status CheckDocumentId(std::string_view field, std::string_view id);
absl::Status CheckDocumentIds(std::string_view field, const std::vector<std::string>& ids);

// 16 lower-case hexadecimal digits.
absl::Status CheckAgencyId(std::string_view field, std::string_view id);

// 1 or more.
absl::Status CheckLimit(int limit);

// 1 or more.
absl::Status CheckRevision(std::string_view field, int revision);

// No NUL byte, which PostgreSQL's text cannot hold.
absl::Status CheckStorableText(std::string_view field, std::string_view text);

}  // namespace duban
