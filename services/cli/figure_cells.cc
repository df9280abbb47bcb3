// SPDX-License-Identifier: Apache-2.0
#include "services/cli/figure_cells.h"

#include "services/cli/output.h"

namespace duban {

std::vector<std::string> WithFigureHeads(std::vector<std::string> before, const std::vector<std::string>& after) {
  before.insert(before.end(), {"value", "to", "unit", "qualifier", "aspect", "direction", "base"});
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

std::vector<std::string> FigureCells(const v1::Indicator& indicator) {
  const v1::Quantity& quantity = indicator.quantity();
  return {NumberText(quantity.value()),
          quantity.has_value_high() ? NumberText(quantity.value_high()) : "",
          quantity.unit(),
          v1::Quantity::Qualifier_Name(quantity.qualifier()),
          v1::Indicator::Aspect_Name(indicator.aspect()),
          indicator.direction() == 0 ? "" : v1::Indicator::Direction_Name(indicator.direction()),
          indicator.base() == 0 ? "" : v1::Indicator::Base_Name(indicator.base())};
}

}  // namespace duban
