// SPDX-License-Identifier: Apache-2.0
// services/plan/chains.h: promises that went from plan to plan.
//
//   for (const v1::PromiseChain& chain : FindChains(trackings, 3))
//     ...  // promised for the third year: chain.trackings(0) CARRIED_OVER into chain.trackings(1), and so on
//
// Pure function. Linear in the trackings and their evidence but for the logarithm of a plan's items.

#pragma once

#include <vector>

#include "duban/v1/plan.pb.h"
#include "duban/v1/plan_service.pb.h"

namespace duban {

// The chains of at least `min_years` (2 or more) plan items among an agency's trackings, longest first, then in the
// order of their first ones. A chain begins where nothing was carried over to and ends where nothing was carried over
// from. Where two promises were carried over into one, both chains go on with it.
std::vector<v1::PromiseChain> FindChains(std::vector<v1::Tracking> trackings, int min_years);

}  // namespace duban
