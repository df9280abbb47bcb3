// SPDX-License-Identifier: Apache-2.0
// services/indicator/change_check.h: growth that the figures beside it contradict.
//
//   办结874件（2024年为512件），增长80%          ->  from 512件 to 874件 is 70.70%
//   结案率98.5%，较上年的96.3%提高1.2个百分点    ->  from 96.3% to 98.5% is 2.20
//   办理600件，同比增加100件，增长30%            ->  by 100件 to 600件 is 20.00%
//
// Pure; safe to call from any thread.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/indicator/figure.h"
#include "services/indicator/history_words.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/relation.h"

namespace duban {

// A change that does not follow from two other figures.
struct ChangeMismatch {
  std::vector<int> members;  // the change, what changed, and what it is held against
  double computed = 0;       // in the change's unit; positive is in its direction
  std::string message;
};

// What contradicts the change of `link` (a CHANGE); none if nothing does, or if words or rounding may explain it.
std::optional<ChangeMismatch> CheckChange(std::string_view text, std::span<const Figure> figures, const Link& link,
                                          const LabelWords& words, const HistoryWords& history);

}  // namespace duban
