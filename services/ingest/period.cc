// SPDX-License-Identifier: Apache-2.0
// How the years are found
//
// A title or heading is read year by year: the words between one year and the next tell whether that year is reported
// on (总结, 报告, 情况) or planned for (计划, 要点, 打算), the first such word deciding, as 工作计划的报告 is a plan
// and 工作情况和下一步打算 is both. The part of a year that stands last before the report's word is the report's
// (上半年 in 上半年工作总结和下半年工作计划), else the one that the body opens with (今年1至5月，…). A plan without
// year is for the year after the report's, unless the report ends before the year does or the plan begins amid it: then
// for the same. What the title leaves open the headings tell, in order; then the first year of the body, which opens
// most reports (2023年，某某局…).
#include "services/ingest/period.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/text/fold.h"
#include "services/ingest/dates.h"
#include "services/ingest/months.h"
#include "services/ingest/period_headings.h"
#include "services/ingest/squeeze.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr int kLastOfPart = 9;         // month; an opening that counts up to a later one is of the year
constexpr size_t kYearBytes = 6 * 3;   // that hold a year at their beginning
constexpr size_t kDate = 15 * 3;       // that hold a date
constexpr size_t kPartBytes = 10 * 3;  // that hold a part of the year behind it

// The year of the first line that begins with one, as reports do (2023年，…); else the year that a text names most, the
// later of two; year 0 if it names none. Fills the part of the year that stands behind it.
YearMention YearOfBody(std::string_view text, const std::vector<std::string>& own_days,
                       const ingest::ReportLexicon& lexicon, MonthsMention* months) {
  for (size_t begin = 0; begin < text.size();) {
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    const size_t at = begin;
    begin += line.size() + 1;
    if (line.size() < kLongestHeading) continue;
    const std::vector<YearMention> years = FindYears(line.substr(0, kYearBytes), lexicon.year_word());
    if (years.empty() || years.front().begin != 0) continue;
    const size_t size = years.front().size;
    const std::vector<MonthsMention> parts = FindMonths(line.substr(size, kPartBytes), lexicon);
    if (!parts.empty() && parts.front().begin == 0) *months = {parts[0].first, parts[0].last, at + size, parts[0].size};
    return {years.front().year, at, size};
  }
  const std::vector<YearMention> mentions = FindYears(text, lexicon.year_word());
  std::map<int, int> counts;
  // Days (2024年1月9日) tell when a paper was read or signed; they count where no other year stands.
  for (const YearMention& mention : mentions) {
    const bool day = IsDigit(DecodeAt(text, mention.begin + mention.size).value);
    const std::string date = day ? FindDate(text.substr(mention.begin, kDate)) : "";
    if (!date.empty() && std::find(own_days.begin(), own_days.end(), date) != own_days.end()) continue;
    counts[mention.year] += day ? 1 : static_cast<int>(mentions.size()) + 1;
  }
  int best = 0, most = 0;
  for (const auto& [year, count] : counts) {
    if (count >= most) best = year;
    most = std::max(most, count);
  }
  for (const YearMention& mention : mentions) {
    if (mention.year == best) return mention;
  }
  return {0, 0, 0};
}

// Whether a paragraph leaves the report for what comes next (下一步，…; 2024年，我局将…), without a heading. Fills the
// words, and the year where they name one.
bool TurnsAhead(std::string_view line, int report_year, const ingest::ReportLexicon& lexicon, YearMention* year) {
  const std::string_view head = line.substr(0, kLongestHeading);
  if (const size_t next = LongestAt(head, 0, lexicon.next()); next > 0) {
    *year = {0, 0, next};
    return true;
  }
  const std::vector<YearMention> years = FindYears(head.substr(0, kYearBytes), lexicon.year_word());
  if (years.empty() || years.front().begin != 0 || years.front().year != report_year + 1) return false;
  const bool date = IsDigit(DecodeAt(head, years.front().size).value);
  if (date || !ContainsAny(head, lexicon.ahead())) return false;
  *year = years.front();
  return true;
}

// What a whole report says: of each half what tells it first.
struct Told {
  int year = 0;
  bool said = false;
  MonthsMention months{0, 0, 0, 0};
  Proof year_proof, word_proof, months_proof;
};

class PeriodFinder {
 public:
  PeriodFinder(std::string_view title, const PageText& said, const std::vector<std::string>& own_days,
               const PeriodWords& words)
      : title_(title), said_(said), text_(said.text()), own_days_(own_days), words_(words), lexicon_(words.lexicon) {}

  Periods Find() {
    const HeadingPeriods title = ReadHeading(title_.text(), words_);
    const auto in_title = [this](const WordHit& hit) {
      const auto [begin, end] = title_.ToOriginal(hit.begin, hit.end());
      return Proof{Proof::kTitle, begin, end};
    };
    Take(title.report, in_title, &report_);
    Take(title.plan, in_title, &plan_);
    ReadHeadings();
    if (report_.year == 0 && plan_.year == 0) ReadBody();
    ReadOpening();
    if (!plan_.said && (report_.said || report_.year != 0)) FindTurn();
    return Conclude();
  }

 private:
  template <typename ToProof>
  static void Take(const HeadingHalf& half, const ToProof& to_proof, Told* told) {
    if (!half.said()) return;
    if (!told->said) told->word_proof = to_proof(half.word);
    told->said = true;
    if (told->year == 0 && half.year != 0) {
      told->year = half.year;
      told->year_proof = to_proof(half.year_at);
    }
    if (told->months.size == 0 && half.months.size > 0) {
      told->months = half.months;
      told->months_proof = to_proof({half.months.begin, half.months.size});
    }
  }

  void ReadHeadings() {
    const bool dated = report_.year != 0 || plan_.year != 0;
    const bool titled = report_.said || plan_.said;
    // A plan's title rules out a report, unless a heading names its year: others speak of goals only.
    const bool plan_only = plan_.said && !report_.said;
    HeadingHalf first_half, second_half;  // of headings that split the title's year
    std::string_view first_piece;
    Told headed_report, headed_plan;
    for (const std::string_view piece : Headings(text_)) {
      HeadingPeriods heading = ReadHeading(piece, words_);
      const auto in_text = [&](const WordHit& hit) { return InText(piece, hit); };
      const bool earlier = heading.report.year != 0 && heading.report.year < plan_.year;
      const bool same_year = plan_only && heading.report.said() && heading.report.months.size > 0 &&
                             heading.report.months.last < plan_.months.first;
      if (dated && heading.report.months.size > 0 && heading.report.months.last < 12 && first_half.months.size == 0) {
        first_half = heading.report;
        first_piece = piece;
      }
      if (dated && heading.plan.months.first > 1) second_half = heading.plan;
      // What the title says of the whole year goes before.
      const bool whole = dated || (titled && heading.report.year == 0);
      if (whole && !same_year) heading.report.months = heading.plan.months = {0, 0, 0, 0};
      // The text begins with the title.
      const bool own = piece.data() != text_.data();
      if (own) Take(heading.report, in_text, &headed_report);
      if (own) Take(heading.plan, in_text, &headed_plan);
      if (!plan_only || earlier || same_year) Take(heading.report, in_text, &report_);
      if (heading.plan.year >= report_.year || heading.plan.year == 0) Take(heading.plan, in_text, &plan_);
    }
    // A congress hears in January of the year before and of the year that its papers are named by.
    const bool named_by_plan = headed_report.year == report_.year - 1 && headed_plan.year == report_.year;
    if (dated && named_by_plan && !ContainsAny(title_.text(), lexicon_.report())) {
      report_.year = headed_report.year;
      report_.year_proof = headed_report.year_proof;
      plan_.year = headed_plan.year;
      plan_.year_proof = headed_plan.year_proof;
    }
    // A title that names the year alone over headings on its halves.
    if (report_.months.size == 0 && first_half.months.size > 0 && second_half.months.first > first_half.months.last) {
      report_.months = first_half.months;
      report_.months_proof = InText(first_piece, {first_half.months.begin, first_half.months.size});
    }
  }

  void ReadBody() {
    const bool plan_only = plan_.said && !report_.said;
    Told& told = plan_only ? plan_ : report_;
    MonthsMention months{0, 0, 0, 0};
    if (const std::vector<YearMention> years = FindYears(title_.text(), lexicon_.year_word()); !years.empty()) {
      told.year = years.back().year;
      const auto [begin, end] = title_.ToOriginal(years.back().begin, years.back().begin + years.back().size);
      told.year_proof = {Proof::kTitle, begin, end};
      return;
    }
    const YearMention year = YearOfBody(text_, own_days_, lexicon_, &months);
    if (year.year == 0) return;
    told.year = year.year;
    told.year_proof = said_.ProofOfText(year.begin, year.begin + year.size);
    if (told.months.size > 0 || months.size == 0) return;
    told.months = months;
    told.months_proof = said_.ProofOfText(months.begin, months.begin + months.size);
  }

  // The part of the year that the body opens with (今年1至5月，…; 截至5月底，…), where the title tells none.
  void ReadOpening() {
    const bool other_years = plan_.year != 0 && plan_.year != report_.year;
    if (!report_.said || report_.months.size > 0 || other_years || plan_.months.first == 1) return;
    const std::string_view body = FirstBodyLine();
    const MonthsMention part = OpeningPart(body);
    // Reports on a year are written before it ends: 截至11月底.
    if (part.size == 0 || part.first != 1 || part.last > kLastOfPart) return;
    // Half by half is the whole year.
    for (size_t begin = static_cast<size_t>(body.data() - text_.data()) + body.size() + 1; begin < text_.size();) {
      const std::string_view line = text_.substr(begin, text_.find('\n', begin) - begin);
      const bool later = PartAt(line).first > part.last;
      if (later && !ContainsAny(line.substr(0, kLongestHeading), lexicon_.ahead()) && HasSentence(line)) return;
      begin += line.size() + 1;
    }
    report_.months = part;
    report_.months_proof = InText(body, {part.begin, part.size});
  }

  static bool HasSentence(std::string_view line) { return line.find("。") != std::string_view::npos; }

  // The first line behind the title that is more than a heading.
  std::string_view FirstBodyLine() const {
    for (size_t begin = 0; begin < text_.size();) {
      const std::string_view line = text_.substr(begin, text_.find('\n', begin) - begin);
      if (HasSentence(line)) return line;
      begin += line.size() + 1;
    }
    return {};
  }

  // The part of the report's year that begins a line: 上半年, 2023年上半年, 今年上半年; size 0 if none does.
  MonthsMention PartAt(std::string_view line) const {
    const std::vector<YearMention> years = FindYears(line.substr(0, kYearBytes), lexicon_.year_word());
    const bool dated = !years.empty() && years.front().begin == 0;
    if (dated && report_.year != 0 && years.front().year != report_.year) return {0, 0, 0, 0};
    const size_t at = dated ? years.front().size : LongestAt(line, 0, lexicon_.this_year());
    return MonthsAt(line, at, lexicon_);
  }

  // The same of a body's first line; else what its first sentence says that the report is on:
  // 现将上半年工作情况汇报如下.
  MonthsMention OpeningPart(std::string_view body) const {
    if (const MonthsMention part = PartAt(body); part.size > 0) return part;
    const std::string_view sentence = body.substr(0, body.find("。"));
    if (sentence.size() > 2 * kLongestHeading || !ContainsAny(sentence, lexicon_.follows())) return {0, 0, 0, 0};
    const HeadingHalf report = ReadHeading(sentence, words_).report;
    const bool same = report.year == 0 || report_.year == 0 || report.year == report_.year;
    return report.said() && same ? report.months : MonthsMention{0, 0, 0, 0};
  }

  void FindTurn() {
    for (size_t begin = 0; begin < text_.size();) {
      const std::string_view line = text_.substr(begin, text_.find('\n', begin) - begin);
      YearMention year{0, 0, 0};
      if (TurnsAhead(line, report_.year, lexicon_, &year)) {
        plan_.said = true;
        plan_.year = year.year;
        plan_.word_proof = InText(line, {year.begin, year.size});
        if (year.year != 0) plan_.year_proof = plan_.word_proof;
        report_.said = true;
        return;
      }
      begin += line.size() + 1;
    }
  }

  // Of a piece of text_.
  Proof InText(std::string_view piece, const WordHit& hit) const {
    const size_t begin = static_cast<size_t>(piece.data() - text_.data()) + hit.begin;
    return said_.ProofOfText(begin, begin + hit.size);
  }

  Proof KindProof() const {
    if (!report_.said || !plan_.said) return report_.said ? report_.word_proof : plan_.word_proof;
    const Proof &a = report_.word_proof, &b = plan_.word_proof;
    if (a.place == Proof::kTitle && b.place == Proof::kTitle) {
      return {Proof::kTitle, std::min(a.begin, b.begin), std::max(a.end, b.end)};
    }
    return b.place == Proof::kText || !a.found() ? b : a;
  }

  Periods Conclude() {
    Periods periods;
    const bool part = (report_.months.size > 0 && report_.months.last < 12) || plan_.months.first > 1;
    const int step = part ? 0 : 1;
    if (report_.said && report_.year == 0 && plan_.year != 0) report_.year = plan_.year - step;
    if (plan_.said && plan_.year == 0 && report_.year != 0) plan_.year = report_.year + step;
    periods.report_year = report_.year;
    periods.plan_year = plan_.year;
    periods.report_year_proof = report_.year_proof;
    periods.plan_year_proof = plan_.year_proof;
    if (report_.months.size > 0) {
      periods.first_month = report_.months.first;
      periods.last_month = report_.months.last;
      periods.months_proof = report_.months_proof;
    }
    if (report_.said && plan_.said) {
      periods.kind = v1::Document::SUMMARY_AND_PLAN;
    } else if (report_.said || plan_.said) {
      periods.kind = report_.said ? v1::Document::SUMMARY : v1::Document::PLAN;
    }
    periods.kind_proof = KindProof();
    return periods;
  }

  const SqueezedText title_;
  const PageText& said_;
  const std::string_view text_;  // folded
  const std::vector<std::string>& own_days_;
  const PeriodWords& words_;
  const ingest::ReportLexicon& lexicon_;
  Told report_, plan_;
};

}  // namespace

PeriodWords::PeriodWords(const ingest::ReportLexicon& report_lexicon)
    : lexicon(report_lexicon),
      report({&report_lexicon.report(), &report_lexicon.account()}),
      plan(report_lexicon.plan()) {}

Periods FindPeriods(std::string_view title, const PageText& said, const std::vector<std::string>& own_days,
                    const PeriodWords& words) {
  return PeriodFinder(title, said, own_days, words).Find();
}

bool FillYears(std::string_view date, Periods* periods) {
  if (date.empty() || periods->report_year != 0 || periods->plan_year != 0) return false;
  constexpr int kEarly = 6, kLate = 12;  // a year's papers come out up to June of the next, or in December
  int year = 0, month = 0;
  for (const char c : date.substr(0, 4)) year = year * 10 + (c - '0');
  for (const char c : date.substr(5, 2)) month = month * 10 + (c - '0');
  const bool part = periods->last_month < 12;
  const bool report = periods->kind != v1::Document::PLAN;
  if (periods->kind == v1::Document::KIND_UNSPECIFIED) return false;
  if (part ? month < periods->last_month : month > kEarly && month < kLate) return false;
  const int reported = part || month == kLate ? year : year - 1;
  if (report) periods->report_year = reported;
  if (periods->kind != v1::Document::SUMMARY) periods->plan_year = part ? reported : reported + 1;
  return true;
}

}  // namespace duban
