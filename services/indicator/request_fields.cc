// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/request_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

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

absl::StatusOr<int64_t> ParsePlace(std::string_view text) {
  int64_t place = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), place);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && place >= 0) return place;
  return InvalidField("page_token", "not a token of this list");
}

absl::StatusOr<std::optional<IndicatorCursor>> ParseCursor(const std::string& position) {
  if (position.empty()) return std::optional<IndicatorCursor>();
  const size_t blank = std::min(position.find(' '), position.size());
  DUBAN_ASSIGN_OR_RETURN(const int64_t place,
                         ParsePlace(std::string_view(position).substr(std::min(blank + 1, position.size()))));
  if (place > std::numeric_limits<int>::max()) return InvalidField("page_token", "not a token of this list");
  return IndicatorCursor{position.substr(0, blank), static_cast<int>(place)};
}

}  // namespace duban
