// SPDX-License-Identifier: Apache-2.0
// WatchPlanItems over gRPC: a real server on the PostgreSQL store, with watchers that come and go while others write.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/testing/wait.h"
#include "services/plan/change_feed.h"
#include "services/plan/plan_server.h"
#include "services/plan/plan_store_test_util.h"

namespace duban {
namespace {

using ::testing::IsEmpty;
using Change = v1::PlanItemChange;

constexpr int kMaxWatchers = 4;

// One call of WatchPlanItems.
class Watcher {
 public:
  Watcher(v1::PlanService::StubInterface* stub, const std::string& parent, const std::string& token = "")
      : context_(MakeContext({})) {
    v1::WatchPlanItemsRequest request;
    request.set_parent(parent);
    request.set_resume_token(token);
    stream_ = stub->WatchPlanItems(context_.get(), request);
  }

  // The next answer; none if the stream has ended.
  std::optional<Change> Next() {
    Change change;
    if (!stream_->Read(&change)) return std::nullopt;
    return change;
  }

  // The next answer that tells of a change.
  std::optional<Change> NextChange() {
    std::optional<Change> change = Next();
    while (change.has_value() && change->kind() == Change::KIND_UNSPECIFIED) change = Next();
    return change;
  }

  void Cancel() { context_->TryCancel(); }

  // How it ended; only once, and when there is nothing more to read.
  absl::Status Finish() { return FromGrpc(stream_->Finish()); }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReaderInterface<Change>> stream_;
};

class WatchTest : public PlanStoreTest {
 protected:
  void SetUp() override {
    PlanStoreTest::SetUp();
    feed_ = std::make_unique<ChangeFeed>(store_.get(), ChangeFeedOptions{.max_watchers = kMaxWatchers,
                                                                         .poll = absl::Milliseconds(5),
                                                                         .bookmark = absl::Milliseconds(50),
                                                                         .page_size = 7});
    feed_->Start();
    service_ = std::make_unique<PlanServer>(store_.get(), &themes_, feed_.get());
    auto server = Server::Start({}, {{v1::PlanService::service_full_name(), service_.get()}}, &metrics_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::PlanService::NewStub(MakeChannel(fmt::format("127.0.0.1:{}", server_->port())));
  }

  void TearDown() override {
    if (server_ != nullptr) server_->Drain([&] { feed_->Stop(); });
  }

  ThemeLexicon themes_;
  Metrics metrics_;
  std::unique_ptr<ChangeFeed> feed_;
  std::unique_ptr<PlanServer> service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::PlanService::StubInterface> stub_;
};

INSTANTIATE_TEST_SUITE_P(Backends, WatchTest, ::testing::Values(Backend::kMemory, Backend::kPostgres), BackendName);

TEST_P(WatchTest, TellsOfChangesAsTheyAreMade) {
  PutWithTrackings({MakePlan(1, 1, 1, 2024, 1), MakePlan(2, 1, 2, 2024, 1)}, v1::Tracking::PARTIAL);
  Watcher one(stub_.get(), AgencyName(AgencyOf(1)));
  const auto first = one.Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->kind(), Change::KIND_UNSPECIFIED) << "what was there before is not told";
  EXPECT_THAT(first->resume_token(), ::testing::Not(IsEmpty()));
  ASSERT_TRUE(store_->Apply(Override(KeyOf(2, 2, 1), v1::Tracking::MISSED)).ok());
  ASSERT_TRUE(store_->Apply(Override(KeyOf(1, 1, 1), v1::Tracking::DELIVERED)).ok());
  const auto change = one.NextChange();
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->kind(), Change::REVIEWED);
  EXPECT_EQ(change->plan_item(), PlanItemName(KeyOf(1, 1, 1))) << "not the other agency's";
  EXPECT_EQ(change->tracking().SerializeAsString(), store_->GetTracking(KeyOf(1, 1, 1))->SerializeAsString());
  // One that resumes is told when it has caught up.
  Watcher resumed(stub_.get(), AgencyName(AgencyOf(1)), first->resume_token());
  EXPECT_EQ(resumed.Next().value_or(Change()).kind(), Change::REVIEWED);
  EXPECT_EQ(resumed.Next().value_or(*change).kind(), Change::KIND_UNSPECIFIED);
  resumed.Cancel();
  // A quiet watcher's token moves on, so that trimming the log does not cost it its place.
  ASSERT_EQ(*store_->TrimChanges(absl::ZeroDuration()), 6);
  const auto bookmark = one.Next();
  ASSERT_TRUE(bookmark.has_value());
  Watcher again(stub_.get(), "agencies/-", bookmark->resume_token());
  EXPECT_TRUE(again.Next().has_value());
  Watcher late(stub_.get(), "agencies/-", first->resume_token());
  EXPECT_FALSE(late.Next().has_value());
  EXPECT_EQ(late.Finish().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(WatchTest, RefusesWhatMakesNoSense) {
  for (const auto& [parent, token] :
       {std::pair("agencies/x", ""), std::pair("", ""), std::pair("agencies/-", "yesterday")}) {
    Watcher watcher(stub_.get(), parent, token);
    EXPECT_FALSE(watcher.Next().has_value());
    EXPECT_EQ(watcher.Finish().code(), absl::StatusCode::kInvalidArgument) << parent << " " << token;
  }
}

TEST_P(WatchTest, ChainsAreFoundOnceSomethingIsCarriedOver) {
  PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, 1), next = MakePlan(2, 1, 1, 2025, 1);
  next.items[0].mutable_span()->set_end(9);
  PutWithTrackings({plan, next}, v1::Tracking::PARTIAL);
  v1::ListPromiseChainsRequest request;
  request.set_parent(AgencyName(AgencyOf(1)));
  v1::ListPromiseChainsResponse response;
  ASSERT_TRUE(stub_->ListPromiseChains(MakeContext({}).get(), request, &response).ok());
  EXPECT_THAT(response.chains(), IsEmpty());
  v1::Tracking carried = MakeTracking(plan.items[0], v1::Tracking::CARRIED_OVER);
  carried.add_evidence()->set_document(DocumentName(IdOf(2)));
  carried.mutable_evidence(0)->mutable_span()->set_end(1);
  ASSERT_TRUE(Commit(AgencyOf(1), {carried}).ok());
  ASSERT_TRUE(stub_->ListPromiseChains(MakeContext({}).get(), request, &response).ok());
  ASSERT_EQ(response.chains_size(), 1);
  ASSERT_EQ(response.chains(0).trackings_size(), 2);
  EXPECT_EQ(response.chains(0).trackings(1).status(), v1::Tracking::PARTIAL);
  EXPECT_EQ(response.chains(0).trackings(1).SerializeAsString(),
            store_->GetTracking(KeyOf(2, 1, 1))->SerializeAsString());
}

TEST_P(WatchTest, ChainsOfTooManyCarriedOverAreRefused) {
  constexpr int kMost = 10'000;
  const PlanDocumentItems plan = MakePlan(1, 1, 1, 2024, kMost + 1);
  PutWithTrackings({plan}, v1::Tracking::CARRIED_OVER);
  v1::ListPromiseChainsRequest request;
  request.set_parent(AgencyName(AgencyOf(1)));
  v1::ListPromiseChainsResponse response;
  EXPECT_EQ(stub_->ListPromiseChains(MakeContext({}).get(), request, &response).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  ASSERT_TRUE(Commit(AgencyOf(1), {MakeTracking(plan.items[0], v1::Tracking::PARTIAL)}).ok());
  EXPECT_TRUE(stub_->ListPromiseChains(MakeContext({}).get(), request, &response).ok());
}

TEST_P(WatchTest, RefusesMoreWatchersThanTheLimitUntilOneGoes) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < kMaxWatchers; ++i) {
    watchers.push_back(std::make_unique<Watcher>(stub_.get(), "agencies/-"));
    ASSERT_TRUE(watchers.back()->Next().has_value());
  }
  Watcher refused(stub_.get(), "agencies/-");
  EXPECT_FALSE(refused.Next().has_value());
  const absl::Status status = refused.Finish();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value()) << status;
  v1::ListThemesResponse themes;
  EXPECT_TRUE(stub_->ListThemes(MakeContext({}).get(), {}, &themes).ok()) << "other calls are served";
  watchers.front()->Cancel();
  EXPECT_TRUE(testing::WaitFor([&] { return Watcher(stub_.get(), "agencies/-").Next().has_value(); }))
      << "the place of one that left is free";
}

TEST_P(WatchTest, TheEndOfTheServerEndsWatches) {
  Watcher watcher(stub_.get(), "agencies/-");
  ASSERT_TRUE(watcher.Next().has_value());
  const absl::Time begin = absl::Now();
  server_->Drain([&] { feed_->Stop(); });
  server_ = nullptr;
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10)) << "well within the time for calls in flight";
  while (watcher.Next().has_value()) continue;
  EXPECT_TRUE(absl::IsUnavailable(watcher.Finish()));
}

// A watcher that does not read holds up nobody and gets everything when it does.
TEST_P(WatchTest, ASlowWatcherMissesNothing) {
  ASSERT_TRUE(store_->PutDocuments({MakePlan(1, 1, 1, 2024, 2)}).ok());
  Watcher slow(stub_.get(), "agencies/-"), fast(stub_.get(), "agencies/-");
  ASSERT_TRUE(slow.Next().has_value() && fast.Next().has_value());
  constexpr int kChanges = 300;
  for (int i = 0; i < kChanges; ++i) {
    ASSERT_TRUE(store_->Apply(Note(KeyOf(1, 1, 1 + i % 2), std::string(2000, 'x'))).ok());
  }
  std::vector<std::string> tokens;
  for (int i = 0; i < kChanges; ++i) tokens.push_back(fast.NextChange().value_or(Change()).resume_token());
  for (int i = 0; i < kChanges; ++i) {
    ASSERT_EQ(slow.NextChange().value_or(Change()).resume_token(), tokens[i]) << i;
  }
}

// Watchers disconnect at random and resume while several write; each gets the whole log in its order.
TEST_P(WatchTest, ResumedWatchesMissNothingOfConcurrentWriters) {
  constexpr int kWriters = 4, kRounds = 25, kItems = 10;
  std::string begin = store_->ReadChanges("", "", 1)->next;
  for (int writer = 1; writer <= kWriters; ++writer) {
    PutWithTrackings({MakePlan(writer, 1, writer, 2024, kItems)}, v1::Tracking::PARTIAL);
  }
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int writer = 1; writer <= kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      std::mt19937 random(writer);
      for (int round = 0; round < kRounds; ++round) {
        const int own = 1 + (writer + static_cast<int>(random() % 2)) % kWriters;
        std::vector<v1::Tracking> trackings;
        for (int place = 1; place <= kItems; ++place) {
          trackings.push_back(MakeTracking(MakeItem(own, own, place, 2024), static_cast<Status>(2 + random() % 5)));
        }
        ASSERT_TRUE(Commit(AgencyOf(own), trackings).ok());
        const PlanItemKey key = KeyOf(own, own, 1 + static_cast<int>(random() % kItems));
        ASSERT_TRUE(store_->Apply(Note(key, "已动工")).ok());
      }
      // The last change of all, by which watchers know that they have everything.
      if (--writing == 0) {
        ASSERT_TRUE(store_->Apply(Assign(KeyOf(1, 1, 1), "法制科")).ok());
      }
    });
  }
  std::vector<std::vector<Change>> seen(kMaxWatchers);
  for (int i = 0; i < kMaxWatchers; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937 random(100 + i);
      std::string token = begin;
      while (seen[i].empty() || seen[i].back().kind() != Change::ASSIGNED) {
        Watcher watcher(stub_.get(), "agencies/-", token);
        for (unsigned left = 1 + random() % 30; left > 0; --left) {
          const auto change = watcher.Next();
          if (!change.has_value()) break;  // refused: the server has not noticed yet that the last call ended
          token = change->resume_token();
          if (change->kind() != Change::KIND_UNSPECIFIED) seen[i].push_back(*change);
          if (change->kind() == Change::ASSIGNED) break;
        }
        watcher.Cancel();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> log;
  std::string token = begin;
  for (bool more = true; more;) {
    const auto page = store_->ReadChanges("", token, 50);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Change& change : page->changes) log.push_back(change.plan_item() + " " + change.resume_token());
    token = page->next;
    more = page->more;
  }
  for (const auto& changes : seen) {
    std::vector<std::string> names;
    for (const Change& change : changes) names.push_back(change.plan_item() + " " + change.resume_token());
    EXPECT_EQ(names, log);
  }
}

}  // namespace
}  // namespace duban
