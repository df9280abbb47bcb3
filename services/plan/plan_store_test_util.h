// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_store_test_util.h: plans to store, changes of people, and both backends of PlanStore to store them
// in, for its contract tests.

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
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

inline PlanItemKey KeyOf(int document, int agency, int place) {
  return {AgencyOf(agency), IdOf(document), fmt::format("p{}", place)};
}

inline Edit Assign(const PlanItemKey& key, std::string unit, std::string due = "") {
  Edit edit{.key = key};
  edit.entry.mutable_assignment()->set_responsible_unit(std::move(unit));
  edit.entry.mutable_assignment()->set_due_date(std::move(due));
  edit.entry.mutable_assignment()->set_assigner("办公室");
  return edit;
}

inline Edit Note(const PlanItemKey& key, std::string note) {
  Edit edit{.key = key};
  edit.entry.mutable_progress_update()->set_note(std::move(note));
  return edit;
}

inline Edit Accept(const PlanItemKey& key) {
  Edit edit{.key = key};
  edit.entry.mutable_review()->set_decision(v1::Review::ACCEPT);
  edit.entry.mutable_review()->set_reviewer("督查室");
  return edit;
}

inline Edit Override(const PlanItemKey& key, Status status) {
  Edit edit = Accept(key);
  edit.entry.mutable_review()->set_decision(v1::Review::OVERRIDE);
  edit.entry.mutable_review()->set_status(status);
  edit.entry.mutable_review()->set_reason("现场核实");
  return edit;
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
      const absl::Status committed = Commit(plan.document.agency, trackings);
      ASSERT_TRUE(committed.ok()) << committed;
    }
  }

  // Commits trackings of an agency's plan items as computed from what is there now.
  absl::Status Commit(const std::string& agency, const std::vector<v1::Tracking>& trackings) {
    std::set<int32_t> years;
    for (const v1::Tracking& tracking : trackings) years.insert(tracking.plan_item().year());
    const auto neighbours = store_->Neighbours(agency, years);
    return neighbours.ok() ? store_->CommitTrackings(agency, years, *neighbours, trackings) : neighbours.status();
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

// Without what is told of people's changes, of which there are none.
inline std::string AsStored(v1::PlanItem item) {
  item.clear_etag();
  return item.SerializeAsString();
}

inline std::string AsStored(v1::Tracking tracking) {
  EXPECT_EQ(tracking.machine_status(), tracking.status());
  tracking.mutable_plan_item()->clear_etag();
  tracking.clear_etag();
  tracking.clear_machine_status();
  tracking.clear_effective_due_date();
  return tracking.SerializeAsString();
}

}  // namespace duban
