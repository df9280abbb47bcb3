// SPDX-License-Identifier: Apache-2.0
// services/indicator/request_fields.h: fields that several requests of IndicatorService share, checked.
//
// Errors are INVALID_ARGUMENT with a BadRequest that names the field. Pure functions.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/indicator/indicator_store.h"

namespace duban {

// The document's id of documents/{document}; empty for documents/-.
absl::StatusOr<std::string> ParseParent(const std::string& parent);

// The agency's id; empty if the field is.
absl::StatusOr<std::string> ParseAgency(const std::string& agency);

// 0 (all) or a calendar year.
absl::Status CheckYear(int32_t year);

// A number that stands in a page token's position: 0 or more.
absl::StatusOr<int64_t> ParsePlace(std::string_view text);

// A page token's position: the document's id, a blank, the place in the document.
std::string FormatCursor(const IndicatorCursor& cursor);
absl::StatusOr<std::optional<IndicatorCursor>> ParseCursor(const std::string& position);

}  // namespace duban
