// SPDX-License-Identifier: Apache-2.0
#include "common/testing/postgres_server.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "common/store/database.h"
#include "common/testing/subprocess.h"

namespace duban::testing {
namespace {

// Whether a session of `dsn` can be had.
bool Answers(const std::string& dsn) {
  const auto result =
      RunProgram({.argv = {"psql", dsn, "--no-psqlrc", "--no-password", "--tuples-only", "--command", "SELECT 1"}});
  return result.ok() && result->exit_code == 0;
}

TEST(PostgresServerTest, RunsAsksForPasswordsAndLeavesNothing) {
  std::string socket_directory;
  {
    auto server = PostgresServer::Start();
    ASSERT_TRUE(server.ok()) << server.status();
    EXPECT_TRUE(Answers((*server)->AdminDsn()));
    auto dsn = (*server)->NewSchema("duban_sample");
    ASSERT_TRUE(dsn.ok()) << dsn.status();
    EXPECT_TRUE(Answers(*dsn));
    EXPECT_FALSE(Answers((*server)->Dsn("duban_sample", "wrong")));
    const std::string admin = (*server)->AdminDsn();
    socket_directory = admin.substr(5, admin.find(' ') - 5);
    EXPECT_TRUE(std::filesystem::exists(socket_directory));
  }
  EXPECT_FALSE(std::filesystem::exists(socket_directory));
}

TEST(PostgresServerTest, StopsCrashesAndComesBackWithItsData) {
  auto server = PostgresServer::Start();
  ASSERT_TRUE(server.ok()) << server.status();
  auto dsn = (*server)->NewSchema("duban_sample");
  ASSERT_TRUE(dsn.ok()) << dsn.status();
  EXPECT_TRUE((*server)->Stop().ok());
  EXPECT_FALSE(Answers(*dsn));
  EXPECT_TRUE((*server)->Stop().ok());
  EXPECT_TRUE((*server)->Restart().ok());
  EXPECT_TRUE(Answers(*dsn));
  EXPECT_TRUE((*server)->Kill().ok());
  EXPECT_FALSE(Answers(*dsn));
  EXPECT_TRUE((*server)->Restart().ok());
  EXPECT_TRUE(Answers(*dsn));
  EXPECT_TRUE((*server)->Restart().ok());
  EXPECT_TRUE(Answers(*dsn));
}

}  // namespace
}  // namespace duban::testing
