// SPDX-License-Identifier: Apache-2.0
// services/ingest/reader.h: from the bytes of a published report to its clean text and metadata.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Reader> reader, Reader::Create());
//   absl::StatusOr<v1::Document> document = reader->Read(bytes, "bureau_2023.html");
//   // document->title(), agency(), region(), report_year(), plan_year(), published_at(), text()
//
// A Reader is immutable: safe to call from any thread. Linear in the size of the bytes.

#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "duban/v1/document.pb.h"

namespace duban {

class Reader {
 public:
  // With the embedded lexicons. INVALID_ARGUMENT names file and line of a fault in one of them.
  static absl::StatusOr<std::unique_ptr<const Reader>> Create();
  virtual ~Reader() = default;

  // Reads one report. `source_uri` is where it was found (may be empty); its file name helps only where the page is
  // silent. Fills name (content-addressed), text, metadata, language, media_type, charset, byte_size and source_uri.
  // INVALID_ARGUMENT: empty, not text, or not valid in its charset. FAILED_PRECONDITION: a known format that cannot be
  // read.
  virtual absl::StatusOr<v1::Document> Read(std::string_view bytes, std::string_view source_uri) const = 0;
};

}  // namespace duban
