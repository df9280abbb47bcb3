// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr zip_int64_t kMostEntries = 2000;
constexpr zip_uint64_t kLargestEntry = 64u << 20;
constexpr zip_uint64_t kLargestWhole = 256u << 20;
constexpr zip_uint64_t kFreeEntry = 1u << 20;  // unpacked bytes up to which any ratio will do
constexpr zip_uint64_t kHighestRatio = 100;

// A name for messages, which are UTF-8.
std::string Shown(const std::string& name) {
  return IsValidUtf8(name) ? name : fmt::format("entry of {} bytes' name", name.size());
}

bool LeavesArchive(std::string_view name) {
  if (name.empty() || name[0] == '/' || name[0] == '\\') return true;
  if (name.size() > 1 && name[1] == ':') return true;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find_first_of("/\\", begin), name.size());
    if (name.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

void ZipArchive::Discard::operator()(zip* archive) const { zip_discard(archive); }

absl::StatusOr<ZipArchive> ZipArchive::Open(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr) {
    const absl::Status status = InvalidField("content", fmt::format("damaged zip: {}", zip_error_strerror(&error)));
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    return status;
  }
  ZipArchive archive(opened);
  const zip_int64_t count = zip_get_num_entries(opened, 0);
  if (count > kMostEntries) {
    return absl::FailedPreconditionError(fmt::format("content: zip of {} entries, want at most 2000", count));
  }
  zip_uint64_t whole = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(opened, index, ZIP_FL_ENC_RAW, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0) {
      return InvalidField("content", fmt::format("damaged zip: entry {} has no name", i));
    }
    const std::string name = stat.name;
    if (LeavesArchive(name)) {
      return InvalidField("content", fmt::format("zip entry \"{}\", want a path inside of the zip", Shown(name)));
    }
    if ((stat.valid & ZIP_STAT_SIZE) != 0) whole += std::min(stat.size, 2 * kLargestWhole);
    if (!name.ends_with('/')) archive.entries_.push_back({name, index});
  }
  if (whole > kLargestWhole) {
    return absl::FailedPreconditionError(
        fmt::format("content: zip unpacks to {} bytes, want at most 256 MiB in all", whole));
  }
  return archive;
}

const ZipArchive::Entry* ZipArchive::Find(std::string_view name) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

absl::StatusOr<std::string> ZipArchive::Read(const Entry& entry) const {
  zip_stat_t stat;
  if (zip_stat_index(zip_.get(), entry.index, 0, &stat) != 0) return InvalidField("content", "damaged zip");
  if (stat.encryption_method != ZIP_EM_NONE) {
    return absl::FailedPreconditionError(
        fmt::format("content: {} is encrypted, want a file without password", Shown(entry.name)));
  }
  const bool bomb = stat.size > kFreeEntry && stat.size / std::max<zip_uint64_t>(stat.comp_size, 1) > kHighestRatio;
  if (stat.size > kLargestEntry || bomb) {
    return absl::FailedPreconditionError(
        fmt::format("content: {} unpacks to {} bytes, want at most 64 MiB and 100 times its packed size",
                    Shown(entry.name), stat.size));
  }
  // One byte more than is promised: reading up to the end also compares the checksum.
  std::string bytes(stat.size + 1, '\0');
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(zip_.get(), entry.index, 0),
                                                                &zip_fclose);
  size_t size = 0;
  zip_int64_t more = file == nullptr ? -1 : 1;
  while (more > 0 && size < bytes.size()) {
    more = zip_fread(file.get(), bytes.data() + size, bytes.size() - size);
    if (more > 0) size += static_cast<size_t>(more);
  }
  if (more != 0 || size != stat.size) {
    return InvalidField("content", fmt::format("damaged zip: {} does not unpack", Shown(entry.name)));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace duban
