// SPDX-License-Identifier: Apache-2.0
#include "services/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"

namespace duban {
namespace {

// Between looks at documents most of which have not moved. One call asks for a hundred documents, where WatchDocument
// would hold a stream for each; `patience` bounds the whole.
constexpr absl::Duration kPause = absl::Milliseconds(150);

absl::Status FetchStates(v1::IngestService::StubInterface& stub, const std::vector<std::string>& names, size_t count,
                         v1::BatchGetDocumentsResponse* response) {
  v1::BatchGetDocumentsRequest request;
  request.mutable_names()->Assign(names.begin(), names.begin() + count);
  request.set_view(v1::BASIC);
  const auto context = MakeContext({.timeout = absl::Seconds(30)});
  return FromGrpc(stub.BatchGetDocuments(context.get(), request, response));
}

}  // namespace

absl::Status AwaitCompletion(v1::IngestService::StubInterface& stub, std::vector<std::string> names,
                             absl::Duration patience,
                             const std::function<void(int64_t finished, int64_t failed)>& progress) {
  int64_t finished = 0, failed = 0;
  absl::Time last_move = absl::Now();
  while (!names.empty()) {
    const size_t asked = std::min(names.size(), static_cast<size_t>(kMaxBatchNames));
    v1::BatchGetDocumentsResponse response;
    const absl::Status status = FetchStates(stub, names, asked, &response);
    if (!status.ok() && !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return status;
    std::vector<std::string> pending;
    for (const v1::Document& document : response.documents()) {
      if (document.state() == v1::Document::FINISHED) {
        ++finished;
      } else if (document.state() == v1::Document::FAILED) {
        ++failed;
      } else {
        pending.push_back(document.name());
      }
    }
    const bool moved = status.ok() && pending.size() < asked;
    if (status.ok()) {
      // Those still on their way go behind the others, so that one slow document hides nothing.
      names.erase(names.begin(), names.begin() + asked);
      names.insert(names.end(), pending.begin(), pending.end());
      progress(finished, failed);
    }
    if (moved) {
      last_move = absl::Now();
    } else if (absl::Now() - last_move > patience) {
      return absl::DeadlineExceededError(
          fmt::format("{} documents have not moved for {}", names.size(), absl::FormatDuration(patience)));
    }
    if (!status.ok() || pending.size() * 2 > asked) absl::SleepFor(kPause);
  }
  return absl::OkStatus();
}

}  // namespace duban
