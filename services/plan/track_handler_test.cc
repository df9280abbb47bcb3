// SPDX-License-Identifier: Apache-2.0
// The ledger of promises must end the same in whatever order, batches and repetitions an agency's reports arrive. The
// upstream services are real gRPC servers in this process that hold hand-made analyses.
#include "services/plan/track_handler.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

constexpr char kAgency[] = "agencies/0123456789abcdef";

// One of an agency's reports: a result sentence for last year's promise, and a promise for the next year.
v1::Analysis MakeAnalysis(int year) {
  v1::Analysis analysis;
  v1::Document& document = *analysis.mutable_document();
  document.set_name(DocumentName(Sha256Hex(std::to_string(year), 32)));
  document.set_revision(1);
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

// Of the report on the year 2000 + `report`.
std::string NameOf(int report) { return DocumentName(Sha256Hex(std::to_string(2000 + report), 32)); }

v1::Outline OutlineOf(const v1::Analysis& analysis) {
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

  void Add(const v1::Analysis& analysis) { analyses_[analysis.document().name()] = analysis; }
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

v1::Task TaskOf(int report, int revision = 1, bool removal = false) {
  v1::Task task;
  task.set_document(NameOf(report));
  task.set_stage(v1::Task::TRACK);
  task.set_revision(revision);
  task.set_removal(removal);
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

absl::Status Work(TrackHandler& handler, const v1::Task& task) { return handler.Process(std::span(&task, 1)).front(); }

// The ledger of a system that never saw but `reports`.
std::string LedgerOf(const std::vector<int>& reports, const Planner& planner) {
  Upstreams upstreams(10);
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), &planner, store.get());
  for (const int report : reports) EXPECT_TRUE(Work(handler, TaskOf(report)).ok());
  return Ledger(*store);
}

TEST(TrackHandlerTest, ARemovedReportLeavesTheLedgerAsIfItHadNeverBeen) {
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  Upstreams upstreams(3);
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
  for (const int report : {0, 1, 2}) ASSERT_TRUE(Work(handler, TaskOf(report)).ok());
  EXPECT_THAT(Ledger(*store), ::testing::HasSubstr("DELIVERED"));
  const int revision = upstreams.Delete(1);
  // A neighbour's task that comes between the deletion and the removal: the report is still in the ledger, but gone.
  ASSERT_TRUE(Work(handler, TaskOf(2)).ok());
  const absl::Status removed = Work(handler, TaskOf(1, revision, true));
  ASSERT_TRUE(removed.ok()) << removed;
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 2}, **planner));
  EXPECT_THAT(Ledger(*store), ::testing::Not(::testing::HasSubstr("DELIVERED")));
  const absl::Status late = Work(handler, TaskOf(1));
  EXPECT_TRUE(late.ok()) << late;
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 2}, **planner));
  ASSERT_TRUE(Work(handler, TaskOf(1, upstreams.CreateAgain(1))).ok());
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 1, 2}, **planner));
  ASSERT_TRUE(Work(handler, TaskOf(1, revision, true)).ok()) << "a late removal";
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 1, 2}, **planner));
}

// Reports are given, deleted and given again at random, and their tasks are worked in a random order, in batches, some
// twice: the ledger ends as that of a system that only ever saw the reports that are left.
TEST(TrackHandlerTest, DeletionsAndRepetitionsInAnyOrderEndInTheLedgerOfWhatIsLeft) {
  constexpr int kReports = 5;
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    Upstreams upstreams(kReports);
    const auto store = NewMemoryPlanStore();
    TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
    std::vector<v1::Task> tasks;
    std::vector<int> left;
    std::map<int, int> steps;  // deletions and creations still to come, by report
    for (int report = 0; report < kReports; ++report) {
      tasks.push_back(TaskOf(report));
      steps[report] = static_cast<int>(random() % 4);
      if (steps[report] % 2 == 0) left.push_back(report);
    }
    std::map<int, bool> deleted;
    const auto take_step = [&](int report) {
      bool& gone = deleted[report];
      tasks.push_back(gone ? TaskOf(report, upstreams.CreateAgain(report))
                           : TaskOf(report, upstreams.Delete(report), true));
      gone = !gone;
      if (random() % 3 == 0) tasks.push_back(tasks.back());
    };
    while (!tasks.empty() || !steps.empty()) {
      if (!steps.empty() && (tasks.empty() || random() % 2 == 0)) {
        const auto step = std::next(steps.begin(), static_cast<int>(random() % steps.size()));
        if (step->second > 0) take_step(step->first);
        if (--step->second <= 0) steps.erase(step);
        continue;
      }
      std::shuffle(tasks.begin(), tasks.end(), random);
      const size_t size = std::min<size_t>(1 + random() % 4, tasks.size());
      std::vector<v1::Task> batch(tasks.end() - static_cast<long>(size), tasks.end());
      tasks.resize(tasks.size() - size);
      // As the worker does, no two of one document and revision.
      const auto key = [](const v1::Task& task) { return std::pair(task.document(), task.revision()); };
      std::sort(batch.begin(), batch.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
      batch.erase(
          std::unique(batch.begin(), batch.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
          batch.end());
      std::shuffle(batch.begin(), batch.end(), random);
      for (const absl::Status& status : handler.Process(batch)) ASSERT_TRUE(status.ok()) << status;
    }
    ASSERT_EQ(Ledger(*store), LedgerOf(left, **planner)) << "round " << round;
  }
}

// Former bugs: stages that had not come to a neighbour's revision yet failed everybody's task.
TEST(TrackHandlerTest, ANeighbourWhoseStagesLagIsLeftOutUntilItsOwnTask) {
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  Upstreams upstreams(3);
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
  for (const int report : {0, 1, 2}) ASSERT_TRUE(Work(handler, TaskOf(report)).ok());
  upstreams.Delete(1);
  const int revision = upstreams.CreateAgain(1);
  for (const auto& [outline, indicators] : {std::pair(1, 1), std::pair(revision, 1)}) {
    upstreams.Lag(1, outline, indicators);
    const std::vector<v1::Task> tasks = {TaskOf(0), TaskOf(1), TaskOf(2)};
    for (const absl::Status& status : handler.Process(tasks)) EXPECT_TRUE(status.ok()) << status;
    const auto first = store->GetTracking({"0123456789abcdef", Sha256Hex("2000", 32), "p1"});
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(first->status(), v1::Tracking::PENDING) << "what keeps it is left out";
    EXPECT_EQ(Work(handler, TaskOf(1, revision)).code(), absl::StatusCode::kAborted) << "its own";
  }
  // It was there when the ledger was read, and is given again before its stages are.
  upstreams.Lag(1, 0, 0);
  ASSERT_TRUE(Work(handler, TaskOf(1, revision)).ok());
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 1, 2}, **planner));
  upstreams.Lag(1, revision + 2, 0);
  EXPECT_TRUE(Work(handler, TaskOf(2)).ok());
  upstreams.Lag(1, 0, 0);
  EXPECT_TRUE(Work(handler, TaskOf(1, revision)).ok());
  EXPECT_EQ(Ledger(*store), LedgerOf({0, 1, 2}, **planner));
}

// Rules that find one more promise, before all others.
class LaterPlanner : public Planner {
 public:
  explicit LaterPlanner(const Planner& planner) : planner_(planner) {}
  const ThemeLexicon& Themes() const override { return planner_.Themes(); }
  std::vector<v1::PlanItem> FindPlanItems(const v1::Document& document, const v1::Outline& outline,
                                          const v1::IndicatorSet& indicators) const override {
    std::vector<v1::PlanItem> items = planner_.FindPlanItems(document, outline, indicators);
    if (items.empty()) return items;
    items.insert(items.begin(), items.front());
    items.front().set_title("修缮南门档案库房");
    items.front().set_text("修缮南门档案库房。");
    for (size_t i = 0; i < items.size(); ++i) items[i].set_id(fmt::format("p{}", i + 1));
    return items;
  }
  std::vector<v1::Tracking> Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const override {
    return planner_.Track(plan, results);
  }

 private:
  const Planner& planner_;
};

// Former bugs: a neighbour's items were found anew and their verdicts stored by id, so that they came to stand at
// another promise; one item more than stored refused the new report for good.
TEST(TrackHandlerTest, AfterAChangeOfRulesVerdictsStandAtThePromiseTheyWereGivenFor) {
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  const LaterPlanner later(**planner);
  Upstreams upstreams(3);
  const auto store = NewMemoryPlanStore();
  TrackHandler before(upstreams.stubs(), planner->get(), store.get());
  TrackHandler after(upstreams.stubs(), &later, store.get());
  const auto tracking = [&](const std::string& item) {
    const auto found = store->GetTracking({"0123456789abcdef", Sha256Hex("2000", 32), item});
    EXPECT_TRUE(found.ok()) << found.status();
    return fmt::format("{}: {}", found->plan_item().title(), v1::Tracking::Status_Name(found->status()));
  };
  ASSERT_TRUE(Work(before, TaskOf(0)).ok());
  ASSERT_EQ(tracking("p1"), "建成“清风2001号”法治驿站: PENDING");
  const absl::Status neighbour = Work(after, TaskOf(1));
  ASSERT_TRUE(neighbour.ok()) << neighbour;
  EXPECT_EQ(tracking("p1"), "建成“清风2001号”法治驿站: DELIVERED");
  ASSERT_TRUE(Work(after, TaskOf(0)).ok());
  EXPECT_EQ(tracking("p1"), "修缮南门档案库房: NOT_REPORTED");
  EXPECT_EQ(tracking("p2"), "建成“清风2001号”法治驿站: DELIVERED");
  // A server of the release before, while a rolling update lasts.
  ASSERT_TRUE(Work(before, TaskOf(1)).ok());
  EXPECT_EQ(tracking("p1"), "修缮南门档案库房: NOT_REPORTED");
  EXPECT_EQ(tracking("p2"), "建成“清风2001号”法治驿站: DELIVERED");
}

// What ingest still has must be there: a stage that lost it has a fault, which is the document's and not its
// neighbours'.
TEST(TrackHandlerTest, AnOutlineThatIsLostIsAnErrorOfItsDocumentUnlessThatIsDeleted) {
  const auto planner = Planner::Create();
  ASSERT_TRUE(planner.ok());
  Upstreams upstreams(3);
  const auto store = NewMemoryPlanStore();
  TrackHandler handler(upstreams.stubs(), planner->get(), store.get());
  ASSERT_TRUE(Work(handler, TaskOf(0)).ok());
  upstreams.DropOutline(0);
  EXPECT_EQ(Work(handler, TaskOf(0)).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(Work(handler, TaskOf(1)).ok()) << "a neighbour of it";
  EXPECT_TRUE(Work(handler, TaskOf(2)).ok());
  EXPECT_TRUE(Work(handler, TaskOf(2, upstreams.Delete(2), true)).ok()) << "a neighbour's removal";
  upstreams.Delete(0);
  EXPECT_TRUE(Work(handler, TaskOf(0)).ok());
  EXPECT_TRUE(Work(handler, TaskOf(1)).ok());
}

}  // namespace
}  // namespace duban
