// SPDX-License-Identifier: Apache-2.0
// Resource names of the API, in the form of Google's AIP-122.
//
//   ParseDocumentName("documents/0123456789abcdef0123456789abcdef")  -> "0123456789abcdef0123456789abcdef"
//   DocumentName("0123…") -> "documents/0123…"
//
// All functions are pure. Errors are INVALID_ARGUMENT with a BadRequest that names `field`.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"

namespace duban {

// documents/{id}. `id` is 32 lower-case hexadecimal digits.
std::string DocumentName(std::string_view id);

// The id of documents/{id}.
absl::StatusOr<std::string> ParseDocumentName(std::string_view field, std::string_view name);

// documents/{id}/outline.
std::string OutlineName(std::string_view document_id);

// The document's id of documents/{id}/outline.
absl::StatusOr<std::string> ParseOutlineName(std::string_view field, std::string_view name);

// agencies/{id}. `id` is 16 lower-case hexadecimal digits.
std::string AgencyName(std::string_view id);

// The id of agencies/{id}; "-" (all agencies) where `allow_wildcard`.
absl::StatusOr<std::string> ParseAgencyName(std::string_view field, std::string_view name, bool allow_wildcard = false);

// agencies/{agency}/planItems/{document}-{item}: the agency's and the document's id, and the item's id in its document
// (p3).
struct PlanItemKey {
  std::string agency;
  std::string document;
  std::string item;
};
std::string PlanItemName(const PlanItemKey& key);
absl::StatusOr<PlanItemKey> ParsePlanItemName(std::string_view field, std::string_view name);

// The same name with /tracking behind it.
std::string TrackingName(const PlanItemKey& key);
absl::StatusOr<PlanItemKey> ParseTrackingName(std::string_view field, std::string_view name);

// The ids of all `names`, each read by `parse` (ParseDocumentName, ParseOutlineName). INVALID_ARGUMENT also if there
// are none, or more than kMaxBatchNames; the error names the place: names[3].
inline constexpr int kMaxBatchNames = 100;
absl::StatusOr<std::vector<std::string>> ParseNames(std::string_view field,
                                                    const google::protobuf::RepeatedPtrField<std::string>& names,
                                                    absl::StatusOr<std::string> (*parse)(std::string_view field,
                                                                                         std::string_view name));

// The first `digits` hexadecimal digits of the SHA-256 of `bytes`: the ids of documents (32) and agencies (16).
std::string Sha256Hex(std::string_view bytes, size_t digits);

}  // namespace duban
