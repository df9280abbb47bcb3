// SPDX-License-Identifier: Apache-2.0
// services/ingest/html.h: the lines of a web page, with the ones of its main text marked.
//
//   if (LooksLikeHtml(text)) {
//     DUBAN_ASSIGN_OR_RETURN(Page page, ReadHtml(text));
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// Whether a text is HTML, by its beginning.
bool LooksLikeHtml(std::string_view text);

// Parses any HTML, however broken. `text` must be valid UTF-8. The page's <title> is meta "title", its meta elements
// keep their names. Rows of tables with data are lines with tabs between cells. FAILED_PRECONDITION: elements nested
// deeper than 5000.
absl::StatusOr<Page> ReadHtml(std::string_view text);

}  // namespace duban
