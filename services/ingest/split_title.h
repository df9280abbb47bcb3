// SPDX-License-Identifier: Apache-2.0
// services/ingest/split_title.h: line breaks that a page has lost around its title.
//
//   某某局2023年工作总结 一、主要工作 …     ->  two lines
//   某某局2023年工作总结2023年，某某局…        ->  two lines
//   某某局2023年工作总结    2024-01-12      ->  two lines
//
// Pure function; safe to call from any thread. Linear.

#pragma once

#include "services/ingest/lexicon.pb.h"
#include "services/ingest/page.h"

namespace duban {

// `page` with a line break behind a title that begins its first line and runs on with headings or, if the whole report
// follows in that line, into its first words; and before the stamp that ends the line of a paper's title in its head.
Page SplitTitle(Page page, const ingest::PageLexicon& words, const ingest::ReportLexicon& report);

}  // namespace duban
