// SPDX-License-Identifier: Apache-2.0
// A directory that lives as long as its object.
//
//   TempDir dir;
//   WriteFile(dir.File("report.txt"), text);
//
// Paths are short (/tmp/duban.XXXXXX), so that a unix socket fits below. Thread-compatible.

#pragma once

#include <string>
#include <string_view>

namespace duban::testing {

class TempDir {
 public:
  // Makes the directory, mode 0700, under $TMPDIR or /tmp. Ends the process if it cannot: no test can go on.
  TempDir();
  // Removes it with all below it.
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in the directory; makes nothing.
  std::string File(std::string_view name) const;

 private:
  std::string path_;
};

// Writes `bytes` as the whole content of `path`. Ends the process if it cannot.
void WriteFile(const std::string& path, std::string_view bytes);

}  // namespace duban::testing
