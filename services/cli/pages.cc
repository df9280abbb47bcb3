// SPDX-License-Identifier: Apache-2.0
#include "services/cli/pages.h"

#include <algorithm>
#include <charconv>

#include "services/cli/agency_names.h"

ABSL_FLAG(int, page_size, 0, "rows per page; 0: all pages of the server's default size");
ABSL_FLAG(std::string, page_token, "", "where the page before ended (printed below it)");
ABSL_FLAG(std::vector<std::string>, document, {}, "only these documents: documents/…,documents/…");
ABSL_FLAG(std::vector<std::string>, agency, {},
          "only these agencies: agencies/… or names (坪山区司法局; the full one with province and city if several are "
          "called so), parted by commas or in a flag each");
ABSL_FLAG(std::string, region, "", "only regions whose GB/T 2260 code begins so, e.g. 44");
ABSL_FLAG(std::vector<std::string>, year, {}, "only these years, parted by commas or in a flag each");

namespace duban {
namespace {

// The one of `values`; `none` if there is none.
template <typename T>
absl::StatusOr<T> OnlyOne(const char* flag, const std::vector<T>& values, T none) {
  if (values.size() > 1) {
    return InvalidField(flag, fmt::format("{} of them, this command takes one", values.size()));
  }
  return values.empty() ? none : values.front();
}

}  // namespace

absl::StatusOr<std::vector<int32_t>> YearFlags() {
  std::vector<int32_t> years;
  for (const std::string& word : absl::GetFlag(FLAGS_year)) {
    int32_t year = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), year);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size() || year < 0) {
      return InvalidField("--year", fmt::format("\"{}\", want a calendar year", word));
    }
    if (year != 0) years.push_back(year);
  }
  return years;
}

absl::StatusOr<int32_t> YearFlag() {
  DUBAN_ASSIGN_OR_RETURN(const std::vector<int32_t> years, YearFlags());
  return OnlyOne("--year", years, 0);
}

absl::StatusOr<std::vector<std::string>> AgencyFlags() {
  const std::vector<std::string> words = absl::GetFlag(FLAGS_agency);
  if (words.empty()) return std::vector<std::string>();
  return ResolveAgencies(*IngestStub(), words);
}

absl::StatusOr<std::string> AgencyFlag() {
  DUBAN_ASSIGN_OR_RETURN(const std::vector<std::string> agencies, AgencyFlags());
  return OnlyOne("--agency", agencies, std::string());
}

absl::Status CheckFilters(std::initializer_list<std::string_view> taken) {
  const std::pair<std::string_view, bool> given[] = {{"agency", !absl::GetFlag(FLAGS_agency).empty()},
                                                     {"document", !absl::GetFlag(FLAGS_document).empty()},
                                                     {"region", !absl::GetFlag(FLAGS_region).empty()},
                                                     {"year", !absl::GetFlag(FLAGS_year).empty()}};
  for (const auto& [name, is_given] : given) {
    if (is_given && std::find(taken.begin(), taken.end(), name) == taken.end()) {
      return InvalidField(fmt::format("--{}", name), "given, but this command does not narrow its list by it");
    }
  }
  return absl::OkStatus();
}

int FailOrWrongUsage(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? WrongUsage(status) : Fail(status);
}

}  // namespace duban
