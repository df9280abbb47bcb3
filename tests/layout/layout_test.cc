// SPDX-License-Identifier: Apache-2.0
// Holds the source tree to its direction: who may include whom. The rules stand in ForbiddenInclude; the tree is read
// from DUBAN_SOURCE_DIR.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

// Whether `file` of a service is its shell: adapter, worker, main, or what calls a service over gRPC.
bool IsShell(std::string_view file) {
  if (Service(file) == "cli") {
    // The local half of the command line works without a service.
    return !StartsWithAny(file, {"services/cli/analyze_command.", "services/cli/quantities_command.",
                                 "services/cli/local_analysis.", "services/cli/output.", "services/cli/table."});
  }
  const std::string_view name = file.substr(file.rfind('/') + 1);
  const std::string_view stem = name.substr(0, name.rfind('.'));
  return stem.ends_with("_server") || stem.ends_with("_handler") || name == "main.cc" || stem == "create_stream";
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
  if ((header.starts_with("grpcpp/") || header.ends_with(".grpc.pb.h")) && Service(file) != "" && !test_code &&
      !IsShell(file)) {
    return "gRPC stays in adapters, handlers and main: cores are pure functions";
  }
  if (file.starts_with("common/") && StartsWithAny(header, {"services/"})) return "common does not know services";
  return "";
}

// The header that a line includes, however it is spaced; empty if it includes none.
std::string_view IncludedHeader(std::string_view line) {
  const auto skip = [&line](std::string_view word) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with(word)) return false;
    line.remove_prefix(word.size());
    return true;
  };
  if (!skip("#") || !skip("include") || !(skip("<") || skip("\""))) return "";
  const size_t end = line.find_first_of(">\"");
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end);
}

std::vector<std::string> Includes(const fs::path& path) {
  std::vector<std::string> headers;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (const std::string_view header = IncludedHeader(line); !header.empty()) headers.emplace_back(header);
  }
  return headers;
}

TEST(LayoutTest, IncludesAreFoundHoweverTheyAreSpaced) {
  for (std::string_view line : {"#include <a/b.h>", "#include \"a/b.h\"  // why", "#include<a/b.h>",
                                "  #include \"a/b.h\"", "# include\t\"a/b.h\"", "\t#\tinclude\"a/b.h\""}) {
    EXPECT_EQ(IncludedHeader(line), "a/b.h") << line;
  }
  for (std::string_view line :
       {"", "#", "// #include <a/b.h>", "#included <a>", "#include", "#include MACRO", "#include <a"}) {
    EXPECT_EQ(IncludedHeader(line), "") << line;
  }
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
  EXPECT_NE(ForbiddenInclude("services/plan/tracker.h", "grpcpp/grpcpp.h"), "");
  EXPECT_NE(ForbiddenInclude("services/ingest/intake.cc", "duban/v1/ingest_service.grpc.pb.h"), "");
  EXPECT_NE(ForbiddenInclude("services/cli/table.cc", "grpcpp/grpcpp.h"), "");
  for (std::string_view shell :
       {"services/plan/plan_server.h", "services/plan/track_handler.cc", "services/plan/main.cc",
        "services/ingest/create_stream.h", "services/cli/remote.h", "services/plan/x_test.cc"}) {
    EXPECT_EQ(ForbiddenInclude(shell, "duban/v1/plan_service.grpc.pb.h"), "") << shell;
    EXPECT_EQ(ForbiddenInclude(shell, "grpcpp/grpcpp.h"), "") << shell;
  }
  EXPECT_NE(ForbiddenInclude("services/ingest/main.cc", "common/testing/redis_server.h"), "");
  EXPECT_NE(ForbiddenInclude("services/ingest/main.cc", "tests/e2e/cluster.h"), "");
}

}  // namespace
}  // namespace duban
