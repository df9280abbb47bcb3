// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/create_stream.h"

#include <fmt/format.h>

#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/status.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

// Requests of one transaction: enough to share its cost, few enough to answer soon.
constexpr size_t kMaxBatch = 32;
constexpr size_t kMaxBatchBytes = 32 << 20;
constexpr size_t kMaxRequestIdBytes = 128;

class Inbox {
 public:
  // Waits for room. False once the consumer has given up.
  bool Put(v1::CreateDocumentRequest request) {
    absl::MutexLock lock(&mutex_);
    const auto room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return closed_ || (requests_.size() < kMaxBatch && bytes_ < kMaxBatchBytes);
    };
    mutex_.Await(absl::Condition(&room));
    if (closed_) return false;
    bytes_ += request.content().size();
    requests_.push_back(std::move(request));
    return true;
  }

  // No more requests will come, or be taken.
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  // All that is there, at least one; empty once closed and drained.
  std::vector<v1::CreateDocumentRequest> TakeAll() {
    absl::MutexLock lock(&mutex_);
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closed_ || !requests_.empty(); };
    mutex_.Await(absl::Condition(&ready));
    std::vector<v1::CreateDocumentRequest> taken(std::make_move_iterator(requests_.begin()),
                                                 std::make_move_iterator(requests_.end()));
    requests_.clear();
    bytes_ = 0;
    return taken;
  }

 private:
  absl::Mutex mutex_;
  std::deque<v1::CreateDocumentRequest> requests_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

v1::StreamCreateDocumentsResponse Answer(const std::string& request_id, const absl::StatusOr<v1::Document>& document) {
  v1::StreamCreateDocumentsResponse response;
  response.set_request_id(request_id.substr(0, kMaxRequestIdBytes));
  if (document.ok()) {
    *response.mutable_document() = *document;
  } else {
    *response.mutable_error() = ToProto(document.status());
  }
  return response;
}

absl::Status CheckRequestId(const std::string& request_id) {
  if (request_id.size() <= kMaxRequestIdBytes) return absl::OkStatus();
  return InvalidField("request_id", fmt::format("{} bytes, want at most {}", request_id.size(), kMaxRequestIdBytes));
}

// One answer per request, those refused for their request_id first.
std::vector<v1::StreamCreateDocumentsResponse> Accept(Intake& intake, const std::string& traceparent,
                                                      std::vector<v1::CreateDocumentRequest> requests) {
  std::vector<v1::StreamCreateDocumentsResponse> responses;
  std::vector<Offer> offers;
  std::vector<std::string> offered;
  for (v1::CreateDocumentRequest& request : requests) {
    if (const absl::Status status = CheckRequestId(request.request_id()); !status.ok()) {
      responses.push_back(Answer(request.request_id(), status));
      continue;
    }
    offers.push_back({std::move(*request.mutable_content()), request.source_uri(), traceparent});
    offered.push_back(request.request_id());
  }
  const auto answers = intake.Accept(std::move(offers));
  for (size_t i = 0; i < answers.size(); ++i) responses.push_back(Answer(offered[i], answers[i]));
  return responses;
}

}  // namespace

absl::Status ServeCreateStream(
    Intake& intake, const std::string& traceparent,
    grpc::ServerReaderWriter<v1::StreamCreateDocumentsResponse, v1::CreateDocumentRequest>& stream) {
  Inbox inbox;
  std::thread reader([&] {
    v1::CreateDocumentRequest request;
    while (stream.Read(&request) && inbox.Put(std::move(request))) request.Clear();
    inbox.Close();
  });
  bool connected = true;
  for (auto requests = inbox.TakeAll(); !requests.empty(); requests = inbox.TakeAll()) {
    for (const auto& response : Accept(intake, traceparent, std::move(requests))) {
      connected = connected && stream.Write(response);
    }
    if (!connected) inbox.Close();
  }
  reader.join();
  return connected ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

}  // namespace duban
