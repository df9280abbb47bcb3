// SPDX-License-Identifier: Apache-2.0
// services/ingest/document_store_test_util.h: documents and events for the contract of DocumentStore, and the fixture
// that runs it on both backends. A test program includes it from one or more sources and instantiates the fixture once.

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/testing/contract_database.h"
#include "services/ingest/document_store.h"

namespace duban {

enum class Backend { kMemory, kPostgres };

inline std::string IdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }
inline std::string AgencyOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

inline NewDocument MakeDocument(int number, int agency = 1) {
  NewDocument made;
  made.document.set_name(DocumentName(IdOf(number)));
  made.document.set_title("临江县文书局工作总结");
  made.document.mutable_agency()->set_name(AgencyName(AgencyOf(agency)));
  made.document.mutable_agency()->set_display_name("临江县文书局");
  made.document.set_report_year(2023);
  made.document.set_plan_year(2024);
  made.document.mutable_region()->add_candidate_codes("320106");
  made.document.mutable_period()->set_last_month(6);
  made.document.add_evidence()->set_field("report_year");
  made.document.set_text(fmt::format("第{}份：全年办结\"案卷\"{{3}}件\\。\n", number));
  made.document.set_source_uri("reports/a,b.txt");
  made.original = std::string("\x00\xff{\"", 4) + std::to_string(number);
  made.traceparent = fmt::format("00-{:032x}-01-01", number);
  return made;
}

inline v1::StageEvent Event(int number, v1::Task::Stage stage, v1::StageEvent::Outcome outcome, std::string error = "",
                            int revision = 1) {
  v1::StageEvent event;
  event.set_document(DocumentName(IdOf(number)));
  event.set_stage(stage);
  event.set_revision(revision);
  event.set_outcome(outcome);
  event.set_error(std::move(error));
  return event;
}

// The same events of another document.
inline std::vector<v1::StageEvent> EventsOf(int number, std::vector<v1::StageEvent> events) {
  for (v1::StageEvent& event : events) event.set_document(DocumentName(IdOf(number)));
  return events;
}

class DocumentStoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam() == Backend::kMemory) {
      store_ = NewMemoryDocumentStore();
      return;
    }
    auto database = testing::NewContractDatabase();
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    auto store = NewPostgresDocumentStore(database_.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Stores documents 1 to `count`, one by one, so that they differ in age.
  void Fill(int count) {
    for (int number = 1; number <= count; ++number) {
      const auto inserted = store_->Insert({MakeDocument(number)});
      ASSERT_TRUE(inserted.ok()) << inserted.status();
    }
  }

  void Delete(int number) {
    const auto deleted = store_->Delete(IdOf(number), "");
    ASSERT_TRUE(deleted.ok()) << deleted.status();
  }

  v1::Document Get(int number) {
    auto got = store_->Find(IdOf(number));
    EXPECT_TRUE(got.ok()) << got.status();
    return got.ok() ? *std::move(got) : v1::Document();
  }

  std::string StateAndFailure(int number) {
    const v1::Document document = Get(number);
    return v1::Document::State_Name(document.state()) + (document.failure().empty() ? "" : ": " + document.failure());
  }

  std::vector<std::string> UnfinishedIds(absl::Time quiet_since, int limit) {
    const auto unfinished = store_->Unfinished(quiet_since, limit);
    EXPECT_TRUE(unfinished.ok()) << unfinished.status();
    std::vector<std::string> ids;
    for (const UnfinishedDocument& document : *unfinished) ids.push_back(document.id);
    return ids;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<DocumentStore> store_;
};

}  // namespace duban
