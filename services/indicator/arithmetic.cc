// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

namespace duban {
namespace {

constexpr double kSlack = 1e-9;
// From here on a numeral in words may be a round one.
constexpr double kCountedInWords = 10000;

// An ASCII character, or the one that a full-width form of it stands for; 0 for others.
struct Sign {
  char value = 0;
  size_t size = 1;
};

Sign SignAt(std::string_view text, size_t pos) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(pos) < 0x80) return {text[pos], 1};
  // U+FF01 to U+FF3F: EF BC 81 to EF BC BF.
  if (pos + 2 >= text.size() || byte(pos) != 0xEF || byte(pos + 1) != 0xBC) return {};
  return {static_cast<char>(byte(pos + 2) - 0x80 + 0x20), 3};
}

size_t Decimals(std::string_view printed) {
  const size_t point = printed.find('.');
  return point == std::string_view::npos ? 0 : printed.size() - point - 1;
}

double ToDouble(std::string_view printed) { return std::strtod(std::string(printed).c_str(), nullptr); }

}  // namespace

bool AgreesAsPrinted(std::string_view printed, double computed) {
  const double step = std::pow(10.0, static_cast<double>(Decimals(printed)));
  const double units = std::round(ToDouble(printed) * step);
  const double exact = computed * step;
  // Rounding half up, and cutting off; slack for what double cannot hold.
  return units == std::floor(exact + 0.5 + kSlack) || units == std::floor(exact + kSlack) || units == std::round(exact);
}

bool AgreesAsPrinted(std::string_view printed, ValueRange computed) {
  const double value = ToDouble(printed);
  return (value >= computed.low && value <= computed.high) || AgreesAsPrinted(printed, computed.low) ||
         AgreesAsPrinted(printed, computed.high);
}

std::optional<double> PrintedStep(const v1::Quantity& quantity) {
  std::string digits;
  int decimals = -1;
  const std::string& text = quantity.text();
  for (size_t pos = 0; pos < text.size();) {
    const Sign sign = SignAt(text, pos);
    pos += sign.size;
    if (sign.value >= '0' && sign.value <= '9') {
      digits += sign.value;
      if (decimals >= 0) ++decimals;
    } else if (sign.value == '.' && decimals < 0 && !digits.empty()) {
      digits += sign.value;
      decimals = 0;
    } else if (sign.value != ',' || decimals >= 0) {
      break;
    }
  }
  const double printed = ToDouble(digits);
  if (digits.empty() || printed <= 0) return std::nullopt;
  const double scale = quantity.value() / printed;
  if (scale < 1 - kSlack) return std::nullopt;
  if (scale < 1 + kSlack && decimals <= 0) return 0;
  return scale * std::pow(10.0, -std::max(0, decimals));
}

std::optional<ValueRange> PrintedRange(const v1::Quantity& quantity) {
  const std::optional<double> step = PrintedStep(quantity);
  // 一百二十件 is meant to the one, 三万四千件 perhaps not.
  if (!step.has_value() && quantity.value() >= kCountedInWords) return std::nullopt;
  const double apart = step.value_or(0);
  return ValueRange{quantity.value() - apart, quantity.value() + apart};
}

// 百分之 is a sign of numerals (numeral_signs.h), as % is.
bool IsPrintedPercent(const v1::Quantity& quantity) {
  const std::string& text = quantity.text();
  return quantity.unit() == "%" &&
         (text.find('%') != std::string::npos || text.find("％") != std::string::npos || text.starts_with("百分之"));
}

bool WholeNumberGives(std::string_view printed, double denominator) {
  if (denominator <= 0 || denominator > 1e6) return true;
  const double guess = std::floor(ToDouble(printed) * denominator / 100);
  for (double part = std::max(0.0, guess - 1); part <= std::min(denominator, guess + 2); ++part) {
    if (AgreesAsPrinted(printed, 100 * part / denominator)) return true;
  }
  return false;
}

}  // namespace duban
