// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/validate.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/text/utf8.h"

namespace duban {

absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) {
    return InvalidField(field, fmt::format("{} bytes, want 1 to {}", text.size(), max_bytes));
  }
  if (const size_t valid = ValidUtf8Prefix(text); valid != text.size()) {
    return InvalidField(field, fmt::format("byte {} is not UTF-8, want UTF-8", valid));
  }
  return absl::OkStatus();
}

absl::Status CheckRegionPrefix(const std::string& prefix) {
  const bool digits = std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (prefix.empty() || (digits && prefix.size() >= 2 && prefix.size() <= 6)) return absl::OkStatus();
  return InvalidField("region_prefix", fmt::format("\"{}\", want two to six digits", prefix.substr(0, 100)));
}

}  // namespace duban
