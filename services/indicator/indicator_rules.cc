// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/indicator_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"

namespace duban {
namespace {

constexpr size_t kRegionDigits = 6;
// Far beyond any figure, far below the limit of PostgreSQL's numeric.
constexpr size_t kMaxDecimalDigits = 1000;

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsDecimal(std::string_view text) {
  if (text.size() > kMaxDecimalDigits) return false;
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return AllDigits(text);
  return AllDigits(text.substr(0, point)) && AllDigits(text.substr(point + 1));
}

absl::Status CheckOrigin(const std::string& document, const std::string& agency, const std::string& region_prefix) {
  if (!document.empty()) DUBAN_RETURN_IF_ERROR(CheckDocumentId("document", document));
  if (!agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
  const bool wrong = region_prefix.size() < 2 || region_prefix.size() > kRegionDigits || !AllDigits(region_prefix);
  if (!region_prefix.empty() && wrong) {
    return InvalidField("region_prefix", fmt::format("\"{}\", want two to six digits", region_prefix));
  }
  return absl::OkStatus();
}

absl::Status CheckIndicator(const v1::Indicator& indicator, const v1::Indicator& first) {
  DUBAN_RETURN_IF_ERROR(CheckStorableText("indicator.metric", indicator.metric()));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("indicator.quantity.unit", indicator.quantity().unit()));
  if (const std::string& decimal = indicator.quantity().decimal(); !decimal.empty() && !IsDecimal(decimal)) {
    return InvalidField("indicator.quantity.decimal", fmt::format("\"{}\", want a plain decimal number", decimal));
  }
  if (indicator.agency() != first.agency() || indicator.region_code() != first.region_code()) {
    return InvalidField("indicator.agency",
                        fmt::format("{} {}, want {} {} as the first indicator of the document has", indicator.agency(),
                                    indicator.region_code(), first.agency(), first.region_code()));
  }
  return absl::OkStatus();
}

absl::Status CheckSet(const v1::IndicatorSet& set) {
  DUBAN_RETURN_IF_ERROR(CheckRevision("set.revision", set.revision()));
  if (set.indicators().empty()) return absl::OkStatus();
  const v1::Indicator& first = set.indicators(0);
  if (!first.agency().empty()) {
    DUBAN_RETURN_IF_ERROR(ParseAgencyName("indicator.agency", first.agency()).status());
  }
  const std::string& region = first.region_code();
  if (!region.empty() && (region.size() != kRegionDigits || !AllDigits(region))) {
    return InvalidField("indicator.region_code", fmt::format("\"{}\", want six digits or none", region));
  }
  for (const v1::Indicator& indicator : set.indicators()) DUBAN_RETURN_IF_ERROR(CheckIndicator(indicator, first));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<IndicatorBatch> ToBatch(const std::vector<v1::IndicatorSet>& sets) {
  IndicatorBatch batch;
  for (const v1::IndicatorSet& set : sets) {
    DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("set.document", set.document()));
    DUBAN_RETURN_IF_ERROR(CheckSet(set));
    const v1::IndicatorSet*& kept = batch[id];
    if (kept == nullptr || kept->revision() <= set.revision()) kept = &set;
  }
  return batch;
}

std::string AgencyOf(const v1::IndicatorSet& set) {
  if (set.indicators().empty() || set.indicators(0).agency().empty()) return "";
  return set.indicators(0).agency().substr(AgencyName("").size());
}

std::string RegionOf(const v1::IndicatorSet& set) {
  return set.indicators().empty() ? "" : set.indicators(0).region_code();
}

absl::Status CheckFilter(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after, int limit) {
  DUBAN_RETURN_IF_ERROR(CheckOrigin(filter.document, filter.agency, filter.region_prefix));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("metric", filter.metric));
  if (!v1::Indicator::Aspect_IsValid(filter.aspect)) {
    return InvalidField("aspect", fmt::format("{}, want an Indicator.Aspect", static_cast<int>(filter.aspect)));
  }
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckDocumentId("after.document", after->document));
  return CheckLimit(limit);
}

absl::Status CheckFilter(const FindingFilter& filter, const std::optional<IndicatorCursor>& after, int limit) {
  DUBAN_RETURN_IF_ERROR(CheckOrigin(filter.document, filter.agency, filter.region_prefix));
  if (!v1::Finding::Type_IsValid(filter.type)) {
    return InvalidField("type", fmt::format("{}, want a Finding.Type", static_cast<int>(filter.type)));
  }
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckDocumentId("after.document", after->document));
  return CheckLimit(limit);
}

absl::Status CheckFilter(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit) {
  DUBAN_RETURN_IF_ERROR(CheckStorableText("metric", filter.metric));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("unit", filter.unit));
  if (filter.metric.empty()) return InvalidField("metric", "empty, want the id of a metric");
  for (const std::string& agency : filter.agencies) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agencies", agency));
  DUBAN_RETURN_IF_ERROR(CheckOrigin("", "", filter.region_prefix));
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("after", *after));
  return CheckLimit(limit);
}

absl::Status CheckCursor(const std::optional<UnmappedCursor>& after, int limit) {
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckStorableText("after.label", after->label));
  return CheckLimit(limit);
}

std::vector<int32_t> YearsToRead(const ComparisonFilter& filter) {
  std::set<int32_t> years(filter.years.begin(), filter.years.end());
  for (int32_t year : filter.years) years.insert(year - 1);
  return {years.begin(), years.end()};
}

}  // namespace duban
