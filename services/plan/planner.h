// SPDX-License-Identifier: Apache-2.0
// services/plan/planner.h: what a report promises, and whether later reports show that it was kept.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Planner> planner, Planner::Create());
//   std::vector<v1::PlanItem> items = planner->FindPlanItems(document, outline, indicators);
//   std::vector<v1::Tracking> trackings = planner->Track(plan, results);
//
// A Planner is immutable: safe to call from any thread.

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/analysis.pb.h"
#include "services/plan/lexicon.pb.h"

namespace duban {

class Planner {
 public:
  // With the embedded lexicons. INVALID_ARGUMENT names file and line of a fault in one of them.
  static absl::StatusOr<std::unique_ptr<const Planner>> Create();
  virtual ~Planner() = default;

  // The themes that plan items are grouped by, in the order of their file. Lives as long as the planner.
  virtual const ThemeLexicon& Themes() const = 0;

  // The commitments of the PLAN sections, in order; linear in the size of the text. Resource names are left for the
  // caller, save document, which is copied from document.name().
  virtual std::vector<v1::PlanItem> FindPlanItems(const v1::Document& document, const v1::Outline& outline,
                                                  const v1::IndicatorSet& indicators) const = 0;

  // One tracking per item of `plan`, in its order. `results` are the same agency's later reports (on the plan's year,
  // those on some months of it too; their own plans, for CARRIED_OVER, are those of the year after, which may also come
  // as papers of their own), in any order: the outcome does not depend on it. Those that are no sources of the plan
  // (SourcesOf of plan_years.h), or of another region, are left out; without any every item is PENDING.
  // Evidence.document is results[i].document().name().
  virtual std::vector<v1::Tracking> Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const = 0;
};

}  // namespace duban
