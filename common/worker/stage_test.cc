// SPDX-License-Identifier: Apache-2.0
// BatchHandler and the fetches from upstream, against a server that answers what the test says.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "common/base/deleted.h"
#include "common/base/status.h"
#include "common/rpc/status.h"
#include "common/worker/batch_handler.h"
#include "common/worker/upstream.h"

namespace duban {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Answers BatchGetDocuments: `answer`, or, where that is OK, documents at their `revisions`.
class ScriptedIngest : public v1::IngestService::Service {
 public:
  grpc::Status answer;
  size_t text_bytes = 0;
  // By name; 0 for a deleted one, 1 where none is given.
  std::map<std::string, int> revisions;

  grpc::Status BatchGetDocuments(grpc::ServerContext*, const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override {
    for (const std::string& name : request->names()) {
      const auto revision = revisions.find(name);
      if (revision != revisions.end() && revision->second == 0) {
        return ToGrpc(ResourceDeleted("duban.v1/Document", name, "the document is deleted"));
      }
      v1::Document& document = *response->add_documents();
      document.set_name(name);
      document.set_revision(revision == revisions.end() ? 1 : revision->second);
      if (request->view() == v1::FULL) document.set_text(std::string(text_bytes, 'a'));
    }
    return answer;
  }
};

class StageTest : public ::testing::Test {
 protected:
  StageTest() {
    server_ = grpc::ServerBuilder().RegisterService(&ingest_).BuildAndStart();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(1000);
    stub_ = v1::IngestService::NewStub(server_->InProcessChannel(arguments));
  }

  ScriptedIngest ingest_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
};

// Answers batches and single tasks as it is told; notes each call as "kind document…".
class ScriptedHandler : public BatchHandler {
 public:
  using Answer = std::function<absl::Status(std::span<const v1::Task>)>;
  ScriptedHandler(v1::IngestService::StubInterface* ingest, Answer process, Answer remove)
      : BatchHandler(ingest), process_(std::move(process)), remove_(std::move(remove)) {}
  std::vector<std::string> calls;

 protected:
  absl::Status ProcessBatch(std::span<const v1::Task> tasks) override { return Note("process", tasks, process_); }
  absl::Status RemoveBatch(std::span<const v1::Task> tasks) override { return Note("remove", tasks, remove_); }

 private:
  absl::Status Note(std::string call, std::span<const v1::Task> tasks, const Answer& answer) {
    for (const v1::Task& task : tasks) call += " " + task.document();
    calls.push_back(std::move(call));
    return answer(tasks);
  }

  const Answer process_, remove_;
};

v1::Task MakeTask(const std::string& document, int revision = 1, bool removal = false) {
  v1::Task task;
  task.set_document(document);
  task.set_revision(revision);
  task.set_removal(removal);
  return task;
}

ScriptedHandler::Answer Always(const absl::Status& status) {
  return [status](std::span<const v1::Task>) { return status; };
}

TEST_F(StageTest, TriesSinglesUnlessTheFailureIsAnOutage) {
  struct Case {
    absl::Status batch;
    size_t calls;
  };
  for (const Case& c : std::vector<Case>{
           {absl::OkStatus(), 1},
           {absl::UnavailableError("ingest: connection refused"), 1},
           {absl::DeadlineExceededError("ingest: slow"), 1},
           {absl::ResourceExhaustedError("ingest: Received message larger than max (9 vs. 4)"), 4},
           {absl::NotFoundError("documents/3"), 4},
       }) {
    SCOPED_TRACE(c.batch.ToString());
    const auto answer = [&](std::span<const v1::Task> tasks) { return tasks.size() > 1 ? c.batch : absl::OkStatus(); };
    for (const bool removal : {false, true}) {
      ScriptedHandler handler(stub_.get(), answer, answer);
      const std::vector<v1::Task> tasks(3, MakeTask("documents/1", 1, removal));
      const std::vector<absl::Status> statuses = handler.Process(tasks);
      EXPECT_EQ(handler.calls.size(), c.calls);
      const absl::Status each = c.calls == 1 ? c.batch : absl::OkStatus();
      EXPECT_THAT(statuses, ElementsAre(each, each, each));
    }
  }
}

TEST_F(StageTest, RemovalsAreABatchOfTheirOwn) {
  const absl::Status failure = absl::InternalError("x");
  ScriptedHandler handler(stub_.get(), Always(absl::OkStatus()), [&](std::span<const v1::Task> tasks) {
    const bool good = tasks.size() == 1 && tasks[0].document() == "documents/4";
    return good ? absl::OkStatus() : failure;
  });
  const auto statuses =
      handler.Process(std::vector<v1::Task>{MakeTask("documents/1"), MakeTask("documents/2", 2, true),
                                            MakeTask("documents/2"), MakeTask("documents/4", 2, true)});
  EXPECT_THAT(statuses, ElementsAre(absl::OkStatus(), failure, absl::OkStatus(), absl::OkStatus()));
  EXPECT_THAT(handler.calls, ElementsAre("remove documents/2 documents/4", "remove documents/2", "remove documents/4",
                                         "process documents/1 documents/2"));
}

// A document that ingest holds at another revision, or has deleted, is nobody's fault; one that it never had is.
TEST_F(StageTest, MissingIsForgivenToSupersededTasksOnly) {
  ingest_.revisions = {{"documents/deleted", 0}, {"documents/again", 3}, {"documents/there", 1}};
  const absl::Status missing = absl::NotFoundError("segmentation: no outline");
  struct Case {
    std::string document;
    absl::Status answer;
    absl::Status expected;
  };
  for (const Case& c : std::vector<Case>{
           {"documents/deleted", missing, absl::OkStatus()},
           {"documents/again", missing, absl::OkStatus()},
           {"documents/there", missing, missing},
           {"documents/deleted", absl::InternalError("x"), absl::InternalError("x")},
       }) {
    SCOPED_TRACE(c.document);
    ScriptedHandler handler(stub_.get(), Always(c.answer), Always(absl::OkStatus()));
    EXPECT_THAT(handler.Process(std::vector<v1::Task>{MakeTask(c.document)}), ElementsAre(c.expected));
  }
  ScriptedHandler removing(stub_.get(), Always(absl::OkStatus()), Always(missing));
  EXPECT_THAT(removing.Process(std::vector<v1::Task>{MakeTask("documents/deleted", 2, true)}), ElementsAre(missing));
  ingest_.answer = ToGrpc(ResourceNotFound("duban.v1/Document", "documents/never", "no such document"));
  ScriptedHandler handler(stub_.get(), Always(missing), Always(absl::OkStatus()));
  EXPECT_THAT(handler.Process(std::vector<v1::Task>{MakeTask("documents/never")}), ElementsAre(missing));
  ingest_.answer = grpc::Status(grpc::StatusCode::UNAVAILABLE, "away");
  EXPECT_THAT(handler.Process(std::vector<v1::Task>{MakeTask("documents/there")}),
              ElementsAre(absl::UnavailableError("ingest: away")));
}

TEST_F(StageTest, DocumentsOfTasksAreOfTheirRevision) {
  ingest_.revisions = {{"documents/a", 2}, {"documents/b", 1}};
  const std::vector<v1::Task> tasks = {MakeTask("documents/a", 2), MakeTask("documents/b", 1)};
  const auto documents = FetchDocumentsOf(*stub_, tasks);
  ASSERT_TRUE(documents.ok()) << documents.status();
  EXPECT_EQ(documents->at(1).name(), "documents/b");
  const absl::Status late = FetchDocumentsOf(*stub_, std::vector<v1::Task>{MakeTask("documents/a", 1)}).status();
  EXPECT_TRUE(absl::IsNotFound(late)) << late;
  EXPECT_THAT(std::string(late.message()), HasSubstr("revision 2, the task is for 1"));
  EXPECT_TRUE(*IsSuperseded(*stub_, "documents/a", 1, ""));
  EXPECT_FALSE(*IsSuperseded(*stub_, "documents/a", 2, ""));
}

TEST(RemovalsTest, AreWhatTheTasksSay) {
  const std::string id(32, 'a');
  const auto removals = Removals(std::vector<v1::Task>{MakeTask("documents/" + id, 7, true)});
  ASSERT_TRUE(removals.ok()) << removals.status();
  ASSERT_EQ(removals->size(), 1);
  EXPECT_EQ(removals->at(0).document, id);
  EXPECT_EQ(removals->at(0).revision, 7);
  EXPECT_TRUE(absl::IsInvalidArgument(Removals(std::vector<v1::Task>{MakeTask("documents/x")}).status()));
}

class UpstreamTest : public StageTest {
 protected:
  absl::Status Fetch() { return FetchDocuments(*stub_, {"documents/1"}, "").status(); }
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
