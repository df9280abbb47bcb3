// SPDX-License-Identifier: Apache-2.0
// N submitted = N results, whatever dies on the way: workers and servers by SIGKILL, Redis wiped, killed or restarted,
// PostgreSQL cut.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/base/names.h"
#include "common/queue/redis_task_queue.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/testing/wait.h"
#include "tests/e2e/cluster.h"
#include "tests/e2e/ledgers.h"
#include "tests/load/report_grammar.h"

namespace duban::testing {
namespace {

constexpr int kDocuments = 500;

std::unique_ptr<Cluster> StartCluster(int workers) {
  auto cluster = Cluster::Start({.separate_workers = true,
                                 .workers = workers,
                                 .ingest_flags = {"--reconcile_interval=500ms", "--reconcile_quiet=3s"},
                                 .worker_flags = {"--lease=1s", "--max_attempts=3"}});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return cluster.ok() ? *std::move(cluster) : nullptr;
}

std::vector<Submission> Reports(unsigned seed, int count) {
  const auto grammar = ReportGrammar::Create();
  EXPECT_TRUE(grammar.ok()) << grammar.status();
  std::vector<Submission> reports;
  for (int i = 0; i < count; ++i) reports.push_back({"", grammar->Write(seed, i).text});
  return reports;
}

int64_t Count(Cluster& cluster, v1::Document::State state) {
  v1::PipelineStatus status;
  if (!cluster.ingest().GetPipelineStatus(MakeContext({}).get(), v1::GetPipelineStatusRequest(), &status).ok())
    return 0;
  for (const auto& row : status.states()) {
    if (row.state() == state) return row.count();
  }
  return 0;
}

int64_t Finished(Cluster& cluster) { return Count(cluster, v1::Document::FINISHED); }

void Delete(Cluster& cluster, const std::string& name) {
  v1::DeleteDocumentRequest request;
  request.set_name(name);
  v1::Document document;
  const grpc::Status status = cluster.ingest().DeleteDocument(MakeContext({}).get(), request, &document);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

// Every document is FINISHED, and both ledgers hold each of its figures and promises once.
void ExpectAllOnce(Cluster& cluster, const std::vector<std::string>& names, unsigned seed) {
  const absl::Status finished = cluster.AwaitFinished(names, absl::Seconds(120));
  ASSERT_TRUE(finished.ok()) << finished;
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_EQ(Finished(cluster), static_cast<int64_t>(names.size()));

  const auto grammar = ReportGrammar::Create();
  size_t figures = 0, promises = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    const SyntheticReport report = grammar->Write(seed, static_cast<int>(i));
    figures += report.figures.size();
    promises += report.promises.size();
  }
  const auto indicators = AllIndicators(cluster, "documents/-", 1000);
  ASSERT_TRUE(indicators.ok()) << indicators.status();
  std::set<std::string> ids;
  for (const v1::Indicator& indicator : *indicators) ids.insert(indicator.name());
  EXPECT_EQ(ids.size(), indicators->size());
  EXPECT_EQ(ids.size(), figures);
  const auto trackings = AllTrackings(cluster, "agencies/-", 1000);
  ASSERT_TRUE(trackings.ok()) << trackings.status();
  std::set<std::string> tracked;
  for (const v1::Tracking& tracking : *trackings) tracked.insert(tracking.plan_item().name());
  EXPECT_EQ(tracked.size(), trackings->size());
  EXPECT_EQ(tracked.size(), promises);
  // The first two of each agency's three years have a later report, whatever order they came in.
  const auto pending = std::count_if(trackings->begin(), trackings->end(), [](const v1::Tracking& tracking) {
    return tracking.status() == v1::Tracking::PENDING;
  });
  EXPECT_EQ(pending,
            std::count_if(trackings->begin(), trackings->end(), [](const v1::Tracking& tracking) {
              return tracking.plan_item().year() == 2022;
            }) + (names.size() % ReportGrammar::kYearsPerAgency == 0 ? 0 : static_cast<long>(promises / names.size())));
}

TEST(ChaosTest, KilledWorkersLoseNothingAndDoubleNothing) {
  const auto cluster = StartCluster(2);
  ASSERT_NE(cluster, nullptr);
  const auto names = cluster->Submit(Reports(1, kDocuments));
  ASSERT_TRUE(names.ok()) << names.status();
  // Each worker dies while documents are in flight, one after the other, several rounds.
  int64_t at = 0;
  for (int round = 0; round < 2; ++round) {
    for (const char* service : {"segmentation", "indicator", "plan"}) {
      for (int index : {0, 1}) {
        ASSERT_TRUE(cluster->ReplaceWorker(service, index).ok());
        at = std::min<int64_t>(at + kDocuments / 20, kDocuments);
        WaitFor([&] { return Finished(*cluster) >= at; }, std::chrono::seconds(5));
      }
    }
  }
  ExpectAllOnce(*cluster, *names, 1);
}

TEST(ChaosTest, WipedRedisIsRefilledFromPostgres) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  const auto names = cluster->Submit(Reports(2, kDocuments));
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_TRUE(WaitFor([&] { return Finished(*cluster) >= 20; }));
  cluster->redis().FlushAll();
  ASSERT_LT(Finished(*cluster), kDocuments) << "all was done before Redis was wiped: the test proves nothing";
  ExpectAllOnce(*cluster, *names, 2);
}

TEST(ChaosTest, RedisAndPostgresComeBack) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  const auto names = cluster->Submit(Reports(3, kDocuments));
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_TRUE(WaitFor([&] { return Finished(*cluster) >= 10; }));
  cluster->redis().Kill();
  cluster->redis().Restart();
  ASSERT_TRUE(WaitFor([&] { return Finished(*cluster) >= 20; }));
  ASSERT_TRUE(cluster->postgres().Kill().ok());
  ASSERT_TRUE(cluster->postgres().Restart().ok());
  ExpectAllOnce(*cluster, *names, 3);
}

TEST(ChaosTest, KilledServersComeBack) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  const auto names = cluster->Submit(Reports(4, kDocuments));
  ASSERT_TRUE(names.ok()) << names.status();
  for (const char* service : {"segmentation", "ingest", "indicator", "plan"}) {
    ASSERT_TRUE(cluster->ReplaceServer(service).ok());
  }
  ExpectAllOnce(*cluster, *names, 4);
}

TEST(ChaosTest, DocumentsAreAcceptedWhileRedisIsAway) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  cluster->redis().Stop();
  const auto names = cluster->Submit(Reports(5, 30));
  ASSERT_TRUE(names.ok()) << names.status();
  v1::PipelineStatus status;
  ASSERT_TRUE(cluster->ingest().GetPipelineStatus(MakeContext({}).get(), v1::GetPipelineStatusRequest(), &status).ok());
  EXPECT_FALSE(status.queue_available());
  cluster->redis().Restart();
  ExpectAllOnce(*cluster, *names, 5);
}

// Deletions whose tasks are lost, some before they were put up and some with Redis, reach their end all the same, also
// those of documents that were still on their way; what is given again meanwhile stays.
TEST(ChaosTest, DeletionsReachTheirEndThoughRedisIsWiped) {
  constexpr int kSome = 90;
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  const auto reports = Reports(8, kSome);
  const auto names = cluster->Submit(reports);
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_TRUE(WaitFor([&] { return Finished(*cluster) >= kSome / 2; }));
  for (int i = 0; i < kSome / 3; ++i) Delete(*cluster, names->at(i));
  cluster->redis().FlushAll();
  cluster->redis().Stop();
  for (int i = kSome / 3; i < kSome; ++i) Delete(*cluster, names->at(i));
  EXPECT_EQ(Finished(*cluster), 0);
  EXPECT_LT(Count(*cluster, v1::Document::DELETED), kSome) << "all was done before: the test proves nothing";
  cluster->redis().Restart();
  const std::vector<Submission> few(reports.begin(), reports.begin() + 6);
  const auto again = cluster->Submit(few);
  ASSERT_TRUE(again.ok()) << again.status();
  const absl::Status finished = cluster->AwaitFinished(*again, absl::Seconds(120));
  ASSERT_TRUE(finished.ok()) << finished;
  ASSERT_TRUE(WaitFor([&] { return Count(*cluster, v1::Document::DELETED) == kSome - 6; }, std::chrono::seconds(120)));
  ExpectAllOnce(*cluster, *again, 8);
  v1::ListDeadLettersResponse letters;
  ASSERT_TRUE(cluster->ingest().ListDeadLetters(MakeContext({}).get(), v1::ListDeadLettersRequest(), &letters).ok());
  EXPECT_EQ(letters.dead_letters_size(), 0) << letters.ShortDebugString();
}

// A task that can never be worked goes to the dead letters with its reason, and holds up nobody.
TEST(ChaosTest, PoisonTaskEndsAmongTheDeadLetters) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  auto redis = RedisClient::Create({.address = cluster->redis().address()});
  ASSERT_TRUE(redis.ok());
  const auto queue = RedisTaskQueue::Create(*std::move(redis), {});
  ASSERT_TRUE(queue.ok());
  v1::Task poison;
  poison.set_document(DocumentName(std::string(32, '0')));
  poison.set_stage(v1::Task::SEGMENT);
  poison.set_revision(1);
  ASSERT_TRUE((*queue)->Enqueue(std::span(&poison, 1)).ok());
  const auto names = cluster->Submit(Reports(6, 30));
  ASSERT_TRUE(names.ok()) << names.status();
  ExpectAllOnce(*cluster, *names, 6);

  v1::ListDeadLettersResponse letters;
  const auto dead = [&] {
    return cluster->ingest().ListDeadLetters(MakeContext({}).get(), v1::ListDeadLettersRequest(), &letters).ok() &&
           letters.dead_letters_size() == 1;
  };
  ASSERT_TRUE(WaitFor(dead, std::chrono::seconds(60)));
  EXPECT_THAT(letters.dead_letters(0).reason(), ::testing::HasSubstr("no such document"));
  v1::DropDeadLettersRequest drop;
  drop.add_ids(letters.dead_letters(0).id());
  v1::DropDeadLettersResponse dropped;
  ASSERT_TRUE(cluster->ingest().DropDeadLetters(MakeContext({}).get(), drop, &dropped).ok());
  EXPECT_EQ(dropped.dropped(), 1);
}

// Everything ends in order when asked to, with work in flight.
TEST(ChaosTest, DrainEndsEveryProcessInOrder) {
  const auto cluster = StartCluster(1);
  ASSERT_NE(cluster, nullptr);
  ASSERT_TRUE(cluster->Submit(Reports(7, 200)).ok());
  for (const auto& [process, code] : cluster->Terminate()) {
    EXPECT_EQ(code, 0) << process << ": " << cluster->Log(process);
  }
}

}  // namespace
}  // namespace duban::testing
