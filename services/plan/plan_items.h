// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_items.h: the commitments of a report's PLAN sections.
//
//   const PlanItemFinder finder(lexicon);
//   finder.Find(document, outline, indicators)   // {p1, 建成公共法律服务中心, 一是, 2024, …} …
//
// Immutable: safe to call from any thread. Linear in the size of the text.

#pragma once

#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "duban/v1/outline.pb.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/clauses.h"
#include "services/plan/deadline.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

class PlanItemFinder {
 public:
  explicit PlanItemFinder(const PlanLexicon& lexicon);

  // As Planner::FindPlanItems.
  std::vector<v1::PlanItem> Find(const v1::Document& document, const v1::Outline& outline,
                                 const v1::IndicatorSet& indicators) const;

  // Whether a sentence commits to doing something, rather than invoking doctrine, wishing or announcing what follows.
  bool Commits(std::string_view sentence) const;

 private:
  bool CommitsClause(std::string_view clause, const WordSet& verbs) const;
  bool IsGeneralIdea(std::string_view sentence, std::string_view first_clause) const;
  // The pieces of the leaf section `section` that are commitments. `targets` are the places of TARGET indicators,
  // ascending.
  std::vector<Piece> ItemsOf(std::string_view text, const v1::Section& section,
                             const std::vector<size_t>& targets) const;

  WordSet action_;  // with those of making_
  WordSet making_;
  WordSet ideology_;
  WordSet slogan_;
  WordSet announcer_;
  WordSet opener_;
  DeadlineFinder deadlines_;
  UnitFinder units_;
};

}  // namespace duban
