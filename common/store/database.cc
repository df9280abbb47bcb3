// SPDX-License-Identifier: Apache-2.0
// A pooled connection may have died while it lay idle, which shows only when it is used. A transaction finds out at its
// BEGIN, before any statement of the caller went out, so it can safely start over on a new connection; a read can at
// any time. A connection that failed is never pooled again, and a caller that starts over does not take another idle
// one: after a restart of the server all of them are dead.
#include "common/store/database.h"

#include <fmt/format.h>

#include <chrono>
#include <pqxx/pqxx>
#include <random>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/backoff.h"
#include "common/base/status.h"
#include "common/store/connection_string.h"
#include "common/store/sql_status.h"

namespace duban {
namespace {

using Connection = std::unique_ptr<pqxx::connection>;

// How one run of a caller's function ended.
struct Attempt {
  absl::Status status;
  // The pooled connection was dead before the function did anything that lasts.
  bool stale = false;
  // PostgreSQL asks to try the transaction again. The function's own ABORTED does not.
  bool conflict = false;
};

// How long to wait after `failed` conflicts, from 1. Random, so that those who met do not meet again.
absl::Duration ConflictPause(int failed) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double share = std::uniform_real_distribution<double>(0, 1)(random);
  return absl::FromChrono(
      Backoff({.initial = std::chrono::milliseconds(10), .max = std::chrono::milliseconds(200)}, failed - 1, share));
}

// libpqxx 6 would by itself put a new session in place of a lost one, in the middle of a caller's work. libpqxx 7 does
// not, hence the deprecation.
Connection Connect(const std::string& session) {
  auto connection = std::make_unique<pqxx::connection>(session);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  return connection;
}

absl::Status CheckOptions(const DatabaseOptions& options) {
  DUBAN_RETURN_IF_ERROR(CheckSchemaName(options.schema));
  if (options.max_connections < 1 || options.max_connections > 1000) {
    return absl::InvalidArgumentError(fmt::format("max_connections: {}, want 1 to 1000", options.max_connections));
  }
  if (options.max_attempts < 1) {
    return absl::InvalidArgumentError(fmt::format("max_attempts: {}, want 1 or more", options.max_attempts));
  }
  if (options.connect_timeout < absl::Seconds(2) || options.connect_timeout > absl::Hours(1)) {
    return absl::InvalidArgumentError(
        fmt::format("connect_timeout: {}, want 2s to 1h", absl::FormatDuration(options.connect_timeout)));
  }
  if (options.statement_timeout < absl::ZeroDuration() || options.statement_timeout > absl::Hours(24)) {
    return absl::InvalidArgumentError(
        fmt::format("statement_timeout: {}, want 0 to 24h", absl::FormatDuration(options.statement_timeout)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SessionString(const DatabaseOptions& options) {
  const int64_t timeout_ms = absl::ToInt64Milliseconds(options.connect_timeout);
  // Keepalives and tcp_user_timeout notice a server that vanished without a word, also while a statement runs.
  return BuildConnectionString(
      options.dsn,
      {{"connect_timeout", std::to_string((timeout_ms + 999) / 1000)},
       {"tcp_user_timeout", std::to_string(timeout_ms)},
       {"keepalives_idle", "10"},
       {"keepalives_interval", "5"},
       {"keepalives_count", "3"},
       {"client_encoding", "UTF8"}},
      {{"search_path", options.schema},
       {"statement_timeout", std::to_string(absl::ToInt64Milliseconds(options.statement_timeout))},
       {"client_min_messages", "error"}});
}

}  // namespace

class Database::Pool {
 public:
  Pool(DatabaseOptions options, std::string session) : options_(std::move(options)), session_(std::move(session)) {}

  const DatabaseOptions& options() const { return options_; }

  // One run of `function` in a Transaction (a type of pqxx). With `fresh` on a new connection.
  template <typename Transaction>
  Attempt Run(Function function, bool fresh) {
    Attempt attempt;
    bool pooled = false;
    absl::StatusOr<Connection> connection = Acquire(fresh, &pooled);
    if (!connection.ok()) return {.status = connection.status()};
    bool began = false;
    bool threw = false;
    try {
      Transaction transaction(**connection);
      began = !std::is_same_v<Transaction, pqxx::nontransaction>;
      attempt.status = function(transaction);
      if (attempt.status.ok()) transaction.commit();
    } catch (...) {
      attempt.status = StatusOfCurrentException();
      threw = true;
    }
    attempt.conflict = threw && absl::IsAborted(attempt.status);
    const bool lost = (threw && absl::IsUnavailable(attempt.status)) || !(*connection)->is_open();
    attempt.stale = lost && pooled && !began;
    Release(*std::move(connection), lost);
    return attempt;
  }

 private:
  // A connection that the caller has alone; `pooled` tells whether it was used before.
  absl::StatusOr<Connection> Acquire(bool fresh, bool* pooled) {
    Connection dead;
    {
      absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithTimeout(absl::Condition(this, &Pool::HasRoom), options_.connect_timeout)) {
        return absl::DeadlineExceededError(fmt::format("PostgreSQL: none of {} connections became free within {}",
                                                       options_.max_connections,
                                                       absl::FormatDuration(options_.connect_timeout)));
      }
      ++in_use_;
      if (!idle_.empty()) {
        dead = std::move(idle_.back());
        idle_.pop_back();
        if (!fresh) {
          *pooled = true;
          return dead;
        }
      }
    }
    try {
      return Connect(session_);
    } catch (...) {
      Release(nullptr, true);
      return StatusOfCurrentException();
    }
  }

  void Release(Connection connection, bool lost) {
    if (lost) connection.reset();
    absl::MutexLock lock(&mutex_);
    --in_use_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
  }

  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return in_use_ < options_.max_connections; }

  const DatabaseOptions options_;
  const std::string session_;
  absl::Mutex mutex_;
  // The last one used is taken first. Idle ones and those in use are never more than max_connections: a new one is made
  // only when none is idle.
  std::vector<Connection> idle_ ABSL_GUARDED_BY(mutex_);
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::StatusOr<std::unique_ptr<Database>> Database::Open(DatabaseOptions options) {
  DUBAN_RETURN_IF_ERROR(CheckOptions(options));
  DUBAN_ASSIGN_OR_RETURN(std::string session, SessionString(options));
  return std::unique_ptr<Database>(new Database(std::make_unique<Pool>(std::move(options), std::move(session))));
}

Database::Database(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}

Database::~Database() = default;

absl::Status Database::Transact(Function function) {
  Attempt attempt;
  for (int tried = 0; tried < pool_->options().max_attempts; ++tried) {
    // At most max_attempts times 200 ms: who holds the rows is another session, and gives no sign when it is done.
    if (tried > 0) absl::SleepFor(ConflictPause(tried));
    attempt = pool_->Run<pqxx::work>(function, /*fresh=*/false);
    if (attempt.stale) attempt = pool_->Run<pqxx::work>(function, /*fresh=*/true);
    if (!attempt.conflict) break;
  }
  return attempt.status;
}

absl::Status Database::Read(Function function) {
  Attempt attempt = pool_->Run<pqxx::nontransaction>(function, /*fresh=*/false);
  if (attempt.stale) attempt = pool_->Run<pqxx::nontransaction>(function, /*fresh=*/true);
  return attempt.status;
}

const std::string& Database::schema() const { return pool_->options().schema; }

}  // namespace duban
