// SPDX-License-Identifier: Apache-2.0
// services/ingest/ofd.h: the lines of an OFD (GB/T 33190) in reading order, page numbers and running heads off.

#pragma once

#include "absl/status/statusor.h"
#include "services/ingest/page.h"
#include "services/ingest/zip_archive.h"

namespace duban {

// INVALID_ARGUMENT, FAILED_PRECONDITION: see ReadXml (package_xml.h).
absl::StatusOr<Page> ReadOfd(const ZipArchive& package);

}  // namespace duban
