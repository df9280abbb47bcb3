// SPDX-License-Identifier: Apache-2.0
// Names of agencies, against an ingest service that knows a few.
#include "services/cli/agency_names.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Two documents to a page whatever is asked for.
class FewAgencies : public v1::IngestService::Service {
 public:
  FewAgencies() {
    Add("坪湖区司法局", "甲省乙市坪湖区司法局");
    Add("鼓山区司法局", "甲省乙市鼓山区司法局");
    Add("坪湖区司法局", "甲省乙市坪湖区司法局");
    Add("鼓山区司法局", "丙省丁市鼓山区司法局");
    documents_.emplace_back();  // of nobody
    Add("丁市司法局", "丙省丁市司法局");
  }

  grpc::Status ListDocuments(grpc::ServerContext*, const v1::ListDocumentsRequest* request,
                             v1::ListDocumentsResponse* response) override {
    ++calls;
    const size_t begin = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (size_t i = begin; i < documents_.size(); ++i) {
      if (!request->agency().empty() && documents_[i].agency().name() != request->agency()) continue;
      if (response->documents_size() == 2) {
        response->set_next_page_token(fmt::format("{}", i));
        break;
      }
      *response->add_documents() = documents_[i];
    }
    return grpc::Status::OK;
  }

  std::atomic<int> calls = 0;

 private:
  void Add(std::string display_name, std::string canonical_name) {
    v1::Agency& agency = *documents_.emplace_back().mutable_agency();
    agency.set_name(NameOf(canonical_name));
    agency.set_display_name(std::move(display_name));
    agency.set_canonical_name(std::move(canonical_name));
  }

 public:
  static std::string NameOf(std::string_view canonical_name) { return AgencyName(Sha256Hex(canonical_name, 16)); }

 private:
  std::vector<v1::Document> documents_;
};

class AgencyNamesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::IngestService::NewStub(server_->InProcessChannel({}));
  }

  absl::StatusOr<std::vector<std::string>> Resolve(std::vector<std::string> words) {
    return ResolveAgencies(*stub_, words);
  }

  FewAgencies service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::StubInterface> stub_;
};

TEST_F(AgencyNamesTest, FindsNamesOfEverySort) {
  const auto resolved =
      Resolve({"agencies/0123456789abcdef", "甲省乙市鼓山区司法局", "坪湖区司法局", "丁市鼓山区司法局"});
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_THAT(*resolved,
              ElementsAre("agencies/0123456789abcdef", FewAgencies::NameOf("甲省乙市鼓山区司法局"),
                          FewAgencies::NameOf("甲省乙市坪湖区司法局"), FewAgencies::NameOf("丙省丁市鼓山区司法局")));
}

TEST_F(AgencyNamesTest, ResourceAndFullNamesNeedNoList) {
  ASSERT_TRUE(Resolve({"agencies/0123456789abcdef"}).ok());
  EXPECT_EQ(service_.calls, 0);
  ASSERT_TRUE(Resolve({"丙省丁市司法局"}).ok());
  EXPECT_EQ(service_.calls, 1);
}

TEST_F(AgencyNamesTest, NamesTheCandidatesOfAnAmbiguousName) {
  const absl::Status status = Resolve({"鼓山区司法局"}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(Message(status), HasSubstr("\"鼓山区司法局\" is 2 agencies"));
  EXPECT_THAT(Message(status), HasSubstr("丙省丁市鼓山区司法局 (" + FewAgencies::NameOf("丙省丁市鼓山区司法局") + ")"));
}

TEST_F(AgencyNamesTest, AnUnknownNameIsNotFound) { EXPECT_TRUE(absl::IsNotFound(Resolve({"无名县司法局"}).status())); }

}  // namespace
}  // namespace duban
