// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_years.h: which of an agency's documents tell what became of a plan, by the years that they are of.
//
//   SourcesOf(2023, {{2022, 2023}, {2024, 2025}, {2025, 2026}})   // {1}: nothing reports on 2023, so 2024 tells
//
// A plan is held against the reports on its year; where there are none, against those on the first later year that has
// any. A plan without a report tells what is promised again after the year before its own. Year 0: not told.
//
// The ledger keeps trackings with the help of the other two functions: a document that comes, changes or goes bears on
// the plans for few years (PlansConcerned), and what these are computed from are few documents (BearingOn), however
// many the agency has. Pure functions, linear but for logarithms.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace duban {

struct DocumentYears {
  // Whose work it reports; the year that its plan is for.
  int32_t report_year = 0;
  int32_t plan_year = 0;
};

// Whether it is a plan without a report.
bool IsPlanOnly(const DocumentYears& document);

// Indices of the documents that a plan for `plan_year` is held against. `plan` is the index of the one that it stands
// in, if that is among them; it is none of its own sources. Documents of no year count as later ones than the plan's,
// and so does every report where the plan's year is 0: whoever holds an undated one against a plan must know.
std::vector<size_t> SourcesOf(int32_t plan_year, std::span<const DocumentYears> documents,
                              std::optional<size_t> plan = std::nullopt);

// Indices of the documents that bear on plans for `plan_years` (none of them 0): those plans, the reports on the year
// and on the first later one that has any (on two of these, as one may stand in the plan's own document), and plans
// without a report for the year after. SourcesOf each of those plans answers the same of these as of all.
std::vector<size_t> BearingOn(const std::set<int32_t>& plan_years, std::span<const DocumentYears> documents);

// The years of those plans in `others` whose sources may change when `document` comes or goes.
std::set<int32_t> PlansConcerned(const DocumentYears& document, std::span<const DocumentYears> others);

}  // namespace duban
