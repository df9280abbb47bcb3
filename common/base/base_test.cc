// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/deleted.h"
#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "duban/v1/document.pb.h"
#include "google/rpc/error_details.pb.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

constexpr char kDocument[] = "0123456789abcdef0123456789abcdef";
constexpr char kAgency[] = "0123456789abcdef";

TEST(StatusTest, InvalidFieldCarriesBadRequest) {
  const absl::Status status = InvalidField("page_size", "-3, want 0 to 1000");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Message(status), "page_size: -3, want 0 to 1000");
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  ASSERT_TRUE(payload.has_value());
  google::rpc::BadRequest detail;
  ASSERT_TRUE(detail.ParseFromString(std::string(*payload)));
  ASSERT_EQ(detail.field_violations_size(), 1);
  EXPECT_EQ(detail.field_violations(0).field(), "page_size");
}

TEST(StatusTest, ExhaustedCarriesDelay) {
  const absl::Status status = Exhausted("backlog: 10, limit 10", std::chrono::milliseconds(2500));
  google::rpc::RetryInfo detail;
  ASSERT_TRUE(detail.ParseFromString(std::string(*status.GetPayload("type.googleapis.com/google.rpc.RetryInfo"))));
  EXPECT_EQ(detail.retry_delay().seconds(), 2);
  EXPECT_EQ(detail.retry_delay().nanos(), 500'000'000);
}

TEST(StatusTest, AnnotateKeepsCodeAndDetails) {
  const absl::Status status = Annotate(InvalidField("name", "empty"), "GetDocument");
  EXPECT_EQ(Message(status), "GetDocument: name: empty");
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.BadRequest").has_value());
  EXPECT_TRUE(Annotate(absl::OkStatus(), "x").ok());
}

TEST(DeletedTest, IsToldFromWhatNeverWas) {
  const absl::Status deleted = ResourceDeleted("duban.v1/Document", "documents/1", "the document is deleted");
  EXPECT_EQ(deleted.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Message(deleted), "documents/1: the document is deleted");
  EXPECT_TRUE(IsDeleted(deleted));
  EXPECT_TRUE(IsDeleted(Annotate(deleted, "ingest")));
  EXPECT_FALSE(IsDeleted(ResourceNotFound("duban.v1/Document", "documents/1", "no such document")));
  EXPECT_FALSE(IsDeleted(absl::NotFoundError("documents/1: the document is deleted")));
  EXPECT_FALSE(IsDeleted(absl::OkStatus()));
}

TEST(LexiconTest, NamesTheLineOfTheFault) {
  const auto parsed = ParseLexicon<v1::Document>("demo.textproto", "title: \"a\"\n# a comment\nno_such_field: 1\n");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(parsed.status()), HasSubstr("demo.textproto:3:"));
}

TEST(ReadFileTest, TellsWhatIsWrong) {
  EXPECT_EQ(ReadFile("/nonexistent/file").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadFile("/").status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(NamesTest, RoundTrip) {
  EXPECT_EQ(*ParseDocumentName("name", DocumentName(kDocument)), kDocument);
  EXPECT_EQ(*ParseOutlineName("name", OutlineName(kDocument)), kDocument);
  EXPECT_EQ(*ParseAgencyName("parent", AgencyName(kAgency)), kAgency);
  EXPECT_EQ(*ParseAgencyName("parent", "agencies/-", true), "-");
  const PlanItemKey key{kAgency, kDocument, "p12"};
  const auto parsed = ParsePlanItemName("name", PlanItemName(key));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(PlanItemName(*parsed), PlanItemName(key));
  EXPECT_EQ(ParseTrackingName("name", TrackingName(key))->item, "p12");
}

TEST(NamesTest, RejectsWhatIsNoName) {
  for (const char* name : {"", "documents/", "documents/xyz", "documents/0123456789ABCDEF0123456789ABCDEF",
                           "agencies/-", "documents/0123456789abcdef0123456789abcdef/x"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(ParseDocumentName("name", name).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ParseOutlineName("name", name).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ParseAgencyName("name", name).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ParsePlanItemName("name", name).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ParseTrackingName("name", name).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(ParsePlanItemName("name", PlanItemName({kAgency, kDocument, "q1"})).ok());
  EXPECT_FALSE(ParsePlanItemName("name", PlanItemName({kAgency, kDocument, "p"})).ok());
}

TEST(NamesTest, ParseNamesBoundsAndNamesThePlace) {
  google::protobuf::RepeatedPtrField<std::string> names;
  EXPECT_THAT(Message(ParseNames("names", names, ParseDocumentName).status()),
              HasSubstr("names: 0 names, want 1 to 100"));
  *names.Add() = DocumentName(kDocument);
  EXPECT_EQ(ParseNames("names", names, ParseDocumentName)->at(0), kDocument);
  *names.Add() = "documents/x";
  EXPECT_THAT(Message(ParseNames("names", names, ParseDocumentName).status()), HasSubstr("names[1]: \"documents/x\""));
  names.Clear();
  for (int i = 0; i <= kMaxBatchNames; ++i) *names.Add() = DocumentName(kDocument);
  EXPECT_EQ(ParseNames("names", names, ParseDocumentName).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(NamesTest, Sha256OfTheEmptyString) { EXPECT_EQ(Sha256Hex("", 16), "e3b0c44298fc1c14"); }

}  // namespace
}  // namespace duban
