// SPDX-License-Identifier: Apache-2.0
// services/ingest/office.h: the lines of packaged documents: DOCX (ECMA-376) and OFD (GB/T 33190), zip files of XML.
//
//   DUBAN_ASSIGN_OR_RETURN(Page page, ReadOffice(bytes));
//
// Pure functions; safe to call from any thread. Linear in the unpacked size, which is limited (zip_archive.h). Meant to
// run in a process of its own (convert.h).

#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// The entry that tells the kind of a package.
inline constexpr std::string_view kDocxPart = "word/document.xml";
inline constexpr std::string_view kOfdPart = "OFD.xml";

inline constexpr char kDocxMediaType[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
inline constexpr char kOfdMediaType[] = "application/ofd";

// A DOCX or OFD, told by its entries. Numbers that DOCX generates are written out; rows of tables are lines with tabs.
// INVALID_ARGUMENT: no zip, damaged, or XML that does not parse. FAILED_PRECONDITION: another kind of package,
// encrypted, over a limit, or without text.
absl::StatusOr<Page> ReadOffice(std::string_view bytes);

}  // namespace duban
