// SPDX-License-Identifier: Apache-2.0
// services/cli/report_list.h: the reports that the words of a command line stand for: files, folders, zips of reports.
//
//   for (const ReportSource& source : *ListReports(paths)) source.read()
//
// Not thread-safe.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duban {

struct ReportSource {
  // The file's path; for one in a zip: path!name.
  std::string source_uri;
  // Its bytes. The errors of reading a file or of ZipArchive::Read.
  std::function<absl::StatusOr<std::string>()> read;
};

// In the order of `paths`. Of a folder or zip, what is no report by its ending (pictures, tables) is passed over; zips of
// a folder are looked into, zips in zips are sources that the reader refuses. A file named outright is always a report,
// unless it is a zip of others. NOT_FOUND: a folder or zip without reports; the errors of ZipArchive::Open.
absl::StatusOr<std::vector<ReportSource>> ListReports(const std::vector<std::string>& paths);

}  // namespace duban
