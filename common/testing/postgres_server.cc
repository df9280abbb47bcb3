// SPDX-License-Identifier: Apache-2.0
#include "common/testing/postgres_server.h"

#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/store/migrate.h"
#include "common/testing/wait.h"

#ifdef __SANITIZE_ADDRESS__
// libpqxx 6.4 forgets the last result of libpq when the server goes away under a statement: some 2 kB for each
// connection lost.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx-6.4.so\n"; }
#endif

namespace duban::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kAdmin[] = "duban_admin";
// Passwords are asked for like in production; the cluster is private and short-lived.
constexpr char kPassword[] = "private to the test";
// The administrator needs no password, everyone else does.
constexpr char kAccess[] = "local all duban_admin trust\nlocal all all scram-sha-256\n";
constexpr auto kStartTimeout = std::chrono::seconds(60);

// The user that PostgreSQL runs as: the test's own, or nobody for root.
std::string ServerUser() { return geteuid() == 0 ? "nobody" : ""; }

// The newest version's directory of programs.
absl::StatusOr<fs::path> ProgramDirectory() {
  std::vector<std::pair<int, fs::path>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const fs::path bin = entry.path() / "bin";
    if (fs::exists(bin / "initdb", ignored)) found.emplace_back(atoi(entry.path().filename().c_str()), bin);
  }
  if (found.empty()) {
    return absl::FailedPreconditionError("/usr/lib/postgresql: no initdb below it, want the package postgresql");
  }
  return std::max_element(found.begin(), found.end())->second;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start() {
  DUBAN_ASSIGN_OR_RETURN(const fs::path bin, ProgramDirectory());
  std::unique_ptr<PostgresServer> server(new PostgresServer());
  const std::string& directory = server->directory_.path();
  if (const std::string user = ServerUser(); !user.empty()) {
    const passwd* entry = getpwnam(user.c_str());
    if (entry == nullptr || chown(directory.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
      return absl::FailedPreconditionError(fmt::format("{}: cannot be given to the user {}", directory, user));
    }
  }
  const std::string data = server->directory_.File("data");
  DUBAN_ASSIGN_OR_RETURN(
      const ProgramResult made,
      RunProgram({.argv = {bin / "initdb", "--pgdata", data, "--username", kAdmin, "--encoding", "UTF8", "--locale",
                           "C.UTF-8", "--auth", "trust", "--no-sync", "--no-instructions"},
                  .working_dir = directory,
                  .user = ServerUser()}));
  if (made.exit_code != 0)
    return absl::InternalError(fmt::format("initdb: exit code {}: {}", made.exit_code, made.output));
  WriteFile(data + "/pg_hba.conf", kAccess);
  DUBAN_RETURN_IF_ERROR(server->Launch());
  return server;
}

PostgresServer::~PostgresServer() { End(SIGINT).IgnoreError(); }

std::string PostgresServer::AdminDsn() const {
  return fmt::format("host={} user={} dbname=postgres", directory_.path(), kAdmin);
}

std::string PostgresServer::Dsn(std::string_view role, std::string_view password) const {
  return fmt::format("host={} user={} password='{}' dbname=postgres", directory_.path(), role, password);
}

absl::StatusOr<std::string> PostgresServer::NewSchema(std::string_view schema) {
  DUBAN_RETURN_IF_ERROR(BootstrapSchema(AdminDsn(), schema, kPassword));
  return Dsn(schema, kPassword);
}

absl::Status PostgresServer::Stop() { return End(SIGINT); }

absl::Status PostgresServer::Kill() { return End(SIGQUIT); }

absl::Status PostgresServer::Restart() {
  DUBAN_RETURN_IF_ERROR(Stop());
  return Launch();
}

absl::Status PostgresServer::Launch() {
  DUBAN_ASSIGN_OR_RETURN(const fs::path bin, ProgramDirectory());
  const std::string& directory = directory_.path();
  const std::string log = directory_.File("log");
  DUBAN_ASSIGN_OR_RETURN(process_, Subprocess::Start({.argv = {bin / "postgres", "-D", directory_.File("data"), "-k",
                                                               directory, "-h", "", "-c", "fsync=off", "-c",
                                                               "full_page_writes=off", "-c", "max_connections=200"},
                                                      .log_file = log,
                                                      .working_dir = directory,
                                                      .user = ServerUser()}));
  // The last line of postmaster.pid says "ready" once sessions are taken.
  const auto ready = [&] {
    const auto pid_file = ReadFile(directory_.File("data/postmaster.pid"));
    return pid_file.ok() && pid_file->find("\nready") != std::string::npos;
  };
  WaitFor([&] { return ready() || !process_->Running(); }, kStartTimeout);
  if (process_->Running() && ready()) return absl::OkStatus();
  DUBAN_ASSIGN_OR_RETURN(const std::string reason, ReadFile(log));
  return absl::UnavailableError(fmt::format("postgres did not start: {}", reason));
}

absl::Status PostgresServer::End(int signal) {
  if (process_ == nullptr) return absl::OkStatus();
  process_->Kill(signal);
  const absl::Status ended = process_->Wait().status();
  process_.reset();
  return ended;
}

}  // namespace duban::testing
