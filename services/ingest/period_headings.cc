// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/period_headings.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/text/utf8.h"
#include "services/ingest/dates.h"
#include "services/ingest/join.h"

namespace duban {
namespace {

// What the words of `heading` from `begin` to `end` make of the year there.
std::pair<WordHit, WordHit> ReadWords(std::string_view heading, size_t begin, size_t end, const PeriodWords& lexicon) {
  const std::string_view words = heading.substr(begin, end - begin);
  WordHit report = lexicon.report.FindFirst(words);
  WordHit plan = lexicon.plan.FindFirst(words);
  if (plan.found()) {
    const bool breakdown = FindFirst(words, lexicon.lexicon.breakdown(), plan.end()).found();
    const WordHit outcome = FindFirst(words, lexicon.lexicon.outcome(), plan.end());
    if (outcome.found() && report.begin > plan.begin) {
      report = outcome;
      plan = {};
    } else if (plan.begin <= report.begin || (breakdown && !ContainsAny(words, lexicon.lexicon.report()))) {
      report = {};
    }
  }
  for (WordHit* hit : {&report, &plan}) {
    if (hit->found()) hit->begin += begin;
  }
  return {report, plan};
}

// The part of the year that stands last before a half's word, else the first behind it up to `end`.
void ReadMonths(const std::vector<MonthsMention>& mentions, size_t begin, size_t end, bool before_only,
                HeadingHalf* half) {
  if (!half->said()) return;
  for (const MonthsMention& mention : mentions) {
    if (mention.begin < begin || mention.begin >= end) continue;
    const bool before = mention.begin < half->word.begin;
    if (before || (half->months.size == 0 && !before_only)) half->months = mention;
  }
}

}  // namespace

HeadingPeriods ReadHeading(std::string_view heading, const PeriodWords& lexicon) {
  HeadingPeriods reading;
  const std::vector<YearMention> years = FindYears(heading, lexicon.lexicon.year_word());
  std::vector<MonthsMention> months;  // found where they are wanted: most headings are neither
  for (size_t i = 0; i < std::max<size_t>(years.size(), 1); ++i) {
    const YearMention year = years.empty() ? YearMention{0, 0, 0} : years[i];
    const size_t begin = year.begin + year.size;
    const size_t end = i + 1 < years.size() ? years[i + 1].begin : heading.size();
    auto [report, plan] = ReadWords(heading, begin, end, lexicon);
    size_t months_begin = year.begin;
    // Words in front of the only year belong to it too: 法治政府建设工作报告（2023年）.
    if (!report.found() && !plan.found() && years.size() == 1) {
      std::tie(report, plan) = ReadWords(heading, 0, year.begin, lexicon);
      months_begin = 0;
    }
    if (months.empty() && (report.found() || plan.found())) months = FindMonths(heading, lexicon.lexicon);
    const bool both = report.found() && plan.found();
    for (const auto& [half, word] : {std::pair{&reading.report, report}, std::pair{&reading.plan, plan}}) {
      if (!word.found()) continue;
      HeadingHalf here{year.year, {year.begin, year.size}, word, {0, 0, 0, 0}};
      // A plan behind the report of the same year goes on from it: it names no year of its own.
      const bool behind = both && half == &reading.plan;
      if (behind) here.year = 0;
      ReadMonths(months, behind ? report.begin : months_begin, end, both, &here);
      if (!half->said() || (half->year == 0 && here.year != 0)) *half = here;
    }
  }
  return reading;
}

std::vector<std::string_view> Headings(std::string_view text) {
  std::vector<std::string_view> headings;
  size_t line = 0, begin = 0;
  size_t blanks = 0;       // in the line
  bool sentences = false;  // the same
  for (const CodePoint& c : CodePoints(text)) {
    const bool line_end = c.value == '\n', stop = c.value == U'。';
    if (!line_end && !stop && c.value != ' ' && c.value != U'　') continue;
    sentences |= stop;
    blanks += !stop && !line_end;
    const std::string_view all = text.substr(line, c.offset - line);
    const bool whole = line_end && !sentences && all.size() <= kLongestHeading &&
                       (blanks == 0 || (blanks == 1 && (BeginsItem(all) || IsDigit(DecodeAt(all, 0).value))));
    const std::string_view piece = text.substr(begin, c.offset - begin);
    if (whole) {
      headings.push_back(all);
    } else if (!piece.empty() && piece.size() <= kLongestHeading && BeginsItem(piece)) {
      headings.push_back(piece);
    }
    begin = c.offset + c.size;
    if (!line_end) continue;
    line = begin;
    blanks = 0;
    sentences = false;
  }
  if (begin < text.size() && text.size() - begin <= kLongestHeading) headings.push_back(text.substr(begin));
  return headings;
}

}  // namespace duban
