// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/ledger_rows.h"

#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "services/indicator/arithmetic.h"
#include "services/indicator/history.h"
#include "services/indicator/jump.h"

namespace duban {
namespace {

constexpr size_t kMaxLabelBytes = 240;

bool IsCompared(const v1::Indicator& indicator) {
  return !indicator.metric().empty() && indicator.aspect() == v1::Indicator::ACTUAL && indicator.year() != 0 &&
         !indicator.agency().empty() && !indicator.quantity().has_value_high() &&
         !indicator.quantity().decimal().empty() && indicator.quantity().kind() != v1::Quantity::RANK;
}

// Places from 1 by id.
std::unordered_map<std::string_view, int> OrdinalsOf(const v1::IndicatorSet& set) {
  std::unordered_map<std::string_view, int> ordinals;
  for (int i = 0; i < set.indicators_size(); ++i) ordinals.emplace(set.indicators(i).id(), i + 1);
  return ordinals;
}

int OrdinalOf(const std::unordered_map<std::string_view, int>& ordinals, std::string_view id) {
  const auto found = ordinals.find(id);
  return found == ordinals.end() ? 0 : found->second;
}

// Places of the figures of which a growth says that they are a tenth or ten times of what they were.
std::set<int> TellingOfJumps(const v1::IndicatorSet& set) {
  std::set<int> places;
  const auto ordinals = OrdinalsOf(set);
  for (const v1::Relation& relation : set.relations()) {
    if (relation.type() != v1::Relation::CHANGE) continue;
    const int change = OrdinalOf(ordinals, relation.change());
    if (change != 0 && TellsOfJump(set.indicators(change - 1))) places.insert(OrdinalOf(ordinals, relation.of()));
  }
  return places;
}

}  // namespace

std::vector<MetricFigure> FiguresOf(const v1::IndicatorSet& set, const HistoryWords& words) {
  std::vector<MetricFigure> figures;
  if (set.part_of_year()) return figures;
  std::map<std::tuple<std::string, std::string, int>, size_t> headlines;
  const std::set<int> jumps = TellingOfJumps(set);
  const auto exact = [&](const MetricFigure& figure) { return IsExact(set.indicators(figure.ordinal - 1).quantity()); };
  for (int i = 0; i < set.indicators_size(); ++i) {
    const v1::Indicator& indicator = set.indicators(i);
    if (!IsCompared(indicator)) continue;
    figures.push_back({i + 1, indicator.metric(), std::string(RepresentativeUnit(indicator.quantity().unit())),
                       indicator.year(), false, words.IsOfYear(indicator), jumps.contains(i + 1)});
    const MetricFigure& figure = figures.back();
    if (!figure.of_year) continue;
    const auto [place, first] = headlines.try_emplace({figure.metric, figure.unit, figure.year}, figures.size() - 1);
    if (!first && exact(figure) && !exact(figures[place->second])) place->second = figures.size() - 1;
  }
  for (const auto& [key, index] : headlines) figures[index].headline = true;
  return figures;
}

std::vector<GrowthClaim> ClaimsOf(const v1::IndicatorSet& set, const std::vector<MetricFigure>& figures,
                                  const HistoryWords& words) {
  std::map<int, const MetricFigure*> by_ordinal;
  for (const MetricFigure& figure : figures) by_ordinal[figure.ordinal] = &figure;
  const auto ordinals = OrdinalsOf(set);
  std::map<int, GrowthClaim> claims;
  for (const v1::Relation& relation : set.relations()) {
    if (relation.type() != v1::Relation::CHANGE) continue;
    const int change = OrdinalOf(ordinals, relation.change());
    const auto of = by_ordinal.find(OrdinalOf(ordinals, relation.of()));
    if (change == 0 || of == by_ordinal.end()) continue;
    if (!of->second->of_year) continue;
    const v1::Indicator& growth = set.indicators(change - 1);
    const v1::Indicator& level = set.indicators(of->first - 1);
    if (words.IsReal(level.label(), growth.evidence()) || !IsGrowthClaim(growth, level)) continue;
    claims.try_emplace(change, GrowthClaim{change, *of->second});
  }
  std::vector<GrowthClaim> result;
  for (auto& [ordinal, claim] : claims) result.push_back(std::move(claim));
  return result;
}

std::string_view UnmappedLabel(const v1::Indicator& indicator) {
  const std::string& label = indicator.label();
  const bool storable = label.size() <= kMaxLabelBytes && label.find('\0') == std::string::npos;
  return indicator.metric().empty() && storable ? std::string_view(label) : std::string_view();
}

std::vector<std::vector<int>> MembersOf(const v1::IndicatorSet& set) {
  const auto ordinals = OrdinalsOf(set);
  std::vector<std::vector<int>> members;
  for (const v1::Finding& finding : set.findings()) {
    std::vector<int>& places = members.emplace_back();
    for (const std::string& id : finding.indicators()) {
      if (const int ordinal = OrdinalOf(ordinals, id); ordinal != 0) places.push_back(ordinal);
    }
  }
  return members;
}

}  // namespace duban
