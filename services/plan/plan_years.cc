// SPDX-License-Identifier: Apache-2.0
// Which plans a report on the year R concerns
//
// A plan for the year Y is held against the first year from Y on that another document reports on. So a report on R
// matters to it only if Y <= R and no other report, the one in the plan's own document aside, is of a year from Y to
// before R. Let P be the last year before R that has a report. Plans for years behind P are all concerned. One for P or
// before is only if the report on P stands in its own document, as in a half-year report with its plan for the rest.
#include "services/plan/plan_years.h"

#include <algorithm>

namespace duban {
namespace {

std::set<int32_t> ReportYears(std::span<const DocumentYears> documents) {
  std::set<int32_t> years;
  for (const DocumentYears& document : documents) {
    if (document.report_year != 0) years.insert(document.report_year);
  }
  return years;
}

}  // namespace

bool IsPlanOnly(const DocumentYears& document) { return document.report_year == 0 && document.plan_year != 0; }

std::vector<size_t> SourcesOf(int32_t plan_year, std::span<const DocumentYears> documents, std::optional<size_t> plan) {
  std::optional<int32_t> telling;
  for (size_t i = 0; i < documents.size(); ++i) {
    const int32_t year = documents[i].report_year;
    if (i != plan && year != 0 && year >= plan_year) telling = std::min(telling.value_or(year), year);
  }
  const auto tells = [&](const DocumentYears& document) {
    if (IsPlanOnly(document)) return plan_year != 0 && document.plan_year == plan_year + 1;
    if (plan_year == 0) return true;
    return document.report_year == 0 ? telling != plan_year : document.report_year == telling;
  };
  std::vector<size_t> sources;
  for (size_t i = 0; i < documents.size(); ++i) {
    if (i != plan && tells(documents[i])) sources.push_back(i);
  }
  return sources;
}

std::vector<size_t> BearingOn(const std::set<int32_t>& plan_years, std::span<const DocumentYears> documents) {
  const std::set<int32_t> reported = ReportYears(documents);
  std::set<int32_t> telling;
  for (const int32_t year : plan_years) {
    auto next = reported.lower_bound(year);
    for (int i = 0; i < 2 && next != reported.end(); ++i) telling.insert(*next++);
  }
  std::vector<size_t> bearing;
  for (size_t i = 0; i < documents.size(); ++i) {
    const DocumentYears& document = documents[i];
    const bool next_plan = IsPlanOnly(document) && plan_years.contains(document.plan_year - 1);
    if (plan_years.contains(document.plan_year) || telling.contains(document.report_year) || next_plan) {
      bearing.push_back(i);
    }
  }
  return bearing;
}

std::set<int32_t> PlansConcerned(const DocumentYears& document, std::span<const DocumentYears> others) {
  std::set<int32_t> concerned;
  if (IsPlanOnly(document)) {
    for (const DocumentYears& other : others) {
      if (other.plan_year != 0 && other.plan_year == document.plan_year - 1) concerned.insert(other.plan_year);
    }
  }
  if (document.report_year == 0) return concerned;
  const std::set<int32_t> reported = ReportYears(others);
  const auto at = reported.lower_bound(document.report_year);
  const int32_t previous = at == reported.begin() ? 0 : *std::prev(at);
  for (const DocumentYears& other : others) {
    if (other.plan_year == 0 || other.plan_year > document.report_year) continue;
    const bool own_report = other.report_year == previous;
    if (other.plan_year > previous || own_report) concerned.insert(other.plan_year);
  }
  return concerned;
}

}  // namespace duban
