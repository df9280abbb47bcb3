// SPDX-License-Identifier: Apache-2.0
// How reports are handed in
//
// The calling thread writes, a second one reads answers. `unanswered` holds every report that was sent and not answered
// (the window); `again` those to be offered anew, each with its time. A broken stream moves all of `unanswered` to
// `again`, and the loop opens another stream. The service answers each request of a stream once, so a report leaves
// `unanswered` exactly once.
#include "services/cli/submitter.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/text/utf8.h"
#include "google/rpc/error_details.pb.h"

namespace duban {
namespace {

using Stream = grpc::ClientReaderWriterInterface<v1::CreateDocumentRequest, v1::StreamCreateDocumentsResponse>;

// RetryInfo's delay; a second if the status has none.
absl::Duration RetryDelay(const google::rpc::Status& status) {
  for (const google::protobuf::Any& any : status.details()) {
    google::rpc::RetryInfo info;
    if (any.UnpackTo(&info)) {
      return absl::Seconds(info.retry_delay().seconds()) + absl::Nanoseconds(info.retry_delay().nanos());
    }
  }
  return absl::Seconds(1);
}

// File names may hold any bytes, a string field only UTF-8: what is not becomes U+FFFD.
std::string ValidUtf8(std::string_view name) {
  std::string valid;
  for (const CodePoint& point : CodePoints(name)) AppendUtf8(point.value, &valid);
  return valid;
}

bool IsMessageTooLarge(const absl::Status& status) {
  return absl::IsResourceExhausted(status) && Message(status).find("larger than max") != std::string::npos;
}

// No room, or a server out of reach: nothing is wrong with the report.
bool MayGoWellLater(absl::StatusCode code) {
  return code == absl::StatusCode::kResourceExhausted || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kDeadlineExceeded || code == absl::StatusCode::kAborted;
}

class Submitter {
 public:
  Submitter(const SubmitOptions& options, const std::function<std::optional<Submission>()>& next,
            const std::function<void(const Submission&, const absl::StatusOr<v1::Document>&)>& answered)
      : options_(options), next_(next), answered_(answered) {}

  absl::Status Run(v1::IngestService::StubInterface& stub) {
    absl::Time last_progress = absl::Now();
    absl::Duration pause = absl::Milliseconds(200);
    while (true) {
      const int64_t before = answers_;
      const absl::Status status = RunStream(stub);
      if (status.ok()) return status;
      if (answers_ > before) {
        last_progress = absl::Now();
        pause = absl::Milliseconds(200);
      }
      if (!absl::IsUnavailable(status) || absl::Now() - last_progress > options_.patience) return status;
      // The service is out of reach, and nothing but another call tells when it is back. No thread runs meanwhile.
      absl::SleepFor(pause);
      pause = std::min(pause * 2, absl::Seconds(5));
    }
  }

 private:
  // One stream from open to end. OK when every report is answered.
  absl::Status RunStream(v1::IngestService::StubInterface& stub) {
    const auto context = MakeContext({});
    const auto stream = stub.StreamCreateDocuments(context.get());
    {
      absl::MutexLock lock(&mutex_);
      broken_ = false;
    }
    std::thread reader([&] { Read(*stream); });
    while (std::optional<uint64_t> id = Take()) {
      if (!stream->Write(Request(*id))) break;
    }
    stream->WritesDone();
    reader.join();
    const absl::Status status = FromGrpc(stream->Finish());
    if (IsMessageTooLarge(status)) RefuseLargest();
    absl::MutexLock lock(&mutex_);
    for (auto& [id, report] : unanswered_) again_.emplace(absl::Now(), std::move(report));
    unanswered_.clear();
    if (again_.empty() && exhausted_) return absl::OkStatus();
    if (status.ok() || absl::IsResourceExhausted(status)) {
      return absl::UnavailableError(fmt::format("ingest ended the stream early: {}", Message(status)));
    }
    return status;
  }

  // gRPC ends the whole stream for one message over the service's limit: it was the largest of those unanswered.
  void RefuseLargest() {
    Submission largest;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = std::max_element(unanswered_.begin(), unanswered_.end(), [](const auto& a, const auto& b) {
        return a.second.content.size() < b.second.content.size();
      });
      if (found == unanswered_.end()) return;
      largest = std::move(found->second);
      unanswered_.erase(found);
      ++answers_;
    }
    answered_(largest,
              InvalidField("content", fmt::format("{} bytes, more than the service takes", largest.content.size())));
  }

  // The next report to write, already in unanswered_. Nothing once all are answered or the stream is broken.
  std::optional<uint64_t> Take() {
    absl::MutexLock lock(&mutex_);
    while (!broken_) {
      const bool due = !again_.empty() && again_.begin()->first <= absl::Now();
      if (due && unanswered_.size() < window()) {
        Submission report = std::move(again_.begin()->second);
        again_.erase(again_.begin());
        return Track(std::move(report));
      }
      // Reports that wait to be offered again are held in memory too, so they count.
      if (!exhausted_ && unanswered_.size() + again_.size() < window()) {
        std::optional<Submission> report = next_();
        if (report.has_value()) {
          Pace();
          return Track(*std::move(report));
        }
        exhausted_ = true;
        continue;
      }
      if (exhausted_ && unanswered_.empty() && again_.empty()) return std::nullopt;
      const int64_t seen = changes_;
      const auto changed = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return changes_ > seen; };
      const bool may_write_again = !again_.empty() && unanswered_.size() < window();
      mutex_.AwaitWithDeadline(absl::Condition(&changed),
                               may_write_again ? again_.begin()->first : absl::InfiniteFuture());
    }
    return std::nullopt;
  }

  size_t window() const { return static_cast<size_t>(options_.window); }

  uint64_t Track(Submission report) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    unanswered_.emplace(++last_id_, std::move(report));
    return last_id_;
  }

  // Holds the writer back to options_.rate. The reader goes on meanwhile.
  void Pace() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (options_.rate <= 0) return;
    next_start_ = std::max(next_start_, absl::Now() - absl::Seconds(1)) + absl::Seconds(1 / options_.rate);
    const auto is_broken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return broken_; };
    mutex_.AwaitWithDeadline(absl::Condition(&is_broken), next_start_);
  }

  v1::CreateDocumentRequest Request(uint64_t id) {
    absl::MutexLock lock(&mutex_);
    v1::CreateDocumentRequest request;
    request.set_request_id(fmt::format("{}", id));
    const auto report = unanswered_.find(id);
    if (report != unanswered_.end()) {
      request.set_content(report->second.content);
      request.set_source_uri(ValidUtf8(report->second.source_uri));
    }
    return request;
  }

  void Read(Stream& stream) {
    v1::StreamCreateDocumentsResponse response;
    while (stream.Read(&response)) Answer(response);
    absl::MutexLock lock(&mutex_);
    broken_ = true;
    ++changes_;
  }

  void Answer(const v1::StreamCreateDocumentsResponse& response) {
    const uint64_t id = std::strtoull(response.request_id().c_str(), nullptr, 10);
    Submission report;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = unanswered_.find(id);
      if (found == unanswered_.end()) return;
      report = std::move(found->second);
      if (MayGoWellLater(static_cast<absl::StatusCode>(response.error().code()))) {
        again_.emplace(absl::Now() + RetryDelay(response.error()), std::move(report));
        unanswered_.erase(found);
        ++changes_;
        return;
      }
    }
    if (response.has_document()) {
      answered_(report, response.document());
    } else {
      answered_(report, FromProto(response.error()));
    }
    absl::MutexLock lock(&mutex_);
    ++answers_;
    ++changes_;
    unanswered_.erase(id);
  }

  const SubmitOptions options_;
  const std::function<std::optional<Submission>()>& next_;
  const std::function<void(const Submission&, const absl::StatusOr<v1::Document>&)>& answered_;

  absl::Mutex mutex_;
  std::map<uint64_t, Submission> unanswered_ ABSL_GUARDED_BY(mutex_);
  std::multimap<absl::Time, Submission> again_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t answers_ = 0;
  absl::Time next_start_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Raised at every change that the writer may wait for.
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool exhausted_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

absl::Status SubmitAll(v1::IngestService::StubInterface& stub, const SubmitOptions& options,
                       const std::function<std::optional<Submission>()>& next,
                       const std::function<void(const Submission&, const absl::StatusOr<v1::Document>&)>& answered) {
  return Submitter(options, next, answered).Run(stub);
}

}  // namespace duban
