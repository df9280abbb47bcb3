// SPDX-License-Identifier: Apache-2.0
// services/indicator/finding.h: figures of one report that do not add up.
//
//   FindFindings(text, outline, views, figures, metrics, links, words, history);
//   // 受理100件，调解成功90件，调解成功率95%  ->  RATE_MISMATCH, reported 95, computed 90
//   // 办结案件11件，和解案件占办结案件的97%    ->  IMPOSSIBLE_RATE, reported 97, computed 100
//
// Precision first: a finding rests on words that tie the figures together, never on their standing near each other, and
// allows for rounding and for cutting off, of the rate and of figures printed in 万 and 亿. Pure functions; safe to
// call from any thread.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "duban/v1/indicator.pb.h"
#include "duban/v1/outline.pb.h"
#include "services/indicator/figure.h"
#include "services/indicator/history_words.h"
#include "services/indicator/label_lexicon.h"
#include "services/indicator/relation.h"

namespace duban {

// All findings of one document. `views` holds the sentences that Figure::sentence counts, `metrics` the catalog's id of
// each figure, empty where there is none.
std::vector<v1::Finding> FindFindings(std::string_view text, const v1::Outline& outline,
                                      std::span<const SentenceView> views, std::span<const Figure> figures,
                                      std::span<const std::string_view> metrics, std::span<const Link> links,
                                      const LabelWords& words, const HistoryWords& history);

}  // namespace duban
