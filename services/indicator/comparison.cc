// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/comparison.h"

#include <algorithm>

#include "services/indicator/fragment.h"
#include "services/indicator/period.h"

namespace duban {
namespace {

constexpr std::string_view kYears = "年";

// 比2019年, 与2020年相比, 较2020年、2021年: the comparison that begins at `pos` and names dates; empty if it names
// none.
Comparison WithDates(std::string_view text, size_t pos) {
  Comparison found = {
      .range = {pos, pos}, .base = v1::Indicator::PREVIOUS_PERIOD, .tags = LabelWords::kBase, .periods = 0};
  if (!StartsAt(text, pos, "比") && !StartsAt(text, pos, "较") && !StartsAt(text, pos, "与")) return found;
  for (size_t at = pos + kHan;;) {
    const size_t date = DateAt(text, at);
    if (date == 0) return found;
    found.range.end = at + date;
    ++found.periods;
    const size_t joint = ListJointAt(text, found.range.end);
    if (joint == 0) return found;
    at = found.range.end + joint;
  }
}

}  // namespace

Comparison FindComparison(std::string_view text, Range range, const LabelWords& words) {
  const std::string_view view = text.substr(0, range.end);
  Comparison found = {.range = {range.end, range.end}};
  for (size_t pos = range.begin; pos < range.end;) {
    if (const WordTable::Match match = words.table().At(view, pos, LabelWords::kBase)) {
      found = {{pos, pos + match.size}, static_cast<v1::Indicator::Base>(match.value), match.tags, 1};
      pos += match.size;
    } else if (const Comparison dated = WithDates(view, pos)) {
      found = dated;
      pos = dated.range.end;
    } else {
      ++pos;
      while (pos < range.end && (static_cast<unsigned char>(text[pos]) & 0xC0) == 0x80) ++pos;
    }
  }
  return found;
}

Range ChangeSubject(std::string_view text, Range rest, Range compared, const LabelWords& words) {
  const Range behind = StripBackWords(text, {compared.end, std::max(compared.end, rest.end)}, words,
                                      LabelWords::kParticle | LabelWords::kRespective);
  Range before = {rest.begin, std::min(rest.end, compared.begin)};
  before = StripBackWords(text, before, words, LabelWords::kParticle);
  // 较法定时限提速: only a point of comparison.
  const std::string_view lead = View(text, before);
  // 两年增长: only a term.
  if (lead.size() <= 3 * kYears.size() && lead.ends_with(kYears)) return {rest.begin, rest.begin};
  if (compared.empty() && (lead.starts_with("较") || lead.starts_with("比"))) return {rest.begin, rest.begin};
  const Range own = StripBack(text, StripFront(text, behind, words), words);
  if (!compared.empty() && View(text, own).size() >= 6) return own;
  return StripBack(text, StripFront(text, before, words), words);
}

int YearIn(std::string_view text, Range range) {
  const std::string_view view = View(text, range);
  const size_t digit = view.find_first_of("0123456789");
  return digit == std::string_view::npos ? 0 : YearAt(view, digit);
}

}  // namespace duban
