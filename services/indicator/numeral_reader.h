// SPDX-License-Identifier: Apache-2.0
// services/indicator/numeral_reader.h: one pass over a numeral, for numeral.cc and numeral_section.cc.
//
//   NumeralReader reader(chars, begin, chars.size());
//   const Numeral read = reader.Read();
//
// Not thread-safe.

#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/indicator/numeral.h"
#include "services/indicator/numeral_signs.h"

namespace duban {

inline constexpr int kWan = 4;
inline constexpr int kYi = 8;

// Reads one numeral; numeral.cc tells how. After an error status() tells it and the result is void.
class NumeralReader {
 public:
  NumeralReader(const FoldedChars& chars, size_t begin, size_t limit) : chars_(chars), begin_(begin), limit_(limit) {}

  // What stands at `begin`; its end is `begin` if that is no numeral.
  Numeral Read();

  const absl::Status& status() const { return status_; }

 private:
  // The digits, and 十 百 千, of one section.
  struct Section {
    Decimal value;
    size_t end = 0;
    bool any = false;     // something was read
    bool closed = false;  // a decimal or a range: only 万 and 亿 may follow
    bool only_magnitude = false;
  };

  char16_t At(size_t i) const {
    if (i >= limit_ || (i > begin_ && chars_.gap(i) == FoldedChars::kBreak)) return u'\0';
    return chars_[i];
  }

  // The sign at `i`, if it goes with the signs before it.
  NumeralSign SignAt(size_t i) const {
    const NumeralSign sign = NumeralSignOf(At(i));
    if ((sign.formal && plain_) || (sign.plain && formal_)) return {};
    return sign;
  }

  void Note(const NumeralSign& sign) {
    formal_ |= sign.formal;
    plain_ |= sign.plain;
  }

  Decimal Take(const absl::StatusOr<Decimal>& value) {
    if (value.ok()) return *value;
    status_ = value.status();
    return Decimal();
  }

  Decimal Scaled(const Decimal& value, int exponent) { return Take(value.Scaled(exponent)); }
  void Add(Decimal* sum, const Decimal& value, int exponent) { *sum = Take(sum->Plus(Scaled(value, exponent))); }

  // 2 for 百分之 at `i`, 3 for 千分之, 4 for 万分之, else 0.
  int FractionOf(size_t i) const {
    if (At(i + 1) != u'分' || At(i + 2) != u'之') return 0;
    const int magnitude = NumeralSignOf(At(i)).magnitude;
    return magnitude >= 2 && magnitude <= kWan ? magnitude : 0;
  }

  // Fractions and percentages: numeral.cc.
  void ReadPercentage(int exponent);
  void ReadRatio();

  // Sections of digits and magnitudes: numeral_section.cc.
  void ReadPlain(size_t i);
  Section ReadSection(size_t i, int above);
  void ReadDecimals(Section* section);
  bool ReadFirstDigits(Section* section, int* last);
  bool ReadLaterDigits(Section* section, int* last, int room, bool zero);
  bool ReadSignDigit(Section* section, int* last, int above, bool zero);
  bool ReadDigitPair(Section* section, int below);
  void ReadDigitString(Section* section);
  DigitRun ReadDigits(size_t i);

  const FoldedChars& chars_;
  const size_t begin_;
  const size_t limit_;
  Numeral result_{.end = begin_};
  Decimal high_;
  bool formal_ = false;
  bool plain_ = false;
  absl::Status status_;
};

}  // namespace duban
