// SPDX-License-Identifier: Apache-2.0
// services/indicator/decimal.h: exact decimal numbers, as large and as fine as figures in reports get.
//
//   Decimal amount = *Decimal::Create(35, 1).Scaled(4);   // 3.5 x 10^4
//   amount.ToString();                                    // "35000"
//
// A value is coefficient x 10^-scale, kept without trailing zeros, |value| <= 10^27 and at most 10 decimals. Operations
// that would leave that range answer OUT_OF_RANGE; nothing is ever rounded unless a function says so. Plain values: as
// thread-safe as an int.

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace duban {

class Decimal {
 public:
  static constexpr int kMaxIntegerDigits = 27;
  static constexpr int kMaxScale = 10;

  // Zero.
  Decimal() = default;

  // coefficient x 10^-scale; 0 <= scale <= kMaxScale.
  static Decimal Create(int64_t coefficient, int scale = 0);

  // The digits '0' to '9' of `digits`, the last `decimals` of them behind the point. `digits` holds nothing else.
  static absl::StatusOr<Decimal> FromDigits(std::string_view digits, size_t decimals);

  // numerator / denominator x factor, exact if that ends within `decimals` decimals, else rounded to them, half away
  // from zero. `denominator` is positive and both are whole. OUT_OF_RANGE as above.
  static absl::StatusOr<Decimal> Quotient(const Decimal& numerator, const Decimal& denominator, int64_t factor,
                                          int decimals);

  // This x 10^exponent.
  absl::StatusOr<Decimal> Scaled(int exponent) const;
  absl::StatusOr<Decimal> Plus(const Decimal& other) const;

  Decimal Negated() const;
  bool IsWhole() const { return scale_ == 0; }
  bool IsZero() const { return coefficient_ == 0; }

  // The nearest double.
  double ToDouble() const;

  // Plain notation: "47350000", "-0.08".
  std::string ToString() const;

  friend bool operator==(const Decimal& a, const Decimal& b) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  using Wide = __int128;

  static absl::StatusOr<Decimal> Normalized(Wide coefficient, int scale);

  Wide coefficient_ = 0;
  int scale_ = 0;
};

}  // namespace duban
