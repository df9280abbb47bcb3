// SPDX-License-Identifier: Apache-2.0
// The whole path over gRPC: reports go in, both ledgers come out, and they hold what the analysis in one process finds.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "common/base/names.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/cli/local_analysis.h"
#include "tests/e2e/cluster_fixture.h"
#include "tests/e2e/ledgers.h"

namespace duban::testing {
namespace {

using ::testing::HasSubstr;

class PipelineTest : public ClusterTest {
 protected:
  static void SetUpTestSuite() {
    if (!StartCluster()) return;
    auto local = LocalAnalysis::Create();
    ASSERT_TRUE(local.ok()) << local.status();
    local_ = local->release();
  }
  static void TearDownTestSuite() {
    ClusterTest::TearDownTestSuite();
    delete local_;
  }

  // Submits, waits, and gives the in-process analysis of every report by document name.
  std::map<std::string, v1::Analysis> Run(const std::vector<Submission>& reports) {
    std::map<std::string, v1::Analysis> analyses;
    for (const Submission& report : reports) {
      auto analysis = local_->Analyze(report.content, report.source_uri);
      EXPECT_TRUE(analysis.ok()) << report.source_uri << analysis.status();
      if (analysis.ok()) analyses[analysis->document().name()] = *std::move(analysis);
    }
    Ingest(reports);
    return analyses;
  }

  // What is stored of each document must be what the analysis in one process finds.
  void ExpectLedgersHold(const std::map<std::string, v1::Analysis>& analyses) {
    for (const auto& [name, analysis] : analyses) {
      SCOPED_TRACE(analysis.document().source_uri());
      v1::GetOutlineRequest get;
      get.set_name(name + "/outline");
      v1::Outline outline;
      const auto context = MakeContext({});
      ASSERT_TRUE(cluster_->segmentation().GetOutline(context.get(), get, &outline).ok());
      EXPECT_EQ(outline.sections_size(), analysis.sections_size());

      const auto indicators = AllIndicators(*cluster_, name, 7);
      ASSERT_TRUE(indicators.ok()) << indicators.status();
      ASSERT_EQ(indicators->size(), static_cast<size_t>(analysis.indicators_size()));
      for (int i = 0; i < analysis.indicators_size(); ++i) {
        v1::Indicator stored = (*indicators)[i];
        EXPECT_EQ(stored.agency(), analysis.document().agency().name());
        EXPECT_EQ(stored.name(), name + "/indicators/" + stored.id());
        EXPECT_THAT(stored.evidence(), HasSubstr(stored.quantity().text()));
        for (auto* clear : {stored.mutable_name(), stored.mutable_agency(), stored.mutable_region_code(),
                            stored.mutable_evidence(), stored.mutable_agency_display_name()}) {
          clear->clear();
        }
        EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(stored, analysis.indicators(i)))
            << stored.ShortDebugString() << "\n"
            << analysis.indicators(i).ShortDebugString();
      }
    }
  }

  static const LocalAnalysis* local_;
};

const LocalAnalysis* PipelineTest::local_ = nullptr;

// Verdicts by plan item, as text to compare and to show.
std::set<std::string> Verdicts(const std::vector<v1::Tracking>& trackings) {
  std::set<std::string> verdicts;
  for (const v1::Tracking& tracking : trackings) {
    verdicts.insert(tracking.plan_item().document() + " " + tracking.plan_item().id() + " " +
                    tracking.plan_item().title() + " " + v1::Tracking::Status_Name(tracking.status()));
  }
  return verdicts;
}

// The verdicts that the analyses of all agencies' reports lead to, by the definition: a plan for year N against the
// same agency's reports of year N.
std::set<std::string> ExpectedVerdicts(const LocalAnalysis& local,
                                       const std::map<std::string, v1::Analysis>& analyses) {
  std::vector<v1::Tracking> all;
  for (const auto& [name, plan] : analyses) {
    std::vector<v1::Analysis> results;
    for (const auto& [other, result] : analyses) {
      const bool same_agency = result.document().agency().name() == plan.document().agency().name();
      if (other != name && same_agency && plan.document().plan_year() != 0 &&
          result.document().report_year() == plan.document().plan_year()) {
        results.push_back(result);
      }
    }
    const v1::TrackReport report = local.Track(plan, results);
    all.insert(all.end(), report.items().begin(), report.items().end());
  }
  return Verdicts(all);
}

TEST_F(PipelineTest, SamplesComeOutInBothLedgers) {
  const auto samples = SampleReports();
  ASSERT_GE(samples.size(), 6u);
  const auto analyses = Run(samples);
  ASSERT_EQ(analyses.size(), samples.size());
  ExpectLedgersHold(analyses);

  const auto trackings = AllTrackings(*cluster_, "agencies/-", 5);
  ASSERT_TRUE(trackings.ok()) << trackings.status();
  std::vector<v1::Tracking> of_samples;
  for (const v1::Tracking& tracking : *trackings) {
    if (analyses.contains(tracking.plan_item().document())) of_samples.push_back(tracking);
  }
  EXPECT_EQ(Verdicts(of_samples), ExpectedVerdicts(*local_, analyses));
  EXPECT_TRUE(std::any_of(of_samples.begin(), of_samples.end(),
                          [](const auto& tracking) { return tracking.status() == v1::Tracking::DELIVERED; }));
}

TEST_F(PipelineTest, RealReportsComeOutInBothLedgers) {
  const char* folder = std::getenv("DUBAN_REPORTS_DIR");
  if (folder == nullptr || *folder == '\0') GTEST_SKIP() << "DUBAN_REPORTS_DIR names no folder of real reports";
  const auto reports = ReportsOf(folder);
  ASSERT_FALSE(reports.empty());
  const auto analyses = Run(reports);
  ExpectLedgersHold(analyses);
  for (const auto& [name, analysis] : analyses) EXPECT_GT(analysis.indicators_size(), 0) << name;
}

TEST_F(PipelineTest, SameBytesAreOneDocument) {
  const Submission report = SampleReports().front();
  const auto first = cluster_->Submit({report, report});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)[0], (*first)[1]);
  ASSERT_TRUE(cluster_->AwaitFinished(*first).ok());
  const auto before = AllIndicators(*cluster_, (*first)[0], 1000);
  const auto again = cluster_->Submit({report});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->front(), first->front());
  const auto after = AllIndicators(*cluster_, (*first)[0], 1000);
  EXPECT_EQ(before->size(), after->size());
}

TEST_F(PipelineTest, WatchTellsEveryStepAndEnds) {
  Submission report = SampleReports().front();
  report.content += "\n本文由测试追加一行。\n";
  const auto names = cluster_->Submit({report});
  ASSERT_TRUE(names.ok()) << names.status();
  v1::WatchDocumentRequest request;
  request.set_name(names->front());
  const auto context = MakeContext({.timeout = absl::Seconds(60)});
  const auto stream = cluster_->ingest().WatchDocument(context.get(), request);
  v1::Document document;
  std::vector<v1::Document::State> states;
  while (stream->Read(&document)) states.push_back(document.state());
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_FALSE(states.empty());
  EXPECT_EQ(states.back(), v1::Document::FINISHED);
  EXPECT_TRUE(std::is_sorted(states.begin(), states.end()));
}

TEST_F(PipelineTest, OffsetsInOtherEncodings) {
  const auto names = cluster_->Ingest({SampleReports().front()});
  ASSERT_TRUE(names.ok()) << names.status();
  v1::GetOutlineRequest get;
  get.set_name(names->front() + "/outline");
  v1::Outline bytes, points;
  ASSERT_TRUE(cluster_->segmentation().GetOutline(MakeContext({}).get(), get, &bytes).ok());
  get.set_encoding_type(v1::UTF32);
  ASSERT_TRUE(cluster_->segmentation().GetOutline(MakeContext({}).get(), get, &points).ok());
  ASSERT_EQ(bytes.sections_size(), points.sections_size());
  ASSERT_GT(bytes.sections_size(), 2);
  const int last = bytes.sections_size() - 1;
  EXPECT_LT(points.sections(last).span().begin(), bytes.sections(last).span().begin());
}

TEST_F(PipelineTest, EvidenceOfMetadataIsStored) {
  const auto names = cluster_->Submit({SampleReports().front()});
  ASSERT_TRUE(names.ok());
  v1::GetDocumentRequest get;
  get.set_name(names->front());
  get.set_view(v1::FULL);
  v1::Document document;
  ASSERT_TRUE(cluster_->ingest().GetDocument(MakeContext({}).get(), get, &document).ok());
  EXPECT_EQ(document.period().year(), document.report_year());
  int in_text = 0;
  for (const v1::FieldEvidence& evidence : document.evidence()) {
    if (evidence.source() != v1::FieldEvidence::TEXT) continue;
    const auto begin = static_cast<size_t>(evidence.span().begin());
    EXPECT_EQ(document.text().substr(begin, static_cast<size_t>(evidence.span().end()) - begin), evidence.text());
    ++in_text;
  }
  EXPECT_GE(in_text, 4);
}

TEST_F(PipelineTest, AnalysisOnTheSpotStoresNothing) {
  v1::ExtractIndicatorsRequest request;
  request.set_text("一、2031年工作情况\n全年受理法律援助案件786件。\n");
  request.set_report_year(2031);
  v1::IndicatorSet set;
  const absl::Status status = FromGrpc(cluster_->indicator().ExtractIndicators(MakeContext({}).get(), request, &set));
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(set.indicators_size(), 1);
  EXPECT_EQ(set.indicators(0).quantity().value(), 786);
  EXPECT_EQ(set.indicators(0).year(), 2031);
  v1::ListIndicatorsRequest list;
  list.set_parent("documents/-");
  list.set_year(2031);
  v1::ListIndicatorsResponse response;
  ASSERT_TRUE(cluster_->indicator().ListIndicators(MakeContext({}).get(), list, &response).ok());
  EXPECT_EQ(response.indicators_size(), 0);
}

}  // namespace
}  // namespace duban::testing
