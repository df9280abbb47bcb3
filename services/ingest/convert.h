// SPDX-License-Identifier: Apache-2.0
// services/ingest/convert.h: binary formats and web pages read by the program duban-convert, in a process of its own
// for each document, so that a hostile file costs one document and not a worker.
//
//   const std::string type = BinaryMediaType(bytes);            // "application/pdf"; empty for text
//   DUBAN_ASSIGN_OR_RETURN(Page page, Convert(bytes, type));
//   if (LooksLikeHtml(text)) return Convert(text, "text/html", kHtmlLimits);
//
// The child writes no files and inherits neither environment nor descriptors (child.h). Safe to call from any thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/page.h"

namespace duban {

// application/pdf, application/zip (DOCX, OFD) or application/x-ole-storage (old Word), told by the first bytes; empty
// for all else.
std::string BinaryMediaType(std::string_view bytes);

// Whether a text is HTML, by its beginning.
bool LooksLikeHtml(std::string_view text);

// What one document may cost.
struct ConvertLimits {
  int64_t memory_bytes = 1 << 30;
  // Of processor time.
  int64_t cpu_seconds = 20;
  // In all, as the caller's clock goes.
  std::chrono::milliseconds deadline{30'000};
  // Of text, with what the format tells of it.
  int64_t output_bytes = 64 << 20;
};

// A page of the web takes milliseconds and hundreds of its bytes.
inline constexpr ConvertLimits kHtmlLimits{.memory_bytes = 512 << 20, .cpu_seconds = 10};

// The page of a document of that type; text/html must be valid UTF-8. Errors are those of ReadPdf, ReadOffice and
// ReadHtml; FAILED_PRECONDITION besides: a
// format that has no converter, duban-convert is not beside the running program, or the child crashed or ran into a
// limit. UNAVAILABLE where the machine may be at fault: no end before the deadline, no memory, processes or
// descriptors.
absl::StatusOr<Page> Convert(std::string_view bytes, const std::string& media_type, const ConvertLimits& limits = {});

}  // namespace duban
