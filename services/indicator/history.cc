// SPDX-License-Identifier: Apache-2.0
// A figure printed as 1.2万 may stand for anything from 1.15 to 1.3, so a growth is an interval: it is contradicted
// only if no two values that print as the two figures give it, with one unit of its own last digit to spare.
#include "services/indicator/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "services/indicator/arithmetic.h"
#include "services/indicator/severity.h"

namespace duban {
namespace {

constexpr double kSlack = 1e-9;

bool Agrees(const v1::Indicator& change, const v1::Indicator& of, const v1::Indicator& earlier) {
  const std::optional<double> of_step = PrintedStep(of.quantity());
  const std::optional<double> earlier_step = PrintedStep(earlier.quantity());
  const std::optional<double> change_step = PrintedStep(change.quantity());
  const double before = earlier.quantity().value();
  if (!of_step || !earlier_step || !change_step || before <= *earlier_step) return true;
  const double now = of.quantity().value();
  const double low = 100 * ((now - *of_step) / (before + *earlier_step) - 1);
  const double high = 100 * ((now + *of_step) / (before - *earlier_step) - 1);
  const double sign = change.direction() == v1::Indicator::DOWN ? -1 : 1;
  const double printed = sign * change.quantity().value();
  // A whole percentage is still printed to one percent.
  const double spare = (*change_step == 0 ? 1 : *change_step) + kSlack;
  return printed >= low - spare && printed <= high + spare;
}

bool IsSole(const StatedFigure& figure, std::span<const StatedFigure> figures) {
  return std::none_of(figures.begin(), figures.end(), [&](const StatedFigure& other) {
    return other.document == figure.document && other.ordinal != figure.ordinal &&
           other.indicator->year() == figure.indicator->year();
  });
}

bool Precedes(const StatedFigure& a, const StatedFigure& b) {
  return std::tie(a.document, a.ordinal) < std::tie(b.document, b.ordinal);
}

}  // namespace

bool IsGrowthClaim(const v1::Indicator& change, const v1::Indicator& of) {
  const bool yearly = change.base() == v1::Indicator::PREVIOUS_YEAR || change.base() == v1::Indicator::SAME_PERIOD;
  return change.aspect() == v1::Indicator::CHANGE && yearly &&
         change.direction() != v1::Indicator::DIRECTION_UNSPECIFIED && IsPrintedPercent(change.quantity()) &&
         IsExact(change.quantity()) && PrintedStep(change.quantity()).has_value() && IsExact(of.quantity()) &&
         of.quantity().kind() != v1::Quantity::PERCENT && PrintedStep(of.quantity()).has_value();
}

std::optional<HistoryMismatch> CheckHistory(const StatedFigure& change, const StatedFigure& of,
                                            std::span<const StatedFigure> figures) {
  const bool sole = IsSole(of, figures);
  const StatedFigure* found = nullptr;
  for (const StatedFigure& earlier : figures) {
    if (earlier.document == of.document || earlier.indicator->year() != of.indicator->year() - 1) continue;
    if (!IsExact(earlier.indicator->quantity())) continue;
    if (Agrees(*change.indicator, *of.indicator, *earlier.indicator)) return std::nullopt;
    if (!earlier.of_year) continue;
    const bool alike = earlier.indicator->label() == of.indicator->label() || (sole && IsSole(earlier, figures));
    if (alike && (found == nullptr || Precedes(earlier, *found))) found = &earlier;
  }
  if (found == nullptr) return std::nullopt;
  const v1::Quantity& now = of.indicator->quantity();
  const v1::Quantity& before = found->indicator->quantity();
  const double growth = 100 * (now.value() / before.value() - 1);
  HistoryMismatch mismatch{{}, *found};
  v1::Finding& finding = mismatch.finding;
  finding.set_type(v1::Finding::HISTORY_MISMATCH);
  finding.set_message(fmt::format("{} is printed as changed by {} in {}; from {} in the report of {} to {} is {:.2f}%",
                                  of.indicator->label(), change.indicator->quantity().text(), of.indicator->year(),
                                  before.text(), found->indicator->year(), now.text(), growth));
  finding.add_indicators(change.indicator->id());
  finding.add_indicators(of.indicator->id());
  finding.set_reported(change.indicator->quantity().value());
  finding.set_computed(change.indicator->direction() == v1::Indicator::DOWN ? -growth : growth);
  finding.set_severity(SeverityOf(finding));
  return mismatch;
}

}  // namespace duban
