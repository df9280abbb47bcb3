// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/validate.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

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

absl::Status CheckWords(std::string_view field, std::string_view text, size_t max_bytes) {
  DUBAN_RETURN_IF_ERROR(CheckText(field, text, max_bytes));
  bool visible = false;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeAt(text, at);
    const auto value = static_cast<UChar32>(c.value);
    if (u_charType(value) == U_CONTROL_CHAR && c.value != U'\n' && c.value != U'\r' && c.value != U'\t') {
      return InvalidField(field,
                          fmt::format("control character U+{:04X} at byte {}, want none", uint32_t{c.value}, at));
    }
    visible |= u_isgraph(value) != 0;
    at += c.size;
  }
  return visible ? absl::OkStatus() : InvalidField(field, "only blanks, want words");
}

absl::Status CheckRegionPrefix(const std::string& prefix) {
  const bool digits = std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (prefix.empty() || (digits && prefix.size() >= 2 && prefix.size() <= 6)) return absl::OkStatus();
  return InvalidField("region_prefix", fmt::format("\"{}\", want two to six digits", prefix.substr(0, 100)));
}

}  // namespace duban
