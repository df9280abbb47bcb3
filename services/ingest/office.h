// SPDX-License-Identifier: Apache-2.0
// services/ingest/office.h: the lines of packaged documents: DOCX (ECMA-376) and OFD (GB/T 33190), zip files of XML.
//
//   DUBAN_ASSIGN_OR_RETURN(Page page, ReadOffice(bytes));
//
// Pure functions; safe to call from any thread. Linear in the unpacked size, which is limited: 2000 entries, 64 MiB an
// entry that is read, 100 times the packed size of one above 1 MiB. Meant to run in a process of its own (convert.h).

#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// A DOCX or OFD, told by its entries. Numbers that DOCX generates are written out; rows of tables are lines with tabs.
// INVALID_ARGUMENT: no zip, damaged, or XML that does not parse. FAILED_PRECONDITION: another kind of package,
// encrypted, over a limit, or without text.
absl::StatusOr<Page> ReadOffice(std::string_view bytes);

}  // namespace duban
