// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/request_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {

absl::StatusOr<std::string> ParseParent(const std::string& parent) {
  if (parent == "documents/-") return std::string();
  auto id = ParseDocumentName("parent", parent);
  if (id.ok()) return id;
  return InvalidField(
      "parent", fmt::format("\"{}\", want documents/{{document}}, or documents/- for all", parent.substr(0, 100)));
}

absl::StatusOr<std::string> ParseAgency(const std::string& agency) {
  if (agency.empty()) return std::string();
  return ParseAgencyName("agency", agency);
}

absl::Status CheckYear(int32_t year) {
  if (year >= 0) return absl::OkStatus();
  return InvalidField("year", fmt::format("{}, want 0 (all) or a calendar year", year));
}

std::string FormatCursor(const IndicatorCursor& cursor) {
  return fmt::format("{} {}", cursor.document, cursor.ordinal);
}

absl::StatusOr<std::optional<IndicatorCursor>> ParseCursor(const std::string& position) {
  if (position.empty()) return std::optional<IndicatorCursor>();
  const size_t blank = position.find(' ');
  IndicatorCursor cursor{position.substr(0, blank), 0};
  if (blank == std::string::npos ||
      std::from_chars(position.data() + blank + 1, position.data() + position.size(), cursor.ordinal).ec !=
          std::errc()) {
    return InvalidField("page_token", "not a token of this list");
  }
  return std::optional<IndicatorCursor>(std::move(cursor));
}

}  // namespace duban
