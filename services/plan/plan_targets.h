// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_targets.h: what a commitment promises in figures, and how what is reached must stand to them.
//
//   const PlanTargetReader reader(lexicon);
//   reader.Read("受理案件不少于620件，实现村居全覆盖", …, 2024)
//   // {AT_LEAST 620 件 不少于620件}, {AT_LEAST 100 % 全覆盖}
//
// The rules stand at the top of plan_targets.cc. Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/clauses.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

class PlanTargetReader {
 public:
  explicit PlanTargetReader(const PlanLexicon& lexicon);

  // The targets of `item`, a range of `text`, in order: one for each of `targets`, which are the TARGET indicators
  // inside it, and one for each figure in words. `year` is that of the plan, so that a year by its number can be known
  // for the one before; 0 if it is not told.
  std::vector<v1::PlanTarget> Read(std::string_view text, Piece item, const std::vector<const v1::Indicator*>& targets,
                                   int year) const;

  // The targets of the cell `cell` of a table beside the one that says what is to be done: as Read; where `targets` is
  // empty and the cell is one number with its unit and words or signs that compare (≥92%, 180名, 不少于3场), that.
  std::vector<v1::PlanTarget> ReadCell(std::string_view text, Piece cell, Piece task,
                                       const std::vector<const v1::Indicator*>& targets, int year) const;

 private:
  using Comparator = v1::PlanTarget::Comparator;
  // Words that compare, as bytes of a clause.
  struct Verdict {
    Comparator comparator = v1::PlanTarget::COMPARATOR_UNSPECIFIED;
    size_t begin = 0;
    size_t end = 0;
  };
  // Each answers how the figure at bytes [begin, end) of `clause` is compared; unspecified if it cannot tell.
  // `last_year` is the year before the plan's in the text's words (2023年), empty if that is not known.
  Verdict Compare(std::string_view clause, size_t begin, size_t end, const v1::Indicator& target,
                  std::string_view last_year) const;
  Verdict ByChange(std::string_view clause, size_t begin, size_t end, const v1::Quantity& quantity,
                   std::string_view last_year) const;
  Verdict ByBound(std::string_view clause, size_t begin, size_t end) const;
  Comparator ByDefault(std::string_view clause, size_t begin, const v1::Indicator& target) const;

  // The number and unit of a cell that holds one only, with their bytes; nullopt if it does not.
  std::optional<v1::Indicator> FigureOf(std::string_view text, Piece cell) const;
  // Adds what `words` promise of the figure `indicator`, whose id stays empty where it is no indicator of the document.
  // Moves `words` behind it.
  void AddFigure(std::string_view text, const v1::Indicator& indicator, std::string_view last_year, Piece* words,
                 std::vector<v1::PlanTarget>* out) const;

  // What a clause without figures promises; unspecified for nothing.
  Verdict AgainstLastYear(std::string_view clause, std::string_view last_year) const;
  // Words that compare with last year, as bytes of `clause`; {npos, npos} if there are none.
  Piece FindThan(std::string_view clause, std::string_view last_year) const;

  WordSet before_;
  WordSet behind_;
  // Of each word of the two, in turn.
  std::unordered_map<std::string, Comparator> before_means_, behind_means_;
  WordSet growth_;
  WordSet decline_;
  WordSet filler_;
  WordSet than_last_year_;
  WordSet last_year_;
  WordSet not_above_;
  WordSet not_below_;
  WordSet no_rise_;
  WordSet no_fall_;
  WordSet full_;
  WordSet lower_better_;
  WordSet time_limit_;
  WordSet thing_unit_;
  WordSet making_;
  WordSet behind_moved_;
};

}  // namespace duban
