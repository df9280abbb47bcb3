// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "google/rpc/error_details.pb.h"

namespace duban {
namespace {

constexpr char kBadRequest[] = "type.googleapis.com/google.rpc.BadRequest";

TEST(RpcStatusTest, RoundTripKeepsCodeMessageAndDetails) {
  for (const absl::Status& status : {absl::OkStatus(), InvalidField("page_size", "-3, want 0 (server default) to 1000"),
                                     Exhausted("backlog: 9, limit 9", std::chrono::seconds(2)),
                                     ResourceNotFound("duban.v1/Document", "documents/1", "no such document"),
                                     absl::UnavailableError("数据库不可达"), absl::DataLossError("")}) {
    SCOPED_TRACE(status.ToString());
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
    EXPECT_EQ(FromProto(ToProto(status)), status);
  }
}

TEST(RpcStatusTest, WireDetailsAreAGoogleRpcStatus) {
  const grpc::Status wire = ToGrpc(InvalidField("name", "empty"));
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(wire.error_details()));
  EXPECT_EQ(details.code(), 3);
  EXPECT_EQ(details.message(), "name: empty");
  ASSERT_EQ(details.details_size(), 1);
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(details.details(0).UnpackTo(&bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "name");
}

TEST(RpcStatusTest, LongMessageIsCutAtACharacter) {
  std::string text;
  while (text.size() < 5000) text += "督办";
  for (const char* prefix : {"", "a", "ab"}) {
    const grpc::Status wire = ToGrpc(absl::InternalError(prefix + text));
    EXPECT_LE(wire.error_message().size(), 1024 + 3);
    EXPECT_GE(wire.error_message().size(), 1021);
    EXPECT_TRUE(IsValidUtf8(wire.error_message()));
  }
}

TEST(RpcStatusTest, OversizedDetailsAreLeftOut) {
  const absl::Status status = InvalidField("name", std::string(10'000, 'x'));
  const grpc::Status wire = ToGrpc(status);
  EXPECT_TRUE(wire.error_details().empty());
  EXPECT_EQ(FromGrpc(wire).code(), absl::StatusCode::kInvalidArgument);
}

TEST(RpcStatusTest, ForeignDetailsDoNotHideTheStatus) {
  const absl::Status status = FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "etag: old", "\xFF\xFF not a proto"));
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Message(status), "etag: old");
  EXPECT_FALSE(status.GetPayload(kBadRequest).has_value());
}

}  // namespace
}  // namespace duban
