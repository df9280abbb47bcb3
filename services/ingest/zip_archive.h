// SPDX-License-Identifier: Apache-2.0
// services/ingest/zip_archive.h: entries of a zip that nobody vouches for.
//
//   DUBAN_ASSIGN_OR_RETURN(const ZipArchive archive, ZipArchive::Open(bytes));
//   for (const ZipArchive::Entry& entry : archive.entries()) archive.Read(entry)
//
// Nothing is ever written. Not thread-safe.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

struct zip;

namespace duban {

class ZipArchive {
 public:
  struct Entry {
    std::string name;  // as stored: of whatever charset; no folder's
    uint64_t index;
  };

  // `bytes` must outlive the archive. INVALID_ARGUMENT: damaged, or an entry's name leaves the archive (absolute, with
  // .. or a drive). FAILED_PRECONDITION: more than 2000 entries, or more than 256 MiB in all.
  static absl::StatusOr<ZipArchive> Open(std::string_view bytes);

  // In the archive's order.
  const std::vector<Entry>& entries() const { return entries_; }

  // nullptr if there is none of that name.
  const Entry* Find(std::string_view name) const;

  // An entry's bytes. FAILED_PRECONDITION: encrypted, larger than 64 MiB, or unpacks to more than 100 times its packed
  // size (beyond 1 MiB). INVALID_ARGUMENT: damaged.
  absl::StatusOr<std::string> Read(const Entry& entry) const;

 private:
  struct Discard {
    void operator()(zip* archive) const;
  };
  explicit ZipArchive(zip* archive) : zip_(archive) {}
  std::unique_ptr<zip, Discard> zip_;
  std::vector<Entry> entries_;
};

}  // namespace duban
