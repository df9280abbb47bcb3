// SPDX-License-Identifier: Apache-2.0
// services/ingest/convert.h: binary formats read by the program duban-convert, in a process of its own for each
// document, so that a hostile file costs one document and not a worker.
//
//   const std::string type = BinaryMediaType(bytes);            // "application/pdf"; empty for text
//   DUBAN_ASSIGN_OR_RETURN(Page page, Convert(bytes, type));
//
// The child has 1 GiB of memory, 20 s of CPU, 30 s in all and 64 MiB of output, and writes no files. Safe to call from
// any thread.

#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// application/pdf, application/zip (DOCX, OFD) or application/x-ole-storage (old Word), told by the first bytes; empty
// for all else.
std::string BinaryMediaType(std::string_view bytes);

// The page of a document of that type. Errors are those of ReadPdf and ReadOffice; FAILED_PRECONDITION besides: a
// format that has no converter, duban-convert is not beside the running program, or the child crashed or ran into a
// limit.
absl::StatusOr<Page> Convert(std::string_view bytes, const std::string& media_type);

}  // namespace duban
