// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/jump.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "services/indicator/arithmetic.h"
#include "services/indicator/severity.h"

namespace duban {
namespace {

constexpr double kAgreement = 3;   // between the figures of other years
constexpr double kSlipSpread = 2;  // between years, whatever the slip
constexpr double kFewest = 10;     // fewer may well be fifty times as many a year later
constexpr double kTold = 10;
constexpr std::string_view kTimes = "倍";

using Figures = std::vector<const StatedFigure*>;

double ValueOf(const StatedFigure& figure) { return figure.indicator->quantity().value(); }
int YearOf(const StatedFigure& figure) { return figure.indicator->year(); }

bool IsHeld(const StatedFigure& figure) {
  const v1::Quantity& quantity = figure.indicator->quantity();
  const bool measures = quantity.kind() == v1::Quantity::COUNT || quantity.kind() == v1::Quantity::MONEY ||
                        quantity.kind() == v1::Quantity::OTHER;
  return figure.of_year && measures && IsExact(quantity) && quantity.value() > 0;
}

// How many times the one is the other, at least 1.
double Factor(double a, double b) { return std::max(a, b) / std::min(a, b); }

bool IsSlip(double factor) { return Factor(factor, 1e4) <= kSlipSpread || Factor(factor, 1e8) <= kSlipSpread; }

class LabelJumps {
 public:
  explicit LabelJumps(const Figures& figures) : figures_(figures) {}

  void Find(std::vector<Jump>* jumps) const {
    if (std::any_of(figures_.begin(), figures_.end(), [](const auto* figure) { return figure->tells_of_jump; })) return;
    for (const StatedFigure* figure : figures_) {
      if (!IsHeld(*figure)) continue;
      Figures others = Others(*figure);
      if (others.empty() || !(IsOutlier(*figure, others) || IsSlipFromYearBefore(*figure, others))) continue;
      SortByNearness(*figure, &others);
      jumps->push_back(MakeJump(*figure, others));
    }
  }

 private:
  // Those of other reports on other years.
  Figures Others(const StatedFigure& figure) const {
    Figures others;
    for (const StatedFigure* other : figures_) {
      if (other->document != figure.document && YearOf(*other) != YearOf(figure) && IsHeld(*other)) {
        others.push_back(other);
      }
    }
    return others;
  }

  static bool IsOutlier(const StatedFigure& figure, const Figures& others) {
    std::set<int> years;
    for (const StatedFigure* other : others) years.insert(YearOf(*other));
    const auto by_value = [](const auto* a, const auto* b) { return ValueOf(*a) < ValueOf(*b); };
    const auto [least, most] = std::minmax_element(others.begin(), others.end(), by_value);
    const double low = ValueOf(**least), high = ValueOf(**most), value = ValueOf(figure);
    if (years.size() < 2 || high > kAgreement * low) return false;
    const bool above = value >= kJumpFactor * high;
    if (!above && value * kJumpFactor > low) return false;
    const bool count = figure.indicator->quantity().kind() == v1::Quantity::COUNT;
    return !count || std::min(value, low) >= kFewest;
  }

  static bool IsSlipFromYearBefore(const StatedFigure& figure, const Figures& others) {
    bool slip = false;
    for (const StatedFigure* other : others) {
      const double factor = Factor(ValueOf(figure), ValueOf(*other));
      if (factor < kJumpFactor) return false;
      if (YearOf(*other) != YearOf(figure) - 1) continue;
      if (!IsSlip(factor)) return false;
      slip = true;
    }
    return slip;
  }

  // The nearest years first, of two alike the earlier one, one figure of each.
  static void SortByNearness(const StatedFigure& figure, Figures* others) {
    const auto place = [&](const StatedFigure* other) {
      return std::tuple(std::abs(YearOf(*other) - YearOf(figure)), YearOf(*other), other->document, other->ordinal);
    };
    std::sort(others->begin(), others->end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
    const auto same_year = [](const auto* a, const auto* b) { return YearOf(*a) == YearOf(*b); };
    others->erase(std::unique(others->begin(), others->end(), same_year), others->end());
  }

  static Jump MakeJump(const StatedFigure& figure, const Figures& others) {
    Jump jump{{}, figure, {*others.front()}};
    const v1::Indicator& indicator = *figure.indicator;
    std::string against =
        fmt::format("{} in that on {}", others.front()->indicator->quantity().text(), YearOf(*others.front()));
    if (others.size() > 1) {
      jump.others.push_back(*others[1]);
      against += fmt::format(", {} in that on {}", others[1]->indicator->quantity().text(), YearOf(*others[1]));
    }
    const double factor = Factor(ValueOf(figure), ValueOf(*others.front()));
    v1::Finding& finding = jump.finding;
    finding.set_type(v1::Finding::IMPLAUSIBLE_JUMP);
    finding.set_message(fmt::format("{} is {} in the report on {} but {}: a factor of {:.0f}{}", indicator.label(),
                                    indicator.quantity().text(), indicator.year(), against, factor,
                                    IsSlip(factor) ? ", as by a slip of 万 or 亿" : ""));
    finding.add_indicators(indicator.id());
    finding.set_reported(ValueOf(figure));
    finding.set_computed(ValueOf(*others.front()));
    finding.set_severity(SeverityOf(finding));
    return jump;
  }

  const Figures& figures_;
};

}  // namespace

bool TellsOfJump(const v1::Indicator& change) {
  if (change.aspect() != v1::Indicator::CHANGE) return false;
  const v1::Quantity& quantity = change.quantity();
  if (quantity.unit() == kTimes) return quantity.value() >= kTold;
  if (quantity.unit() != "%") return false;
  return change.direction() == v1::Indicator::DOWN ? quantity.value() > 100 * (1 - 1 / kTold)
                                                   : quantity.value() >= 100 * (kTold - 1);
}

std::vector<Jump> FindJumps(std::span<const StatedFigure> figures) {
  std::map<std::string_view, Figures> by_label;
  for (const StatedFigure& figure : figures) by_label[figure.indicator->label()].push_back(&figure);
  std::vector<Jump> jumps;
  for (const auto& [label, group] : by_label) LabelJumps(group).Find(&jumps);
  std::sort(jumps.begin(), jumps.end(), [](const Jump& a, const Jump& b) {
    return std::tie(a.figure.document, a.figure.ordinal) < std::tie(b.figure.document, b.figure.ordinal);
  });
  return jumps;
}

}  // namespace duban
