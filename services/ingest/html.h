// SPDX-License-Identifier: Apache-2.0
// services/ingest/html.h: the lines of a web page, with the ones of its main text marked.
//
//   DUBAN_ASSIGN_OR_RETURN(Page page, ReadHtml(text));
//
// For duban-convert, tests and benchmarks: some small pages take the parser minutes and gigabytes, so that servers and
// the command line reach it through convert.h alone. A pure function; safe to call from any thread. Linear in pages
// whose elements nest like those that people write.

#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// Parses any HTML, however broken. `text` must be valid UTF-8. The page's <title> is meta "title", its meta elements
// keep their names. Rows of tables with data are lines with tabs between cells. FAILED_PRECONDITION: elements nested
// deeper than 5000.
absl::StatusOr<Page> ReadHtml(std::string_view text);

}  // namespace duban
