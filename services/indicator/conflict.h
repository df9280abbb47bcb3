// SPDX-License-Identifier: Apache-2.0
// services/indicator/conflict.h: one thing with two figures in one report.
//
//   FindConflicts(text, outline, views, figures, metrics, words);
//   // 受理法律援助案件812宗。…受理法律援助案件815宗。  ->  {0, 1}
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "duban/v1/outline.pb.h"
#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// Two figures, by index, of which no more than one can be true.
struct Conflict {
  int first = 0;
  int second = 0;
};

// All conflicts of one document; the parameters are those of FindFindings.
std::vector<Conflict> FindConflicts(std::string_view text, const v1::Outline& outline,
                                    std::span<const SentenceView> views, std::span<const Figure> figures,
                                    std::span<const std::string_view> metrics, const LabelWords& words);

}  // namespace duban
