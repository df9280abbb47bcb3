// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/figure_rows.h"

#include "services/indicator/fragment.h"

namespace duban {
namespace {

constexpr size_t kBetween = 60 * kHan;  // between the last figure of a sentence and one that goes on about it

}  // namespace

size_t FigureRows::SentenceBefore(size_t begin) const {
  if (begin == 0) return begin;
  const size_t end = figures_[begin - 1].extent.end;
  const std::string_view between = text_.substr(end, figures_[begin].extent.begin - end);
  if (between.size() > kBetween || between.find('\n') != std::string_view::npos) return begin;
  size_t first = begin - 1;
  while (first > 0 && begin - first < kReach && figures_[first - 1].sentence == figures_[begin - 1].sentence) --first;
  return first;
}

}  // namespace duban
