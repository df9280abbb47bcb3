// SPDX-License-Identifier: Apache-2.0
// Checks of fields that requests of several services bring.
//
//   DUBAN_RETURN_IF_ERROR(CheckText("text", request.text(), kMaxTextBytes));
//
// Errors are INVALID_ARGUMENT with a BadRequest that names `field`. Pure functions.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace duban {

// Of the texts that are analysed without being stored.
inline constexpr size_t kMaxTextBytes = 4 << 20;

// `text` must hold 1 to `max_bytes` bytes of UTF-8.
absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes);

// The same of words that a person writes for others to read: they hold a visible character, and of control characters
// line ends and tabs alone.
absl::Status CheckWords(std::string_view field, std::string_view text, size_t max_bytes);

// `prefix` is empty or two to six decimal digits: what GB/T 2260 codes begin with.
absl::Status CheckRegionPrefix(const std::string& prefix);

}  // namespace duban
