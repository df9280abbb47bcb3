// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_store_test_util.h: plans to store, and both backends of PlanStore to store them in, for its
// contract tests.

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/names.h"
#include "common/testing/contract_database.h"
#include "services/plan/plan_store.h"

namespace duban {

using Status = v1::Tracking::Status;

enum class Backend { kMemory, kPostgres };

inline std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }
// Some of these ids have the highest bit set, which makes the lock's key negative.
inline std::string AgencyOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

inline v1::PlanItem MakeItem(int document, int agency, int place, int year) {
  v1::PlanItem item;
  item.set_id(fmt::format("p{}", place));
  item.set_name(PlanItemName({AgencyOf(agency), IdOf(document), item.id()}));
  item.set_title("推进\"档案\"{数字化}");
  item.set_document(DocumentName(IdOf(document)));
  item.set_year(year);
  return item;
}

inline PlanDocumentItems MakePlan(int number, int revision, int agency, int year, int items) {
  PlanDocumentItems plan;
  plan.document = {IdOf(number), revision, AgencyOf(agency), year - 1, year};
  for (int place = 1; place <= items; ++place) plan.items.push_back(MakeItem(number, agency, place, year));
  return plan;
}

inline v1::Tracking MakeTracking(const v1::PlanItem& item, Status status, std::string rule = "") {
  v1::Tracking tracking;
  tracking.set_name(item.name() + "/tracking");
  *tracking.mutable_plan_item() = item;
  tracking.set_status(status);
  tracking.set_score(0.75);
  tracking.set_rule(std::move(rule));
  return tracking;
}

class PlanStoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kMemory) {
      store_ = NewMemoryPlanStore();
      return;
    }
    auto database = testing::NewContractDatabase();
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    auto store = NewPostgresPlanStore(database_.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Stores `plans` and then trackings of `status` for all their items.
  void PutWithTrackings(const std::vector<PlanDocumentItems>& plans, Status status) {
    ASSERT_TRUE(store_->PutDocuments(plans).ok());
    for (const PlanDocumentItems& plan : plans) {
      std::vector<v1::Tracking> trackings;
      for (const v1::PlanItem& item : plan.items) trackings.push_back(MakeTracking(item, status));
      const auto neighbours = store_->Neighbours(plan.document.agency);
      ASSERT_TRUE(neighbours.ok()) << neighbours.status();
      const absl::Status committed = store_->CommitTrackings(plan.document.agency, *neighbours, trackings);
      ASSERT_TRUE(committed.ok()) << committed;
    }
  }

  std::vector<std::string> ItemNames(const PlanFilter& filter) {
    const auto page = store_->ListPlanItems(filter, std::nullopt, 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    for (const v1::PlanItem& item : page->items) names.push_back(item.name());
    return names;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<PlanStore> store_;
};

inline std::string BackendName(const ::testing::TestParamInfo<Backend>& backend) {
  return backend.param == Backend::kMemory ? "Memory" : "Postgres";
}

}  // namespace duban
