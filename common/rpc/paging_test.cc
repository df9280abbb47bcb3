// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/paging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "common/base/status.h"
#include "duban/v1/indicator_service.pb.h"
#include "duban/v1/plan_service.pb.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

TEST(PageSizeTest, DefaultsAndCoerces) {
  for (const auto& [requested, want] : std::initializer_list<std::pair<int32_t, int>>{
           {0, 50}, {1, 1}, {1000, 1000}, {1001, 1000}, {std::numeric_limits<int32_t>::max(), 1000}}) {
    EXPECT_EQ(*PageSize(requested), want) << requested;
  }
}

TEST(PageSizeTest, RefusesNegative) {
  const absl::Status status = PageSize(-3).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Message(status), "page_size: -3, want 0 (server default) to 1000");
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.BadRequest").has_value());
}

v1::ListIndicatorsRequest Request(const std::string& metric) {
  v1::ListIndicatorsRequest request;
  request.set_parent("documents/-");
  request.set_metric(metric);
  return request;
}

TEST(PageTokenTest, EmptyIsTheFirstPage) { EXPECT_EQ(*ParsePageToken(Request("a.b")), ""); }

TEST(PageTokenTest, GivesThePositionBack) {
  for (const std::string& position : {std::string("documents/1 i7"), std::string("\0\xFF\x80", 3), std::string()}) {
    v1::ListIndicatorsRequest request = Request("a.b");
    request.set_page_token(MakePageToken(request, position));
    EXPECT_EQ(*ParsePageToken(request), position);
    // The page size may change between pages.
    request.set_page_size(7);
    EXPECT_EQ(*ParsePageToken(request), position);
  }
}

TEST(PageTokenTest, NeedsNoEscapingInUrls) {
  const std::string token = MakePageToken(Request("a.b"), "\xFB\xFF\xFE some position");
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(PageTokenTest, RefusesTokensOfOtherRequests) {
  const std::string token = MakePageToken(Request("a.b"), "position");
  v1::ListIndicatorsRequest other = Request("a.c");
  other.set_page_token(token);
  const absl::Status status = ParsePageToken(other).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(status), HasSubstr("page_token: "));
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.BadRequest").has_value());
  // Another list whose filters serialize alike.
  v1::ListPlanItemsRequest items;
  items.set_page_token(MakePageToken(v1::ListIndicatorsRequest(), "position"));
  EXPECT_FALSE(ParsePageToken(items).ok());
}

TEST(PageTokenTest, RefusesEveryDamagedToken) {
  v1::ListIndicatorsRequest request = Request("a.b");
  const std::string token = MakePageToken(request, "documents/1 i7");
  // The last character may hold bits that base64 does not use: it is only cut off.
  for (size_t i = 0; i + 1 < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    request.set_page_token(damaged);
    EXPECT_FALSE(ParsePageToken(request).ok()) << i;
    request.set_page_token(token.substr(0, i + 1));
    EXPECT_FALSE(ParsePageToken(request).ok()) << "cut behind " << i;
  }
  for (const char* nonsense : {"2", "!!", "督办", " ", "AAAA"}) {
    request.set_page_token(nonsense);
    EXPECT_FALSE(ParsePageToken(request).ok()) << nonsense;
  }
}

}  // namespace
}  // namespace duban
