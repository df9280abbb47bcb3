// SPDX-License-Identifier: Apache-2.0
// services/indicator/history_words.h: whether a figure is that of its whole year, and a growth one of prices, too.
//
//   DUBAN_ASSIGN_OR_RETURN(const HistoryWords words, HistoryWords::Create());
//   words.IsOfYear(indicator);   // not of 上半年受理案件386宗, 累计培训1200人次, 日均接听60个
//   words.IsReal("工业产值", "按可比价格计算增长");   // no two levels at the prices of their years give such a growth
//
// Immutable: safe to call from any thread.

#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "duban/v1/indicator.pb.h"
#include "services/indicator/word_table.h"

namespace duban {

// Bytes before the figure that the evidence of a long sentence holds at most.
inline constexpr size_t kEvidenceBytesBefore = 450;

class HistoryWords {
 public:
  // The embedded words.
  static absl::StatusOr<HistoryWords> Create();

  // Whether no word of the evidence before the figure narrows it to a running total, an average or a part of the year:
  // of such words and those that name the whole year (全年) the last one counts.
  // True without evidence.
  bool IsOfYear(const v1::Indicator& indicator) const;

  // Whether the growth of what `label` names is at constant prices, by that name or by `words` around the growth.
  bool IsReal(std::string_view label, std::string_view words) const;

 private:
  HistoryWords() = default;

  WordTable table_;
};

}  // namespace duban
