// SPDX-License-Identifier: Apache-2.0
// services/ingest/signature.h: what a paper's own lines tell of its issue: signature, and the papers that a notice
// issues.
//
//   FindSignature(text, lexicon)      // {"某某市某某区司法局", "2024-04-01"}
//   FindNotice(text, lexicon)         // the papers: {"2023年某某区司法局工作总结", …}
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/lexicon.pb.h"

namespace duban {

// Bytes of the text.
struct Stretch {
  size_t begin = 0, end = 0;
};

struct Signature {
  std::string agency;  // folded, without blanks; empty if the date stands alone
  std::string date;    // YYYY-MM-DD; empty if there is no signature
  Stretch agency_at, date_at;
};

// The first line that is a date below a line that is an agency, or both on one line.
Signature FindSignature(std::string_view text, const ingest::ReportLexicon& lexicon);

// The day in the lines between title and body on which the paper was made or read: （2023年1月10日）,
// ——2023年1月10日在某某会议上. Empty if there is none.
struct MadeOn {
  std::string date;  // YYYY-MM-DD
  Stretch at;
};
MadeOn FindMadeOn(std::string_view text);

struct Notice {
  bool issues = false;              // the text begins with an issuing notice
  Stretch at;                       // the words that say so
  std::vector<std::string> papers;  // titles of what it issues, as far as it names them
  std::vector<Stretch> papers_at;
};
Notice FindNotice(std::string_view text, const ingest::ReportLexicon& lexicon);

}  // namespace duban
