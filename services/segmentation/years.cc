// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/years.h"

#include "common/text/utf8.h"

namespace duban {

std::vector<int> YearsIn(std::string_view text, const Rules& rules) {
  std::vector<int> years;
  int digits = 0;
  int value = 0;
  for (const CodePoint& c : CodePoints(text)) {
    if (const int digit = rules.YearDigit(c.value); digit >= 0) {
      value = digits < 4 ? value * 10 + digit : value;
      ++digits;
      continue;
    }
    if (digits > 0 && IsSpace(c.value)) continue;
    if (c.value == U'年' && digits == 4 && value >= 1900 && value < 2100) years.push_back(value);
    digits = value = 0;
  }
  return years;
}

}  // namespace duban
