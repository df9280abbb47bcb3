// SPDX-License-Identifier: Apache-2.0
// services/ingest/file_title.h: the title that a file's name gives, for papers without any.
//
//   TitleOfUri("reports/某某县司法局2023年工作总结.docx", lexicon)   // "某某县司法局2023年工作总结"
//   TitleOfUri("https://…/t20240112_93.html", lexicon)            // ""
//
// Pure function; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>

#include "services/ingest/lexicon.pb.h"

namespace duban {

// The last part of `uri` without its ending, percent escapes read, if it names a year and ends with a kind of paper;
// what stands in brackets behind that is left out. Empty otherwise.
std::string TitleOfUri(std::string_view uri, const ingest::ReportLexicon& lexicon);

}  // namespace duban
