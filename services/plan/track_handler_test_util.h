// SPDX-License-Identifier: Apache-2.0
// services/plan/track_handler_test_util.h: reports of an agency, the services before the stage TRACK that hold them,
// and the stage on a ledger in memory. The services are real gRPC servers in this process that hold hand-made analyses.

#pragma once

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/rpc/status.h"
#include "services/plan/track_handler.h"

namespace duban {

constexpr char kAgency[] = "agencies/0123456789abcdef";

// What is promised for a year and told of it: another thing every year.
inline std::string PromiseFor(int year) {
  static constexpr const char* kPlaces[] = {"东桥", "西塔", "南湾", "北岭", "春街",
                                            "夏湖", "秋巷", "冬亭", "山港", "水岗"};
  static constexpr const char* kThings[] = {"档案馆", "调解室", "仲裁院", "公证处", "律师楼",
                                            "展览厅", "学校",   "停车场", "食堂",   "图书角"};
  return fmt::format("建成“{}”{}。", kPlaces[year % 10], kThings[year / 10 % 10]);
}

// One of an agency's reports: a result sentence for last year's promise, and a promise for the next year.
inline v1::Analysis MakeAnalysis(int year) {
  v1::Analysis analysis;
  v1::Document& document = *analysis.mutable_document();
  document.set_name(DocumentName(Sha256Hex(std::to_string(year), 32)));
  document.set_revision(1);
  document.mutable_agency()->set_name(kAgency);
  document.set_report_year(year);
  document.set_plan_year(year + 1);
  const std::string done = PromiseFor(year), promise = PromiseFor(year + 1);
  document.set_text(done + "\n" + promise + "\n");
  const auto add = [&](const char* id, v1::Section::Role role, size_t begin, size_t end) {
    v1::Section& section = *analysis.add_sections();
    section.set_id(id);
    section.set_level(5);
    section.set_role(role);
    section.mutable_span()->set_begin(static_cast<int32_t>(begin));
    section.mutable_span()->set_end(static_cast<int32_t>(end));
  };
  add("s1", v1::Section::ACHIEVEMENT, 0, done.size());
  add("s2", v1::Section::PLAN, done.size() + 1, done.size() + 1 + promise.size());
  return analysis;
}

// Of the report on the year 2000 + `report`.
inline std::string NameOf(int report) { return DocumentName(Sha256Hex(std::to_string(2000 + report), 32)); }

inline v1::Outline OutlineOf(const v1::Analysis& analysis) {
  v1::Outline outline;
  outline.set_name(analysis.document().name() + "/outline");
  outline.set_revision(analysis.document().revision());
  for (const v1::Section& section : analysis.sections()) {
    *outline.add_sections() = section;
    v1::Sentence& sentence = *outline.add_sentences();
    *sentence.mutable_span() = section.span();
    sentence.set_section(section.id());
  }
  return outline;
}

// The upstream services, which may lose documents and get them again. Counts the documents that were asked for.
class Upstreams : public v1::IngestService::Service,
                  public v1::SegmentationService::Service,
                  public v1::IndicatorService::Service {
 public:
  explicit Upstreams(int reports) {
    for (int i = 0; i < reports; ++i) {
      v1::Analysis analysis = MakeAnalysis(2000 + i);
      analyses_[analysis.document().name()] = std::move(analysis);
    }
    grpc::ServerBuilder builder;
    builder.RegisterService(static_cast<v1::IngestService::Service*>(this));
    builder.RegisterService(static_cast<v1::SegmentationService::Service*>(this));
    builder.RegisterService(static_cast<v1::IndicatorService::Service*>(this));
    server_ = builder.BuildAndStart();
    const auto channel = server_->InProcessChannel({});
    ingest_ = v1::IngestService::NewStub(channel);
    segmentation_ = v1::SegmentationService::NewStub(channel);
    indicator_ = v1::IndicatorService::NewStub(channel);
  }
  ~Upstreams() override { server_->Shutdown(); }

  // Gives a document, for the first time or anew: what it was before is replaced. Gives its revision.
  int Give(v1::Analysis analysis) {
    const std::string name = analysis.document().name();
    analysis.mutable_document()->set_revision(analyses_[name].document().revision() + 1);
    deleted_.erase(name);
    analyses_[name] = std::move(analysis);
    return analyses_[name].document().revision();
  }
  // Deletes a report: its revision rises, and ingest alone knows it. Gives the revision.
  int Delete(int report) {
    v1::Document& document = *analyses_.at(NameOf(report)).mutable_document();
    document.set_revision(document.revision() + 1);
    deleted_.insert(document.name());
    return document.revision();
  }
  // Gives it again, at the next revision.
  int CreateAgain(int report) {
    v1::Document& document = *analyses_.at(NameOf(report)).mutable_document();
    document.set_revision(document.revision() + 1);
    deleted_.erase(document.name());
    return document.revision();
  }
  // Stages that have not come to a report's last revision; 0: they have.
  void Lag(int report, int outline, int indicators) { lagging_[NameOf(report)] = {outline, indicators}; }
  // Segmentation no longer has the outline of a report.
  void DropOutline(int report) { without_outline_.insert(NameOf(report)); }

  Upstream stubs() { return {ingest_.get(), segmentation_.get(), indicator_.get()}; }
  int64_t fetched() const { return fetched_; }

  grpc::Status BatchGetDocuments(grpc::ServerContext*, const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override {
    for (const std::string& name : request->names()) {
      const auto found = analyses_.find(name);
      if (found == analyses_.end()) return {grpc::StatusCode::NOT_FOUND, name};
      if (deleted_.contains(name)) return ToGrpc(ResourceDeleted("duban.v1/Document", name, "deleted"));
      *response->add_documents() = found->second.document();
      ++fetched_;
    }
    return grpc::Status::OK;
  }
  grpc::Status BatchGetOutlines(grpc::ServerContext*, const v1::BatchGetOutlinesRequest* request,
                                v1::BatchGetOutlinesResponse* response) override {
    for (const std::string& name : request->names()) {
      const std::string document = name.substr(0, name.find("/outline"));
      if (without_outline_.contains(document)) return {grpc::StatusCode::NOT_FOUND, name};
      v1::Outline& outline = *response->add_outlines() = OutlineOf(analyses_.at(document));
      if (const int at = lagging_[document].first; at != 0) outline.set_revision(at);
    }
    return grpc::Status::OK;
  }
  grpc::Status BatchGetIndicators(grpc::ServerContext*, const v1::BatchGetIndicatorsRequest* request,
                                  v1::BatchGetIndicatorsResponse* response) override {
    for (const std::string& name : request->names()) {
      v1::IndicatorSet& set = *response->add_sets();
      set.set_document(name);
      const int at = lagging_[name].second;
      set.set_revision(at != 0 ? at : analyses_.at(name).document().revision());
    }
    return grpc::Status::OK;
  }

 private:
  std::map<std::string, v1::Analysis> analyses_;
  std::set<std::string> deleted_, without_outline_;
  std::map<std::string, std::pair<int, int>> lagging_;
  std::atomic<int64_t> fetched_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::StubInterface> ingest_;
  std::unique_ptr<v1::SegmentationService::StubInterface> segmentation_;
  std::unique_ptr<v1::IndicatorService::StubInterface> indicator_;
};

inline v1::Task TaskOf(int report, int revision = 1, bool removal = false) {
  v1::Task task;
  task.set_document(NameOf(report));
  task.set_stage(v1::Task::TRACK);
  task.set_revision(revision);
  task.set_removal(removal);
  return task;
}

// With the embedded lexicons.
inline const Planner& ThePlanner() {
  static const auto* const planner = new std::unique_ptr<const Planner>(Planner::Create().value());
  return **planner;
}

inline absl::Status Work(TrackHandler* handler, const v1::Task& task) {
  return handler->Process(std::span(&task, 1)).front();
}

// The stage between services that hold reports on the years from 2000 on, and a ledger.
struct System {
  explicit System(int reports) : upstreams(reports), handler(upstreams.stubs(), &ThePlanner(), store.get()) {}

  // Works tasks as one batch.
  std::vector<absl::Status> Work(std::span<const v1::Task> tasks) { return handler.Process(tasks); }
  absl::Status Work(const v1::Task& task) { return duban::Work(&handler, task); }

  // The ledger as text, in its own order.
  std::string Ledger() const {
    std::string text;
    const auto page = store->ListTrackings({}, std::nullopt, 1000);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const v1::Tracking& tracking : page->trackings) text += tracking.ShortDebugString() + "\n";
    return text;
  }

  Upstreams upstreams;
  std::unique_ptr<PlanStore> store = NewMemoryPlanStore();
  TrackHandler handler;
};

}  // namespace duban
