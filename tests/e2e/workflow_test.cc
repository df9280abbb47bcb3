// SPDX-License-Identifier: Apache-2.0
// What people do to plan items, over gRPC and with the command line, while reports keep coming in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "common/base/status.h"
#include "google/rpc/error_details.pb.h"
#include "services/cli/local_analysis.h"
#include "tests/e2e/cluster_fixture.h"
#include "tests/e2e/ledgers.h"

namespace duban::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Stub = v1::PlanService::StubInterface;

class WorkflowTest : public ClusterTest {
 protected:
  static void SetUpTestSuite() { StartCluster(); }

  template <typename Request, typename Response>
  static absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                       const Request& request) {
    Response response;
    DUBAN_RETURN_IF_ERROR(cluster_->Call(method, request, &response));
    return response;
  }

  // The sample reports whose file names contain `part`, submitted one after the other in this order and finished.
  static void Ingest(const std::vector<std::string>& parts) {
    for (const std::string& part : parts) ClusterTest::Ingest({Sample(part)});
  }

  static Submission Sample(const std::string& part) {
    for (const Submission& sample : SampleReports()) {
      if (sample.source_uri.find(part) != std::string::npos) return sample;
    }
    ADD_FAILURE() << "no sample " << part;
    return {};
  }

  // Trackings of the plan in the sample, in order.
  static std::vector<v1::Tracking> TrackingsOf(const std::string& part) {
    const auto document = cluster_->Submit({Sample(part)});  // the same bytes: the same document
    EXPECT_TRUE(document.ok()) << document.status();
    const auto all = AllTrackings(*cluster_, "agencies/-", 100);
    EXPECT_TRUE(all.ok()) << all.status();
    std::vector<v1::Tracking> own;
    for (const v1::Tracking& tracking : *all) {
      if (tracking.plan_item().document() == document->front()) own.push_back(tracking);
    }
    return own;
  }

  static absl::StatusOr<v1::Tracking> Get(const std::string& name, const std::string& as_of = "") {
    v1::GetTrackingRequest request;
    request.set_name(name);
    request.set_as_of(as_of);
    return Call(&Stub::GetTracking, request);
  }

  static v1::ReviewTrackingRequest Override(const v1::Tracking& tracking, v1::Tracking::Status status) {
    v1::ReviewTrackingRequest request;
    request.set_name(tracking.name());
    request.set_decision(v1::Review::OVERRIDE);
    request.set_status(status);
    request.set_reason("现场核实");
    request.set_reviewer("督查室 周某");
    request.set_etag(tracking.etag());
    return request;
  }

  static std::vector<v1::HistoryEntry> History(const std::string& item) {
    v1::ListHistoryRequest request;
    request.set_parent(item);
    request.set_page_size(2);
    std::vector<v1::HistoryEntry> entries;
    do {
      const auto page = Call(&Stub::ListHistory, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      entries.insert(entries.end(), page->entries().begin(), page->entries().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return entries;
  }
};

// The verdicts that the machine comes to are those of the analysis in one process, whatever people said in between and
// in whatever order the reports came; and what people said stays.
TEST_F(WorkflowTest, ReviewsStayWhileReportsComeIn) {
  const auto local = LocalAnalysis::Create();
  ASSERT_TRUE(local.ok()) << local.status();
  for (const auto& [agency, order] : std::map<std::string, std::vector<std::string>>{
           {"qinglan", {"qinglan_2022", "qinglan_2023"}}, {"linhe", {"linhe_2023", "linhe_2022"}}}) {
    SCOPED_TRACE(agency);
    Ingest({order[0]});
    const bool plan_first = order[0] == agency + "_2022";
    if (!plan_first) Ingest({order[1]});
    const auto before = TrackingsOf(agency + "_2022");
    ASSERT_GE(before.size(), 3u);
    v1::AssignPlanItemRequest assign;
    assign.set_name(before[0].plan_item().name());
    assign.set_responsible_unit("基层科");
    assign.set_assigner("办公室");
    ASSERT_TRUE(Call(&Stub::AssignPlanItem, assign).ok());
    const auto reviewed = Call(&Stub::ReviewTracking, Override(before[1], v1::Tracking::CARRIED_OVER));
    ASSERT_TRUE(reviewed.ok()) << reviewed.status();
    EXPECT_EQ(reviewed->machine_status(), before[1].status());
    if (plan_first) {
      EXPECT_EQ(before[1].status(), v1::Tracking::PENDING);
      Ingest({order[1]});
    }
    Ingest({agency + "_2024"});
    const auto plan = local->get()->Analyze(Sample(agency + "_2022").content, "");
    const auto result = local->get()->Analyze(Sample(agency + "_2023").content, "");
    ASSERT_TRUE(plan.ok() && result.ok());
    const v1::TrackReport expected = local->get()->Track(*plan, std::vector{*result});
    const auto after = TrackingsOf(agency + "_2022");
    ASSERT_EQ(after.size(), static_cast<size_t>(expected.items_size()));
    for (int i = 0; i < expected.items_size(); ++i) {
      EXPECT_EQ(after[i].machine_status(), expected.items(i).status()) << after[i].plan_item().title();
      EXPECT_EQ(after[i].status(), i == 1 ? v1::Tracking::CARRIED_OVER : expected.items(i).status());
      EXPECT_EQ(after[i].has_review(), i == 1);
    }
    EXPECT_EQ(after[0].plan_item().assignment().responsible_unit(), "基层科");
    EXPECT_EQ(after[1].review().reviewer(), "督查室 周某");
    EXPECT_GT(after[1].review().review_time().seconds(), 0);
  }
}

TEST_F(WorkflowTest, OfTwoEditorsWithOneEtagOneIsTurnedAway) {
  Ingest({"qinglan_2023"});
  const v1::Tracking read = TrackingsOf("qinglan_2023").front();
  std::vector<absl::Status> answers(2);
  std::vector<std::thread> editors;
  for (int i = 0; i < 2; ++i) {
    editors.emplace_back([&, i] {
      answers[i] =
          Call(&Stub::ReviewTracking, Override(read, i == 0 ? v1::Tracking::DELIVERED : v1::Tracking::MISSED)).status();
    });
  }
  for (std::thread& editor : editors) editor.join();
  const int winner = answers[0].ok() ? 0 : 1;
  EXPECT_TRUE(answers[winner].ok()) << answers[winner];
  EXPECT_TRUE(absl::IsAborted(answers[1 - winner])) << answers[1 - winner];
  EXPECT_EQ(Get(read.name())->status(), winner == 0 ? v1::Tracking::DELIVERED : v1::Tracking::MISSED);
  EXPECT_EQ(History(read.plan_item().name()).size(), 1);
}

TEST_F(WorkflowTest, HistoryTellsWhoDidWhatInOrder) {
  Ingest({"qinglan_2023"});
  const v1::Tracking tracking = TrackingsOf("qinglan_2023")[1];
  const std::string item = tracking.plan_item().name();
  v1::AssignPlanItemRequest assign;
  assign.set_name(item);
  assign.set_due_date("2024-02-29");
  assign.set_assigner("办公室");
  assign.set_etag(tracking.plan_item().etag());
  assign.set_request_id("assign-1");
  const auto assigned = Call(&Stub::AssignPlanItem, assign);
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  const auto repeated = Call(&Stub::AssignPlanItem, assign);
  ASSERT_TRUE(repeated.ok()) << "the same request again: " << repeated.status();
  EXPECT_EQ(repeated->etag(), assigned->etag());
  assign.set_due_date("2024-03-31");
  EXPECT_TRUE(absl::IsInvalidArgument(Call(&Stub::AssignPlanItem, assign).status()));
  v1::AddProgressUpdateRequest update;
  update.set_name(item);
  update.set_note("已完成选址");
  update.set_author("基层科 吴某");
  update.add_evidence("会议纪要〔2024〕3号");
  ASSERT_TRUE(Call(&Stub::AddProgressUpdate, update).ok());
  ASSERT_TRUE(Call(&Stub::ReviewTracking, Override(*Get(tracking.name()), v1::Tracking::PARTIAL)).ok());
  const auto history = History(item);
  ASSERT_EQ(history.size(), 3);
  EXPECT_EQ(history[0].assignment().assigner(), "办公室");
  EXPECT_EQ(history[1].progress_update().evidence(0), "会议纪要〔2024〕3号");
  EXPECT_GT(history[1].progress_update().create_time().seconds(), 0);
  EXPECT_EQ(history[2].review().status(), v1::Tracking::PARTIAL);
  EXPECT_EQ(history[2].title(), tracking.plan_item().title());
  EXPECT_EQ(Get(tracking.name())->effective_due_date(), "2024-02-29");
  EXPECT_FALSE(Get(tracking.name(), "2024-02-29")->overdue());
  EXPECT_TRUE(Get(tracking.name(), "2024-03-01")->overdue());
  EXPECT_FALSE(Get(tracking.name())->has_overdue());
}

TEST_F(WorkflowTest, ListsAndSummariesGoByTheDayGiven) {
  Ingest({"linhe_2022", "linhe_2023"});
  const auto trackings = TrackingsOf("linhe_2022");
  const std::string agency = trackings[0].plan_item().name().substr(0, std::string("agencies/0123456789abcdef").size());
  const auto overdue = [&](const std::string& day) {
    v1::ListTrackingsRequest request;
    request.set_parent(agency);
    request.set_year(2023);
    request.set_as_of(day);
    request.set_overdue(true);
    const auto response = Call(&Stub::ListTrackings, request);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const v1::Tracking& tracking : response->trackings()) EXPECT_TRUE(tracking.overdue());
    return response->trackings_size();
  };
  v1::SummarizePlansRequest request;
  request.set_parent(agency);
  request.set_year(2023);
  request.set_as_of("2024-01-01");
  const auto summaries = Call(&Stub::SummarizePlans, request);
  ASSERT_TRUE(summaries.ok()) << summaries.status();
  ASSERT_EQ(summaries->summaries_size(), 1);
  const v1::PlanSummary& summary = summaries->summaries(0);
  EXPECT_EQ(summary.total(), static_cast<int64_t>(trackings.size()));
  const auto delivered = std::count_if(trackings.begin(), trackings.end(), [](const auto& tracking) {
    return tracking.status() == v1::Tracking::DELIVERED;
  });
  ASSERT_GT(delivered, 0);
  EXPECT_DOUBLE_EQ(summary.delivery_rate(), static_cast<double>(delivered) / trackings.size());
  EXPECT_EQ(summary.overdue(), summary.total() - delivered);
  EXPECT_EQ(overdue("2024-01-01"), summary.overdue());
  EXPECT_EQ(overdue("2023-01-01"), 0);
  double shares = 0;
  for (const auto& row : summary.statuses()) shares += row.share();
  EXPECT_NEAR(shares, 1, 1e-9);
}

TEST_F(WorkflowTest, ChainsTellWhatIsPromisedAgain) {
  Ingest({"linhe_2022", "linhe_2023", "linhe_2024"});
  const v1::Tracking last = TrackingsOf("linhe_2022").back();
  ASSERT_EQ(last.status(), v1::Tracking::CARRIED_OVER) << "the samples' case book";
  v1::ListPromiseChainsRequest request;
  request.set_parent(last.name().substr(0, last.name().find("/planItems/")));
  request.set_page_size(1);
  std::vector<std::string> firsts;
  do {
    const auto page = Call(&Stub::ListPromiseChains, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::PromiseChain& chain : page->chains()) firsts.push_back(chain.trackings(0).name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(firsts, ::testing::Contains(last.name()));
  request.set_parent("agencies/-");
  EXPECT_TRUE(absl::IsInvalidArgument(Call(&Stub::ListPromiseChains, request).status()));
  EXPECT_THAT(Duban({"plan", "chains", "--agency=" + last.name().substr(0, last.name().find("/planItems/"))}),
              ::testing::AllOf(StartsWith("0\n"), HasSubstr("2023 CARRIED_OVER, 2024 ")));
}

TEST_F(WorkflowTest, RefusesWhatMakesNoSense) {
  Ingest({"qinglan_2024"});
  const v1::Tracking tracking = TrackingsOf("qinglan_2024").front();
  ASSERT_EQ(tracking.status(), v1::Tracking::PENDING);
  struct Case {
    absl::Status status;
    absl::StatusCode code;
    std::string field;
  };
  const auto review = [&](auto change) {
    v1::ReviewTrackingRequest request = Override(tracking, v1::Tracking::MISSED);
    change(&request);
    return Call(&Stub::ReviewTracking, request).status();
  };
  const auto assign = [&](auto change) {
    v1::AssignPlanItemRequest request;
    request.set_name(tracking.plan_item().name());
    request.set_responsible_unit("基层科");
    request.set_assigner("办公室");
    change(&request);
    return Call(&Stub::AssignPlanItem, request).status();
  };
  const auto update = [&](auto change) {
    v1::AddProgressUpdateRequest request;
    request.set_name(tracking.plan_item().name());
    request.set_note("已动工");
    request.set_author("吴某");
    change(&request);
    return Call(&Stub::AddProgressUpdate, request).status();
  };
  const auto list = [&](auto change) {
    v1::ListTrackingsRequest request;
    request.set_parent("agencies/-");
    change(&request);
    return Call(&Stub::ListTrackings, request).status();
  };
  const auto invalid = absl::StatusCode::kInvalidArgument;
  const std::string unknown = "agencies/0123456789abcdef/planItems/0123456789abcdef0123456789abcdef-p1";
  for (const Case& c : std::initializer_list<Case>{
           {review([](auto* r) { r->clear_reviewer(); }), invalid, "reviewer"},
           {review([](auto* r) { r->clear_reason(); }), invalid, "reason"},
           {review([](auto* r) { r->set_reviewer("  "); }), invalid, "reviewer"},
           {review([](auto* r) { r->set_reason("\u3000\n"); }), invalid, "reason"},
           {review([](auto* r) { r->clear_status(); }), invalid, "status"},
           {review([](auto* r) { r->clear_decision(); }), invalid, "decision"},
           {review([](auto* r) { r->set_decision(v1::Review::ACCEPT); }), invalid, "status"},
           {review([](auto* r) { r->set_name("x"); }), invalid, "name"},
           {review([](auto* r) { r->set_reason(std::string(5000, 'x')); }), invalid, "reason"},
           {review([](auto* r) { r->set_etag("0"); }), absl::StatusCode::kAborted, ""},
           {review([](auto* r) {
              r->set_decision(v1::Review::ACCEPT);
              r->clear_status();
            }),
            absl::StatusCode::kFailedPrecondition, ""},
           {review([&](auto* r) { r->set_name(unknown + "/tracking"); }), absl::StatusCode::kNotFound, ""},
           {assign([](auto* r) { r->clear_responsible_unit(); }), invalid, "responsible_unit"},
           {assign([](auto* r) { r->set_due_date("2024-02-30"); }), invalid, "due_date"},
           {assign([](auto* r) { r->set_due_date("2024-2-3"); }), invalid, "due_date"},
           {assign([](auto* r) { r->clear_assigner(); }), invalid, "assigner"},
           {assign([](auto* r) { r->set_request_id(std::string(200, 'x')); }), invalid, "request_id"},
           {assign([&](auto* r) { r->set_name(unknown); }), absl::StatusCode::kNotFound, ""},
           {update([](auto* r) { r->clear_note(); }), invalid, "note"},
           {update([](auto* r) { r->clear_author(); }), invalid, "author"},
           {update([](auto* r) { r->set_note("\x1B[31m"); }), invalid, "note"},
           {update([](auto* r) { r->add_evidence(""); }), invalid, "evidence[0]"},
           {list([](auto* r) { r->set_overdue(true); }), invalid, "as_of"},
           {list([](auto* r) { r->set_as_of("soon"); }), invalid, "as_of"},
           {list([](auto* r) { r->set_needs_review_below(2); }), invalid, "needs_review_below"}}) {
    EXPECT_EQ(c.status.code(), c.code) << c.field << ": " << c.status;
    if (c.field.empty()) continue;
    const auto payload = c.status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
    ASSERT_TRUE(payload.has_value()) << c.status;
    google::rpc::BadRequest detail;
    ASSERT_TRUE(detail.ParseFromString(std::string(*payload)));
    ASSERT_EQ(detail.field_violations_size(), 1);
    EXPECT_EQ(detail.field_violations(0).field(), c.field) << c.status;
  }
  EXPECT_TRUE(History(tracking.plan_item().name()).empty());
  EXPECT_EQ(Get(tracking.name())->etag(), tracking.etag());
}

TEST_F(WorkflowTest, TheCommandLineDoesItAll) {
  Ingest({"linhe_2022", "linhe_2023"});
  const v1::Tracking tracking = TrackingsOf("linhe_2022")[3];
  const std::string& item = tracking.plan_item().name();
  const std::string agency = item.substr(0, item.find("/planItems/"));
  EXPECT_THAT(Duban({"plan", "assign", item, "--unit=普法股", "--due=2023-11-30", "--by=办公室"}),
              ::testing::AllOf(StartsWith("0\n"), HasSubstr("普法股"), HasSubstr("2023-11-30")));
  EXPECT_THAT(Duban({"plan", "update", item, "--note=已启动", "--by=李某"}), StartsWith("0\n"));
  EXPECT_THAT(Duban({"plan", "review", item, "override", "--status=missed", "--reason=未见成果", "--by=督查室",
                     "--etag=" + tracking.etag()}),
              ::testing::AllOf(StartsWith("1\n"), HasSubstr("read it again")));
  EXPECT_THAT(Duban({"plan", "review", item, "override", "--status=missed", "--reason=未见成果", "--by=督查室"}),
              ::testing::AllOf(StartsWith("0\n"), HasSubstr("MISSED")));
  EXPECT_THAT(Duban({"plan", "show", item}), ::testing::AllOf(HasSubstr("已启动"), HasSubstr("未见成果")));
  EXPECT_THAT(Duban({"plan", "summary", "--agency=" + agency, "--as_of=2024-01-01"}),
              ::testing::AllOf(StartsWith("0\n"), HasSubstr("2023"), HasSubstr("MISSED")));
  const std::vector<std::string> filters = {"--agency=" + agency, "--year=2023", "--as_of=2024-01-01"};
  for (const auto& [form, sign] : std::map<std::string, std::string>{{"csv", "\xEF\xBB\xBF"},
                                                                     {"html", "<!DOCTYPE html>"},
                                                                     {"stratml", "<PerformancePlanOrReport"},
                                                                     {"iati", "\"iati-activity\""}}) {
    std::vector<std::string> arguments = {"plan", "export", "--format=" + form};
    arguments.insert(arguments.end(), filters.begin(), filters.end());
    const std::string text = Duban(arguments);
    EXPECT_THAT(text, ::testing::AllOf(StartsWith("0\n"), HasSubstr(sign), HasSubstr("临禾县司法局"))) << form;
    EXPECT_THAT(text, HasSubstr(tracking.plan_item().title())) << form;
  }
  EXPECT_THAT(Duban({"plan", "export", "--format=xml"}), StartsWith("2\n"));
  EXPECT_THAT(Duban({"plan", "review", item, "doubt"}), StartsWith("2\n"));
}

}  // namespace
}  // namespace duban::testing
