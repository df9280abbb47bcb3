// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/database.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "common/testing/postgres_server.h"
#include "duban/v1/task.pb.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One cluster for all tests below; each has a schema of its own, named after the test.
class DatabaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto server = testing::PostgresServer::Start();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = server->release();
  }
  static void TearDownTestSuite() { delete server_; }

  void SetUp() override {
    static int count = 0;
    schema_ = "duban_test" + std::to_string(++count);
    auto dsn = server_->NewSchema(schema_);
    ASSERT_TRUE(dsn.ok()) << dsn.status();
    dsn_ = *dsn;
    database_ = Open({});
  }

  // A database of this test's schema.
  std::unique_ptr<Database> Open(DatabaseOptions options) {
    options.dsn = dsn_;
    options.schema = schema_;
    auto database = Database::Open(options);
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }

  absl::Status Exec(const std::string& sql) {
    return database_->Transact([&](pqxx::transaction_base& transaction) {
      transaction.exec(sql);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::string> Value(const std::string& sql) {
    std::string value;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](pqxx::transaction_base& transaction) {
      value = transaction.exec1(sql)[0].c_str();
      return absl::OkStatus();
    }));
    return value;
  }

  static testing::PostgresServer* server_;
  std::string schema_;
  std::string dsn_;
  std::unique_ptr<Database> database_;
};

testing::PostgresServer* DatabaseTest::server_ = nullptr;

TEST_F(DatabaseTest, RefusesWrongOptions) {
  struct Case {
    DatabaseOptions options;
    std::string_view field;
  };
  for (const Case& c : std::initializer_list<Case>{
           {{.dsn = "hst=x", .schema = "s"}, "dsn"},
           {{.dsn = "", .schema = "S"}, "schema"},
           {{.dsn = "", .schema = "s", .max_connections = 0}, "max_connections"},
           {{.dsn = "", .schema = "s", .connect_timeout = absl::Seconds(1)}, "connect_timeout"},
           {{.dsn = "", .schema = "s", .statement_timeout = absl::Seconds(-1)}, "statement_timeout"},
           {{.dsn = "", .schema = "s", .max_attempts = 0}, "max_attempts"}}) {
    const auto database = Database::Open(c.options);
    EXPECT_TRUE(absl::IsInvalidArgument(database.status())) << c.field;
    EXPECT_THAT(Message(database.status()), ::testing::StartsWith(std::string(c.field)));
  }
}

TEST_F(DatabaseTest, CommitsOkAndRollsBackErrors) {
  ASSERT_TRUE(Exec("CREATE TABLE t (n int PRIMARY KEY)").ok());
  EXPECT_TRUE(Exec("INSERT INTO t VALUES (1)").ok());
  const absl::Status refused = database_->Transact([](pqxx::transaction_base& transaction) {
    transaction.exec("INSERT INTO t VALUES (2)");
    return absl::AbortedError("mine");
  });
  EXPECT_EQ(refused, absl::AbortedError("mine")) << "the function's own ABORTED is not tried again";
  EXPECT_EQ(*Value("SELECT string_agg(n::text, ',') FROM t"), "1");
}

TEST_F(DatabaseTest, MapsErrors) {
  ASSERT_TRUE(Exec("CREATE TABLE t (n int PRIMARY KEY CHECK (n < 9)); CREATE TABLE u (n int REFERENCES t)").ok());
  ASSERT_TRUE(Exec("INSERT INTO t VALUES (1)").ok());
  struct Case {
    std::string sql;
    absl::StatusCode code;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"INSERT INTO t VALUES (1)", absl::StatusCode::kAlreadyExists},
           {"INSERT INTO t VALUES (10)", absl::StatusCode::kInvalidArgument},
           {"INSERT INTO u VALUES (5)", absl::StatusCode::kFailedPrecondition},
           {"SELECT 'x'::int", absl::StatusCode::kInvalidArgument},
           {"SELECT 'a\xFF'", absl::StatusCode::kInvalidArgument},
           {"CREATE SCHEMA other", absl::StatusCode::kPermissionDenied},
           {"CREATE TABLE public.t (n int)", absl::StatusCode::kPermissionDenied},
           {"SELEC", absl::StatusCode::kInternal},
           {"SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)", absl::StatusCode::kDeadlineExceeded},
           {"DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", absl::StatusCode::kUnavailable},
           {"DO $$ BEGIN RAISE SQLSTATE '53200'; END $$", absl::StatusCode::kResourceExhausted},
           {"SELECT pg_terminate_backend(pg_backend_pid())", absl::StatusCode::kUnavailable}}) {
    const absl::Status status = Exec(c.sql);
    EXPECT_EQ(status.code(), c.code) << c.sql << ": " << status;
  }
  EXPECT_TRUE(Exec("INSERT INTO t VALUES (2)").ok()) << "the pool is whole after all this";
}

TEST_F(DatabaseTest, NoExceptionCrosses) {
  EXPECT_TRUE(absl::IsInternal(
      database_->Transact([](pqxx::transaction_base&) -> absl::Status { throw std::runtime_error("x"); })));
  EXPECT_TRUE(absl::IsInternal(database_->Transact([](pqxx::transaction_base&) -> absl::Status { throw 1; })));
  EXPECT_TRUE(absl::IsResourceExhausted(
      database_->Transact([](pqxx::transaction_base&) -> absl::Status { throw std::bad_alloc(); })));
  EXPECT_TRUE(absl::IsInternal(database_->Read([](pqxx::transaction_base& transaction) {
    transaction.exec1("SELECT 1 WHERE false");
    return absl::OkStatus();
  })));
}

TEST_F(DatabaseTest, OutlivesTheServersRestart) {
  ASSERT_TRUE(Exec("CREATE TABLE t (n int)").ok());
  for (const bool crash : {false, true}) {
    // Several idle connections, all dead after the restart.
    absl::Barrier* barrier = new absl::Barrier(3);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, barrier] {
        EXPECT_TRUE(database_
                        ->Transact([&](pqxx::transaction_base& transaction) {
                          transaction.exec("INSERT INTO t VALUES (0)");
                          if (barrier->Block()) delete barrier;
                          return absl::OkStatus();
                        })
                        .ok());
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE((crash ? server_->Kill() : server_->Stop()).ok());
    EXPECT_TRUE(absl::IsUnavailable(Exec("INSERT INTO t VALUES (1)")));
    EXPECT_TRUE(absl::IsUnavailable(Value("SELECT 1").status()));
    ASSERT_TRUE(server_->Restart().ok());
    EXPECT_TRUE(Exec("INSERT INTO t VALUES (2)").ok());
    ASSERT_TRUE(server_->Restart().ok());
    EXPECT_EQ(*Value("SELECT 7"), "7");
  }
  EXPECT_EQ(*Value("SELECT count(*) FROM t WHERE n = 2"), "2");
}

TEST_F(DatabaseTest, RunsDeadlockedTransactionsAgain) {
  ASSERT_TRUE(Exec("CREATE TABLE t (n int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0), (2, 0)").ok());
  std::atomic<int> runs = 0;
  absl::Barrier* barrier = new absl::Barrier(2);
  const auto cross = [&](int first, int second) {
    bool met = false;
    const absl::Status status = database_->Transact([&](pqxx::transaction_base& transaction) {
      ++runs;
      transaction.exec("SET LOCAL deadlock_timeout = '10ms'");
      transaction.exec_params("UPDATE t SET v = v + 1 WHERE n = $1", first);
      if (!met) {
        met = true;
        if (barrier->Block()) delete barrier;
      }
      transaction.exec_params("UPDATE t SET v = v + 1 WHERE n = $1", second);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  };
  // Only a superuser may shorten deadlock_timeout; the administrator lets this role.
  {
    pqxx::connection admin(server_->AdminDsn());
    pqxx::nontransaction(admin).exec("GRANT SET ON PARAMETER deadlock_timeout TO " + schema_);
  }
  std::thread other([&] { cross(2, 1); });
  cross(1, 2);
  other.join();
  EXPECT_GE(runs, 3);
  EXPECT_EQ(*Value("SELECT string_agg(v::text, ',') FROM t"), "2,2");
}

TEST_F(DatabaseTest, GivesUpOnEndlessConflicts) {
  auto database = Open({.max_attempts = 3});
  int runs = 0;
  const absl::Status status = database->Transact([&](pqxx::transaction_base& transaction) {
    ++runs;
    transaction.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_EQ(runs, 3);
}

TEST_F(DatabaseTest, PoolIsBoundedAndTellsWhenItIsUsedUp) {
  auto database = Open({.max_connections = 1, .connect_timeout = absl::Seconds(2)});
  const auto nothing = [](pqxx::transaction_base&) { return absl::OkStatus(); };
  const absl::Status outer = database->Transact([&](pqxx::transaction_base&) {
    EXPECT_TRUE(absl::IsDeadlineExceeded(database->Read(nothing)));
    return absl::OkStatus();
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_TRUE(database->Read(nothing).ok());
}

TEST_F(DatabaseTest, ArraysRoundTrip) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const std::vector<std::string> texts = {"", "plain", "a,b", "{}", "\"q\\\"", "NULL", "局：约4735万元\n"};
  const std::vector<std::string> blobs = {"", every_byte};
  const absl::Status status = database_->Read([&](pqxx::transaction_base& transaction) {
    const auto text_rows = transaction.exec_params("SELECT unnest($1::text[])", TextArray(texts));
    EXPECT_EQ(text_rows.size(), texts.size());
    for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(text_rows[i][0].as<std::string>(), texts[i]);
    const auto blob_rows = transaction.exec_params("SELECT unnest($1::bytea[])",
                                                   BytesArray(blobs, [](const std::string& blob) { return blob; }));
    for (size_t i = 0; i < blobs.size(); ++i) EXPECT_EQ(pqxx::binarystring(blob_rows[i][0]).str(), blobs[i]);
    ArrayBuilder numbers;
    numbers.AddNumber(-3);
    numbers.AddNull();
    EXPECT_STREQ(transaction.exec_params1("SELECT $1::bigint[]", std::move(numbers).Build())[0].c_str(), "{-3,NULL}");
    EXPECT_STREQ(transaction.exec_params1("SELECT cardinality($1::text[])", ArrayBuilder().Build())[0].c_str(), "0");
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(DatabaseTest, RefusesTextWithNul) {
  EXPECT_TRUE(CheckStorableText("source_uri", "a").ok());
  EXPECT_EQ(Message(CheckStorableText("source_uri", std::string_view("a\0b", 3))),
            "source_uri: has a NUL byte, want text without");
  const std::vector<std::string> texts = {std::string("a\0b", 3)};
  EXPECT_TRUE(absl::IsInvalidArgument(database_->Read([&](pqxx::transaction_base& transaction) {
    transaction.exec_params("SELECT unnest($1::text[])", TextArray(texts));
    return absl::OkStatus();
  })));
}

TEST_F(DatabaseTest, RowsReadBack) {
  v1::Task task;
  task.set_document("documents/x");
  const absl::Status status = database_->Read([&](pqxx::transaction_base& transaction) {
    const std::string bytes = task.SerializeAsString();
    const auto row =
        transaction.exec_params1("SELECT $1::bytea, '\\x08'::bytea, '0123456789abcdef0123456789abcdef'::uuid, " +
                                     MicrosecondsOf(TimestampOf("$2")),
                                 pqxx::binarystring(bytes), int64_t{1700000000123457});
    v1::Task read;
    EXPECT_TRUE(ParseMessage(row[0], &read).ok());
    EXPECT_EQ(read.document(), "documents/x");
    EXPECT_TRUE(absl::IsDataLoss(ParseMessage(row[1], &read)));
    EXPECT_EQ(DocumentIdOf(row[2]), "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(row[3].as<int64_t>(), 1700000000123457);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(DatabaseTest, MigratesOnceAndGoesOn) {
  const Migration first = {1, "0001_a.sql", "CREATE TABLE a (n int); INSERT INTO a VALUES (1);"};
  const Migration second = {2, "0002_b.sql", "INSERT INTO a VALUES (2);"};
  EXPECT_TRUE(Migrate(*database_, {first}).ok());
  EXPECT_TRUE(Migrate(*database_, {first}).ok());
  EXPECT_TRUE(Migrate(*database_, {first, second}).ok());
  EXPECT_TRUE(Migrate(*database_, {first}).ok()) << "a program of the release before";
  EXPECT_EQ(*Value("SELECT string_agg(n::text, ',' ORDER BY n) FROM a"), "1,2");
  EXPECT_EQ(*Value("SELECT string_agg(version || name, ',' ORDER BY version) FROM schema_migrations"),
            "10001_a.sql,20002_b.sql");
}

TEST_F(DatabaseTest, MigrationErrorsLeaveNothing) {
  const Migration good = {1, "0001_a.sql", "CREATE TABLE a (n int)"};
  EXPECT_TRUE(absl::IsInvalidArgument(Migrate(*database_, {{2, "0002_b.sql", "SELECT 1"}})));
  EXPECT_TRUE(absl::IsInternal(Migrate(*database_, {good, {2, "0002_b.sql", "CREATE TABEL b"}})));
  EXPECT_EQ(*Value("SELECT to_regclass('a') IS NULL AND to_regclass('schema_migrations') IS NULL"), "t");
  ASSERT_TRUE(Migrate(*database_, {good}).ok());
  const absl::Status changed = Migrate(*database_, {{1, "0001_a.sql", "CREATE TABLE a (n bigint)"}});
  EXPECT_TRUE(absl::IsFailedPrecondition(changed));
  EXPECT_THAT(Message(changed), HasSubstr("0001_a.sql"));
  schema_ = "duban_missing";
  const absl::Status missing = Migrate(*Open({}), {good});
  EXPECT_TRUE(absl::IsFailedPrecondition(missing)) << missing;
}

TEST_F(DatabaseTest, MigrationDoesNotWaitForeverForATable) {
  const std::vector<Migration> first = {{1, "1_t.sql", "CREATE TABLE t (x int)"}};
  std::vector<Migration> both = first;
  both.push_back({2, "2_more.sql", "ALTER TABLE t ADD COLUMN y int"});
  ASSERT_TRUE(Migrate(*database_, first).ok());
  const absl::Status held = database_->Transact([&](pqxx::transaction_base& transaction) {
    transaction.exec0("LOCK TABLE t IN ACCESS SHARE MODE");
    return Migrate(*database_, both, absl::Milliseconds(50));
  });
  EXPECT_TRUE(absl::IsDeadlineExceeded(held)) << held;
  EXPECT_THAT(Message(held), HasSubstr("migration 2_more.sql: other sessions held a table"));
  EXPECT_TRUE(Migrate(*database_, both, absl::Milliseconds(50)).ok());
}

TEST_F(DatabaseTest, ConcurrentMigrationsRunOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const absl::Status status = Migrate(*Open({}), {{1, "0001_a.sql", "CREATE TABLE a (n int)"}});
      EXPECT_TRUE(status.ok()) << status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*Value("SELECT count(*) FROM schema_migrations"), "1");
}

TEST_F(DatabaseTest, BootstrapIsIdempotentAndFencesSchemas) {
  for (const char* password : {"first", "second"}) {
    EXPECT_TRUE(BootstrapSchema(server_->AdminDsn(), "duban_boot", password).ok());
    DatabaseOptions options{.dsn = server_->Dsn("duban_boot", password), .schema = "duban_boot"};
    auto database = Database::Open(options);
    EXPECT_TRUE(Migrate(**database, {{1, "0001_a.sql", "CREATE TABLE a (n int)"}}).ok()) << password;
  }
  auto late = Database::Open({.dsn = server_->Dsn("duban_boot", "first"), .schema = "duban_boot"});
  EXPECT_FALSE(Migrate(**late, {}).ok()) << "the old password";
  EXPECT_TRUE(absl::IsPermissionDenied(Exec("SELECT * FROM duban_boot.a"))) << "another service's table";
  EXPECT_TRUE(absl::IsInvalidArgument(BootstrapSchema(server_->AdminDsn(), "no-name", "x")));
  EXPECT_TRUE(absl::IsInvalidArgument(BootstrapSchema(server_->AdminDsn(), "name", "")));
  EXPECT_TRUE(absl::IsUnavailable(BootstrapSchema("host=/nonexistent", "name", "x")));
}

TEST_F(DatabaseTest, ConcurrentBootstrapsAgree) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const absl::Status status = BootstrapSchema(server_->AdminDsn(), "duban_many", "same");
      EXPECT_TRUE(status.ok()) << status;
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace duban
