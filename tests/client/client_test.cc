// SPDX-License-Identifier: Apache-2.0
// Runs client.js, a client in another language, against the whole of duban. npm's packages are installed below the
// build folder from package-lock.json, once.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "common/testing/subprocess.h"
#include "tests/e2e/cluster.h"

namespace duban::testing {
namespace {

namespace fs = std::filesystem;

// Folder with node_modules for client.js.
std::string InstallPackages(const std::string& source) {
  const fs::path target = fs::path(std::getenv("DUBAN_BINARY_DIR")) / "client";
  const fs::path stamp = target / "node_modules" / ".package-lock.json";
  std::error_code ignored;
  if (!fs::exists(stamp) || fs::last_write_time(stamp, ignored) < fs::last_write_time(source + "/package-lock.json")) {
    fs::create_directories(target);
    for (const char* file : {"package.json", "package-lock.json", ".npmrc"}) {
      fs::copy_file(fs::path(source) / file, target / file, fs::copy_options::overwrite_existing);
    }
    const auto installed = RunProgram(
        {.argv = {"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"}, .working_dir = target.string()},
        std::chrono::minutes(5));
    EXPECT_TRUE(installed.ok()) << installed.status();
    if (installed.ok()) {
      EXPECT_EQ(installed->exit_code, 0) << installed->output;
    }
  }
  return (target / "node_modules").string();
}

TEST(ClientTest, AClientInAnotherLanguageFindsItsWay) {
  const std::string source = std::string(std::getenv("DUBAN_SOURCE_DIR")) + "/tests/client";
  const std::string packages = InstallPackages(source);
  auto cluster = Cluster::Start({});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  auto environment = (*cluster)->ClientEnvironment();
  environment["NODE_PATH"] = packages;
  const auto result =
      RunProgram({.argv = {"node", source + "/client.js", SampleReports().front().source_uri}, .env = environment},
                 std::chrono::minutes(2));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 0) << result->output;
}

}  // namespace
}  // namespace duban::testing
