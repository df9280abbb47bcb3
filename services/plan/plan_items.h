// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_items.h: the commitments of a report's PLAN sections.
//
//   const PlanItemFinder finder(words, themes, track_words);
//   finder.Find(document, outline, indicators)   // {p1, 建成公共法律服务中心, 一是, 2024, …} …
//
// Immutable: safe to call from any thread. Linear in the size of the text.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "duban/v1/outline.pb.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/clauses.h"
#include "services/plan/deadline.h"
#include "services/plan/grams.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/matching.h"
#include "services/plan/plan_targets.h"
#include "services/plan/task_table.h"
#include "services/plan/themes.h"
#include "services/plan/units.h"
#include "services/plan/word_set.h"
#include "services/plan/wording.h"

namespace duban {

class PlanItemFinder {
 public:
  // `track` tells which words of the genre identify nothing.
  PlanItemFinder(const PlanLexicon& lexicon, const ThemeLexicon& themes, const TrackLexicon& track);
  PlanItemFinder(const PlanItemFinder&) = delete;
  PlanItemFinder& operator=(const PlanItemFinder&) = delete;

  // As Planner::FindPlanItems.
  std::vector<v1::PlanItem> Find(const v1::Document& document, const v1::Outline& outline,
                                 const v1::IndicatorSet& indicators) const;

  // Whether a sentence commits to doing something, rather than invoking doctrine, wishing or announcing what follows.
  bool Commits(std::string_view sentence) const;

 private:
  // A commitment where it stands. `row` is set where it is one of a table.
  struct Found {
    Piece piece;
    std::optional<TaskRow> row;
  };
  // TARGET indicators in order of the text.
  using Targets = std::vector<const v1::Indicator*>;

  bool CommitsClause(std::string_view clause, const WordSet& verbs) const;
  // Whether a clause opens the general idea of a plan, or its title.
  bool OpensPlan(std::string_view first_clause) const;
  // Whether `words` only say that a plan follows: 2024年工作打算.
  bool IsPlanTitle(std::string_view words) const;
  bool IsGeneralIdea(std::string_view sentence, std::string_view first_clause) const;
  // The pieces of the leaf section `section` that are commitments.
  std::vector<Found> ItemsOf(std::string_view text, const v1::Section& section, const Targets& targets) const;
  // Whether `piece` promises a figure, or one against last year's.
  bool PromisesFigure(std::string_view text, Piece piece, const Targets& targets) const;
  // Whether `words` of one line, behind an enumerator, commit: whatever their verb, unless they are doctrine or slogan
  // or only announce or name something.
  bool CommitsAsItem(std::string_view words) const;
  // Adds the sentences of `range` that commit.
  void AddSentences(std::string_view text, Piece range, const Targets& targets, std::vector<Found>* items) const;
  // Fills what the commitment's words tell: action, object, measures, targets, units, due date, theme.
  void Describe(std::string_view text, const Found& found, const Targets& targets, v1::PlanItem* item) const;
  // The part of it that the cells of a table's row tell: measures, targets, units, due date.
  void DescribeRow(std::string_view text, const TaskRow& row, const Targets& targets, v1::PlanItem* item) const;

  WordSet action_;  // with those of making_
  WordSet making_;
  WordSet ideology_;
  WordSet slogan_;
  WordSet announcer_;
  WordSet opener_;
  WordSet plan_title_;
  WordSet topic_end_;
  WordSet stance_;
  DeadlineFinder deadlines_;
  UnitFinder units_;
  TaskTableFinder tables_;
  WordingReader wording_;
  PlanTargetReader targets_;
  ThemeFinder themes_;
  GramReader grams_;
  GramWeights weights_;
  WordSet shortcomings_;
};

}  // namespace duban
