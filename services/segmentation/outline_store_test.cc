// SPDX-License-Identifier: Apache-2.0
// The contract of OutlineStore, run on both backends.
#include "services/segmentation/outline_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/testing/contract_database.h"

namespace duban {
namespace {

using ::testing::HasSubstr;

enum class Backend { kMemory, kPostgres };

std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }

v1::Outline MakeOutline(int number, int revision, std::string heading = "工作情况") {
  v1::Outline outline;
  outline.set_name(OutlineName(IdOf(number)));
  outline.set_revision(revision);
  outline.add_sections()->set_heading(std::move(heading));
  return outline;
}

class OutlineStoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kMemory) {
      store_ = NewMemoryOutlineStore();
      return;
    }
    auto database = testing::NewContractDatabase();
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    auto store = NewPostgresOutlineStore(database_.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Heading and revision of the outline.
  std::string Latest(int number) {
    const auto outlines = store_->BatchGet({IdOf(number)});
    if (!outlines.ok()) return outlines.status().ToString();
    return fmt::format("{} {}", outlines->at(0).sections(0).heading(), outlines->at(0).revision());
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<OutlineStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Backends, OutlineStoreTest, ::testing::Values(Backend::kMemory, Backend::kPostgres),
                         [](const auto& backend) { return backend.param == Backend::kMemory ? "Memory" : "Postgres"; });

TEST_P(OutlineStoreTest, GivesBackWhatWasStoredInTheOrderAsked) {
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1), MakeOutline(2, 1, "打算")}).ok());
  const auto outlines = store_->BatchGet({IdOf(2), IdOf(1), IdOf(2)});
  ASSERT_TRUE(outlines.ok()) << outlines.status();
  ASSERT_EQ(outlines->size(), 3);
  EXPECT_EQ(outlines->at(0).SerializeAsString(), MakeOutline(2, 1, "打算").SerializeAsString());
  EXPECT_EQ(outlines->at(1).SerializeAsString(), MakeOutline(1, 1).SerializeAsString());
  EXPECT_EQ(outlines->at(2).name(), OutlineName(IdOf(2)));
  EXPECT_TRUE(store_->BatchGet({})->empty());
  EXPECT_TRUE(store_->Put({}).ok());
}

TEST_P(OutlineStoreTest, TheHighestRevisionIsTheLatest) {
  ASSERT_TRUE(store_->Put({MakeOutline(1, 2, "b"), MakeOutline(1, 1, "a"), MakeOutline(2, 1, "other")}).ok());
  EXPECT_EQ(Latest(1), "b 2");
  ASSERT_TRUE(store_->Put({MakeOutline(1, 10, "c")}).ok());
  EXPECT_EQ(Latest(1), "c 10");
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1, "late")}).ok());
  EXPECT_EQ(Latest(1), "c 10");
}

TEST_P(OutlineStoreTest, TheLastOfOneKeyCounts) {
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1, "a"), MakeOutline(1, 1, "b")}).ok());
  EXPECT_EQ(Latest(1), "b 1");
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1, "c")}).ok());
  EXPECT_EQ(Latest(1), "c 1");
}

TEST_P(OutlineStoreTest, RefusesWrongInputWhole) {
  v1::Outline nameless = MakeOutline(1, 1);
  nameless.set_name("documents/1/outline");
  for (const v1::Outline& wrong : {nameless, v1::Outline(), MakeOutline(1, 0), MakeOutline(1, -1)}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Put({MakeOutline(2, 1), wrong}))) << wrong.ShortDebugString();
  }
  const absl::Status missing = store_->BatchGet({IdOf(2)}).status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_THAT(Message(missing), HasSubstr(OutlineName(IdOf(2))));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->BatchGet({"x"}).status()));
}

TEST_P(OutlineStoreTest, OverlappingBatchesEndRight) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 10; ++round) {
        std::vector<v1::Outline> outlines;
        for (int i = 0; i < 20; ++i) outlines.push_back(MakeOutline(thread % 2 == 0 ? i : 19 - i, 1 + round));
        const absl::Status status = store_->Put(outlines);
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Latest(i), "工作情况 10");
}

TEST_P(OutlineStoreTest, ARemovalHoldsAgainstLateOutlinesButNotAgainstNewOnes) {
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1), MakeOutline(2, 1), MakeOutline(4, 4)}).ok());
  // 3 is removed before it comes, 4 is given again before its removal comes.
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}, {IdOf(3), 2}, {IdOf(4), 3}}).ok());
  EXPECT_THAT(Latest(1), HasSubstr("NOT_FOUND"));
  EXPECT_EQ(Latest(2), "工作情况 1");
  EXPECT_THAT(Latest(3), HasSubstr("NOT_FOUND"));
  EXPECT_EQ(Latest(4), "工作情况 4");
  EXPECT_TRUE(absl::IsNotFound(store_->BatchGet({IdOf(2), IdOf(1)}).status()));
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1), MakeOutline(1, 2), MakeOutline(3, 1), MakeOutline(2, 2)}).ok());
  EXPECT_THAT(Latest(1), HasSubstr("NOT_FOUND")) << "a late one of the removal's revision or below";
  EXPECT_THAT(Latest(3), HasSubstr("NOT_FOUND"));
  EXPECT_EQ(Latest(2), "工作情况 2") << "late ones do not stop their batch";
  ASSERT_TRUE(store_->Put({MakeOutline(1, 3, "again")}).ok());
  EXPECT_EQ(Latest(1), "again 3");
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}}).ok()) << "twice";
  EXPECT_EQ(Latest(1), "again 3");
  ASSERT_TRUE(store_->Remove({{IdOf(1), 2}, {IdOf(1), 4}, {IdOf(1), 3}}).ok());
  EXPECT_THAT(Latest(1), HasSubstr("NOT_FOUND"));
  ASSERT_TRUE(store_->Remove({}).ok());
}

TEST_P(OutlineStoreTest, RefusesWrongRemovalsWhole) {
  ASSERT_TRUE(store_->Put({MakeOutline(1, 1)}).ok());
  for (const Removal& wrong : {Removal{"x", 1}, Removal{IdOf(2), 0}, Removal{IdOf(2), -1}, Removal{}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Remove({{IdOf(1), 2}, wrong}))) << wrong.document;
  }
  EXPECT_EQ(Latest(1), "工作情况 1");
}

}  // namespace
}  // namespace duban
