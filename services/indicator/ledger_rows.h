// SPDX-License-Identifier: Apache-2.0
// services/indicator/ledger_rows.h: what a set adds to the ledger beyond its indicators: figures to compare, growths
// that another report may contradict, labels that the catalog does not know.
//
// Both backends of IndicatorStore derive it from the same functions. Pure; safe to call from any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "services/indicator/history_words.h"

namespace duban {

// An ACTUAL figure with metric, year and a single value, of a report of a known agency on a whole year.
struct MetricFigure {
  int ordinal = 0;  // place of the indicator, from 1
  std::string metric;
  // The unit that stands for all that mean the same (arithmetic.h).
  std::string unit;
  int year = 0;
  // Whether it is the document's figure of (metric, unit, year) in comparisons: of those of the year the first exact
  // one, else the first.
  bool headline = false;
  // As in StatedFigure (history.h).
  bool of_year = true;
  bool tells_of_jump = false;
};

// Indicator `ordinal` is a growth over the year before of the figure `of` of a whole year.
struct GrowthClaim {
  int ordinal = 0;
  MetricFigure of;
};

// In order of appearance.
std::vector<MetricFigure> FiguresOf(const v1::IndicatorSet& set, const HistoryWords& words);

// In order of appearance, one for each growth but those at constant prices; each `of` is one of `figures`, the set's
// own.
std::vector<GrowthClaim> ClaimsOf(const v1::IndicatorSet& set, const std::vector<MetricFigure>& figures,
                                  const HistoryWords& words);

// The label that the catalog should learn; empty if the metric is known, or if the label is empty, over 240 bytes or
// cannot be stored.
std::string_view UnmappedLabel(const v1::Indicator& indicator);

// For each finding of the set the places, from 1, of the indicators that it names; unknown ids are left out.
std::vector<std::vector<int>> MembersOf(const v1::IndicatorSet& set);

}  // namespace duban
