// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/months.h"

#include <algorithm>
#include <string_view>

#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr std::string_view kMonth = "月", kDay = "日";
constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};  // February's last day may be the 29th
constexpr size_t kYearBytes = 8 * 3;                                       // that hold a year at their beginning

bool Skip(std::string_view text, std::string_view word, size_t* at) {
  if (text.compare(*at, word.size(), word) != 0) return false;
  *at += word.size();
  return true;
}

// 1-6月, 1月至6月, 5月份 at `begin`; size 0 if none stands there.
MonthsMention RangeAt(std::string_view text, size_t begin, const ingest::ReportLexicon& lexicon) {
  const MonthsMention none{0, 0, begin, 0};
  size_t at = begin;
  const int first = ReadSmall(text, &at);
  if (first == 0 || first > 12) return none;
  size_t whole = at;
  if (Skip(text, lexicon.whole_month(), &whole)) return {first, first, begin, whole - begin};
  Skip(text, kMonth, &at);
  const size_t dash = at;
  while (IsRangeDash(DecodeAt(text, at).value)) at += DecodeAt(text, at).size;
  if (at == dash) return none;
  const int last = ReadSmall(text, &at);
  if (last <= first || last > 12 || !Skip(text, kMonth, &at)) return none;
  return {first, last, begin, at - begin};
}

// 截至5月底, 截至2023年5月 at `begin`; size 0 if none stands there, or if a day does (截至5月15日). A year between is
// no part of it.
MonthsMention UpToAt(std::string_view text, size_t begin, const ingest::ReportLexicon& lexicon) {
  const MonthsMention none{0, 0, begin, 0};
  size_t at = begin + LongestAt(text, begin, lexicon.up_to());
  if (at == begin) return none;
  const std::vector<YearMention> years = FindYears(text.substr(at, kYearBytes), lexicon.year_word());
  if (!years.empty() && years.front().begin == 0) begin = at += years.front().size;
  const int last = ReadSmall(text, &at);
  if (last == 0 || last > 12 || !Skip(text, kMonth, &at)) return none;
  at += LongestAt(text, at, lexicon.month_end());
  const int day = ReadSmall(text, &at);
  if (day > 0 && (day < kDays[last - 1] || !Skip(text, kDay, &at))) return none;
  return {1, last, begin, at - begin};
}

}  // namespace

MonthsMention MonthsAt(std::string_view text, size_t at, const ingest::ReportLexicon& lexicon) {
  MonthsMention best{0, 0, at, 0};
  for (const auto& part : lexicon.part_of_year()) {
    if (part.word().size() <= best.size || text.compare(at, part.word().size(), part.word()) != 0) continue;
    best = {part.first_month(), part.last_month(), at, part.word().size()};
  }
  if (best.size > 0) return best;
  if (const MonthsMention up_to = UpToAt(text, at, lexicon); up_to.size > 0) return up_to;
  return IsDigit(DecodeBefore(text, at).value) ? best : RangeAt(text, at, lexicon);
}

std::vector<MonthsMention> FindMonths(std::string_view text, const ingest::ReportLexicon& lexicon) {
  std::vector<MonthsMention> found;
  for (size_t at = 0; at < text.size();) {
    const MonthsMention mention = MonthsAt(text, at, lexicon);
    if (mention.size > 0) found.push_back(mention);
    at = mention.size > 0 ? mention.begin + mention.size : at + std::max<size_t>(DecodeAt(text, at).size, 1);
  }
  return found;
}

}  // namespace duban
