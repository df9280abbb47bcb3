// SPDX-License-Identifier: Apache-2.0
// Holds the source tree to its direction: who may include whom. The rules stand in ForbiddenInclude; the tree is read
// from DUBAN_SOURCE_DIR.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace duban {
namespace {

namespace fs = std::filesystem;

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  for (std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

// "services/plan/x.cc" -> "plan"; "" outside services.
std::string_view Service(std::string_view path) {
  if (!path.starts_with("services/")) return "";
  path.remove_prefix(9);
  return path.substr(0, path.find('/'));
}

// Why `file` (path below the source tree) may not include `header`; empty if it may.
std::string ForbiddenInclude(std::string_view file, std::string_view header) {
  const bool test_code =
      file.starts_with("tests/") || file.find("_test.cc") != std::string_view::npos || file.ends_with("_test_util.h");
  if (Service(header) != "" && Service(header) != Service(file) && Service(file) != "cli" &&
      !file.starts_with("tests/")) {
    return "only the command line and tests may include another service";
  }
  if (header.starts_with("tests/") && !file.starts_with("tests/")) return "only tests include tests/";
  if (header.starts_with("common/testing/") && !test_code && !file.starts_with("common/testing/") &&
      file.find("_benchmark.cc") == std::string_view::npos) {
    return "only tests and benchmarks include common/testing";
  }
  if (header.starts_with("hiredis") && !file.starts_with("common/redis/")) return "hiredis stays in common/redis";
  if (header.starts_with("pqxx") && !file.starts_with("common/store/") && !file.ends_with("_store.cc")) {
    return "libpqxx stays in common/store and *_store.cc";
  }
  if (header.starts_with("re2/") && !file.ends_with(".cc")) return "RE2 stays in .cc files";
  if (file.starts_with("common/") && StartsWithAny(header, {"services/"})) return "common does not know services";
  return "";
}

std::vector<std::string> Includes(const fs::path& path) {
  std::vector<std::string> headers;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("#include ")) continue;
    const size_t begin = line.find_first_of("<\""), end = line.find_first_of(">\"", begin + 1);
    if (begin != std::string::npos && end != std::string::npos)
      headers.push_back(line.substr(begin + 1, end - begin - 1));
  }
  return headers;
}

TEST(LayoutTest, NoForbiddenInclude) {
  const char* root = std::getenv("DUBAN_SOURCE_DIR");
  ASSERT_NE(root, nullptr);
  int files = 0;
  for (const char* top : {"common", "services", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cc" && extension != ".h") continue;
      ++files;
      const std::string file = fs::relative(entry.path(), root).generic_string();
      for (const std::string& header : Includes(entry.path())) {
        EXPECT_EQ(ForbiddenInclude(file, header), "") << file << " includes " << header;
      }
    }
  }
  EXPECT_GT(files, 20) << "no sources under " << root;
}

TEST(LayoutTest, RulesBite) {
  EXPECT_NE(ForbiddenInclude("services/plan/worker.cc", "services/ingest/reader.h"), "");
  EXPECT_EQ(ForbiddenInclude("services/cli/main.cc", "services/ingest/reader.h"), "");
  EXPECT_EQ(ForbiddenInclude("tests/e2e/x.cc", "services/ingest/reader.h"), "");
  EXPECT_NE(ForbiddenInclude("common/queue/redis_queue.cc", "hiredis/hiredis.h"), "");
  EXPECT_NE(ForbiddenInclude("services/ingest/server.cc", "pqxx/pqxx"), "");
  EXPECT_EQ(ForbiddenInclude("services/ingest/document_store.cc", "pqxx/pqxx"), "");
  EXPECT_NE(ForbiddenInclude("services/indicator/quantity.h", "re2/re2.h"), "");
  EXPECT_NE(ForbiddenInclude("common/text/utf8.h", "services/ingest/reader.h"), "");
  EXPECT_NE(ForbiddenInclude("services/ingest/main.cc", "common/testing/redis_server.h"), "");
  EXPECT_NE(ForbiddenInclude("services/ingest/main.cc", "tests/e2e/cluster.h"), "");
}

}  // namespace
}  // namespace duban
