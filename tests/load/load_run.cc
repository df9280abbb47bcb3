// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "services/cli/completion.h"
#include "services/cli/submitter.h"
#include "tests/load/report_grammar.h"

namespace duban {
namespace {

constexpr size_t kShownFailures = 10;

// What was accepted: document names and the numbers of the reports that they hold.
struct Accepted {
  absl::Mutex mutex;
  std::map<std::string, int> numbers ABSL_GUARDED_BY(mutex);
  int64_t refused ABSL_GUARDED_BY(mutex) = 0;
  absl::Status status ABSL_GUARDED_BY(mutex);
};

void Note(LoadResult* result, std::string failure) {
  if (result->failures.size() < kShownFailures) result->failures.push_back(std::move(failure));
}

void SubmitReports(const LoadOptions& options, const ReportGrammar& grammar, v1::IngestService::StubInterface& ingest,
                   std::atomic<int>& next_number, std::atomic<int64_t>& bytes, Accepted* accepted) {
  const auto next = [&]() -> std::optional<Submission> {
    const int number = next_number++;
    if (number >= options.documents) return std::nullopt;
    Submission report{std::to_string(number), grammar.Write(options.seed, number).text};
    bytes += static_cast<int64_t>(report.content.size());
    return report;
  };
  const auto answered = [&](const Submission& report, const absl::StatusOr<v1::Document>& document) {
    absl::MutexLock lock(&accepted->mutex);
    if (document.ok()) {
      accepted->numbers[document->name()] = std::stoi(report.source_uri);
    } else {
      ++accepted->refused;
      accepted->status.Update(document.status());
    }
  };
  const SubmitOptions submit{.window = options.window, .rate = options.rate / options.streams};
  const absl::Status status = SubmitAll(ingest, submit, next, answered);
  absl::MutexLock lock(&accepted->mutex);
  accepted->status.Update(status);
}

// State and latency of every document.
absl::Status ReadStates(v1::IngestService::StubInterface& ingest, const std::vector<std::string>& names,
                        LoadResult* result) {
  for (size_t begin = 0; begin < names.size(); begin += kMaxBatchNames) {
    v1::BatchGetDocumentsRequest request;
    request.set_view(v1::BASIC);
    const size_t end = std::min(names.size(), begin + kMaxBatchNames);
    request.mutable_names()->Assign(names.begin() + begin, names.begin() + end);
    v1::BatchGetDocumentsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(ingest.BatchGetDocuments(MakeContext({}).get(), request, &response)));
    for (const v1::Document& document : response.documents()) {
      if (document.state() != v1::Document::FINISHED) {
        ++result->failed;
        Note(result,
             fmt::format("{}: {} {}", document.name(), v1::Document::State_Name(document.state()), document.failure()));
        continue;
      }
      ++result->finished;
      result->latencies.push_back(
          static_cast<double>(document.update_time().seconds() - document.create_time().seconds()) +
          (document.update_time().nanos() - document.create_time().nanos()) * 1e-9);
    }
  }
  std::sort(result->latencies.begin(), result->latencies.end());
  return absl::OkStatus();
}

void CompareFigures(const SyntheticReport& report, const v1::IndicatorSet& set, LoadResult* result) {
  std::multiset<SyntheticFigure> found;
  for (const v1::Indicator& indicator : set.indicators()) {
    found.insert(
        {indicator.quantity().value(), indicator.quantity().unit(), indicator.aspect() == v1::Indicator::TARGET});
  }
  result->figures_found += set.indicators_size();
  result->figures_written += static_cast<int64_t>(report.figures.size());
  for (const SyntheticFigure& figure : report.figures) {
    const auto hit = found.find(figure);
    if (hit == found.end()) {
      Note(result, fmt::format("{}: {} {} is missing", set.document(), figure.value, figure.unit));
      continue;
    }
    ++result->figures_right;
    found.erase(hit);
  }
  for (const SyntheticFigure& figure : found) {
    Note(result, fmt::format("{}: {} {} was not written", set.document(), figure.value, figure.unit));
  }
}

absl::Status CheckFigures(const ReportGrammar& grammar, unsigned seed, v1::IndicatorService::StubInterface& indicator,
                          const std::map<std::string, int>& numbers, const std::vector<std::string>& names,
                          LoadResult* result) {
  for (size_t begin = 0; begin < names.size(); begin += kMaxBatchNames) {
    v1::BatchGetIndicatorsRequest request;
    const size_t end = std::min(names.size(), begin + kMaxBatchNames);
    request.mutable_names()->Assign(names.begin() + begin, names.begin() + end);
    v1::BatchGetIndicatorsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(indicator.BatchGetIndicators(MakeContext({}).get(), request, &response)));
    for (const v1::IndicatorSet& set : response.sets()) {
      CompareFigures(grammar.Write(seed, numbers.at(set.document())), set, result);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPromises(const ReportGrammar& grammar, unsigned seed, v1::PlanService::StubInterface& plan,
                           const std::map<std::string, int>& numbers, LoadResult* result) {
  std::map<std::string, std::multiset<std::string>> titles;
  v1::ListPlanItemsRequest request;
  request.set_parent("agencies/-");
  request.set_page_size(1000);
  do {
    v1::ListPlanItemsResponse response;
    DUBAN_RETURN_IF_ERROR(FromGrpc(plan.ListPlanItems(MakeContext({}).get(), request, &response)));
    for (const v1::PlanItem& item : response.plan_items()) titles[item.document()].insert(item.title());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  for (const auto& [name, number] : numbers) {
    for (const std::string& promise : grammar.Write(seed, number).promises) {
      ++result->promises_written;
      auto& of_document = titles[name];
      const auto hit = of_document.find(promise);
      if (hit == of_document.end()) {
        Note(result, fmt::format("{}: promise {} is missing", name, promise));
        continue;
      }
      ++result->promises_right;
      of_document.erase(hit);
    }
    for (const std::string& title : titles[name])
      Note(result, fmt::format("{}: promise {} was not written", name, title));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options, v1::IngestService::StubInterface& ingest,
                                   v1::IndicatorService::StubInterface& indicator,
                                   v1::PlanService::StubInterface& plan) {
  DUBAN_ASSIGN_OR_RETURN(const ReportGrammar grammar, ReportGrammar::Create());
  LoadResult result;
  Accepted accepted;
  std::atomic<int> next_number = 0;
  std::atomic<int64_t> bytes = 0;
  const absl::Time start = absl::Now();
  std::vector<std::thread> streams;
  for (int i = 0; i < options.streams; ++i) {
    streams.emplace_back([&] { SubmitReports(options, grammar, ingest, next_number, bytes, &accepted); });
  }
  for (std::thread& stream : streams) stream.join();
  result.accept_seconds = absl::ToDoubleSeconds(absl::Now() - start);

  absl::MutexLock lock(&accepted.mutex);
  if (absl::IsUnavailable(accepted.status)) return accepted.status;
  if (accepted.refused > 0) Note(&result, fmt::format("{} refused: {}", accepted.refused, accepted.status.ToString()));
  result.submitted = options.documents;
  result.accepted = static_cast<int64_t>(accepted.numbers.size());
  result.bytes = bytes;
  std::vector<std::string> names;
  for (const auto& [name, number] : accepted.numbers) names.push_back(name);
  DUBAN_RETURN_IF_ERROR(AwaitCompletion(ingest, names, options.patience, [](int64_t, int64_t) {}));
  result.total_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  DUBAN_RETURN_IF_ERROR(ReadStates(ingest, names, &result));
  DUBAN_RETURN_IF_ERROR(CheckFigures(grammar, options.seed, indicator, accepted.numbers, names, &result));
  DUBAN_RETURN_IF_ERROR(CheckPromises(grammar, options.seed, plan, accepted.numbers, &result));
  return result;
}

}  // namespace duban
