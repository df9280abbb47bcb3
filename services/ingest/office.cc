// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/office.h"

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/docx.h"
#include "services/ingest/ofd.h"
#include "services/ingest/zip_archive.h"

namespace duban {

absl::StatusOr<Page> ReadOffice(std::string_view bytes) {
  DUBAN_ASSIGN_OR_RETURN(const ZipArchive package, ZipArchive::Open(bytes));
  Page page;
  if (package.Find(kDocxPart) != nullptr) {
    DUBAN_ASSIGN_OR_RETURN(page, ReadDocx(package));
    page.media_type = kDocxMediaType;
  } else if (package.Find(kOfdPart) != nullptr) {
    DUBAN_ASSIGN_OR_RETURN(page, ReadOfd(package));
    page.media_type = kOfdMediaType;
  } else {
    return absl::FailedPreconditionError("content: zip, want a DOCX or OFD document or its files one by one");
  }
  // pugixml passes on what is no UTF-8, and references to surrogates.
  for (const PageLine& line : page.lines) {
    if (!IsValidUtf8(line.text)) return InvalidField("content", "XML that is not valid in its charset");
  }
  if (page.lines.empty()) return absl::FailedPreconditionError("content: no text layer, want a document with text");
  return page;
}

}  // namespace duban
