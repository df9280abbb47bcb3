// SPDX-License-Identifier: Apache-2.0
// services/ingest/pdf.h: the lines of a PDF with a text layer, in reading order, page numbers and running heads off.
//
// Meant to run in a process of its own (convert.h): the parser is not made for hostile files. Linear in the pages.

#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// INVALID_ARGUMENT: damaged. FAILED_PRECONDITION: encrypted, or without text layer (scans).
absl::StatusOr<Page> ReadPdf(std::string_view bytes);

}  // namespace duban
