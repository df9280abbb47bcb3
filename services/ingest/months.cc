// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/months.h"

#include <algorithm>
#include <string_view>

#include "common/text/utf8.h"
#include "services/ingest/dates.h"

namespace duban {
namespace {

constexpr std::string_view kMonth = "月";
constexpr std::string_view kMonthOf = "月份";

bool Skip(std::string_view text, std::string_view word, size_t* at) {
  if (text.compare(*at, word.size(), word) != 0) return false;
  *at += word.size();
  return true;
}

// 1-6月, 1月至6月, 5月份 at `begin`; size 0 if none stands there.
MonthsMention RangeAt(std::string_view text, size_t begin) {
  MonthsMention none{0, 0, begin, 0};
  size_t at = begin;
  const int first = ReadSmall(text, &at);
  if (first == 0 || first > 12) return none;
  size_t of = at;
  if (Skip(text, kMonthOf, &of)) return {first, first, begin, of - begin};
  Skip(text, kMonth, &at);
  const size_t dash = at;
  while (IsRangeDash(DecodeAt(text, at).value)) at += DecodeAt(text, at).size;
  if (at == dash) return none;
  const int last = ReadSmall(text, &at);
  if (last <= first || last > 12 || !Skip(text, kMonth, &at)) return none;
  return {first, last, begin, at - begin};
}

MonthsMention MentionAt(std::string_view text, size_t at, const ingest::ReportLexicon& lexicon) {
  MonthsMention best{0, 0, at, 0};
  for (const auto& part : lexicon.part_of_year()) {
    if (part.word().size() <= best.size || text.compare(at, part.word().size(), part.word()) != 0) continue;
    best = {part.first_month(), part.last_month(), at, part.word().size()};
  }
  const CodePoint before = DecodeBefore(text, at);
  return best.size > 0 || IsDigit(before.value) ? best : RangeAt(text, at);
}

}  // namespace

std::vector<MonthsMention> FindMonths(std::string_view text, const ingest::ReportLexicon& lexicon) {
  std::vector<MonthsMention> found;
  for (size_t at = 0; at < text.size();) {
    const MonthsMention mention = MentionAt(text, at, lexicon);
    if (mention.size > 0) found.push_back(mention);
    at += mention.size > 0 ? mention.size : std::max<size_t>(DecodeAt(text, at).size, 1);
  }
  return found;
}

}  // namespace duban
