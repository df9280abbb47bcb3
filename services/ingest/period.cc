// SPDX-License-Identifier: Apache-2.0
// How the years are found
//
// A title or heading is read year by year: the words between one year and the next tell whether that year is reported
// on (总结, 报告, 情况) or planned for (计划, 要点, 打算), the first such word deciding, as 工作计划的报告 is a plan
// and 工作情况和下一步打算 is both. A plan without year is for the year after the report's, unless the report is on a
// part of the year: then for the rest of it. What the title leaves open the headings tell, in order; then the first
// year of the body, which opens most reports (2023年，某某局…).
#include "services/ingest/period.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "common/text/fold.h"
#include "services/ingest/dates.h"
#include "services/ingest/join.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kLongestHeading = 40 * 3;  // bytes
constexpr size_t kYearBytes = 6 * 3;        // that hold a year at their beginning

// What a title or heading says.
struct Reading {
  int report_year = 0;
  int plan_year = 0;
  bool report = false;
  bool plan = false;
  bool part_of_year = false;
};

size_t Place(const WordHit& hit) { return hit.begin; }  // npos if not found

// What the words behind one year (or of a text without year) say.
void ReadWords(std::string_view words, const ingest::ReportLexicon& lexicon, bool* report, bool* plan) {
  const size_t strong = Place(FindFirst(words, lexicon.report()));
  const size_t account = std::min(strong, Place(FindFirst(words, lexicon.account())));
  const WordHit ahead = FindFirst(words, lexicon.plan());
  const bool outcome =
      ahead.found() && FindFirst(words, lexicon.outcome(), ahead.end()).found() && account > ahead.begin;
  *plan = ahead.found() && !outcome;
  *report = outcome || (account != std::string_view::npos && (!ahead.found() || account < ahead.begin));
}

Reading ReadHeading(std::string_view heading, const ingest::ReportLexicon& lexicon) {
  Reading reading;
  reading.part_of_year = ContainsAny(heading, lexicon.part_of_year());
  const std::vector<YearMention> years = FindYears(heading);
  if (years.empty()) {
    ReadWords(heading, lexicon, &reading.report, &reading.plan);
    return reading;
  }
  for (size_t i = 0; i < years.size(); ++i) {
    const size_t begin = years[i].begin + years[i].size;
    const size_t end = i + 1 < years.size() ? years[i + 1].begin : heading.size();
    bool report = false, plan = false;
    ReadWords(heading.substr(begin, end - begin), lexicon, &report, &plan);
    // Words in front of the only year belong to it too: 法治政府建设工作报告（2023年）.
    if (!report && !plan && years.size() == 1) ReadWords(heading.substr(0, years[0].begin), lexicon, &report, &plan);
    if (report && reading.report_year == 0) reading.report_year = years[i].year;
    if (plan && !report && reading.plan_year == 0) reading.plan_year = years[i].year;
    reading.report |= report;
    reading.plan |= plan;
  }
  return reading;
}

// Lines, and sentences or pieces between blanks that begin with an enumerator, short enough for a heading.
std::vector<std::string_view> Headings(std::string_view text) {
  std::vector<std::string_view> headings;
  size_t begin = 0;
  bool line_start = true;
  for (const CodePoint& c : CodePoints(text)) {
    const bool line_end = c.value == '\n';
    if (!line_end && c.value != U'。' && c.value != ' ' && c.value != U'　') continue;
    const std::string_view piece = text.substr(begin, c.offset - begin);
    if (!piece.empty() && piece.size() <= kLongestHeading && ((line_start && line_end) || BeginsItem(piece))) {
      headings.push_back(piece);
    }
    begin = c.offset + c.size;
    line_start = line_end;
  }
  if (begin < text.size() && text.size() - begin <= kLongestHeading) headings.push_back(text.substr(begin));
  return headings;
}

// The year of the first line that begins with one, as reports do (2023年，…); else the year that a text names most, the
// later of two; 0 if it names none.
int YearOfBody(std::string_view text) {
  for (size_t begin = 0; begin < text.size();) {
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    begin += line.size() + 1;
    if (line.size() < kLongestHeading) continue;
    const std::vector<YearMention> years = FindYears(line.substr(0, kYearBytes));
    if (!years.empty() && years.front().begin == 0) return years.front().year;
  }
  std::map<int, int> counts;
  for (const YearMention& mention : FindYears(text)) ++counts[mention.year];
  int best = 0, most = 0;
  for (const auto& [year, count] : counts) {
    if (count >= most) best = year;
    most = std::max(most, count);
  }
  return best;
}

// Whether a paragraph leaves the report for what comes next (下一步，…; 2024年，我局将…), without a heading. Fills the
// year where it names one.
bool TurnsAhead(std::string_view line, int report_year, const ingest::ReportLexicon& lexicon, int* year) {
  const std::string_view head = line.substr(0, kLongestHeading);
  if (LongestAt(head, 0, lexicon.next()) > 0) return true;
  const std::vector<YearMention> years = FindYears(head.substr(0, kYearBytes));
  if (years.empty() || years.front().begin != 0 || years.front().year != report_year + 1) return false;
  const bool date = IsDigit(DecodeAt(head, years.front().size).value);
  if (date || !ContainsAny(head, lexicon.ahead())) return false;
  *year = years.front().year;
  return true;
}

// The same of the text's paragraphs.
bool AnyTurnsAhead(std::string_view text, int report_year, const ingest::ReportLexicon& lexicon, int* year) {
  for (size_t begin = 0; begin < text.size();) {
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    if (TurnsAhead(line, report_year, lexicon, year)) return true;
    begin += line.size() + 1;
  }
  return false;
}

}  // namespace

Period FindPeriod(std::string_view title, std::string_view written, const ingest::ReportLexicon& lexicon) {
  const std::string text = Fold(written);
  Reading whole = ReadHeading(WithoutSpace(Fold(title)), lexicon);
  const Reading title_says = whole;
  const bool titled = whole.report || whole.plan;
  for (const std::string_view piece : Headings(text)) {
    const Reading heading = ReadHeading(piece, lexicon);
    // A plan's title rules out a report, unless a heading names its year: others speak of goals only.
    const bool plan_only = titled && whole.plan && !title_says.report;
    const bool earlier = heading.report_year != 0 && heading.report_year < whole.plan_year;
    if (heading.report && (!plan_only || earlier)) {
      whole.report = true;
      if (whole.report_year == 0) whole.report_year = heading.report_year;
    }
    if (heading.plan && (heading.plan_year >= whole.report_year || heading.plan_year == 0)) {
      whole.plan = true;
      if (whole.plan_year == 0) whole.plan_year = heading.plan_year;
    }
    if (!titled && (heading.report || heading.plan)) whole.part_of_year |= heading.part_of_year;
  }
  if (whole.report_year == 0 && whole.plan_year == 0) {
    (whole.plan && !whole.report ? whole.plan_year : whole.report_year) = YearOfBody(Fold(title) + "\n" + text);
  }
  if (!whole.plan && whole.report_year != 0) {
    whole.plan = AnyTurnsAhead(text, whole.report_year, lexicon, &whole.plan_year);
    whole.report |= whole.plan;
  }
  const int step = whole.part_of_year ? 0 : 1;
  if (whole.report && whole.report_year == 0 && whole.plan_year != 0) whole.report_year = whole.plan_year - step;
  if (whole.plan && whole.plan_year == 0 && whole.report_year != 0) whole.plan_year = whole.report_year + step;
  Period period{whole.report_year, whole.plan_year, v1::Document::KIND_UNSPECIFIED};
  if (whole.report && whole.plan) {
    period.kind = v1::Document::SUMMARY_AND_PLAN;
  } else if (whole.report || whole.plan) {
    period.kind = whole.report ? v1::Document::SUMMARY : v1::Document::PLAN;
  }
  return period;
}

}  // namespace duban
