// SPDX-License-Identifier: Apache-2.0
// Checks of request fields that several services have.
//
//   DUBAN_RETURN_IF_ERROR(CheckText("text", request.text(), kMaxTextBytes));
//   DUBAN_RETURN_IF_ERROR(CheckBatchSize("names", request.names_size()));
//
// All errors are INVALID_ARGUMENT with a BadRequest that names `field`. Pure functions.

#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace duban {

// Of the texts that are analysed without being stored.
inline constexpr size_t kMaxTextBytes = 4 << 20;
// Of the names in one BatchGet.
inline constexpr int kMaxBatchSize = 100;

// `text` must hold 1 to `max_bytes` bytes of UTF-8.
absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes);

// A batch must have 1 to kMaxBatchSize entries.
absl::Status CheckBatchSize(std::string_view field, int size);

}  // namespace duban
