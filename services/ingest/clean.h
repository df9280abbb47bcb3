// SPDX-License-Identifier: Apache-2.0
// services/ingest/clean.h: a page taken apart: the report's own text, its title, and the metadata that stood around it.
//
//   PageCleaner cleaner(page_lexicon, report_lexicon);
//   CleanPage clean = cleaner.Clean(page, nullptr);
//   // clean.text: one paragraph a line, no blank lines, no furniture, hard line breaks joined
//
// No character of the report is rewritten: furniture lines, line breaks, blanks at both ends of a line and invisible
// characters fall out, nothing else. Pure; safe to use from any thread. Linear.

#pragma once

#include <string>
#include <vector>

#include "services/ingest/lexicon.pb.h"
#include "services/ingest/page.h"
#include "services/ingest/simplify.h"

namespace duban {

// 发布机构：某某县司法局, with what the label is for.
struct PageField {
  std::string label;
  std::string value;
  ingest::PageLexicon::Label::Use use;

  // Whether it is one of Document.page_fields.
  bool kept() const { return use != ingest::PageLexicon::Label::TITLE && !label.empty(); }
};

struct CleanPage {
  std::string title;  // as written; empty if the page has none
  std::string text;
  std::vector<PageField> fields;  // in order, without noise
  std::string around;             // lines of furniture: they name the site and its sections
};

class PageCleaner {
 public:
  // Both must outlive the cleaner.
  PageCleaner(const ingest::PageLexicon& page, const ingest::ReportLexicon& report) : words_(page), report_(report) {}

  // `simplifier` is given for a page in traditional characters, else null.
  CleanPage Clean(const Page& page, const Simplifier* simplifier) const;

 private:
  const ingest::PageLexicon& words_;
  const ingest::ReportLexicon& report_;
};

}  // namespace duban
