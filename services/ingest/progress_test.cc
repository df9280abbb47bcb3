// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/queue/memory_task_queue.h"
#include "services/ingest/intake.h"

namespace duban {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::Document MakeDocument(int number) {
  v1::Document document;
  document.set_name(DocumentName(Sha256Hex(std::to_string(number), 32)));
  document.set_text(fmt::format("第{}份", number));
  return document;
}

class OneLineReader : public Reader {
 public:
  absl::StatusOr<v1::Document> Read(std::string_view bytes, std::string_view) const override {
    if (bytes.empty()) return InvalidField("content", "0 bytes, want a report");
    v1::Document document;
    document.set_name(DocumentName(Sha256Hex(bytes, 32)));
    document.set_text(std::string(bytes));
    return document;
  }
};

class ProgressTest : public ::testing::Test {
 protected:
  ProgressTest() : store_(NewMemoryDocumentStore()), queue_(NewMemoryTaskQueue({})) {}

  // Stores `count` documents whose tasks nobody put up.
  void Store(int count) {
    std::vector<NewDocument> documents;
    for (int i = 0; i < count; ++i) documents.push_back({MakeDocument(i), "bytes", ""});
    ASSERT_TRUE(store_->Insert(documents).ok());
  }

  std::vector<Lease> TakeAll(v1::Task::Stage stage) {
    return *queue_->Take(stage, {.consumer = "test", .max_tasks = 1000});
  }

  int64_t Count(v1::Document::State state) { return (*store_->Counts())[state]; }

  Reconciler MakeReconciler(absl::Duration quiet) {
    return Reconciler(store_.get(), queue_.get(), {.quiet = quiet, .batch_size = 3});
  }

  std::unique_ptr<DocumentStore> store_;
  std::unique_ptr<TaskQueue> queue_;
};

TEST_F(ProgressTest, NewRedisGetsEveryUnfinishedDocumentAtOnce) {
  Store(10);
  Reconciler reconciler = MakeReconciler(absl::Hours(1));
  // The noted epoch is empty: to this store the queue is a new one.
  EXPECT_EQ(*reconciler.ReconcileOnce(), 10);
  EXPECT_THAT(TakeAll(v1::Task::SEGMENT), SizeIs(10));
  // The same Redis, and a document silent for less than an hour.
  EXPECT_EQ(*reconciler.ReconcileOnce(), 0);
  // Wiped: another epoch.
  queue_ = NewMemoryTaskQueue({});
  EXPECT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 10);
  EXPECT_THAT(TakeAll(v1::Task::SEGMENT), SizeIs(10));
}

TEST_F(ProgressTest, SingleLossIsFoundAfterTheQuietTime) {
  Reconciler patient = MakeReconciler(absl::Hours(1));
  ASSERT_EQ(*patient.ReconcileOnce(), 0);  // notes the epoch
  Store(4);
  EXPECT_EQ(*patient.ReconcileOnce(), 0);
  EXPECT_THAT(TakeAll(v1::Task::SEGMENT), IsEmpty());
  Reconciler eager = MakeReconciler(absl::ZeroDuration());
  EXPECT_EQ(*eager.ReconcileOnce(), 4);
}

TEST_F(ProgressTest, LongBacklogIsNotPutUpAgain) {
  Reconciler eager = MakeReconciler(absl::ZeroDuration());
  ASSERT_EQ(*eager.ReconcileOnce(), 0);
  Store(5);
  ASSERT_EQ(*eager.ReconcileOnce(), 5);
  // All five are in the queue, waiting or leased: nothing is missing, however long they are silent.
  EXPECT_EQ(*eager.ReconcileOnce(), 0);
  const auto leases = TakeAll(v1::Task::SEGMENT);
  ASSERT_THAT(leases, SizeIs(5));
  EXPECT_EQ(*eager.ReconcileOnce(), 0);
}

TEST_F(ProgressTest, DocumentsGoOnAtTheStageTheyHaveReached) {
  Store(2);
  v1::StageEvent done;
  done.set_document(MakeDocument(0).name());
  done.set_stage(v1::Task::EXTRACT);
  done.set_revision(1);
  done.set_outcome(v1::StageEvent::DONE);
  ASSERT_TRUE(store_->ApplyEvents({done}).ok());
  EXPECT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 2);
  EXPECT_THAT(TakeAll(v1::Task::SEGMENT), SizeIs(1));
  const auto leases = TakeAll(v1::Task::TRACK);
  ASSERT_THAT(leases, SizeIs(1));
  EXPECT_EQ(leases[0].task.document(), done.document());
  EXPECT_EQ(leases[0].task.revision(), 1);
}

TEST_F(ProgressTest, RemovalsArePutUpLikeOtherTasks) {
  const OneLineReader reader;
  Intake intake(&reader, store_.get(), queue_.get(), {});
  ASSERT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 0);
  const auto accepted = intake.Accept({{"a"}});
  ASSERT_TRUE(accepted[0].ok());
  const std::string id = *ParseDocumentName("name", accepted[0]->name());
  const auto deleted = intake.Remove(id, "00-aa-bb-01");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  ASSERT_TRUE(intake.Remove(id, "").ok()) << "DELETING: nothing is put up";
  const auto leases = TakeAll(v1::Task::SEGMENT);
  ASSERT_THAT(leases, SizeIs(2));
  EXPECT_FALSE(leases[0].task.removal());
  const v1::Task& removal = leases[1].task;
  EXPECT_TRUE(removal.removal());
  EXPECT_EQ(removal.document(), accepted[0]->name());
  EXPECT_EQ(removal.revision(), 2);
  EXPECT_EQ(removal.traceparent(), "00-aa-bb-01");
  // Wiped: the removal comes again, the document does not.
  queue_ = NewMemoryTaskQueue({});
  EXPECT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 1);
  const auto again = TakeAll(v1::Task::SEGMENT);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_TRUE(again[0].task.removal());
  EXPECT_EQ(again[0].task.revision(), 2);
  // DELETED: nothing is missing.
  v1::StageEvent done = DoneEvent(again[0].task);
  done.set_stage(v1::Task::TRACK);
  ASSERT_TRUE(*queue_->Complete({again[0], std::nullopt, done}));
  ChangeSignal changes;
  ASSERT_EQ(*EventPump("test", store_.get(), queue_.get(), &changes).PumpOnce(std::chrono::milliseconds(0)), 1u);
  EXPECT_EQ(Count(v1::Document::DELETED), 1);
  EXPECT_EQ(*MakeReconciler(absl::ZeroDuration()).ReconcileOnce(), 0);
  EXPECT_TRUE(absl::IsNotFound(intake.Remove(id, "").status()));
  // The same bytes again.
  const auto anew = Intake(&reader, store_.get(), queue_.get(), {}).Accept({{"a"}});
  ASSERT_TRUE(anew[0].ok());
  EXPECT_EQ(anew[0]->revision(), 3);
  const auto last = TakeAll(v1::Task::SEGMENT);
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_FALSE(last[0].task.removal());
  EXPECT_EQ(last[0].task.revision(), 3);
}

TEST_F(ProgressTest, PumpWritesDownWhatStagesReport) {
  Store(2);
  ChangeSignal changes;
  EventPump pump("test", store_.get(), queue_.get(), &changes);
  ASSERT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 2);
  const auto leases = TakeAll(v1::Task::SEGMENT);
  ASSERT_THAT(leases, SizeIs(2));
  v1::Task next = leases[0].task;
  next.set_stage(v1::Task::EXTRACT);
  ASSERT_TRUE(*queue_->Complete({leases[0], next, DoneEvent(leases[0].task)}));
  ASSERT_TRUE(*queue_->GiveUp(leases[1], "no such thing"));
  const int64_t before = changes.Last();
  EXPECT_EQ(*pump.PumpOnce(std::chrono::milliseconds(0)), 2u);
  EXPECT_GT(changes.Last(), before);
  EXPECT_EQ(Count(v1::Document::SEGMENTED), 1);
  EXPECT_EQ(Count(v1::Document::FAILED), 1);
  EXPECT_EQ(*pump.PumpOnce(std::chrono::milliseconds(0)), 0u);
}

// An event without its parts must not hold up those behind it.
TEST_F(ProgressTest, BrokenEventIsDropped) {
  Store(1);
  ChangeSignal changes;
  EventPump pump("test", store_.get(), queue_.get(), &changes);
  ASSERT_EQ(*MakeReconciler(absl::Hours(1)).ReconcileOnce(), 1);
  const auto leases = TakeAll(v1::Task::SEGMENT);
  v1::StageEvent broken = DoneEvent(leases[0].task);
  broken.set_document("documents/x");
  ASSERT_TRUE(*queue_->Complete({leases[0], std::nullopt, broken}));
  EXPECT_EQ(*pump.PumpOnce(std::chrono::milliseconds(0)), 1u);
  EXPECT_EQ(*pump.PumpOnce(std::chrono::milliseconds(0)), 0u);
  EXPECT_EQ(Count(v1::Document::ACCEPTED), 1);
}

TEST_F(ProgressTest, IntakeRefusesAtTheLimitAndTellsBadInputFirst) {
  const OneLineReader reader;
  Intake intake(&reader, store_.get(), queue_.get(), {.max_document_bytes = 10, .max_backlog = 3});
  const auto first = intake.Accept({{"a"}, {""}, {"b"}, {"12345678901"}});
  ASSERT_THAT(first, SizeIs(4));
  EXPECT_TRUE(first[0].ok());
  EXPECT_EQ(first[1].status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(first[2].ok());
  EXPECT_EQ(first[3].status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(TakeAll(v1::Task::SEGMENT), SizeIs(2));
  // Two are on their way, below the limit of three: the next batch is let in whole, the one behind it is not.
  for (const auto& answer : intake.Accept({{"c"}, {"d"}})) EXPECT_TRUE(answer.ok()) << answer.status();
  const auto full = intake.Accept({{"e"}, {""}});
  EXPECT_EQ(full[0].status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(full[1].status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ProgressTest, HandingAFailedReportInAgainTriesItAgain) {
  const OneLineReader reader;
  Intake intake(&reader, store_.get(), queue_.get(), {});
  const auto accepted = intake.Accept({{"a"}});
  ASSERT_TRUE(accepted[0].ok());
  v1::StageEvent dead;
  dead.set_document(accepted[0]->name());
  dead.set_stage(v1::Task::SEGMENT);
  dead.set_revision(1);
  dead.set_outcome(v1::StageEvent::DEAD);
  dead.set_error("no luck");
  ASSERT_TRUE(store_->ApplyEvents({dead}).ok());
  ASSERT_EQ(Count(v1::Document::FAILED), 1);
  ASSERT_TRUE(intake.Accept({{"a"}})[0].ok());
  EXPECT_EQ(Count(v1::Document::FAILED), 0);
  EXPECT_EQ(Count(v1::Document::ACCEPTED), 1);
}

// What was put up a moment ago and is not in the counts yet must not bring the whole backlog up again.
TEST_F(ProgressTest, NoMoreArePutUpThanAreMissing) {
  Reconciler eager = MakeReconciler(absl::ZeroDuration());
  ASSERT_EQ(*eager.ReconcileOnce(), 0);
  Store(5);
  ASSERT_EQ(*eager.ReconcileOnce(), 5);
  const auto leases = TakeAll(v1::Task::SEGMENT);
  // One task ends without a successor: one is missing, four are there.
  ASSERT_TRUE(*queue_->Complete({leases[0], std::nullopt, DoneEvent(leases[0].task)}));
  EXPECT_EQ(*eager.ReconcileOnce(), 1);
}

}  // namespace
}  // namespace duban
