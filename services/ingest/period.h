// SPDX-License-Identifier: Apache-2.0
// services/ingest/period.h: the months that a report is about, the year that its plan is for, and what sort of paper it
// is.
//
//   Periods periods = FindPeriods("某某局2023年上半年工作总结及下半年工作计划", said, {}, lexicon);
//   // 2023, months 1 to 6; 2023; SUMMARY_AND_PLAN; where each of these stands
//
// Pure functions; safe to call from any thread. Linear in the text.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/document.pb.h"
#include "services/ingest/lexicon.pb.h"
#include "services/ingest/page_text.h"
#include "services/ingest/proof.h"
#include "services/ingest/word_index.h"

namespace duban {

struct Periods {
  int report_year = 0;
  int plan_year = 0;
  int first_month = 1, last_month = 12;  // of the report
  v1::Document::Kind kind = v1::Document::KIND_UNSPECIFIED;
  Proof report_year_proof, plan_year_proof;  // kNone: follows from the other one
  Proof months_proof;                        // kNone: the whole year
  Proof kind_proof;
};

// The lexicon's words of titles and headings.
struct PeriodWords {
  explicit PeriodWords(const ingest::ReportLexicon& report_lexicon);  // which must outlive it

  const ingest::ReportLexicon& lexicon;
  const WordIndex report;  // and account
  const WordIndex plan;
};

// `title` is as written and may be empty; `said` is the page's; `own_days` are those on which the paper was signed or
// read (YYYY-MM-DD), which tell nothing of the years it is about. The title's word goes before the headings', theirs
// before the body's.
Periods FindPeriods(std::string_view title, const PageText& said, const std::vector<std::string>& own_days,
                    const PeriodWords& words);

// Fills the years of a report that names none: from `date`, when it was published, signed or made. A summary of a whole
// year comes out in the months around its end, one of a part of it in the same year. Answers whether it could.
bool FillYears(std::string_view date, Periods* periods);

}  // namespace duban
