// SPDX-License-Identifier: Apache-2.0
// What of the store needs no server: connection strings, names of schemas, the status for an SQLSTATE.
#include "common/store/connection_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/store/sql_status.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

TEST(ConnectionStringTest, TakesBothFormsAndKeepsOptions) {
  const auto keywords = BuildConnectionString("host=db user=u password='it''s' options='-c a=1'",
                                              {{"connect_timeout", "5"}}, {{"search_path", "s"}});
  EXPECT_FALSE(keywords.ok()) << "'' does not stand for ' here";
  EXPECT_EQ(*BuildConnectionString("host=db password='it\\'s' options='-c a=1'", {{"connect_timeout", "5"}},
                                   {{"search_path", "s"}}),
            "connect_timeout='5' host='db' options='-c a=1 -c search_path=s' password='it\\'s' ");
  EXPECT_EQ(*BuildConnectionString("postgresql://u@db:77/name", {}, {}), "dbname='name' host='db' port='77' user='u' ");
}

TEST(ConnectionStringTest, NamesTheFault) {
  const auto built = BuildConnectionString("hst=db", {}, {});
  EXPECT_TRUE(absl::IsInvalidArgument(built.status()));
  EXPECT_THAT(Message(built.status()), HasSubstr("hst"));
}

TEST(SchemaNameTest, IsPlain) {
  for (std::string_view good : {"a", "duban_ingest", "s2"}) EXPECT_TRUE(CheckSchemaName(good).ok()) << good;
  for (std::string_view bad : {"", "A", "2s", "a-b", "a b", "a;drop", "局", "_a"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckSchemaName(bad))) << bad;
  }
  EXPECT_FALSE(CheckSchemaName(std::string(64, 'a')).ok());
}

TEST(SqlStatusTest, MapsEveryClass) {
  using Code = absl::StatusCode;
  struct Case {
    std::string_view sqlstate;
    Code code;
  };
  for (const Case& c : std::initializer_list<Case>{{"", Code::kUnavailable},
                                                   {"08006", Code::kUnavailable},
                                                   {"22021", Code::kInvalidArgument},
                                                   {"23503", Code::kFailedPrecondition},
                                                   {"23505", Code::kAlreadyExists},
                                                   {"23514", Code::kInvalidArgument},
                                                   {"25006", Code::kUnavailable},
                                                   {"40001", Code::kAborted},
                                                   {"40P01", Code::kAborted},
                                                   {"42501", Code::kPermissionDenied},
                                                   {"42601", Code::kInternal},
                                                   {"53100", Code::kUnavailable},
                                                   {"53200", Code::kResourceExhausted},
                                                   {"53300", Code::kUnavailable},
                                                   {"54000", Code::kResourceExhausted},
                                                   {"55P03", Code::kDeadlineExceeded},
                                                   {"57014", Code::kDeadlineExceeded},
                                                   {"57P01", Code::kUnavailable},
                                                   {"XX000", Code::kInternal}}) {
    EXPECT_EQ(CodeOfSqlState(c.sqlstate), c.code) << c.sqlstate;
  }
}

}  // namespace
}  // namespace duban
