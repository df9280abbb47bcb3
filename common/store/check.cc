// SPDX-License-Identifier: Apache-2.0
#include "common/store/check.h"

#include <fmt/format.h>

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {

absl::Status CheckDocumentId(std::string_view field, std::string_view id) {
  if (ParseDocumentName(field, DocumentName(id)).ok()) return absl::OkStatus();
  return InvalidField(field, fmt::format("\"{}\", want 32 lower-case hexadecimal digits", id));
}

absl::Status CheckDocumentIds(std::string_view field, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) DUBAN_RETURN_IF_ERROR(CheckDocumentId(field, id));
  return absl::OkStatus();
}

absl::Status CheckAgencyId(std::string_view field, std::string_view id) {
  if (ParseAgencyName(field, AgencyName(id)).ok()) return absl::OkStatus();
  return InvalidField(field, fmt::format("\"{}\", want 16 lower-case hexadecimal digits", id));
}

absl::Status CheckLimit(int limit) {
  if (limit >= 1) return absl::OkStatus();
  return InvalidField("limit", fmt::format("{}, want 1 or more", limit));
}

absl::Status CheckRevision(std::string_view field, int revision) {
  if (revision >= 1) return absl::OkStatus();
  return InvalidField(field, fmt::format("{}, want 1 or more", revision));
}

absl::Status CheckStorableText(std::string_view field, std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return absl::OkStatus();
  return InvalidField(field, "has a NUL byte, want text without");
}

}  // namespace duban
