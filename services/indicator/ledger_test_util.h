// SPDX-License-Identifier: Apache-2.0
// Small sets of indicators for the tests of the ledger.
//
//   store->Put({MakeSet(1, 7, {Figure("m.a", 2022, 100), Growth(2022, 20)})});  // document 1 of agency 7

#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "common/base/names.h"
#include "duban/v1/indicator.pb.h"

namespace duban {

inline std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }
inline std::string AgencyIdOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

inline v1::Indicator Figure(std::string metric, int year, double value, std::string unit = "件",
                            std::string label = "受理案件") {
  v1::Indicator indicator;
  indicator.set_label(std::move(label));
  indicator.set_metric(std::move(metric));
  indicator.set_year(year);
  indicator.set_aspect(v1::Indicator::ACTUAL);
  v1::Quantity& quantity = *indicator.mutable_quantity();
  quantity.set_value(value);
  quantity.set_decimal(fmt::format("{}", value));
  quantity.set_unit(unit);
  quantity.set_text(fmt::format("{}{}", value, unit));
  quantity.set_kind(v1::Quantity::COUNT);
  quantity.set_qualifier(v1::Quantity::EXACT);
  return indicator;
}

inline v1::Indicator Growth(int year, double percent) {
  v1::Indicator indicator = Figure("", year, std::abs(percent), "%", "");
  indicator.set_aspect(v1::Indicator::CHANGE);
  indicator.set_direction(percent < 0 ? v1::Indicator::DOWN : v1::Indicator::UP);
  indicator.set_base(v1::Indicator::PREVIOUS_YEAR);
  indicator.mutable_quantity()->set_kind(v1::Quantity::PERCENT);
  return indicator;
}

// A set of agency `agency`; a CHANGE follows the figure that it speaks of.
inline v1::IndicatorSet MakeSet(int number, int agency, std::vector<v1::Indicator> indicators, int revision = 1,
                                std::string region = "440310") {
  v1::IndicatorSet set;
  set.set_document(DocumentName(IdOf(number)));
  set.set_revision(revision);
  set.mutable_agency()->set_name(AgencyName(AgencyIdOf(agency)));
  set.mutable_agency()->set_display_name(fmt::format("第{}局", agency));
  for (v1::Indicator& indicator : indicators) {
    indicator.set_id(fmt::format("i{}", set.indicators_size() + 1));
    indicator.set_agency(AgencyName(AgencyIdOf(agency)));
    indicator.set_region_code(region);
    if (indicator.aspect() == v1::Indicator::CHANGE) {
      v1::Relation& relation = *set.add_relations();
      relation.set_type(v1::Relation::CHANGE);
      relation.set_change(indicator.id());
      relation.set_of(fmt::format("i{}", set.indicators_size()));
    }
    *set.add_indicators() = std::move(indicator);
  }
  return set;
}

}  // namespace duban
