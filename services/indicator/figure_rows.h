// SPDX-License-Identifier: Apache-2.0
// services/indicator/figure_rows.h: looking back among the figures of a document.
//
//   const FigureRows rows(text, figures);
//   rows.LastCount(begin, i, [&](const Figure& f) { return f.quantity.value() >= 65; });   // the nearest, -1 if none
//
// A view: text and figures must outlive it. Safe to call from any thread.

#pragma once

#include <span>
#include <string_view>

#include "services/indicator/figure.h"

namespace duban {

// A count of things done, which shares and parts are of.
inline bool IsCount(const Figure& figure) {
  return figure.quantity.kind() == v1::Quantity::COUNT && figure.direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
         figure.aspect == v1::Indicator::ACTUAL;
}

// A percentage that was measured, not a growth nor a difference of points.
inline bool IsRate(const Figure& figure) {
  return figure.quantity.kind() == v1::Quantity::PERCENT && figure.direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
         figure.aspect == v1::Indicator::ACTUAL && figure.quantity.unit().find("点") == std::string::npos &&
         !figure.quantity.has_value_high();
}

class FigureRows {
 public:
  // Figures before a rate among which its parts are sought.
  static constexpr size_t kReach = 24;

  FigureRows(std::string_view text, std::span<const Figure> figures) : text_(text), figures_(figures) {}

  size_t size() const { return figures_.size(); }
  const Figure& operator[](size_t i) const { return figures_[i]; }
  double Value(size_t i) const { return figures_[i].quantity.value(); }

  // The last count of [begin, end) for which `holds`; -1 if there is none.
  template <typename Holds>
  int LastCount(size_t begin, size_t end, const Holds& holds) const {
    for (size_t k = end; k-- > begin;) {
      if (IsCount(figures_[k]) && holds(figures_[k])) return static_cast<int>(k);
    }
    return -1;
  }

  // Where the figures of the sentence before `begin` start; `begin` if it is not the sentence right before in the
  // paragraph.
  size_t SentenceBefore(size_t begin) const;

 private:
  std::string_view text_;
  std::span<const Figure> figures_;
};

}  // namespace duban
