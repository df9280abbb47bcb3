// SPDX-License-Identifier: Apache-2.0
// SubmitAll against a service that refuses, breaks off and goes away: every report is answered once.
#include "services/cli/submitter.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

// Answers every request, but each stream ends with UNAVAILABLE after `answers_per_stream`, and each report is told to
// come again `refusals` times first.
class FlakyIngest : public v1::IngestService::Service {
 public:
  FlakyIngest(int answers_per_stream, int refusals) : answers_per_stream_(answers_per_stream), refusals_(refusals) {}

  grpc::Status StreamCreateDocuments(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::StreamCreateDocumentsResponse, v1::CreateDocumentRequest>* stream) override {
    v1::CreateDocumentRequest request;
    for (int answers = 0; stream->Read(&request); ++answers) {
      if (answers == answers_per_stream_) return ToGrpc(absl::UnavailableError("the stream breaks"));
      stream->Write(Answer(request));
    }
    return grpc::Status::OK;
  }

 private:
  v1::StreamCreateDocumentsResponse Answer(const v1::CreateDocumentRequest& request) {
    v1::StreamCreateDocumentsResponse response;
    response.set_request_id(request.request_id());
    const std::lock_guard<std::mutex> lock(mutex_);
    if (seen_[request.content()]++ < refusals_) {
      *response.mutable_error() = ToProto(Exhausted("full", std::chrono::milliseconds(1)));
    } else if (request.content() == "bad") {
      *response.mutable_error() = ToProto(InvalidField("content", "bad"));
    } else {
      response.mutable_document()->set_name(DocumentName(Sha256Hex(request.content(), 32)));
    }
    return response;
  }

  const int answers_per_stream_;
  const int refusals_;
  std::mutex mutex_;
  std::map<std::string, int> seen_;
};

struct Outcome {
  absl::Status status;
  std::map<std::string, int> accepted;  // how often each report was answered with a document
  std::map<std::string, int> refused;
};

Outcome Submit(v1::IngestService::Service& service, int reports, const SubmitOptions& options) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const auto stub = v1::IngestService::NewStub(server->InProcessChannel({}));
  Outcome outcome;
  int at = 0;
  outcome.status = SubmitAll(
      *stub, options,
      [&]() -> std::optional<Submission> {
        if (at == reports) return std::nullopt;
        const std::string content = at == 1 ? "bad" : "report " + std::to_string(at);
        ++at;
        return Submission{"", content};
      },
      [&](const Submission& report, const absl::StatusOr<v1::Document>& answer) {
        ++(answer.ok() ? outcome.accepted : outcome.refused)[report.content];
      });
  server->Shutdown();
  return outcome;
}

void ExpectEachOnce(const Outcome& outcome, int reports) {
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.accepted.size(), static_cast<size_t>(reports) - 1);
  for (const auto& [report, count] : outcome.accepted) EXPECT_EQ(count, 1) << report;
  EXPECT_THAT(outcome.refused, ::testing::ElementsAre(::testing::Pair("bad", 1)));
}

TEST(SubmitAllTest, AnswersEachOnce) {
  FlakyIngest service(1'000'000, 0);
  ExpectEachOnce(Submit(service, 300, {.window = 8}), 300);
}

TEST(SubmitAllTest, OffersAgainWhatThereWasNoRoomFor) {
  FlakyIngest service(1'000'000, 3);
  ExpectEachOnce(Submit(service, 100, {.window = 4}), 100);
}

TEST(SubmitAllTest, GoesOnAfterBrokenStreams) {
  FlakyIngest service(40, 1);
  ExpectEachOnce(Submit(service, 60, {.window = 8}), 60);
}

TEST(SubmitAllTest, OneReportTooLargeDoesNotStopTheOthers) {
  FlakyIngest service(1'000'000, 0);
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(1 << 20);
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto server = builder.BuildAndStart();
  const auto stub = v1::IngestService::NewStub(MakeChannel("127.0.0.1:" + std::to_string(port)));
  int at = 0, accepted = 0;
  std::vector<std::string> refused;
  const absl::Status status = SubmitAll(
      *stub, {.window = 8},
      [&]() -> std::optional<Submission> {
        if (at == 20) return std::nullopt;
        const size_t size = at == 7 ? 2 << 20 : 10;
        // A file name in another charset must not end the stream either.
        return Submission{"\xB1\xA8" + std::to_string(at), std::string(size, static_cast<char>('a' + at++))};
      },
      [&](const Submission& report, const absl::StatusOr<v1::Document>& answer) {
        if (answer.ok()) {
          ++accepted;
        } else {
          refused.push_back(report.source_uri);
        }
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(accepted, 19);
  EXPECT_THAT(refused, ::testing::ElementsAre("\xB1\xA8"
                                              "7"));
  server->Shutdown();
}

TEST(SubmitAllTest, NothingToSubmit) {
  FlakyIngest service(10, 0);
  EXPECT_TRUE(Submit(service, 0, {}).status.ok());
}

TEST(SubmitAllTest, GivesUpWhenNothingMoves) {
  FlakyIngest service(0, 0);
  const Outcome outcome = Submit(service, 5, {.patience = absl::Milliseconds(1)});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable) << outcome.status;
  EXPECT_TRUE(outcome.accepted.empty());
}

}  // namespace
}  // namespace duban
