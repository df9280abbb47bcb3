// SPDX-License-Identifier: Apache-2.0
// services/indicator/history.h: a growth that the same agency's report of the year before contradicts.
//
//   2022: 受理案件100件    2023: 受理案件130件，较上年增长20%    ->  HISTORY_MISMATCH, reported 20, computed 30
//
// Precision first: both figures must be exact and of one metric and unit, and meant alike: the same label, or each the
// only figure of the metric in its report, and of the whole year. One figure of the year before that agrees is enough
// to be silent. The outcome does not depend on the order of the figures. Pure functions; safe to call from any thread.

#pragma once

#include <optional>
#include <span>
#include <string>

#include "duban/v1/indicator.pb.h"

namespace duban {

// An indicator and where it stands. What it points to must outlive it.
struct StatedFigure {
  std::string document;  // id
  int ordinal = 0;       // place in the document, from 1
  const v1::Indicator* indicator = nullptr;
  // Whether it is that of its whole year (history_words.h).
  bool of_year = true;
  // Whether its report tells that it is a tenth or ten times of what it was (jump.h).
  bool tells_of_jump = false;
};

struct HistoryMismatch {
  // Type, message, the two indicators of the later report, figures and severity.
  v1::Finding finding;
  // The figure of the year before.
  StatedFigure earlier;
};

// Whether `change` may be held against another report: an exact growth in percent over the year before or its same
// period, up or down, of an exact figure with a plain number.
bool IsGrowthClaim(const v1::Indicator& change, const v1::Indicator& of);

// Holds `change`, which says how `of` of the same document, a figure of its whole year, grew (IsGrowthClaim), against
// `figures`: all of the agency that have of's metric and unit and its year or the one before.
std::optional<HistoryMismatch> CheckHistory(const StatedFigure& change, const StatedFigure& of,
                                            std::span<const StatedFigure> figures);

}  // namespace duban
