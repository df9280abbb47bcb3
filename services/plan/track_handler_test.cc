// SPDX-License-Identifier: Apache-2.0
// The ledger of promises must end the same in whatever order, batches and repetitions an agency's reports arrive.
#include "services/plan/track_handler.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "common/base/names.h"
#include "services/plan/track_handler_test_util.h"

namespace duban {
namespace {

// A report on one of few years, now and then a half-year's one or a plan alone, mostly of one agency. It tells of the
// promises for some year and has some for its plan's.
v1::Analysis RandomAnalysis(int number, std::mt19937& random) {
  const auto any_year = [&] { return 2001 + static_cast<int>(random() % 6); };
  v1::Analysis analysis = MakeAnalysis(any_year());
  v1::Document& document = *analysis.mutable_document();
  document.set_name(NameOf(number));
  if (random() % 4 == 0) document.set_plan_year(document.report_year());
  if (random() % 5 == 0) document.set_report_year(0);
  if (random() % 4 == 0) document.mutable_agency()->set_name("agencies/aaaaaaaaaaaaaaaa");
  return analysis;
}

// What a verdict says, without names.
std::string VerdictOf(const v1::Tracking& tracking) {
  std::string text = fmt::format("{} {} {:.3f}", tracking.plan_item().text(), tracking.rule(), tracking.score());
  for (const v1::Evidence& evidence : tracking.evidence()) text += " " + evidence.ShortDebugString();
  return text;
}

TEST(TrackHandlerTest, OrderBatchesAndRepetitionsDoNotMatter) {
  constexpr int kReports = 5;
  std::mt19937 random(1);
  std::string expected;
  for (int round = 0; round < 40; ++round) {
    std::vector<v1::Task> tasks;
    for (int i = 0; i < kReports; ++i) tasks.push_back(TaskOf(i));
    for (int i = 0; i < round % 4; ++i) tasks.push_back(TaskOf(static_cast<int>(random() % kReports)));
    std::shuffle(tasks.begin(), tasks.end(), random);
    System system(kReports);
    for (size_t begin = 0; begin < tasks.size();) {
      const size_t size = std::min<size_t>(1 + random() % 3, tasks.size() - begin);
      for (const absl::Status& status : system.Work(std::span(tasks).subspan(begin, size))) {
        ASSERT_TRUE(status.ok()) << status;
      }
      begin += size;
    }
    const std::string ledger = system.Ledger();
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
  v1::Analysis report = MakeAnalysis(2001), next = MakeAnalysis(2001);
  v1::Section* done = report.mutable_sections(0);
  report.mutable_document()->set_text("办理公证二十件。\n");
  done->mutable_span()->set_end(static_cast<int32_t>(report.document().text().size()) - 1);
  report.mutable_sections()->RemoveLast();
  next.mutable_document()->set_name(TaskOf(9).document());
  next.mutable_document()->set_text(PromiseFor(2001) + "\n");
  next.mutable_document()->set_report_year(0);
  next.mutable_sections()->DeleteSubrange(0, 1);
  next.mutable_sections(0)->mutable_span()->set_begin(0);
  next.mutable_sections(0)->mutable_span()->set_end(static_cast<int32_t>(next.document().text().size()) - 1);
  std::vector<int> order = {0, 1, 9};
  do {
    System system(1);
    system.upstreams.Give(report);
    system.upstreams.Give(next);
    for (const int number : order) {
      const absl::Status status = system.Work(TaskOf(number));
      ASSERT_TRUE(status.ok()) << status;
    }
    const std::string ledger = system.Ledger();
    EXPECT_NE(ledger.find(" status: CARRIED_OVER"), std::string::npos) << ledger;
    EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 2) << ledger;
  } while (std::next_permutation(order.begin(), order.end()));
}

// The hundredth report of an agency costs as many documents as the third: its own and its two neighbours.
TEST(TrackHandlerTest, ManyReportsDoNotMakeTheNextOneDear) {
  constexpr int kReports = 100;
  System system(kReports);
  const auto fetched = [&](const v1::Task& task) {
    const int64_t before = system.upstreams.fetched();
    EXPECT_TRUE(system.Work(task).ok()) << task.ShortDebugString();
    return system.upstreams.fetched() - before;
  };
  for (int i = 0; i < kReports; ++i) EXPECT_LE(fetched(TaskOf(i)), 3) << "report " << i;
  // Former bugs: a removal, and a report given again, tracked all plans of the agency anew.
  for (int i = 20; i < kReports; i += 20) {
    EXPECT_LE(fetched(TaskOf(i, system.upstreams.Delete(i), true)), 3) << "removal of " << i;
    EXPECT_LE(fetched(TaskOf(i, system.upstreams.CreateAgain(i))), 4) << "report again " << i;
  }
  // Of those that go together nothing is left to read but what they stood between.
  std::vector<v1::Task> removals;
  for (int i = 10; i < 90; ++i) removals.push_back(TaskOf(i, system.upstreams.Delete(i), true));
  const int64_t before = system.upstreams.fetched();
  for (const absl::Status& status : system.Work(removals)) ASSERT_TRUE(status.ok()) << status;
  EXPECT_LE(system.upstreams.fetched() - before, 3);
}

TEST(TrackHandlerTest, OneMissingDocumentDoesNotSpoilTheBatch) {
  System system(2);
  const std::vector<v1::Task> tasks = {TaskOf(0), TaskOf(50), TaskOf(1)};
  const auto statuses = system.Work(tasks);
  ASSERT_EQ(statuses.size(), 3u);
  EXPECT_TRUE(statuses[0].ok()) << statuses[0];
  EXPECT_EQ(statuses[1].code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(statuses[2].ok()) << statuses[2];
}

// The ledger of a system that never saw but `reports`.
std::string LedgerOf(const std::vector<int>& reports) {
  System system(10);
  for (const int report : reports) EXPECT_TRUE(system.Work(TaskOf(report)).ok());
  return system.Ledger();
}

TEST(TrackHandlerTest, ARemovedReportLeavesTheLedgerAsIfItHadNeverBeen) {
  System system(3);
  for (const int report : {0, 1, 2}) ASSERT_TRUE(system.Work(TaskOf(report)).ok());
  EXPECT_THAT(system.Ledger(), ::testing::HasSubstr("DELIVERED"));
  const int revision = system.upstreams.Delete(1);
  // A neighbour's task that comes between the deletion and the removal: the report is still in the ledger, but gone.
  ASSERT_TRUE(system.Work(TaskOf(2)).ok());
  const absl::Status removed = system.Work(TaskOf(1, revision, true));
  ASSERT_TRUE(removed.ok()) << removed;
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 2}));
  EXPECT_THAT(system.Ledger(), ::testing::Not(::testing::HasSubstr("DELIVERED")));
  const absl::Status late = system.Work(TaskOf(1));
  EXPECT_TRUE(late.ok()) << late;
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 2}));
  ASSERT_TRUE(system.Work(TaskOf(1, system.upstreams.CreateAgain(1))).ok());
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 1, 2}));
  ASSERT_TRUE(system.Work(TaskOf(1, revision, true)).ok()) << "a late removal";
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 1, 2}));
}

// Reports are given, deleted and given again at random, and their tasks are worked in a random order, in batches, some
// twice: the ledger ends as that of a system that only ever saw the reports that are left.
TEST(TrackHandlerTest, DeletionsAndRepetitionsInAnyOrderEndInTheLedgerOfWhatIsLeft) {
  constexpr int kReports = 5;
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    System system(kReports);
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
      tasks.push_back(gone ? TaskOf(report, system.upstreams.CreateAgain(report))
                           : TaskOf(report, system.upstreams.Delete(report), true));
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
      for (const absl::Status& status : system.Work(batch)) ASSERT_TRUE(status.ok()) << status;
    }
    ASSERT_EQ(system.Ledger(), LedgerOf(left)) << "round " << round;
  }
}

// What `duban track` says of the reports that are left: each plan held against all others of its agency.
std::string TrackOfAll(const std::map<int, v1::Analysis>& left) {
  std::map<std::string, std::string> lines;
  for (const auto& [number, analysis] : left) {
    v1::Analysis plan = analysis;
    for (v1::PlanItem& item : ThePlanner().FindPlanItems(plan.document(), OutlineOf(plan), {})) {
      *plan.add_plan_items() = std::move(item);
    }
    std::vector<v1::Analysis> others;
    for (const auto& [other, result] : left) {
      if (other != number && result.document().agency().name() == plan.document().agency().name()) {
        others.push_back(result);
      }
    }
    for (const v1::Tracking& tracking : ThePlanner().Track(plan, others)) {
      lines[plan.document().name()] += VerdictOf(tracking);
    }
  }
  std::string all;
  for (const auto& [name, verdicts] : lines) all += fmt::format("{}: {}\n", name, verdicts);
  return all;
}

// Reports on years with gaps, on half of a year and plans without a report come in any order, are replaced by ones of
// other years and agencies, and go: the ledger says what `duban track` says of those that are left.
TEST(TrackHandlerTest, TheLedgerSaysWhatTrackSaysOfAllReportsThatAreLeft) {
  std::mt19937 random(11);
  std::set<std::string> rules;
  int later = 0;
  for (int round = 0; round < 80; ++round) {
    System system(0);
    std::map<int, v1::Analysis> left;
    std::vector<v1::Task> tasks;
    for (int step = 0; step < 16 || !tasks.empty(); ++step) {
      const int number = static_cast<int>(random() % 6);
      if (step < 16 && random() % 3 == 0 && left.contains(number)) {
        left.erase(number);
        tasks.push_back(TaskOf(number, system.upstreams.Delete(number), true));
      } else if (step < 16) {
        left[number] = RandomAnalysis(number, random);
        tasks.push_back(TaskOf(number, system.upstreams.Give(left[number])));
      }
      if (step < 16 && random() % 2 == 0) continue;
      std::shuffle(tasks.begin(), tasks.end(), random);
      const size_t size = std::min<size_t>(1 + random() % 3, tasks.size());
      const std::vector<v1::Task> batch(tasks.end() - static_cast<long>(size), tasks.end());
      tasks.resize(tasks.size() - size);
      for (const absl::Status& status : system.Work(batch)) ASSERT_TRUE(status.ok()) << status;
    }
    std::map<std::string, std::string> lines;
    const auto page = system.store->ListTrackings({}, std::nullopt, 1000);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Tracking& tracking : page->trackings) {
      lines[tracking.plan_item().document()] += VerdictOf(tracking);
      rules.insert(tracking.rule());
      for (const v1::Evidence& evidence : tracking.evidence()) {
        for (const auto& [other, analysis] : left) {
          later += evidence.document() == analysis.document().name() && tracking.status() == v1::Tracking::DELIVERED &&
                   analysis.document().report_year() > tracking.plan_item().year();
        }
      }
    }
    std::string ledger;
    for (const auto& [name, verdicts] : lines) ledger += fmt::format("{}: {}\n", name, verdicts);
    ASSERT_EQ(ledger, TrackOfAll(left)) << "round " << round;
  }
  EXPECT_THAT(rules, ::testing::IsSupersetOf({"no_report", "not_mentioned", "next_plan"}));
  EXPECT_GT(later, 0) << "kept by a report on a later year";
}

// Former bugs: stages that had not come to a neighbour's revision yet failed everybody's task.
TEST(TrackHandlerTest, ANeighbourWhoseStagesLagIsLeftOutUntilItsOwnTask) {
  System system(3);
  for (const int report : {0, 1, 2}) ASSERT_TRUE(system.Work(TaskOf(report)).ok());
  system.upstreams.Delete(1);
  const int revision = system.upstreams.CreateAgain(1);
  for (const auto& [outline, indicators] : {std::pair(1, 1), std::pair(revision, 1)}) {
    system.upstreams.Lag(1, outline, indicators);
    const std::vector<v1::Task> tasks = {TaskOf(0), TaskOf(1), TaskOf(2)};
    for (const absl::Status& status : system.Work(tasks)) EXPECT_TRUE(status.ok()) << status;
    const auto first = system.store->GetTracking({"0123456789abcdef", Sha256Hex("2000", 32), "p1"});
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(first->status(), v1::Tracking::PENDING) << "what keeps it is left out";
    EXPECT_EQ(system.Work(TaskOf(1, revision)).code(), absl::StatusCode::kAborted) << "its own";
  }
  // It was there when the ledger was read, and is given again before its stages are.
  system.upstreams.Lag(1, 0, 0);
  ASSERT_TRUE(system.Work(TaskOf(1, revision)).ok());
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 1, 2}));
  system.upstreams.Lag(1, revision + 2, 0);
  EXPECT_TRUE(system.Work(TaskOf(2)).ok());
  system.upstreams.Lag(1, 0, 0);
  EXPECT_TRUE(system.Work(TaskOf(1, revision)).ok());
  EXPECT_EQ(system.Ledger(), LedgerOf({0, 1, 2}));
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
  const LaterPlanner later(ThePlanner());
  System system(3);
  TrackHandler after(system.upstreams.stubs(), &later, system.store.get());
  const auto tracking = [&](const std::string& item) {
    const auto found = system.store->GetTracking({"0123456789abcdef", Sha256Hex("2000", 32), item});
    EXPECT_TRUE(found.ok()) << found.status();
    return fmt::format("{}: {}", found->plan_item().title(), v1::Tracking::Status_Name(found->status()));
  };
  ASSERT_TRUE(system.Work(TaskOf(0)).ok());
  ASSERT_EQ(tracking("p1"), "建成“西塔”档案馆: PENDING");
  const absl::Status neighbour = Work(&after, TaskOf(1));
  ASSERT_TRUE(neighbour.ok()) << neighbour;
  EXPECT_EQ(tracking("p1"), "建成“西塔”档案馆: DELIVERED");
  ASSERT_TRUE(Work(&after, TaskOf(0)).ok());
  EXPECT_EQ(tracking("p1"), "修缮南门档案库房: NOT_REPORTED");
  EXPECT_EQ(tracking("p2"), "建成“西塔”档案馆: DELIVERED");
  // A server of the release before, while a rolling update lasts.
  ASSERT_TRUE(system.Work(TaskOf(1)).ok());
  EXPECT_EQ(tracking("p1"), "修缮南门档案库房: NOT_REPORTED");
  EXPECT_EQ(tracking("p2"), "建成“西塔”档案馆: DELIVERED");
}

// What ingest still has must be there: a stage that lost it has a fault, which is the document's and not its
// neighbours'.
TEST(TrackHandlerTest, AnOutlineThatIsLostIsAnErrorOfItsDocumentUnlessThatIsDeleted) {
  System system(3);
  ASSERT_TRUE(system.Work(TaskOf(0)).ok());
  system.upstreams.DropOutline(0);
  EXPECT_EQ(system.Work(TaskOf(0)).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(system.Work(TaskOf(1)).ok()) << "a neighbour of it";
  EXPECT_TRUE(system.Work(TaskOf(2)).ok());
  EXPECT_TRUE(system.Work(TaskOf(2, system.upstreams.Delete(2), true)).ok()) << "a neighbour's removal";
  system.upstreams.Delete(0);
  EXPECT_TRUE(system.Work(TaskOf(0)).ok());
  EXPECT_TRUE(system.Work(TaskOf(1)).ok());
}

}  // namespace
}  // namespace duban
