// SPDX-License-Identifier: Apache-2.0
// BatchHandler and the fetches from upstream, against a server that answers what the test says.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "common/worker/batch_handler.h"
#include "common/worker/upstream.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Fails batches with `batch` and single tasks with `single`; counts the calls.
class ScriptedHandler : public BatchHandler {
 public:
  ScriptedHandler(absl::Status batch, absl::Status single) : batch_(std::move(batch)), single_(std::move(single)) {}
  int calls = 0;

 protected:
  absl::Status ProcessBatch(std::span<const v1::Task> tasks) override {
    ++calls;
    return tasks.size() > 1 ? batch_ : single_;
  }

 private:
  const absl::Status batch_, single_;
};

TEST(BatchHandlerTest, TriesSinglesUnlessTheFailureIsAnOutage) {
  struct Case {
    absl::Status batch;
    int calls;
  };
  for (const Case& c : std::vector<Case>{
           {absl::OkStatus(), 1},
           {absl::UnavailableError("ingest: connection refused"), 1},
           {absl::DeadlineExceededError("ingest: slow"), 1},
           {absl::ResourceExhaustedError("ingest: Received message larger than max (9 vs. 4)"), 4},
           {absl::NotFoundError("documents/3"), 4},
       }) {
    SCOPED_TRACE(c.batch.ToString());
    ScriptedHandler handler(c.batch, absl::OkStatus());
    const std::vector<v1::Task> tasks(3);
    const std::vector<absl::Status> statuses = handler.Process(tasks);
    EXPECT_EQ(handler.calls, c.calls);
    const absl::Status each = c.calls == 1 ? c.batch : absl::OkStatus();
    EXPECT_THAT(statuses, ElementsAre(each, each, each));
  }
}

class ScriptedIngest : public v1::IngestService::Service {
 public:
  grpc::Status answer;
  size_t text_bytes = 0;

  grpc::Status BatchGetDocuments(grpc::ServerContext*, const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override {
    for (int i = 0; i < request->names_size(); ++i) response->add_documents()->set_text(std::string(text_bytes, 'a'));
    return answer;
  }
};

class UpstreamTest : public ::testing::Test {
 protected:
  UpstreamTest() {
    server_ = grpc::ServerBuilder().RegisterService(&ingest_).BuildAndStart();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(1000);
    stub_ = v1::IngestService::NewStub(server_->InProcessChannel(arguments));
  }

  absl::Status Fetch() { return FetchDocuments(*stub_, {"documents/1"}, "").status(); }

  ScriptedIngest ingest_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
};

TEST_F(UpstreamTest, GivesWhatWasAskedFor) { EXPECT_TRUE(Fetch().ok()) << Fetch(); }

TEST_F(UpstreamTest, ServerWithoutRoomIsUnavailable) {
  ingest_.answer = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "Server Threadpool Exhausted");
  EXPECT_EQ(Fetch(), absl::UnavailableError("ingest: Server Threadpool Exhausted"));
}

TEST_F(UpstreamTest, AnswerTooLargeIsTheDocuments) {
  ingest_.text_bytes = 2000;
  EXPECT_TRUE(absl::IsResourceExhausted(Fetch())) << Fetch();
  EXPECT_THAT(std::string(Fetch().message()), HasSubstr("larger than max"));
}

TEST_F(UpstreamTest, OtherFailuresStay) {
  ingest_.answer = grpc::Status(grpc::StatusCode::NOT_FOUND, "documents/1");
  EXPECT_EQ(Fetch(), absl::NotFoundError("ingest: documents/1"));
}

}  // namespace
}  // namespace duban
