// SPDX-License-Identifier: Apache-2.0
// The check of a text that a request brings.
//
//   DUBAN_RETURN_IF_ERROR(CheckText("text", request.text(), kMaxTextBytes));
//
// Errors are INVALID_ARGUMENT with a BadRequest that names `field`. Pure functions.

#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace duban {

// Of the texts that are analysed without being stored.
inline constexpr size_t kMaxTextBytes = 4 << 20;

// `text` must hold 1 to `max_bytes` bytes of UTF-8.
absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes);

}  // namespace duban
