// SPDX-License-Identifier: Apache-2.0
// What the services answer to input that makes no sense: the right status with details, and nothing stored.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "google/rpc/error_details.pb.h"
#include "services/ingest/report_files.h"
#include "tests/e2e/cluster_fixture.h"

namespace duban::testing {
namespace {

using ::testing::HasSubstr;
using Ingest = v1::IngestService::StubInterface;
using Segmentation = v1::SegmentationService::StubInterface;
using Indicator = v1::IndicatorService::StubInterface;
using Plan = v1::PlanService::StubInterface;

constexpr char kUnknownDocument[] = "documents/00000000000000000000000000000000";
constexpr char kUnknownAgency[] = "agencies/0000000000000000";

class BadInputTest : public ClusterTest {
 protected:
  static void SetUpTestSuite() {
    // No worker: whatever is accepted stays in the backlog, which is full at two documents.
    StartCluster(
        {.separate_workers = true, .workers = 0, .ingest_flags = {"--max_document_bytes=100000", "--max_backlog=2"}});
  }

  static absl::Status Create(const std::string& content, const std::string& source_uri = "") {
    v1::CreateDocumentRequest request;
    request.set_content(content);
    request.set_source_uri(source_uri);
    v1::Document document;
    return cluster_->Call(&Ingest::CreateDocument, request, &document);
  }

  static int64_t DocumentCount() {
    v1::ListDocumentsResponse response;
    EXPECT_TRUE(cluster_->ingest().ListDocuments(MakeContext({}).get(), v1::ListDocumentsRequest(), &response).ok());
    return response.documents_size();
  }
};

TEST_F(BadInputTest, UnreadableReportsAreRefusedAndNotStored) {
  const int64_t before = DocumentCount();
  std::string noise =
      "\x7f"
      "ELF";
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>(i * 167 % 256);
  ExpectViolation(Create(""), "content");
  ExpectViolation(Create(" \n\t \n"), "content");
  ExpectViolation(Create(noise), "content");
  ExpectViolation(Create(std::string(100'001, 'a')), "content");
  ExpectViolation(Create(std::string(100, '\0')), "content");
  ExpectViolation(Create("青岚县司法局2023年工作总结\n全年受理案件12件。\n", std::string(3000, 'x')), "source_uri");
  EXPECT_EQ(DocumentCount(), before);
}

// What a binary file's refusal reads like; every fault has its row in services/ingest/convert_test.cc.
TEST_F(BadInputTest, UnreadableFilesAreRefusedAndNotStored) {
  const int64_t before = DocumentCount();
  const std::string docx = MakeDocx({"青岚县司法局2023年工作总结", "全年调解620件。"});
  const std::string pdf = MakePdf({"青岚县司法局2023年工作总结", "全年调解620件。"});
  std::string deep = "<html>";
  for (int i = 0; i < 15'000; ++i) deep += "<lix>";
  struct Row {
    const char* what;
    std::string bytes;
    absl::StatusCode code;
    const char* message;
  };
  for (const Row& row : {
           Row{"cut PDF", pdf.substr(0, 30), absl::StatusCode::kInvalidArgument, "damaged PDF"},
           Row{"scans", MakePdfOf({"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"}),
               absl::StatusCode::kFailedPrecondition, "no text layer"},
           Row{"encrypted PDF",
               MakePdfOf({""}, {},
                         "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + std::string(32, 'o') + ") /U (" +
                             std::string(32, 'u') + ") >> /ID [(0123456789abcdef) (0123456789abcdef)]"),
               absl::StatusCode::kFailedPrecondition, "encrypted PDF"},
           Row{"cut DOCX", docx.substr(0, 200), absl::StatusCode::kInvalidArgument, "damaged zip"},
           Row{"zip bomb", MakeZip({{"word/document.xml", std::string(20u << 20, ' ')}}),
               absl::StatusCode::kFailedPrecondition, "100 times"},
           Row{"path upwards", MakeZip({{"word/document.xml", "<w/>"}, {"../x", "a"}}),
               absl::StatusCode::kInvalidArgument, "zip entry"},
           Row{"entities",
               MakeZip({{"word/document.xml", "<!DOCTYPE a [<!ENTITY b 'b'>]><w:document>&b;</w:document>"}}),
               absl::StatusCode::kInvalidArgument, "document type"},
           Row{"nested HTML", deep, absl::StatusCode::kFailedPrecondition, "nested deeper"},
           Row{"old Word", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", absl::StatusCode::kFailedPrecondition, "old Word"},
       }) {
    SCOPED_TRACE(row.what);
    const absl::Status status = Create(row.bytes);
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_THAT(Message(status), HasSubstr(row.message));
    if (row.code == absl::StatusCode::kInvalidArgument) ExpectViolation(status, "content");
  }
  EXPECT_EQ(DocumentCount(), before);
}

TEST_F(BadInputTest, StreamAnswersEachAndGoesOn) {
  v1::CreateDocumentRequest request;
  const auto context = MakeContext({});
  const auto stream = cluster_->ingest().StreamCreateDocuments(context.get());
  request.set_request_id("empty");
  ASSERT_TRUE(stream->Write(request));
  request.set_request_id(std::string(200, 'i'));
  request.set_content("青岚县司法局2022年工作总结\n全年受理案件12件。\n");
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->WritesDone());
  v1::StreamCreateDocumentsResponse response;
  std::map<std::string, int> codes;
  while (stream->Read(&response)) codes[response.request_id()] = response.error().code();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(codes["empty"], static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(codes[std::string(128, 'i')], static_cast<int>(absl::StatusCode::kInvalidArgument));
}

TEST_F(BadInputTest, FullBacklogAsksToComeAgain) {
  absl::Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) {
    status = Create("青岚县司法局202" + std::to_string(i) + "年工作总结\n全年受理案件12件。\n");
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  ASSERT_TRUE(payload.has_value());
  google::rpc::RetryInfo info;
  ASSERT_TRUE(info.ParseFromString(std::string(*payload)));
  EXPECT_GT(info.retry_delay().seconds() + info.retry_delay().nanos(), 0);
  EXPECT_LE(DocumentCount(), 2);
}

TEST_F(BadInputTest, UnknownAndMalformedNames) {
  const auto get_document = [](const std::string& name) {
    v1::GetDocumentRequest request;
    request.set_name(name);
    v1::Document document;
    return cluster_->Call(&Ingest::GetDocument, request, &document);
  };
  const auto get_outline = [](const std::string& name) {
    v1::GetOutlineRequest request;
    request.set_name(name);
    v1::Outline outline;
    return cluster_->Call(&Segmentation::GetOutline, request, &outline);
  };
  const auto get_indicators = [](const std::string& name) {
    v1::BatchGetIndicatorsRequest request;
    request.add_names(name);
    v1::BatchGetIndicatorsResponse response;
    return cluster_->Call(&Indicator::BatchGetIndicators, request, &response);
  };
  const auto get_tracking = [](const std::string& name) {
    v1::GetTrackingRequest request;
    request.set_name(name);
    v1::Tracking tracking;
    return cluster_->Call(&Plan::GetTracking, request, &tracking);
  };
  const auto watch = [](const std::string& name) {
    v1::WatchDocumentRequest request;
    request.set_name(name);
    const auto context = MakeContext({});
    const auto stream = cluster_->ingest().WatchDocument(context.get(), request);
    v1::Document document;
    EXPECT_FALSE(stream->Read(&document));
    return FromGrpc(stream->Finish());
  };
  const std::string plan_item =
      std::string(kUnknownAgency) + "/planItems/" + std::string(kUnknownDocument).substr(10) + "-p1/tracking";
  for (const absl::Status& status :
       {get_document(kUnknownDocument), get_outline(std::string(kUnknownDocument) + "/outline"),
        get_indicators(kUnknownDocument), get_tracking(plan_item), watch(kUnknownDocument)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.ResourceInfo").has_value()) << status;
  }
  ExpectViolation(get_document("documents/x"), "name");
  ExpectViolation(get_document(""), "name");
  ExpectViolation(get_outline(kUnknownDocument), "name");
  ExpectViolation(get_indicators("x"), "names[0]");
  ExpectViolation(get_tracking("agencies/x"), "name");
  ExpectViolation(watch("x"), "name");
}

TEST_F(BadInputTest, PagesOutOfRange) {
  const auto list = [](int32_t page_size, const std::string& page_token) {
    v1::ListDocumentsRequest documents;
    documents.set_page_size(page_size);
    documents.set_page_token(page_token);
    v1::ListDocumentsResponse document_page;
    v1::ListIndicatorsRequest indicators;
    indicators.set_parent("documents/-");
    indicators.set_page_size(page_size);
    indicators.set_page_token(page_token);
    v1::ListIndicatorsResponse indicator_page;
    v1::ListPlanItemsRequest items;
    items.set_parent("agencies/-");
    items.set_page_size(page_size);
    items.set_page_token(page_token);
    v1::ListPlanItemsResponse item_page;
    v1::ListDeadLettersRequest letters;
    letters.set_page_size(page_size);
    letters.set_page_token(page_token);
    v1::ListDeadLettersResponse letter_page;
    return std::vector<absl::Status>{cluster_->Call(&Ingest::ListDocuments, documents, &document_page),
                                     cluster_->Call(&Indicator::ListIndicators, indicators, &indicator_page),
                                     cluster_->Call(&Plan::ListPlanItems, items, &item_page),
                                     cluster_->Call(&Ingest::ListDeadLetters, letters, &letter_page)};
  };
  for (const absl::Status& status : list(-3, "")) ExpectViolation(status, "page_size");
  for (const absl::Status& status : list(10, "no token")) ExpectViolation(status, "page_token");
  for (const absl::Status& status : list(100'000, "")) EXPECT_TRUE(status.ok()) << status;
}

TEST_F(BadInputTest, FiltersThatMakeNoSense) {
  const auto list = [](const std::function<void(v1::ListIndicatorsRequest*)>& set) {
    v1::ListIndicatorsRequest request;
    request.set_parent("documents/-");
    set(&request);
    v1::ListIndicatorsResponse response;
    return cluster_->Call(&Indicator::ListIndicators, request, &response);
  };
  ExpectViolation(list([](auto* request) { request->set_parent("documents"); }), "parent");
  ExpectViolation(list([](auto* request) { request->set_agency("x"); }), "agency");
  ExpectViolation(list([](auto* request) { request->set_region_prefix("4x"); }), "region_prefix");
  ExpectViolation(list([](auto* request) { request->set_region_prefix("4403101"); }), "region_prefix");
  ExpectViolation(list([](auto* request) { request->set_year(-1); }), "year");
}

// Numbers that no enum has.
TEST_F(BadInputTest, UnknownEnumNumbers) {
  v1::ListDocumentsRequest documents;
  documents.set_state(static_cast<v1::Document::State>(99));
  v1::ListDocumentsResponse document_page;
  ExpectViolation(cluster_->Call(&Ingest::ListDocuments, documents, &document_page), "state");
  v1::ListIndicatorsRequest indicators;
  indicators.set_parent("documents/-");
  indicators.set_aspect(static_cast<v1::Indicator::Aspect>(99));
  v1::ListIndicatorsResponse indicator_page;
  ExpectViolation(cluster_->Call(&Indicator::ListIndicators, indicators, &indicator_page), "aspect");
  v1::ListTrackingsRequest trackings;
  trackings.set_parent("agencies/-");
  trackings.set_status(static_cast<v1::Tracking::Status>(99));
  v1::ListTrackingsResponse tracking_page;
  ExpectViolation(cluster_->Call(&Plan::ListTrackings, trackings, &tracking_page), "status");
  v1::ExtractIndicatorsRequest extract;
  extract.set_text("全年受理案件12件。");
  extract.set_encoding_type(static_cast<v1::EncodingType>(99));
  v1::IndicatorSet set;
  ExpectViolation(cluster_->Call(&Indicator::ExtractIndicators, extract, &set), "encoding_type");
  v1::SegmentTextRequest segment;
  segment.set_text("全年受理案件12件。");
  segment.set_encoding_type(static_cast<v1::EncodingType>(-1));
  v1::Outline outline;
  ExpectViolation(cluster_->Call(&Segmentation::SegmentText, segment, &outline), "encoding_type");
}

// A token goes with its list and its filters.
TEST_F(BadInputTest, TokensOfOtherLists) {
  v1::ListMetricsRequest metrics;
  metrics.set_page_size(1);
  v1::ListMetricsResponse metric_page;
  ASSERT_TRUE(cluster_->Call(&Indicator::ListMetrics, metrics, &metric_page).ok());
  const std::string token = metric_page.next_page_token();
  ASSERT_FALSE(token.empty());
  metrics.set_page_token(token);
  EXPECT_TRUE(cluster_->Call(&Indicator::ListMetrics, metrics, &metric_page).ok());
  metrics.set_prefix("legal_aid.");
  ExpectViolation(cluster_->Call(&Indicator::ListMetrics, metrics, &metric_page), "page_token");
  v1::ListUnmappedLabelsRequest labels;
  labels.set_page_token(token);
  v1::ListUnmappedLabelsResponse label_page;
  ExpectViolation(cluster_->Call(&Indicator::ListUnmappedLabels, labels, &label_page), "page_token");
  metrics.clear_prefix();
  metrics.set_page_token(std::string(100'000, 'A'));
  ExpectViolation(cluster_->Call(&Indicator::ListMetrics, metrics, &metric_page), "page_token");
}

TEST_F(BadInputTest, TextOnTheSpot) {
  const auto segment = [](const std::string& text) {
    v1::SegmentTextRequest request;
    request.set_text(text);
    v1::Outline outline;
    return cluster_->Call(&Segmentation::SegmentText, request, &outline);
  };
  ExpectViolation(segment(""), "text");
  ExpectViolation(segment(std::string((4 << 20) + 1, 'a')), "text");
  v1::ExtractIndicatorsRequest request;
  v1::IndicatorSet set;
  ExpectViolation(cluster_->Call(&Indicator::ExtractIndicators, request, &set), "text");
}

TEST_F(BadInputTest, ExpiredDeadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  v1::PipelineStatus status;
  EXPECT_EQ(cluster_->ingest().GetPipelineStatus(&context, v1::GetPipelineStatusRequest(), &status).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(BadInputTest, DeadLettersThatAreNotThere) {
  v1::RedriveDeadLettersRequest redrive;
  v1::RedriveDeadLettersResponse redriven;
  ExpectViolation(cluster_->Call(&Ingest::RedriveDeadLetters, redrive, &redriven), "ids");
  redrive.add_ids("1-1");
  EXPECT_EQ(cluster_->ingest().RedriveDeadLetters(MakeContext({}).get(), redrive, &redriven).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace duban::testing
