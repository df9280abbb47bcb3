// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/validate.h"

#include <fmt/format.h>

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

}  // namespace duban
