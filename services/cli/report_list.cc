// SPDX-License-Identifier: Apache-2.0
// A zip is looked into only if its first bytes say so and it is no document itself (DOCX and OFD are zips too). Its
// bytes stay in memory as long as one of its reports is to be read. Zips in zips are not opened, but listed, so that
// reading them says so. Formats are told by content; endings only keep pictures and the like out.
#include "services/cli/report_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "common/base/status.h"
#include "services/cli/output.h"
#include "services/ingest/charset.h"
#include "services/ingest/office.h"
#include "services/ingest/zip_archive.h"

namespace duban {
namespace {

namespace fs = std::filesystem;

// Those of reports, and of what the reader refuses with its reason (.doc, .zip).
constexpr std::array<std::string_view, 11> kReportEndings = {"",      ".txt", ".html", ".htm", ".shtml", ".pdf",
                                                             ".docx", ".ofd", ".doc",  ".wps", ".zip"};
constexpr char kWantEndings[] = "no .txt, .html, .htm, .pdf, .docx or .ofd file in it";

bool IsReport(const fs::path& path) {
  if (path.filename().string().starts_with('.')) return false;
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(kReportEndings.begin(), kReportEndings.end(), ending) != kReportEndings.end();
}

bool BeginsAsZip(const std::string& path) {
  char head[4] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof(head));
  return std::string_view(head, sizeof(head)) == std::string_view("PK\3\4");
}

ReportSource FileSource(const std::string& path) {
  return {path, [path] { return ReadInput(path); }};
}

struct OpenZip {
  std::string bytes;
  std::vector<ZipArchive> archive;  // one, made after bytes
};

// The name in UTF-8; zips made on Windows have it in GB18030.
std::string NameOf(const ZipArchive::Entry& entry) {
  const absl::StatusOr<DecodedText> decoded = DecodeText(entry.name);
  return decoded.ok() ? decoded->text : fmt::format("entry {}", entry.index);
}

absl::Status ListZip(const std::string& path, std::vector<ReportSource>* sources) {
  auto zip = std::make_shared<OpenZip>();
  DUBAN_ASSIGN_OR_RETURN(zip->bytes, ReadInput(path));
  absl::StatusOr<ZipArchive> archive = ZipArchive::Open(zip->bytes);
  if (!archive.ok()) return Annotate(archive.status(), path);
  if (archive->Find(kDocxPart) != nullptr || archive->Find(kOfdPart) != nullptr) {
    sources->push_back(FileSource(path));
    return absl::OkStatus();
  }
  zip->archive.push_back(*std::move(archive));
  const size_t first = sources->size();
  for (const ZipArchive::Entry& entry : zip->archive.front().entries()) {
    const std::string name = NameOf(entry);
    if (!IsReport(name) || name.starts_with("__MACOSX/")) continue;
    sources->push_back({path + "!" + name, [zip, entry] { return zip->archive.front().Read(entry); }});
  }
  if (sources->size() == first) return absl::NotFoundError(fmt::format("{}: {}", path, kWantEndings));
  return absl::OkStatus();
}

// A file of a folder: a zip that cannot be listed says why when it is read.
void ListFile(const std::string& path, std::vector<ReportSource>* sources) {
  if (!BeginsAsZip(path)) return sources->push_back(FileSource(path));
  if (const absl::Status status = ListZip(path, sources); !status.ok()) {
    sources->push_back({path, [status] { return status; }});
  }
}

absl::Status ListFolder(const std::string& path, std::vector<ReportSource>* sources) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && IsReport(it->path())) files.push_back(it->path().string());
  }
  if (error) return absl::UnknownError(fmt::format("{}: {}", path, error.message()));
  if (files.empty()) return absl::NotFoundError(fmt::format("{}: {}", path, kWantEndings));
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) ListFile(file, sources);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ReportSource>> ListReports(const std::vector<std::string>& paths) {
  std::vector<ReportSource> sources;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && fs::is_directory(path, error)) {
      DUBAN_RETURN_IF_ERROR(ListFolder(path, &sources));
    } else if (path != "-" && BeginsAsZip(path)) {
      DUBAN_RETURN_IF_ERROR(ListZip(path, &sources));
    } else {
      sources.push_back(FileSource(path));
    }
  }
  return sources;
}

}  // namespace duban
