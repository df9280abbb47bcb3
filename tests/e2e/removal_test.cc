// SPDX-License-Identifier: Apache-2.0
// Deleting documents over gRPC: what is left in every service is what a system holds that never saw them.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/queue/redis_task_queue.h"
#include "common/rpc/channel.h"
#include "common/testing/wait.h"
#include "tests/e2e/cluster.h"
#include "tests/e2e/ledgers.h"

namespace duban::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Stub = v1::IngestService::StubInterface;

std::unique_ptr<Cluster> StartCluster() {
  auto cluster = Cluster::Start({});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return cluster.ok() ? *std::move(cluster) : nullptr;
}

// Two agencies' reports, those of one by year.
std::vector<Submission> Reports() {
  std::vector<Submission> reports = SampleReports();
  EXPECT_GE(reports.size(), 6u);
  return reports;
}

std::string NameOf(const Submission& report) { return DocumentName(Sha256Hex(report.content, 32)); }

absl::StatusOr<v1::Document> Delete(Cluster& cluster, const std::string& name) {
  v1::DeleteDocumentRequest request;
  request.set_name(name);
  v1::Document document;
  DUBAN_RETURN_IF_ERROR(cluster.Call(&Stub::DeleteDocument, request, &document));
  return document;
}

// The states that WatchDocument tells.
std::vector<v1::Document::State> Watch(Cluster& cluster, const std::string& name) {
  v1::WatchDocumentRequest request;
  request.set_name(name);
  const auto context = MakeContext({.timeout = absl::Seconds(60)});
  const auto stream = cluster.ingest().WatchDocument(context.get(), request);
  v1::Document document;
  std::vector<v1::Document::State> states;
  while (stream->Read(&document)) states.push_back(document.state());
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return states;
}

void ExpectDeleted(Cluster& cluster, const std::string& name) {
  const auto states = Watch(cluster, name);
  ASSERT_FALSE(states.empty());
  EXPECT_EQ(states.back(), v1::Document::DELETED) << name;
}

absl::StatusOr<v1::Document> Get(Cluster& cluster, const std::string& name) {
  v1::GetDocumentRequest request;
  request.set_name(name);
  v1::Document document;
  DUBAN_RETURN_IF_ERROR(cluster.Call(&Stub::GetDocument, request, &document));
  return document;
}

int DeadLetters(Cluster& cluster) {
  v1::ListDeadLettersResponse letters;
  EXPECT_TRUE(cluster.Call(&Stub::ListDeadLetters, v1::ListDeadLettersRequest(), &letters).ok());
  for (const auto& letter : letters.dead_letters()) ADD_FAILURE() << letter.ShortDebugString();
  return letters.dead_letters_size();
}

std::string Ledgers(Cluster& cluster, const std::set<std::string>& documents) {
  const auto text = LedgersAsText(cluster, documents);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

// What a system holds that only ever saw `reports`.
std::string LedgersOf(const std::vector<Submission>& reports, const std::set<std::string>& names) {
  const auto cluster = StartCluster();
  if (cluster == nullptr) return "";
  const auto ingested = cluster->Ingest(reports);
  EXPECT_TRUE(ingested.ok()) << ingested.status();
  return Ledgers(*cluster, names);
}

std::set<std::string> NamesOf(const std::vector<Submission>& reports) {
  std::set<std::string> names;
  for (const Submission& report : reports) names.insert(NameOf(report));
  return names;
}

// Lines that stand in one text only, for a message.
std::string Difference(const std::string& a, const std::string& b) {
  const auto lines = [](const std::string& text) {
    std::set<std::string> all;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      all.insert(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return all;
  };
  const auto left = lines(a), right = lines(b);
  std::string difference;
  for (const std::string& line : left) difference += right.contains(line) ? "" : "- " + line.substr(0, 400) + "\n";
  for (const std::string& line : right) difference += left.contains(line) ? "" : "+ " + line.substr(0, 400) + "\n";
  return difference;
}

TEST(RemovalTest, LedgersAreThoseOfASystemThatNeverSawTheDocument) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const std::vector<Submission> reports = Reports();
  const auto names = cluster->Ingest(reports);
  ASSERT_TRUE(names.ok()) << names.status();
  const std::string whole = Ledgers(*cluster, NamesOf(reports));
  for (const Submission& report : reports) {
    SCOPED_TRACE(report.source_uri);
    const auto deleted = Delete(*cluster, NameOf(report));
    ASSERT_TRUE(deleted.ok()) << deleted.status();
    ExpectDeleted(*cluster, NameOf(report));
    std::vector<Submission> others = reports;
    others.erase(std::find_if(others.begin(), others.end(),
                              [&](const Submission& other) { return other.content == report.content; }));
    const std::string left = Ledgers(*cluster, NamesOf(reports));
    EXPECT_NE(left, whole);
    // One comparison with a system of its own; the others go by what comes back.
    if (&report == &reports[reports.size() / 2]) {
      EXPECT_EQ(Difference(left, LedgersOf(others, NamesOf(reports))), "");
    }
    const auto again = cluster->Ingest({report});
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(Difference(Ledgers(*cluster, NamesOf(reports)), whole), "") << "given again";
    EXPECT_EQ(Get(*cluster, NameOf(report))->revision(), 3);
  }
  EXPECT_EQ(DeadLetters(*cluster), 0);
}

// Reports are given, deleted and given again without waiting, while the stages are at work.
TEST(RemovalTest, RandomSequencesEndInTheLedgersOfWhatIsLeft) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const std::vector<Submission> reports = Reports();
  std::mt19937 random(11);
  std::map<std::string, bool> there;
  std::vector<Submission> left;
  for (int round = 0; round < 3; ++round) {
    for (int step = 0; step < 40; ++step) {
      const Submission& report = reports[random() % reports.size()];
      bool& is_there = there[NameOf(report)];
      if (is_there) {
        const auto deleted = Delete(*cluster, NameOf(report));
        ASSERT_TRUE(deleted.ok()) << deleted.status();
      } else {
        const auto names = cluster->Submit({report});
        ASSERT_TRUE(names.ok()) << names.status();
      }
      is_there = !is_there;
    }
    left.clear();
    for (const Submission& report : reports) {
      if (there.contains(NameOf(report)) && there[NameOf(report)]) {
        left.push_back(report);
        const auto states = Watch(*cluster, NameOf(report));
        ASSERT_FALSE(states.empty());
        EXPECT_EQ(states.back(), v1::Document::FINISHED);
      } else if (there.contains(NameOf(report))) {
        ExpectDeleted(*cluster, NameOf(report));
      }
    }
    ASSERT_FALSE(left.empty());
    EXPECT_EQ(Difference(Ledgers(*cluster, NamesOf(reports)), LedgersOf(left, NamesOf(reports))), "") << round;
  }
  EXPECT_EQ(DeadLetters(*cluster), 0);
}

TEST(RemovalTest, LateTasksBringNothingBack) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const std::vector<Submission> reports = Reports();
  const auto names = cluster->Ingest(reports);
  ASSERT_TRUE(names.ok()) << names.status();
  const std::string name = NameOf(reports.front());
  ASSERT_TRUE(Delete(*cluster, name).ok());
  ExpectDeleted(*cluster, name);
  const std::string before = Ledgers(*cluster, NamesOf(reports));
  auto redis = RedisClient::Create({.address = cluster->redis().address()});
  ASSERT_TRUE(redis.ok());
  const auto queue = RedisTaskQueue::Create(*std::move(redis), {});
  ASSERT_TRUE(queue.ok());
  for (const auto stage : {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK}) {
    for (const bool removal : {false, true}) {
      v1::Task late;
      late.set_document(name);
      late.set_stage(stage);
      late.set_revision(removal ? 2 : 1);
      late.set_removal(removal);
      ASSERT_TRUE((*queue)->Enqueue(std::span(&late, 1)).ok());
    }
  }
  ASSERT_TRUE(WaitFor([&] {
    int64_t backlog = 0;
    for (const auto stage : {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK}) {
      const auto of_stage = (*queue)->GetBacklog(stage);
      backlog += of_stage.ok() ? of_stage->total() : 1;
    }
    return backlog == 0;
  }));
  EXPECT_EQ(Difference(Ledgers(*cluster, NamesOf(reports)), before), "");
  EXPECT_THAT(Watch(*cluster, name), ElementsAre(v1::Document::DELETED));
  EXPECT_EQ(DeadLetters(*cluster), 0);
}

TEST(RemovalTest, CallersSeeItGoneAtOnce) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const std::vector<Submission> reports = Reports();
  const Submission& report = reports.front();
  const std::string name = NameOf(report);
  const auto names = cluster->Ingest({report, reports.back()});
  ASSERT_TRUE(names.ok()) << names.status();
  v1::GetOriginalRequest original_request;
  original_request.set_name(name);
  google::api::HttpBody original;
  ASSERT_TRUE(cluster->Call(&Stub::GetOriginal, original_request, &original).ok());
  EXPECT_EQ(original.data(), report.content);
  const v1::Document stored = *Get(*cluster, name);
  EXPECT_EQ(original.content_type(), stored.media_type() + "; charset=" + stored.charset());

  const auto deleted = Delete(*cluster, name);
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_EQ(deleted->state(), v1::Document::DELETING);
  EXPECT_EQ(deleted->revision(), 2);
  EXPECT_EQ(deleted->text(), "");
  EXPECT_EQ(Get(*cluster, name).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(cluster->Call(&Stub::GetOriginal, original_request, &original).code(), absl::StatusCode::kNotFound);
  v1::BatchGetDocumentsRequest batch;
  batch.add_names(names->at(0));
  batch.add_names(names->at(1));
  v1::BatchGetDocumentsResponse got;
  EXPECT_EQ(cluster->Call(&Stub::BatchGetDocuments, batch, &got).code(), absl::StatusCode::kNotFound);
  ExpectDeleted(*cluster, name);
  EXPECT_THAT(Watch(*cluster, name), ElementsAre(v1::Document::DELETED));
  EXPECT_EQ(Delete(*cluster, name).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Delete(*cluster, DocumentName(std::string(32, '0'))).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Delete(*cluster, "documents/x").status().code(), absl::StatusCode::kInvalidArgument);
  original_request.set_name("documents/x");
  EXPECT_EQ(cluster->Call(&Stub::GetOriginal, original_request, &original).code(), absl::StatusCode::kInvalidArgument);

  const auto listed = [&](v1::Document::State state) {
    v1::ListDocumentsRequest request;
    request.set_state(state);
    request.set_view(v1::FULL);
    v1::ListDocumentsResponse response;
    EXPECT_TRUE(cluster->Call(&Stub::ListDocuments, request, &response).ok());
    std::vector<std::string> all;
    for (const v1::Document& document : response.documents()) {
      all.push_back(document.name());
      EXPECT_EQ(document.text().empty(), document.state() == v1::Document::DELETED);
    }
    return all;
  };
  EXPECT_THAT(listed(v1::Document::STATE_UNSPECIFIED), ElementsAre(NameOf(reports.back())));
  EXPECT_THAT(listed(v1::Document::DELETED), ElementsAre(name));
  EXPECT_THAT(listed(v1::Document::DELETING), IsEmpty());
  v1::PipelineStatus status;
  ASSERT_TRUE(cluster->Call(&Stub::GetPipelineStatus, v1::GetPipelineStatusRequest(), &status).ok());
  std::map<v1::Document::State, int64_t> counts;
  for (const auto& row : status.states()) counts[row.state()] = row.count();
  EXPECT_EQ(counts[v1::Document::FINISHED], 1);
  EXPECT_EQ(counts[v1::Document::DELETED], 1);
  EXPECT_EQ(counts.size(), 7u);
}

// What people said of an item waits for the document to come back.
TEST(RemovalTest, ReviewsOutliveTheDocument) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const auto names = cluster->Ingest(Reports());
  ASSERT_TRUE(names.ok()) << names.status();
  const auto trackings = AllTrackings(*cluster, "agencies/-", 1000);
  ASSERT_TRUE(trackings.ok() && !trackings->empty());
  const v1::PlanItem& item = trackings->front().plan_item();
  v1::ReviewTrackingRequest review;
  review.set_name(item.name() + "/tracking");
  review.set_decision(v1::Review::OVERRIDE);
  review.set_status(v1::Tracking::MISSED);
  review.set_reason("现场核实");
  review.set_reviewer("督查室");
  v1::Tracking tracking;
  ASSERT_TRUE(cluster->plan().ReviewTracking(MakeContext({}).get(), review, &tracking).ok());
  ASSERT_TRUE(Delete(*cluster, item.document()).ok());
  ExpectDeleted(*cluster, item.document());
  v1::GetTrackingRequest get;
  get.set_name(item.name() + "/tracking");
  EXPECT_EQ(cluster->plan().GetTracking(MakeContext({}).get(), get, &tracking).error_code(),
            grpc::StatusCode::NOT_FOUND);
  ASSERT_TRUE(cluster->Submit(Reports()).ok());
  ASSERT_TRUE(cluster->AwaitFinished({item.document()}).ok());
  ASSERT_TRUE(cluster->plan().GetTracking(MakeContext({}).get(), get, &tracking).ok());
  EXPECT_EQ(tracking.status(), v1::Tracking::MISSED);
  EXPECT_EQ(tracking.review().reviewer(), "督查室");
}

TEST(RemovalTest, CommandLineDeletesAndGivesOriginals) {
  const auto cluster = StartCluster();
  ASSERT_NE(cluster, nullptr);
  const Submission report = Reports().front();
  const std::string name = NameOf(report);
  const auto names = cluster->Ingest({report});
  ASSERT_TRUE(names.ok()) << names.status();
  TempDir dir;
  const std::string file = dir.File("original");
  struct Case {
    std::vector<std::string> words;
    int code;
    std::string shown;
  };
  for (const Case& c : std::initializer_list<Case>{
           {{"original", name}, 0, report.content},
           {{"original", name, "--output=" + file}, 0, fmt::format("{}: {} bytes, text/", file, report.content.size())},
           {{"original", name, "--format=json"}, 0, "\"contentType\":\"text/"},
           {{"original", name, "--output=" + file + "/x"}, 1, "cannot be written"},
           {{"original"}, 2, "want one NAME"},
           {{"original", "documents/x"}, 1, "documents/x"},
           {{"delete"}, 2, "no NAME"},
           {{"delete", "documents/x", name, "--wait"}, 1, name + "  DELETED"},
           {{"delete", name}, 1, "the document is deleted"},
           {{"original", name}, 1, "the document is deleted"},
           {{"submit", "--wait", file}, 0, "1 finished"},
           {{"delete", name, "--wait", "--format=json"}, 0, "\"state\":\"DELETED\""},
           {{"status"}, 0, "DELETED    1"},
       }) {
    const auto result = cluster->RunDuban(c.words);
    ASSERT_TRUE(result.ok()) << result.status();
    SCOPED_TRACE(fmt::format("{}", fmt::join(c.words, " ")));
    EXPECT_EQ(result->exit_code, c.code) << result->output;
    EXPECT_THAT(result->output, HasSubstr(c.shown));
    if (c.words.size() == 3 && c.words[2] == "--output=" + file) {
      EXPECT_EQ(ReadFile(file).value_or("(none)"), report.content);
    }
  }
}

}  // namespace
}  // namespace duban::testing
