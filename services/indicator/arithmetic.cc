// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

namespace duban {
namespace {

constexpr double kSlack = 1e-9;

size_t Decimals(std::string_view printed) {
  const size_t point = printed.find('.');
  return point == std::string_view::npos ? 0 : printed.size() - point - 1;
}

double ToDouble(std::string_view printed) { return std::strtod(std::string(printed).c_str(), nullptr); }

}  // namespace

bool AgreesAsPrinted(std::string_view printed, double computed) {
  const double step = std::pow(10.0, static_cast<double>(Decimals(printed)));
  const double units = std::round(ToDouble(printed) * step);
  const double exact = computed * step;
  // Rounding half up, and cutting off; slack for what double cannot hold.
  return units == std::floor(exact + 0.5 + kSlack) || units == std::floor(exact + kSlack) || units == std::round(exact);
}

bool WholeNumberGives(std::string_view printed, double denominator) {
  if (denominator <= 0 || denominator > 1e6) return true;
  const double guess = std::floor(ToDouble(printed) * denominator / 100);
  for (double part = std::max(0.0, guess - 1); part <= guess + 2; ++part) {
    if (AgreesAsPrinted(printed, 100 * part / denominator)) return true;
  }
  return false;
}

std::string_view RepresentativeUnit(std::string_view unit) {
  static constexpr std::array<std::array<std::string_view, 6>, 4> kClasses = {{
      {"宗", "件", "起", "例", "桩", "件次"},
      {"人", "名", "位", "个人", "", ""},
      {"场", "场次", "次", "期", "", ""},
      {"家", "个", "所", "户", "", ""},
  }};
  if (unit.empty()) return unit;
  for (const auto& units : kClasses) {
    if (std::find(units.begin(), units.end(), unit) != units.end()) return units[0];
  }
  return unit;
}

bool SameUnit(std::string_view a, std::string_view b) { return RepresentativeUnit(a) == RepresentativeUnit(b); }

}  // namespace duban
