// SPDX-License-Identifier: Apache-2.0
// duban-load: pushes synthetic reports through a running duban and prints one JSON object: throughput, latencies, what
// was lost or wrong. Exit code 1 if anything was. README.md explains the figures.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "tests/load/load_run.h"
#include "tests/load/metrics_reader.h"

ABSL_FLAG(std::string, ingest, "", "host:port of duban-ingest (else DUBAN_INGEST)");
ABSL_FLAG(std::string, indicator, "", "host:port of duban-indicator (else DUBAN_INDICATOR)");
ABSL_FLAG(std::string, plan, "", "host:port of duban-plan (else DUBAN_PLAN)");
ABSL_FLAG(std::vector<std::string>, metrics, {}, "metrics pages of the workers, host:port,…, for latencies per stage");
ABSL_FLAG(int, documents, duban::LoadOptions().documents, "reports to submit");
ABSL_FLAG(unsigned, seed, duban::LoadOptions().seed, "other seeds write other reports");
ABSL_FLAG(double, rate, 0, "reports per second at most; 0 is as fast as they are taken");
ABSL_FLAG(int, window, duban::LoadOptions().window, "reports unanswered at a time, per stream");
ABSL_FLAG(int, streams, duban::LoadOptions().streams, "streams at once");

namespace duban {
namespace {

std::string Address(const std::string& flag, const char* variable) {
  const char* value = std::getenv(variable);
  return !flag.empty() ? flag : value == nullptr ? "" : value;
}

double Percentile(const std::vector<double>& sorted, double q) {
  return sorted.empty() ? 0 : sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

void PutLatencies(google::protobuf::Struct* json, double p50, double p90, double p99) {
  (*json->mutable_fields())["p50"].set_number_value(p50);
  (*json->mutable_fields())["p90"].set_number_value(p90);
  (*json->mutable_fields())["p99"].set_number_value(p99);
}

absl::Status PutStages(google::protobuf::Struct* json) {
  std::string pages;
  for (const std::string& address : absl::GetFlag(FLAGS_metrics)) {
    DUBAN_ASSIGN_OR_RETURN(const std::string page, FetchMetrics(address));
    pages += page;
  }
  for (const char* stage : {"SEGMENT", "EXTRACT", "TRACK"}) {
    const Histogram histogram = ReadHistogram(pages, "duban_worker_stage_seconds", fmt::format("stage=\"{}\"", stage));
    if (histogram.count() == 0) continue;
    PutLatencies((*json->mutable_fields())[stage].mutable_struct_value(), histogram.Quantile(0.5),
                 histogram.Quantile(0.9), histogram.Quantile(0.99));
  }
  return absl::OkStatus();
}

absl::StatusOr<google::protobuf::Struct> Summary(const LoadResult& result) {
  google::protobuf::Struct json;
  const auto number = [&](const char* key, double value) { (*json.mutable_fields())[key].set_number_value(value); };
  number("submitted", static_cast<double>(result.submitted));
  number("accepted", static_cast<double>(result.accepted));
  number("finished", static_cast<double>(result.finished));
  number("failed", static_cast<double>(result.failed));
  number("acceptSeconds", result.accept_seconds);
  number("totalSeconds", result.total_seconds);
  number("documentsPerSecond", static_cast<double>(result.finished) / result.total_seconds);
  number("megabytesPerSecond", static_cast<double>(result.bytes) / 1e6 / result.total_seconds);
  number("figuresWritten", static_cast<double>(result.figures_written));
  number("figuresFound", static_cast<double>(result.figures_found));
  number("figuresRight", static_cast<double>(result.figures_right));
  number("promisesWritten", static_cast<double>(result.promises_written));
  number("promisesRight", static_cast<double>(result.promises_right));
  auto& fields = *json.mutable_fields();
  PutLatencies(fields["latencySeconds"].mutable_struct_value(), Percentile(result.latencies, 0.5),
               Percentile(result.latencies, 0.9), Percentile(result.latencies, 0.99));
  DUBAN_RETURN_IF_ERROR(PutStages(fields["stageSeconds"].mutable_struct_value()));
  for (const std::string& failure : result.failures) {
    fields["failures"].mutable_list_value()->add_values()->set_string_value(failure);
  }
  return json;
}

absl::StatusOr<bool> Run() {
  const auto ingest = v1::IngestService::NewStub(MakeChannel(Address(absl::GetFlag(FLAGS_ingest), "DUBAN_INGEST")));
  const auto indicator =
      v1::IndicatorService::NewStub(MakeChannel(Address(absl::GetFlag(FLAGS_indicator), "DUBAN_INDICATOR")));
  const auto plan = v1::PlanService::NewStub(MakeChannel(Address(absl::GetFlag(FLAGS_plan), "DUBAN_PLAN")));
  const LoadOptions options{.documents = absl::GetFlag(FLAGS_documents),
                            .seed = absl::GetFlag(FLAGS_seed),
                            .rate = absl::GetFlag(FLAGS_rate),
                            .window = absl::GetFlag(FLAGS_window),
                            .streams = absl::GetFlag(FLAGS_streams)};
  DUBAN_ASSIGN_OR_RETURN(const LoadResult result, RunLoad(options, *ingest, *indicator, *plan));
  DUBAN_ASSIGN_OR_RETURN(const google::protobuf::Struct json, Summary(result));
  std::string text;
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = true;
  if (!google::protobuf::util::MessageToJsonString(json, &text, print).ok()) {
    return absl::InternalError("the summary does not print as JSON");
  }
  fmt::print("{}", text);
  return result.failures.empty() && result.finished == result.submitted;
}

}  // namespace
}  // namespace duban

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("duban-load: synthetic reports through a running duban; prints JSON.");
  absl::ParseCommandLine(argc, argv);
  const auto right = duban::Run();
  if (!right.ok()) fmt::print(stderr, "duban-load: {}\n", duban::Message(right.status()));
  return right.ok() && *right ? 0 : 1;
}
