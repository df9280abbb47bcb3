// SPDX-License-Identifier: Apache-2.0
// A CARRIED_OVER verdict's evidence stands in the plan that took the promise up again: the plan item that covers the
// evidence there is the next link. Links only lead to later years, so there are no rings.
#include "services/plan/chains.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace duban {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

// Index of the trackings whose plan item begins there, by document and by the item's begin.
using Places = std::map<std::string, std::map<int64_t, size_t>>;

// The plan item that `evidence` begins in or that begins in it.
size_t ItemAt(const Places& places, const std::vector<v1::Tracking>& trackings, const v1::Evidence& evidence) {
  const auto document = places.find(evidence.document());
  if (document == places.end()) return kNone;
  auto item = document->second.upper_bound(evidence.span().begin());
  if (item != document->second.begin()) {
    const size_t before = std::prev(item)->second;
    if (trackings[before].plan_item().span().end() > evidence.span().begin()) return before;
  }
  return item != document->second.end() && item->first < evidence.span().end() ? item->second : kNone;
}

size_t NextOf(const Places& places, const std::vector<v1::Tracking>& trackings, const v1::Tracking& tracking) {
  if (tracking.status() != v1::Tracking::CARRIED_OVER) return kNone;
  for (const v1::Evidence& evidence : tracking.evidence()) {
    const size_t next = ItemAt(places, trackings, evidence);
    if (next != kNone && trackings[next].plan_item().year() > tracking.plan_item().year()) return next;
  }
  return kNone;
}

}  // namespace

std::vector<v1::PromiseChain> FindChains(std::vector<v1::Tracking> trackings, int min_years) {
  Places places;
  for (size_t i = 0; i < trackings.size(); ++i) {
    const v1::PlanItem& item = trackings[i].plan_item();
    places[item.document()][item.span().begin()] = i;
  }
  std::vector<size_t> next;
  std::vector<bool> carried_to(trackings.size(), false);
  for (const v1::Tracking& tracking : trackings) {
    next.push_back(NextOf(places, trackings, tracking));
    if (next.back() != kNone) carried_to[next.back()] = true;
  }
  std::vector<v1::PromiseChain> chains;
  for (size_t first = 0; first < trackings.size(); ++first) {
    if (carried_to[first] || next[first] == kNone) continue;
    v1::PromiseChain chain;
    for (size_t i = first; i != kNone; i = next[i]) *chain.add_trackings() = trackings[i];
    if (chain.trackings_size() >= min_years) chains.push_back(std::move(chain));
  }
  std::stable_sort(chains.begin(), chains.end(), [](const v1::PromiseChain& a, const v1::PromiseChain& b) {
    return a.trackings_size() > b.trackings_size();
  });
  return chains;
}

}  // namespace duban
