// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/decimal.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace duban {
namespace {

using Wide = __int128;

constexpr int kMostPower = Decimal::kMaxIntegerDigits + Decimal::kMaxScale;

constexpr auto kPowers = [] {
  std::array<Wide, kMostPower + 1> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

constexpr Wide Power(int exponent) { return kPowers[static_cast<size_t>(exponent)]; }

absl::Status TooLarge() { return absl::OutOfRangeError("decimal: beyond 10^27 or finer than 10 decimals"); }

}  // namespace

absl::StatusOr<Decimal> Decimal::Normalized(Wide coefficient, int scale) {
  while (scale > 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  if (scale > kMaxScale) return TooLarge();
  const Wide limit = Power(kMaxIntegerDigits) * Power(scale);
  if (coefficient > limit || coefficient < -limit) return TooLarge();
  Decimal result;
  result.coefficient_ = coefficient;
  result.scale_ = scale;
  return result;
}

Decimal Decimal::Create(int64_t coefficient, int scale) { return *Normalized(coefficient, scale); }

absl::StatusOr<Decimal> Decimal::FromDigits(std::string_view digits, size_t decimals) {
  while (decimals > 0 && digits.back() == '0') {
    digits.remove_suffix(1);
    --decimals;
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (decimals > kMaxScale || digits.size() > kMaxIntegerDigits + kMaxScale) return TooLarge();
  Wide coefficient = 0;
  for (const char digit : digits) coefficient = coefficient * 10 + (digit - '0');
  return Normalized(coefficient, static_cast<int>(decimals));
}

absl::StatusOr<Decimal> Decimal::Quotient(const Decimal& numerator, const Decimal& denominator, int64_t factor,
                                          int decimals) {
  const Wide limit = Power(18);
  const Wide below = denominator.coefficient_;
  if (numerator.coefficient_ > limit || numerator.coefficient_ < -limit || below > limit) return TooLarge();
  // 10^18 x 10^4 x 10^(decimals + 1) stays below 2^127.
  Wide scaled = numerator.coefficient_ * factor;
  for (int scale = 0; scale <= decimals; ++scale) {
    if (scaled % below == 0) return Normalized(scaled / below, scale);
    if (scale < decimals) scaled *= 10;
  }
  const Wide half = scaled < 0 ? -below : below;
  return Normalized((2 * scaled + half) / (2 * below), decimals);
}

absl::StatusOr<Decimal> Decimal::Scaled(int exponent) const {
  if (exponent <= 0) return Normalized(coefficient_, scale_ - exponent);
  const int spare = std::min(exponent, scale_);
  const int more = exponent - spare;
  if (more > kMostPower) return IsZero() ? absl::StatusOr<Decimal>(Decimal()) : TooLarge();
  const Wide most = Power(kMostPower) / Power(more);
  if (coefficient_ > most || coefficient_ < -most) return TooLarge();
  return Normalized(coefficient_ * Power(more), scale_ - spare);
}

absl::StatusOr<Decimal> Decimal::Plus(const Decimal& other) const {
  const int scale = std::max(scale_, other.scale_);
  return Normalized(coefficient_ * Power(scale - scale_) + other.coefficient_ * Power(scale - other.scale_), scale);
}

Decimal Decimal::Negated() const {
  Decimal result = *this;
  result.coefficient_ = -coefficient_;
  return result;
}

double Decimal::ToDouble() const {
  constexpr Wide kExact = Wide{1} << 53;
  // Both operands are exact, so that one division rounds once.
  if (coefficient_ <= kExact && coefficient_ >= -kExact) {
    return static_cast<double>(coefficient_) / static_cast<double>(Power(scale_));
  }
  return std::strtod(ToString().c_str(), nullptr);
}

std::string Decimal::ToString() const {
  std::string digits;
  Wide rest = coefficient_ < 0 ? -coefficient_ : coefficient_;
  for (int i = 0; rest > 0 || i <= scale_; ++i) {
    if (i == scale_ && scale_ > 0) digits.push_back('.');
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  if (coefficient_ < 0) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  const Wide left = a.coefficient_ * Power(scale - a.scale_);
  const Wide right = b.coefficient_ * Power(scale - b.scale_);
  if (left == right) return std::strong_ordering::equal;
  return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace duban
