// SPDX-License-Identifier: Apache-2.0
// The ledger of promises must end the same in whatever order, batches and repetitions an agency's reports arrive. The
// upstream services are real gRPC servers in this process that hold hand-made analyses.
#include "services/plan/track_handler.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/base/names.h"

namespace duban {
namespace {

constexpr char kAgency[] = "agencies/0123456789abcdef";

// One of an agency's reports: a result sentence for last year's promise, and a promise for the next year.
v1::Analysis MakeAnalysis(int year) {
  v1::Analysis analysis;
  v1::Document& document = *analysis.mutable_document();
  document.set_name(DocumentName(Sha256Hex(std::to_string(year), 32)));
  document.mutable_agency()->set_name(kAgency);
  document.set_report_year(year);
  document.set_plan_year(year + 1);
  const std::string done = fmt::format("建成“清风{}号”法治驿站。", year);
  const std::string promise = fmt::format("建成“清风{}号”法治驿站。", year + 1);
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

v1::Outline OutlineOf(const v1::Analysis& analysis) {
  v1::Outline outline;
  outline.set_name(analysis.document().name() + "/outline");
  for (const v1::Section& section : analysis.sections()) {
    *outline.add_sections() = section;
    v1::Sentence& sentence = *outline.add_sentences();
    *sentence.mutable_span() = section.span();
    sentence.set_section(section.id());
  }
  return outline;
}

// The upstream services. Counts the documents that were asked for.
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

  void Add(const v1::Analysis& analysis) { analyses_[analysis.document().name()] = analysis; }

  Upstream stubs() { return {ingest_.get(), segmentation_.get(), indicator_.get()}; }
  int64_t fetched() const { return fetched_; }

  grpc::Status BatchGetDocuments(grpc::ServerContext*, const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override {
    for (const std::string& name : request->names()) {
      const auto found = analyses_.find(name);
      if (found == analyses_.end()) return {grpc::StatusCode::NOT_FOUND, name};
      *response->add_documents() = found->second.document();
      ++fetched_;
    }
    return grpc::Status::OK;
  }
  grpc::Status BatchGetOutlines(grpc::ServerContext*, const v1::BatchGetOutlinesRequest* request,
                                v1::BatchGetOutlinesResponse* response) override {
    for (const std::string& name : request->names()) {
      *response->add_outlines() = OutlineOf(analyses_.at(name.substr(0, name.find("/outline"))));
    }
    return grpc::Status::OK;
  }
  grpc::Status BatchGetIndicators(grpc::ServerContext*, const v1::BatchGetIndicatorsRequest* request,
                                  v1::BatchGetIndicatorsResponse* response) override {
    for (const std::string& name : request->names()) response->add_sets()->set_document(name);
    return grpc::Status::OK;
  }

 private:
  std::map<std::string, v1::Analysis> analyses_;
  std::atomic<int64_t> fetched_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::IngestService::StubInterface> ingest_;
  std::unique_ptr<v1::SegmentationService::StubInterface> segmentation_;
  std::unique_ptr<v1::IndicatorService::StubInterface> indicator_;
};

v1::Task TaskOf(int report) {
  v1::Task task;
  task.set_document(DocumentName(Sha256Hex(std::to_string(2000 + report), 32)));
  task.set_stage(v1::Task::TRACK);
  task.set_revision(1);
  return task;
}

// The ledger as text, in its own order.
std::string Ledger(PlanStore& store) {
  std::string text;
  const auto page = store.ListTrackings({}, std::nullopt, 1000);
  EXPECT_TRUE(page.ok()) << page.status();
  for (const v1::Tracking& tracking : page->trackings) text += tracking.ShortDebugString() + "\n";
  return text;
}

TEST(TrackHandlerTest, OrderBatchesAndRepetitionsDoNotMatter) {
  constexpr int kReports = 5;
  Upstreams upstreams(kReports);
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok()) << planner.status();
  std::mt19937 random(1);
  std::string expected;
  for (int round = 0; round < 40; ++round) {
    std::vector<v1::Task> tasks;
    for (int i = 0; i < kReports; ++i) tasks.push_back(TaskOf(i));
    for (int i = 0; i < round % 4; ++i) tasks.push_back(TaskOf(static_cast<int>(random() % kReports)));
    std::shuffle(tasks.begin(), tasks.end(), random);
    const auto store = NewMemoryPlanStore();
    TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
    for (size_t begin = 0; begin < tasks.size();) {
      const size_t size = std::min<size_t>(1 + random() % 3, tasks.size() - begin);
      for (const absl::Status& status : handler.Process(std::span(tasks).subspan(begin, size))) {
        ASSERT_TRUE(status.ok()) << status;
      }
      begin += size;
    }
    const std::string ledger = Ledger(*store);
    if (round == 0) expected = ledger;
    ASSERT_EQ(ledger, expected) << "round " << round;
  }
  // Four promises have a later report that keeps them, the last has none yet.
  EXPECT_EQ(std::count(expected.begin(), expected.end(), '\n'), kReports);
  size_t pending = 0, delivered = 0;
  for (size_t at = 0; (at = expected.find(" status: PENDING", at)) != std::string::npos; ++at) ++pending;
  for (size_t at = 0; (at = expected.find(" status: DELIVERED", at)) != std::string::npos; ++at) ++delivered;
  EXPECT_EQ(pending, 1u) << expected;
  EXPECT_EQ(delivered, 4u) << expected;
}

// A plan that comes as a paper of its own takes up what the year before left undone, whenever it arrives.
TEST(TrackHandlerTest, PlansOnTheirOwnBearOnTheYearBefore) {
  Upstreams upstreams(1);  // promises 清风2001号 for 2001
  v1::Analysis report = MakeAnalysis(2001), next = MakeAnalysis(2001);
  v1::Section* done = report.mutable_sections(0);
  report.mutable_document()->set_text("办理公证二十件。\n");
  done->mutable_span()->set_end(static_cast<int32_t>(report.document().text().size()) - 1);
  report.mutable_sections()->RemoveLast();
  next.mutable_document()->set_name(TaskOf(9).document());
  next.mutable_document()->set_text("建成“清风2001号”法治驿站。\n");
  next.mutable_document()->set_report_year(0);
  next.mutable_sections()->DeleteSubrange(0, 1);
  next.mutable_sections(0)->mutable_span()->set_begin(0);
  next.mutable_sections(0)->mutable_span()->set_end(static_cast<int32_t>(next.document().text().size()) - 1);
  upstreams.Add(report);
  upstreams.Add(next);
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok()) << planner.status();
  std::vector<int> order = {0, 1, 9};
  do {
    const auto store = NewMemoryPlanStore();
    TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
    for (const int number : order) {
      const std::vector<v1::Task> task = {TaskOf(number)};
      for (const absl::Status& status : handler.Process(task)) ASSERT_TRUE(status.ok()) << status;
    }
    const std::string ledger = Ledger(*store);
    EXPECT_NE(ledger.find(" status: CARRIED_OVER"), std::string::npos) << ledger;
    EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 2) << ledger;
  } while (std::next_permutation(order.begin(), order.end()));
}

// The hundredth report of an agency costs as many documents as the third: its own and its two neighbours.
TEST(TrackHandlerTest, ManyReportsDoNotMakeTheNextOneDear) {
  constexpr int kReports = 100;
  Upstreams upstreams(kReports);
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
  for (int i = 0; i < kReports; ++i) {
    const int64_t before = upstreams.fetched();
    const v1::Task task = TaskOf(i);
    ASSERT_TRUE(handler.Process(std::span(&task, 1)).front().ok());
    EXPECT_LE(upstreams.fetched() - before, 3) << "report " << i;
  }
}

TEST(TrackHandlerTest, OneMissingDocumentDoesNotSpoilTheBatch) {
  Upstreams upstreams(2);
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
  const std::vector<v1::Task> tasks = {TaskOf(0), TaskOf(50), TaskOf(1)};
  const auto statuses = handler.Process(tasks);
  ASSERT_EQ(statuses.size(), 3u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_EQ(statuses[1].code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(statuses[2].ok()) << statuses[2];
}

}  // namespace
}  // namespace duban
