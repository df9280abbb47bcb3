// SPDX-License-Identifier: Apache-2.0
#include "common/base/names.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "common/base/status.h"

namespace duban {
namespace {

constexpr size_t kDocumentDigits = 32;
constexpr size_t kAgencyDigits = 16;

bool IsHex(std::string_view id, size_t digits) {
  return id.size() == digits &&
         std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Names come from callers: an error shows at most this many bytes of one.
std::string Shown(std::string_view name) {
  constexpr size_t kShown = 100;
  return name.size() <= kShown ? std::string(name) : std::string(name.substr(0, kShown)) + "…";
}

bool Consume(std::string_view prefix, std::string_view* name) {
  if (!name->starts_with(prefix)) return false;
  name->remove_prefix(prefix.size());
  return true;
}

bool ConsumeSuffix(std::string_view suffix, std::string_view* name) {
  if (!name->ends_with(suffix)) return false;
  name->remove_suffix(suffix.size());
  return true;
}

bool ReadPlanItem(std::string_view name, PlanItemKey* key) {
  if (!Consume("agencies/", &name)) return false;
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !IsHex(name.substr(0, slash), kAgencyDigits)) return false;
  key->agency = name.substr(0, slash);
  name.remove_prefix(slash);
  if (!Consume("/planItems/", &name) || name.size() < kDocumentDigits + 3) return false;
  key->document = name.substr(0, kDocumentDigits);
  key->item = name.substr(kDocumentDigits + 1);
  return IsHex(key->document, kDocumentDigits) && name[kDocumentDigits] == '-' && key->item[0] == 'p' &&
         key->item.size() <= 8 &&
         std::all_of(key->item.begin() + 1, key->item.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string DocumentName(std::string_view id) { return fmt::format("documents/{}", id); }

absl::StatusOr<std::string> ParseDocumentName(std::string_view field, std::string_view name) {
  std::string_view rest = name;
  if (Consume("documents/", &rest) && IsHex(rest, kDocumentDigits)) return std::string(rest);
  return InvalidField(field, fmt::format("\"{}\", want documents/ and 32 hexadecimal digits", Shown(name)));
}

std::string OutlineName(std::string_view document_id) { return fmt::format("documents/{}/outline", document_id); }

absl::StatusOr<std::string> ParseOutlineName(std::string_view field, std::string_view name) {
  std::string_view rest = name;
  if (ConsumeSuffix("/outline", &rest)) {
    if (auto id = ParseDocumentName(field, rest); id.ok()) return id;
  }
  return InvalidField(field, fmt::format("\"{}\", want documents/{{32 hexadecimal digits}}/outline", Shown(name)));
}

std::string AgencyName(std::string_view id) { return fmt::format("agencies/{}", id); }

absl::StatusOr<std::string> ParseAgencyName(std::string_view field, std::string_view name, bool allow_wildcard) {
  std::string_view rest = name;
  if (Consume("agencies/", &rest) && (IsHex(rest, kAgencyDigits) || (allow_wildcard && rest == "-"))) {
    return std::string(rest);
  }
  return InvalidField(field, fmt::format("\"{}\", want agencies/ and 16 hexadecimal digits{}", Shown(name),
                                         allow_wildcard ? ", or agencies/- for all" : ""));
}

std::string PlanItemName(const PlanItemKey& key) {
  return fmt::format("agencies/{}/planItems/{}-{}", key.agency, key.document, key.item);
}

absl::StatusOr<PlanItemKey> ParsePlanItemName(std::string_view field, std::string_view name) {
  PlanItemKey key;
  if (ReadPlanItem(name, &key)) return key;
  return InvalidField(field, fmt::format("\"{}\", want agencies/{{agency}}/planItems/{{plan_item}}", Shown(name)));
}

std::string TrackingName(const PlanItemKey& key) { return PlanItemName(key) + "/tracking"; }

absl::StatusOr<PlanItemKey> ParseTrackingName(std::string_view field, std::string_view name) {
  PlanItemKey key;
  std::string_view rest = name;
  if (ConsumeSuffix("/tracking", &rest) && ReadPlanItem(rest, &key)) return key;
  return InvalidField(field,
                      fmt::format("\"{}\", want agencies/{{agency}}/planItems/{{plan_item}}/tracking", Shown(name)));
}

absl::StatusOr<std::vector<std::string>> ParseNames(std::string_view field,
                                                    const google::protobuf::RepeatedPtrField<std::string>& names,
                                                    absl::StatusOr<std::string> (*parse)(std::string_view field,
                                                                                         std::string_view name)) {
  if (names.empty() || names.size() > kMaxBatchNames) {
    return InvalidField(field, fmt::format("{} names, want 1 to {}", names.size(), kMaxBatchNames));
  }
  std::vector<std::string> ids;
  for (int i = 0; i < names.size(); ++i) {
    DUBAN_ASSIGN_OR_RETURN(std::string id, parse(fmt::format("{}[{}]", field, i), names[i]));
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string Sha256Hex(std::string_view bytes, size_t digits) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size && hex.size() < digits; ++i) hex += fmt::format("{:02x}", digest[i]);
  hex.resize(std::min(hex.size(), digits));
  return hex;
}

}  // namespace duban
