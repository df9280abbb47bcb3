// SPDX-License-Identifier: Apache-2.0
// services/ingest/period.h: the year that a report is about, the year that its plan is for, and what sort of paper it
// is.
//
//   Period period = FindPeriod("某某局2023年工作总结及2024年工作计划", text, lexicon);   // 2023, 2024,
//   SUMMARY_AND_PLAN
//
// Pure functions; safe to call from any thread. Linear in the text.

#pragma once

#include <string_view>

#include "duban/v1/document.pb.h"
#include "services/ingest/lexicon.pb.h"

namespace duban {

struct Period {
  int report_year = 0;
  int plan_year = 0;
  v1::Document::Kind kind = v1::Document::KIND_UNSPECIFIED;
};

// `title` may be empty. The title's word goes before the headings', theirs before the body's.
Period FindPeriod(std::string_view title, std::string_view text, const ingest::ReportLexicon& lexicon);

}  // namespace duban
