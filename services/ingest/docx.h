// SPDX-License-Identifier: Apache-2.0
// services/ingest/docx.h: the lines of a DOCX (ECMA-376): a paragraph or table row each, generated numbers written out.

#pragma once

#include "absl/status/statusor.h"
#include "services/ingest/page.h"
#include "services/ingest/zip_archive.h"

namespace duban {

// INVALID_ARGUMENT, FAILED_PRECONDITION: see ReadXml (package_xml.h).
absl::StatusOr<Page> ReadDocx(const ZipArchive& package);

}  // namespace duban
