// SPDX-License-Identifier: Apache-2.0
#include "services/cli/agency_names.h"

#include <fmt/format.h>

#include <map>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "services/cli/remote.h"

namespace duban {
namespace {

constexpr int kPage = 1000;
constexpr size_t kNamed = 10;  // candidates in a message

// By resource name.
using Agencies = std::map<std::string, v1::Agency>;

absl::StatusOr<Agencies> AgenciesOf(v1::IngestService::StubInterface& ingest, v1::ListDocumentsRequest request,
                                    bool all_pages) {
  Agencies agencies;
  do {
    v1::ListDocumentsResponse page;
    DUBAN_RETURN_IF_ERROR(FromGrpc(ingest.ListDocuments(CallContext().get(), request, &page)));
    for (const v1::Document& document : page.documents()) {
      if (!document.agency().name().empty()) agencies.emplace(document.agency().name(), document.agency());
    }
    request.set_page_token(page.next_page_token());
  } while (all_pages && !request.page_token().empty());
  return agencies;
}

// Those of `agencies` for which `fits` holds.
template <typename Fits>
std::vector<v1::Agency> Choose(const Agencies& agencies, const Fits& fits) {
  std::vector<v1::Agency> chosen;
  for (const auto& [name, agency] : agencies) {
    if (fits(agency)) chosen.push_back(agency);
  }
  return chosen;
}

absl::StatusOr<std::string> OneOf(const Agencies& agencies, const std::string& word) {
  std::vector<v1::Agency> chosen = Choose(agencies, [&](const v1::Agency& agency) {
    return agency.display_name() == word || agency.canonical_name() == word;
  });
  if (chosen.empty()) {
    chosen = Choose(agencies, [&](const v1::Agency& agency) { return agency.canonical_name().ends_with(word); });
  }
  if (chosen.size() == 1) return chosen.front().name();
  if (chosen.empty()) {
    return absl::NotFoundError(fmt::format("--agency: no document is of an agency called \"{}\"", word));
  }
  std::string names;
  for (size_t i = 0; i < std::min(chosen.size(), kNamed); ++i) {
    names += fmt::format("\n    {} ({})", chosen[i].canonical_name(), chosen[i].name());
  }
  if (chosen.size() > kNamed) names += "\n    …";
  return InvalidField("--agency",
                      fmt::format("\"{}\" is {} agencies, want a name of one of them:{}", word, chosen.size(), names));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ResolveAgencies(v1::IngestService::StubInterface& ingest,
                                                         const std::vector<std::string>& words) {
  std::vector<std::string> names;
  Agencies all;
  for (const std::string& word : words) {
    if (word.starts_with(AgencyName(""))) {
      names.push_back(word);
      continue;
    }
    // An agency's id follows from its full name.
    v1::ListDocumentsRequest request;
    request.set_agency(AgencyName(Sha256Hex(word, 16)));
    request.set_page_size(1);
    DUBAN_ASSIGN_OR_RETURN(const Agencies exact, AgenciesOf(ingest, request, /*all_pages=*/false));
    if (!exact.empty()) {
      names.push_back(exact.begin()->first);
      continue;
    }
    if (all.empty()) {
      v1::ListDocumentsRequest every;
      every.set_page_size(kPage);
      DUBAN_ASSIGN_OR_RETURN(all, AgenciesOf(ingest, every, /*all_pages=*/true));
    }
    DUBAN_ASSIGN_OR_RETURN(std::string name, OneOf(all, word));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace duban
