// SPDX-License-Identifier: Apache-2.0
// The plan ledger as its readers see it: themes, admitted problems, summaries with ranks, and a watch that sees all of
// it come in, over gRPC and with the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/testing/wait.h"
#include "google/protobuf/util/json_util.h"
#include "services/cli/local_analysis.h"
#include "tests/e2e/cluster_fixture.h"
#include "tests/e2e/ledgers.h"

namespace duban::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Stub = v1::PlanService::StubInterface;

class PlanLedgerTest : public ClusterTest {
 protected:
  // Starts everything, watches with the command line, and submits the samples; half way the plan service is replaced.
  static void SetUpTestSuite() {
    if (!StartCluster()) return;
    dir_ = new TempDir;
    auto watch =
        Subprocess::Start({.argv = Cluster::DubanCommand({"plan", "watch", "--format=json", "--from=" + Token()}),
                           .env = cluster_->ClientEnvironment(),
                           .log_file = dir_->File("watch")});
    ASSERT_TRUE(watch.ok()) << watch.status();
    const std::vector<Submission> samples = SampleReports();
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    Ingest({samples.begin(), middle});
    ASSERT_TRUE(WaitFor([] { return !Watched().empty(); })) << "nothing is told";
    ASSERT_TRUE(cluster_->ReplaceServer("plan").ok());
    Ingest({middle, samples.end()});
    const std::vector<std::string> log = Log();
    EXPECT_TRUE(WaitFor([&] { return Watched().size() >= log.size(); }, std::chrono::seconds(40)));
    EXPECT_EQ(Watched(), log) << "over a restart of the service the watch missed something";
    (*watch)->Kill(SIGINT);
  }
  static void TearDownTestSuite() {
    ClusterTest::TearDownTestSuite();
    delete dir_;
  }

  // The first answer of a watch: the end of the log.
  static std::string Token() {
    v1::WatchPlanItemsRequest request;
    request.set_parent("agencies/-");
    const auto context = MakeContext({});
    const auto stream = cluster_->plan().WatchPlanItems(context.get(), request);
    v1::PlanItemChange change;
    EXPECT_TRUE(stream->Read(&change));
    first_token_ = change.resume_token();
    context->TryCancel();
    return first_token_;
  }

  static std::string LineOf(const v1::PlanItemChange& change) {
    return v1::PlanItemChange::Kind_Name(change.kind()) + " " + change.plan_item() + " " + change.resume_token();
  }

  // What the command line was told so far.
  static std::vector<std::string> Watched() {
    std::vector<std::string> lines;
    const std::string text = ReadFile(dir_->File("watch")).value_or("");
    for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      v1::PlanItemChange change;
      const auto parsed = google::protobuf::util::JsonStringToMessage(text.substr(begin, end - begin), &change);
      EXPECT_TRUE(parsed.ok()) << text.substr(begin, end - begin);
      lines.push_back(LineOf(change));
    }
    return lines;
  }

  // All changes since the first token, told in one stream.
  static std::vector<std::string> Log() {
    v1::WatchPlanItemsRequest request;
    request.set_parent("agencies/-");
    request.set_resume_token(first_token_);
    const auto context = MakeContext({});
    const auto stream = cluster_->plan().WatchPlanItems(context.get(), request);
    std::vector<std::string> lines;
    v1::PlanItemChange change;
    // What is there comes before the first answer without a change.
    while (stream->Read(&change) && change.kind() != v1::PlanItemChange::KIND_UNSPECIFIED) {
      lines.push_back(LineOf(change));
    }
    context->TryCancel();
    return lines;
  }

  template <typename Request, typename Response>
  static Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                       const Request& request) {
    Response response;
    const absl::Status status = cluster_->Call(method, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  static TempDir* dir_;
  static std::string first_token_;
};

TempDir* PlanLedgerTest::dir_ = nullptr;
std::string PlanLedgerTest::first_token_;

TEST_F(PlanLedgerTest, TheWatchToldOfEveryItemAndVerdict) {
  std::set<std::string> stored, tracked;
  for (const std::string& line : Watched()) {
    const std::string item = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    if (line.starts_with("STORED ")) stored.insert(item);
    if (line.starts_with("TRACKED ")) tracked.insert(item);
  }
  const auto trackings = AllTrackings(*cluster_, "agencies/-", 100);
  ASSERT_TRUE(trackings.ok()) << trackings.status();
  ASSERT_FALSE(trackings->empty());
  for (const v1::Tracking& tracking : *trackings) {
    EXPECT_TRUE(stored.contains(tracking.plan_item().name()));
    // PENDING is told only where it says more than an item without tracking.
    if (tracking.machine_status() != v1::Tracking::PENDING) {
      EXPECT_TRUE(tracked.contains(tracking.plan_item().name()));
    }
  }
}

TEST_F(PlanLedgerTest, ThemesNarrowTheLists) {
  const auto themes = Call(&Stub::ListThemes, v1::ListThemesRequest());
  ASSERT_GT(themes.themes_size(), 5);
  const auto items = AllPlanItems(*cluster_, "agencies/-", 100);
  ASSERT_TRUE(items.ok()) << items.status();
  std::map<std::string, int> counts;
  for (const v1::PlanItem& item : *items) ++counts[item.theme()];
  int found = 0;
  for (const v1::Theme& theme : themes.themes()) {
    v1::ListPlanItemsRequest request;
    request.set_parent("agencies/-");
    request.set_theme(theme.id());
    const auto page = Call(&Stub::ListPlanItems, request);
    EXPECT_EQ(page.plan_items_size(), counts[theme.id()]) << theme.id();
    found += page.plan_items_size();
    EXPECT_THAT(theme.display_name(), ::testing::Not(::testing::IsEmpty()));
  }
  EXPECT_GT(found, 0);
  EXPECT_EQ(found + counts[""], static_cast<int>(items->size()));
  const std::string& first = themes.themes(0).id();
  EXPECT_THAT(Duban({"plan", "themes"}), AllOf(StartsWith("0\n"), HasSubstr(themes.themes(0).display_name())));
  EXPECT_THAT(Duban({"plan", "list", "--theme=" + first, "--format=csv"}), AllOf(StartsWith("0\n"), HasSubstr(first)));
}

// The problems that the reports admit are those of the analysis in one process, and each names the items that name it.
TEST_F(PlanLedgerTest, ProblemsComeWithTheirAnswers) {
  const auto local = LocalAnalysis::Create();
  ASSERT_TRUE(local.ok()) << local.status();
  std::multiset<std::string> expected, answers;
  for (const Submission& sample : SampleReports()) {
    const auto analysis = local->get()->Analyze(sample.content, sample.source_uri);
    ASSERT_TRUE(analysis.ok()) << analysis.status();
    for (const v1::Problem& problem : analysis->problems()) expected.insert(problem.title());
    for (const v1::PlanItem& item : analysis->plan_items()) {
      if (!item.problem().empty()) answers.insert(item.title());
    }
  }
  ASSERT_FALSE(expected.empty());
  std::map<std::string, std::string> titles;  // of plan items, by name
  const auto items = AllPlanItems(*cluster_, "agencies/-", 100);
  ASSERT_TRUE(items.ok()) << items.status();
  for (const v1::PlanItem& item : *items) titles[item.name()] = item.title();
  v1::ListAdmittedProblemsRequest request;
  request.set_parent("agencies/-");
  request.set_page_size(2);
  std::multiset<std::string> listed, named;
  int unanswered = 0;
  do {
    const auto page = Call(&Stub::ListAdmittedProblems, request);
    for (const v1::AdmittedProblem& problem : page.problems()) {
      listed.insert(problem.problem().title());
      unanswered += problem.plan_items().empty();
      for (const std::string& name : problem.plan_items()) named.insert(titles[name]);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(named, answers);
  request.set_page_size(0);
  request.set_unanswered(true);
  EXPECT_EQ(Call(&Stub::ListAdmittedProblems, request).problems_size(), unanswered);
  EXPECT_THAT(Duban({"plan", "problems", "--format=csv"}), AllOf(StartsWith("0\n"), HasSubstr("answered by")));
  EXPECT_THAT(Duban({"plan", "problems", "--unanswered"}), StartsWith("0\n"));
}

TEST_F(PlanLedgerTest, SummariesRankAgenciesOfAYear) {
  v1::SummarizePlansRequest request;
  request.set_parent("agencies/-");
  const auto all = Call(&Stub::SummarizePlans, request);
  std::map<int, std::map<int64_t, double>> rates;  // by year and rank
  for (const v1::PlanSummary& summary : all.summaries()) {
    EXPECT_THAT(summary.agency_display_name(), HasSubstr("司法局"));
    int64_t by_theme = 0;
    for (const auto& theme : summary.themes()) by_theme += theme.total();
    EXPECT_EQ(by_theme, summary.total());
    EXPECT_EQ(summary.rank() != 0, summary.has_delivery_rate());
    EXPECT_LE(summary.rank(), summary.ranked());
    if (summary.has_delivery_rate()) rates[summary.year()][summary.rank()] = summary.delivery_rate();
  }
  ASSERT_FALSE(rates.empty());
  for (const auto& [year, by_rank] : rates) {
    EXPECT_EQ(by_rank.begin()->first, 1);
    double last = 1;
    for (const auto& [rank, rate] : by_rank) {
      EXPECT_LE(rate, last) << year << ": place " << rank;
      last = rate;
    }
  }
  EXPECT_THAT(Duban({"plan", "summary", "--year=2023"}),
              AllOf(StartsWith("0\n"), HasSubstr(" of "), HasSubstr("rank")));
  EXPECT_THAT(Duban({"plan", "summary", "--region=99"}), StartsWith("0\nnone"));
  EXPECT_THAT(Duban({"plan", "summary", "--region=x"}), AllOf(StartsWith("1\n"), HasSubstr("region_prefix")));
}

TEST_F(PlanLedgerTest, TheWatchTellsWhyItEnds) {
  EXPECT_THAT(Duban({"plan", "watch", "--from=yesterday"}), AllOf(StartsWith("1\n"), HasSubstr("resume_token")));
  EXPECT_THAT(Duban({"plan", "watch", "--from=1-1-1"}), AllOf(StartsWith("1\n"), HasSubstr("list anew")));
  EXPECT_THAT(Duban({"plan", "watch", "now"}), StartsWith("2\n"));
}

}  // namespace
}  // namespace duban::testing
