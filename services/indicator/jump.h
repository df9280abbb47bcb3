// SPDX-License-Identifier: Apache-2.0
// services/indicator/jump.h: a figure that no other year of the same agency makes believable, most often a slip in 万
// or 亿.
//
//   2021: 挽回经济损失4812万元   2022: 挽回经济损失4735元   2023: 挽回经济损失5106万元
//       ->  IMPLAUSIBLE_JUMP of 2022, reported 4735, computed 48120000
//
// Precision first. Figures are held against each other only under one label and if they are exact counts, amounts or
// measures of a whole year; none of a label is if a report tells of a change beyond tenfold. A figure is implausible if
//   - it is at least 50 times, or at most a 50th of, every figure of other reports on at least two other years, which
//     agree among each other within a factor of 3, and no count involved on the smaller side is below 10; or
//   - it is about 10^4 or 10^8 times (by a factor of 2 at most), or that part of, the figures of the year before, and
//     no figure of another report on another year is within a factor of 50 of it.
// The outcome does not depend on the order of the figures. Pure functions; safe to call from any thread.

#pragma once

#include <span>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/history.h"

namespace duban {

// By so much the largest of a set of figures differs from the smallest at least if one of them is implausible.
inline constexpr double kJumpFactor = 50;

struct Jump {
  // Type, message, the indicator, figures and severity.
  v1::Finding finding;
  // The implausible figure.
  StatedFigure figure;
  // One or two that it is held against.
  std::vector<StatedFigure> others;
};

// Whether `change` is a growth or decline that leaves less than a tenth or more than ten times of what was.
bool TellsOfJump(const v1::Indicator& change);

// The implausible ones of `figures`: all of an agency that share metric and unit (arithmetic.h), by document and place.
std::vector<Jump> FindJumps(std::span<const StatedFigure> figures);

}  // namespace duban
