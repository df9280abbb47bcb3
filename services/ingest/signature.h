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

struct Signature {
  std::string agency;  // as written; empty if the date stands alone
  std::string date;    // YYYY-MM-DD; empty if there is no signature
};

// The first line that is a date below a line that is an agency, or both on one line.
Signature FindSignature(std::string_view text, const ingest::ReportLexicon& lexicon);

struct Notice {
  bool issues = false;              // the text begins with an issuing notice
  std::vector<std::string> papers;  // titles of what it issues, as far as it names them
};
Notice FindNotice(std::string_view text, const ingest::ReportLexicon& lexicon);

}  // namespace duban
