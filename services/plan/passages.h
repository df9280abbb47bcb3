// SPDX-License-Identifier: Apache-2.0
// services/plan/passages.h: the sentences of later reports in which evidence is looked for.
//
//   std::vector<Passage> done = ResultPassages(report, reader);   // what it reports
//   std::vector<Passage> next = PlanPassages(report, reader);     // what it promises again
//
// Pure functions, linear in the report. A passage refers to its report, which must outlive it.

#pragma once

#include <string>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/clauses.h"
#include "services/plan/grams.h"

namespace duban {

struct Passage {
  const v1::Analysis* report = nullptr;
  Piece sentence;  // of report->document().text()
  v1::Section::Role role = v1::Section::ROLE_UNSPECIFIED;
  bool is_heading = false;  // of a section that has more to say
  bool part_year = false;   // of a report on some months only: what it does not tell may still come
  // Its own words as they stand.
  Grams grams;
  // What it is about, sorted: in its own words, and in the heading over it.
  std::vector<Gram> own;
  std::vector<Gram> context;
  // Its own words in half width, to look for names in.
  std::string folded;

  std::string_view text() const { return sentence.of(report->document().text()); }
};

// Whether a report covers less than a year.
bool CoversPartOfYear(const v1::Document& report);

// The sentences outside of PLAN sections, in order. Of the headings of the upper levels only those that are whole
// sentences or hold a figure.
std::vector<Passage> ResultPassages(const v1::Analysis& report, const GramReader& reader);

// The sentences of PLAN sections, headings too, in order.
std::vector<Passage> PlanPassages(const v1::Analysis& report, const GramReader& reader);

}  // namespace duban
