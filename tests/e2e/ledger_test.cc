// SPDX-License-Identifier: Apache-2.0
// The ledger of what was measured, over gRPC: comparisons, findings, the catalog and labels without a metric.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>

#include "common/testing/subprocess.h"
#include "common/testing/temp_dir.h"
#include "tests/e2e/cluster_fixture.h"
#include "tests/e2e/ledgers.h"

namespace duban::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Stub = v1::IndicatorService::StubInterface;
using Cell = v1::CompareMetricResponse::Cell;

constexpr char kMetric[] = "legal_aid.cases_accepted";

// One report of an invented bureau on a year, with its figure of kMetric and what it says behind it.
Submission Report(const std::string& county, int year, int cases, const std::string& unit, const std::string& more) {
  return {
      fmt::format("{}_{}.txt", county, year),
      fmt::format("{0}司法局{1}年工作总结\n\n一、{1}年工作情况\n（一）公共法律服务。全年受理法律援助案件{2}{3}{4}。\n"
                  "（二）特色工作。全年巡护竹海驿站{5}座。\n",
                  county, year, cases, unit, more, year % 100)};
}

class LedgerTest : public ClusterTest {
 protected:
  static void SetUpTestSuite() {
    if (!StartCluster()) return;
    std::vector<Submission> reports = SampleReports();
    // The later report comes first, and 120 is 20 % more than 100 while 90 is not 20 % less than 100.
    reports.insert(reports.begin(),
                   {Report("青竹县", 2023, 90, "宗", "，较上年下降20%"), Report("青竹县", 2022, 100, "件", ""),
                    Report("石桥县", 2023, 120, "起", "，较上年增长20%"), Report("石桥县", 2022, 100, "件", ""),
                    Report("石桥县", 2020, 80, "件", "")});
    Ingest(reports);
  }

  static absl::Status Compare(const v1::CompareMetricRequest& request, v1::CompareMetricResponse* response) {
    return cluster_->Call(&Stub::CompareMetric, request, response);
  }

  // The row of an agency of a comparison of kMetric.
  static v1::CompareMetricResponse::Row RowOf(const std::string& county, std::vector<int32_t> years = {}) {
    v1::CompareMetricRequest request;
    request.set_metric(kMetric);
    request.mutable_years()->Assign(years.begin(), years.end());
    v1::CompareMetricResponse response;
    const absl::Status status = Compare(request, &response);
    EXPECT_TRUE(status.ok()) << status;
    for (const auto& row : response.rows()) {
      if (row.agency().display_name().find(county) != std::string::npos) return row;
    }
    ADD_FAILURE() << county << " is not in " << response.ShortDebugString();
    return {};
  }
};

const Cell& CellOf(const v1::CompareMetricResponse::Row& row, int year) {
  for (const Cell& cell : row.cells()) {
    if (cell.year() == year) return cell;
  }
  ADD_FAILURE() << year << " is no column of " << row.ShortDebugString();
  return Cell::default_instance();
}

TEST_F(LedgerTest, ComparesAMetricAcrossAgenciesAndYears) {
  const auto row = RowOf("石桥县");
  EXPECT_EQ(row.region_code(), "");
  const Cell& last = CellOf(row, 2023);
  EXPECT_EQ(last.value(), 120);
  EXPECT_EQ(last.unit(), "起");
  EXPECT_NEAR(last.growth(), 20, 1e-9);
  EXPECT_THAT(last.indicator().evidence(), HasSubstr("120起"));
  EXPECT_EQ(last.indicator().agency(), row.agency().name());
  EXPECT_FALSE(CellOf(row, 2022).has_growth()) << "nothing of the year before";
  EXPECT_FALSE(CellOf(row, 2020).has_growth());
  const Cell& other = CellOf(RowOf("青竹县"), 2023);
  EXPECT_EQ(other.ranked(), last.ranked());
  EXPECT_GT(other.rank(), last.rank());
  EXPECT_EQ(CellOf(RowOf("青竹县"), 2020).gap(), Cell::NO_REPORT);
  EXPECT_EQ(CellOf(RowOf("青竹县"), 2020).rank(), 0);
  const auto one_year = RowOf("石桥县", {2023});
  ASSERT_EQ(one_year.cells_size(), 1);
  EXPECT_NEAR(one_year.cells(0).growth(), 20, 1e-9) << "the year before counts though it is not shown";
}

TEST_F(LedgerTest, ComparisonsFilterAndPage) {
  v1::CompareMetricRequest request;
  request.set_metric(kMetric);
  v1::CompareMetricResponse all;
  ASSERT_TRUE(Compare(request, &all).ok());
  ASSERT_GE(all.rows_size(), 4) << "two bureaus here, two of the samples";
  EXPECT_EQ(all.metric().id(), kMetric);
  EXPECT_EQ(all.next_page_token(), "");
  v1::CompareMetricResponse joined;
  request.set_page_size(1);
  do {
    v1::CompareMetricResponse page;
    ASSERT_TRUE(Compare(request, &page).ok());
    ASSERT_EQ(page.rows_size(), 1);
    *joined.add_rows() = page.rows(0);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(joined.rows_size(), all.rows_size());
  for (int i = 0; i < all.rows_size(); ++i) {
    EXPECT_EQ(joined.rows(i).SerializeAsString(), all.rows(i).SerializeAsString());
  }
  request.Clear();
  request.set_metric(kMetric);
  request.add_agencies(all.rows(1).agency().name());
  v1::CompareMetricResponse one;
  ASSERT_TRUE(Compare(request, &one).ok());
  ASSERT_EQ(one.rows_size(), 1);
  for (const Cell& cell : one.rows(0).cells()) EXPECT_LE(cell.rank(), 1) << "alone in the comparison";
  request.clear_agencies();
  request.set_region_prefix("99");
  one.Clear();
  ASSERT_TRUE(Compare(request, &one).ok());
  EXPECT_EQ(one.rows_size(), 0);
}

TEST_F(LedgerTest, GrowthThatTheReportBeforeContradictsIsFound) {
  v1::ListFindingsRequest request;
  request.set_parent("documents/-");
  request.set_type(v1::Finding::HISTORY_MISMATCH);
  request.set_agency(RowOf("青竹县").agency().name());
  v1::ListFindingsResponse response;
  const absl::Status status = cluster_->Call(&Stub::ListFindings, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(response.findings_size(), 1);
  const v1::Finding finding = response.findings(0);
  EXPECT_EQ(finding.reported(), 20);
  EXPECT_NEAR(finding.computed(), 10, 1e-9);
  EXPECT_EQ(finding.severity(), v1::Finding::HIGH);
  EXPECT_EQ(finding.year(), 2023);
  ASSERT_EQ(finding.evidence_size(), 3);
  EXPECT_THAT(finding.evidence(2).evidence(), HasSubstr("100件"));
  EXPECT_THAT(finding.evidence(2).name(), Not(HasSubstr(finding.document())));
  request.set_agency(RowOf("石桥县").agency().name());
  ASSERT_TRUE(cluster_->Call(&Stub::ListFindings, request, &response).ok());
  EXPECT_EQ(response.findings_size(), 0) << response.ShortDebugString();

  v1::ListIndicatorsRequest figures;
  figures.set_parent(finding.document());
  figures.set_has_finding(true);
  v1::ListIndicatorsResponse found;
  ASSERT_TRUE(cluster_->Call(&Stub::ListIndicators, figures, &found).ok());
  EXPECT_EQ(found.indicators_size(), 2);
}

TEST_F(LedgerTest, FindingsOfTheSamplesComeInPages) {
  v1::ListFindingsRequest request;
  request.set_parent("documents/-");
  v1::ListFindingsResponse all;
  ASSERT_TRUE(cluster_->Call(&Stub::ListFindings, request, &all).ok());
  ASSERT_GE(all.findings_size(), 2);
  int seen = 0;
  request.set_page_size(1);
  do {
    v1::ListFindingsResponse page;
    ASSERT_TRUE(cluster_->Call(&Stub::ListFindings, request, &page).ok());
    ASSERT_EQ(page.findings_size(), 1);
    EXPECT_EQ(page.findings(0).SerializeAsString(), all.findings(seen).SerializeAsString());
    EXPECT_NE(page.findings(0).severity(), v1::Finding::SEVERITY_UNSPECIFIED);
    EXPECT_FALSE(page.findings(0).evidence().empty());
    ++seen;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, all.findings_size());
}

TEST_F(LedgerTest, CatalogIsListedAndExplained) {
  v1::ListMetricsRequest request;
  request.set_prefix("legal_aid.");
  request.set_parent(kMetric);
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    v1::ListMetricsResponse page;
    ASSERT_TRUE(cluster_->Call(&Stub::ListMetrics, request, &page).ok());
    for (const v1::Metric& metric : page.metrics()) {
      EXPECT_EQ(metric.parent(), kMetric);
      ids.push_back(metric.id());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(ids.size(), 3u);
  v1::GetMetricRequest get;
  get.set_id(kMetric);
  v1::Metric metric;
  ASSERT_TRUE(cluster_->Call(&Stub::GetMetric, get, &metric).ok());
  EXPECT_EQ(metric.unit(), "件");
  EXPECT_FALSE(metric.aliases().empty());
  EXPECT_FALSE(metric.exclusions().empty());
}

TEST_F(LedgerTest, LabelsWithoutMetricAreCounted) {
  v1::ListUnmappedLabelsRequest request;
  v1::ListUnmappedLabelsResponse response;
  ASSERT_TRUE(cluster_->Call(&Stub::ListUnmappedLabels, request, &response).ok());
  ASSERT_FALSE(response.labels().empty());
  int64_t last = response.labels(0).indicators();
  int found = 0;
  for (const auto& label : response.labels()) {
    EXPECT_LE(label.indicators(), last);
    EXPECT_EQ(label.example().label(), label.label());
    EXPECT_EQ(label.example().metric(), "");
    last = label.indicators();
    if (label.label().find("竹海驿站") == std::string::npos) continue;
    ++found;
    EXPECT_EQ(label.indicators(), 5);
    EXPECT_EQ(label.documents(), 5);
    EXPECT_THAT(label.example().evidence(), HasSubstr("竹海驿站"));
  }
  EXPECT_EQ(found, 1);
}

TEST_F(LedgerTest, BadInput) {
  v1::CompareMetricResponse comparison;
  const auto compare = [&](const std::function<void(v1::CompareMetricRequest*)>& spoil) {
    v1::CompareMetricRequest request;
    request.set_metric(kMetric);
    spoil(&request);
    return Compare(request, &comparison);
  };
  ExpectViolation(compare([](auto* request) { request->set_page_size(-1); }), "page_size");
  ExpectViolation(compare([](auto* request) { request->set_page_token("x"); }), "page_token");
  ExpectViolation(compare([](auto* request) { request->add_agencies("x"); }), "agencies[0]");
  ExpectViolation(compare([](auto* request) { request->set_region_prefix("4x"); }), "region_prefix");
  ExpectViolation(compare([](auto* request) { request->add_years(0); }), "years[0]");
  ExpectViolation(compare([](auto* request) { request->mutable_years()->Resize(101, 2023); }), "years");
  for (const std::string& id : {std::string(), std::string("legal_aid.none"), std::string(1000, 'x')}) {
    const absl::Status status = compare([&](auto* request) { request->set_metric(id); });
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.ResourceInfo").has_value());
    v1::GetMetricRequest get;
    get.set_id(id);
    v1::Metric metric;
    EXPECT_EQ(cluster_->Call(&Stub::GetMetric, get, &metric).code(), absl::StatusCode::kNotFound);
  }
  const auto findings = [&](const std::function<void(v1::ListFindingsRequest*)>& spoil) {
    v1::ListFindingsRequest request;
    request.set_parent("documents/-");
    spoil(&request);
    v1::ListFindingsResponse response;
    return cluster_->Call(&Stub::ListFindings, request, &response);
  };
  ExpectViolation(findings([](auto* request) { request->set_parent(""); }), "parent");
  ExpectViolation(findings([](auto* request) { request->set_agency("x"); }), "agency");
  ExpectViolation(findings([](auto* request) { request->set_region_prefix("4"); }), "region_prefix");
  ExpectViolation(findings([](auto* request) { request->set_year(-1); }), "year");
  ExpectViolation(findings([](auto* request) { request->set_type(static_cast<v1::Finding::Type>(99)); }), "type");
  ExpectViolation(findings([](auto* request) { request->set_page_size(-1); }), "page_size");
  ExpectViolation(findings([](auto* request) { request->set_page_token("x"); }), "page_token");
  v1::ListMetricsRequest metrics;
  metrics.set_page_token("x");
  v1::ListMetricsResponse metric_page;
  ExpectViolation(cluster_->Call(&Stub::ListMetrics, metrics, &metric_page), "page_token");
  v1::ListUnmappedLabelsRequest labels;
  labels.set_page_size(-5);
  v1::ListUnmappedLabelsResponse label_page;
  ExpectViolation(cluster_->Call(&Stub::ListUnmappedLabels, labels, &label_page), "page_size");
}

TEST_F(LedgerTest, CommandLineShowsThem) {
  struct Case {
    std::vector<std::string> words;
    int code;
    std::vector<std::string> shown;
  };
  const std::string agency = RowOf("青竹县").agency().name();
  const std::string name = RowOf("青竹县").agency().display_name();
  for (const Case& c : std::initializer_list<Case>{
           {{"compare", kMetric}, 0, {"法律援助案件受理数", "2023", "120起", "+20.0%", "(no report)"}},
           {{"compare", kMetric, "--year=2023", "--format=csv"}, 0, {"agency,name,region,year", ",120,起,", ",20.00,"}},
           {{"compare", kMetric, "--agency=" + agency, "--format=json"}, 0, {"\"value\":90", "\"ranked\":1"}},
           {{"compare", kMetric, "--agency=" + name, "--year=2022", "--year=2023", "--format=csv"},
            0,
            {",2022,", ",2023,", "," + name + ","}},
           {{"compare", kMetric, "--agency=无名县司法局"}, 1, {"无名县司法局"}},
           {{"compare", kMetric, "--yaer=2023"}, 2, {"--yaer: no such flag"}},
           {{"compare", kMetric, "--region=99"}, 0, {}},
           {{"compare", "legal_aid.none"}, 1, {"legal_aid.none", "duban metrics"}},
           {{"compare"}, 2, {"want one METRIC"}},
           {{"compare", kMetric, "--region=x"}, 1, {"region_prefix"}},
           {{"findings", "--agency=" + agency}, 0, {"HISTORY_MISMATCH", "HIGH"}},
           {{"findings", "--agency=" + name, "--year=2022,2023"}, 0, {"HISTORY_MISMATCH", name}},
           {{"indicators", "--year=2022,2023", "--page_size=1"}, 2, {"--page_size"}},
           {{"plan", "list", "--year=2022", "--year=2023"}, 2, {"--year"}},
           {{"findings", "--type=history_mismatch", "--format=csv"}, 0, {"printed,computed", ",20,10.00,"}},
           {{"findings", "--type=x"}, 2, {"--type"}},
           {{"indicators", "--has_finding", "--agency=" + agency, "--format=csv"}, 0, {"90", "100"}},
           {{"documents", "--agency=" + name, "--state=finished"},
            0,
            {"documents/", "FINISHED", name, "青竹县_2023.txt"}},
           {{"documents", "--state=FAILED"}, 0, {"none"}},
           {{"documents", "--page_size=1", "--format=csv"}, 0, {"document,state,agency", "more: --page_token="}},
           {{"documents", "--state=gone"}, 2, {"--state"}},
           {{"documents", "all"}, 2, {"flags only"}},
           {{"documents", "--year=2023"}, 2, {"--year", "does not narrow"}},
           {{"compare", kMetric, "--document=documents/x"}, 2, {"--document"}},
           {{"unmapped", "--agency=" + name}, 2, {"--agency"}},
           {{"plan", "list", "--region=44"}, 2, {"--region"}},
           {{"plan", "themes", "--year=2023"}, 2, {"--year"}},
           {{"submit", "--rate=-1", "x.txt"}, 2, {"--rate: -1, want 0"}},
           {{"submit", "--patience=0", "x.txt"}, 2, {"--patience: 0, want above 0"}},
           {{"status", "--timeout=-1s"}, 2, {"--timeout: -1s, want above 0"}},
           {{"documents", "--page_size=-1"}, 1, {"page_size"}},
           {{"metrics", "legal_aid."}, 0, {kMetric, "法律援助案件办结数"}},
           {{"metrics", "legal_aid.", "--format=json"}, 0, {"\"exclusions\""}},
           {{"metrics", "a", "b"}, 2, {"PREFIX"}},
           {{"unmapped"}, 0, {"竹海驿站"}},
           {{"unmapped", "--page_size=1"}, 0, {"more: --page_token="}},
           {{"unmapped", "--page_token=x"}, 1, {"page_token"}}}) {
    const std::string output = Duban(c.words);
    SCOPED_TRACE(fmt::format("{}\n{}", fmt::join(c.words, " "), output));
    EXPECT_THAT(output, StartsWith(fmt::format("{}\n", c.code)));
    for (const std::string& text : c.shown) EXPECT_THAT(output, HasSubstr(text));
  }
}

// A service and an analysis with metrics of one's own; faults stop both at the start, with the line.
TEST_F(LedgerTest, CatalogFileReplacesTheBuiltIn) {
  TempDir dir;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(dir.File(name), std::ios::binary) << text;
    return dir.File(name);
  };
  const std::string report = write("report.txt", Report("青竹县", 2023, 90, "宗", "").content);
  const std::string own = write("own.textproto",
                                "metric {\n  id: \"bamboo.stations\" display_name: \"驿站数\" english_name: "
                                "\"Stations\"\n  unit: \"座\" kind: COUNT better: HIGHER aliases: [\"竹海驿站\"]\n}\n");
  const std::string wrong = write("wrong.textproto", "# a comment\n\nmetric { id: \"Bamboo\" }\n");
  const std::string binary = std::string(std::getenv("DUBAN_BINARY_DIR")) + "/bin/duban-indicator";
  EXPECT_THAT(Duban({"analyze", "--format=json", "--catalog=" + own, report}),
              AllOf(StartsWith("0\n"), HasSubstr("bamboo.stations"), Not(HasSubstr(kMetric))));
  EXPECT_THAT(Duban({"analyze", "--catalog=" + wrong, report}),
              AllOf(Not(StartsWith("0\n")), HasSubstr("wrong.textproto:3:")));
  const auto dsn = cluster_->postgres().NewSchema("duban_indicator_other");
  ASSERT_TRUE(dsn.ok()) << dsn.status();
  for (const auto& [file, message] : {std::pair(wrong, "wrong.textproto:3:"), std::pair(dir.File("none"), "none")}) {
    const auto service =
        RunProgram({.argv = {binary, "--role=server", "--listen=127.0.0.1:0", "--metrics_listen=127.0.0.1:0",
                             "--redis=" + cluster_->redis().address(), "--catalog=" + file},
                    .env = {{"DUBAN_DATABASE", *dsn}}});
    ASSERT_TRUE(service.ok()) << service.status();
    EXPECT_EQ(service->exit_code, 1);
    EXPECT_THAT(service->output, HasSubstr(message));
  }
}

}  // namespace
}  // namespace duban::testing
