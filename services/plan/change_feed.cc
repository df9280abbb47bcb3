// SPDX-License-Identifier: Apache-2.0
#include "services/plan/change_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"
#include "common/base/status.h"
#include "common/telemetry/log.h"

namespace duban {
namespace {

// How soon a watcher notices that its caller has gone.
constexpr absl::Duration kNotice = absl::Milliseconds(200);
constexpr std::chrono::seconds kRetry(5);

absl::Status CallerGone() { return absl::CancelledError("the caller has gone"); }

}  // namespace

void ChangeFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ChangeFeed::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status ChangeFeed::Watch(const std::string& agency, const std::string& token,
                               const std::function<bool()>& cancelled,
                               const std::function<bool(const v1::PlanItemChange&)>& send) {
  DUBAN_RETURN_IF_ERROR(Enter());
  const absl::Status ended = WatchAdmitted(agency, token, cancelled, send);
  Leave();
  return ended;
}

absl::Status ChangeFeed::Enter() {
  absl::MutexLock lock(&mutex_);
  if (watchers_ >= options_.max_watchers) {
    return Exhausted(fmt::format("{} watchers already, want at most {}", watchers_, options_.max_watchers), kRetry);
  }
  ++watchers_;
  return absl::OkStatus();
}

void ChangeFeed::Leave() {
  absl::MutexLock lock(&mutex_);
  --watchers_;
}

bool ChangeFeed::Stopped() {
  absl::MutexLock lock(&mutex_);
  return stop_;
}

int64_t ChangeFeed::Growth() {
  absl::MutexLock lock(&mutex_);
  return growth_;
}

void ChangeFeed::Wait(int64_t seen, const std::function<bool()>& cancelled, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const auto due = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stop_ || growth_ > seen; };
  // gRPC's synchronous server tells of a cancellation only when it is asked.
  while (!due() && absl::Now() < deadline && !cancelled()) {
    mutex_.AwaitWithDeadline(absl::Condition(&due), std::min(deadline, absl::Now() + kNotice));
  }
}

absl::Status ChangeFeed::WatchAdmitted(const std::string& agency, std::string token,
                                       const std::function<bool()>& cancelled,
                                       const std::function<bool(const v1::PlanItemChange&)>& send) {
  absl::Time next_bookmark = absl::Now() + options_.bookmark;
  bool caught_up = false;
  while (!Stopped()) {
    if (cancelled()) return CallerGone();
    const int64_t seen = Growth();
    DUBAN_ASSIGN_OR_RETURN(const ChangePage page, store_.ReadChanges(agency, token, options_.page_size));
    token = page.next;
    for (const v1::PlanItemChange& change : page.changes) {
      if (!send(change)) return CallerGone();
    }
    const absl::Time now = absl::Now();
    // Also on the way past many changes of others, so that whoever resumes need not pass them again.
    const bool quiet = page.changes.empty() && now >= next_bookmark;
    const bool told_all = !caught_up && !page.more;
    if (told_all || quiet) {
      v1::PlanItemChange bookmark;
      bookmark.set_resume_token(token);
      if (!send(bookmark)) return CallerGone();
    }
    if (told_all || quiet || !page.changes.empty()) next_bookmark = now + options_.bookmark;
    if (page.more) continue;
    caught_up = true;
    Wait(seen, cancelled, next_bookmark);
  }
  return absl::UnavailableError("the server is about to end; resume at another one");
}

bool ChangeFeed::Grew(std::string* last) {
  const auto now = store_.LastChange();
  if (!now.ok()) {
    LogWarning("watchers wait", {{"error", now.status().ToString()}});
    return false;
  }
  const bool grew = *now != *last;
  *last = *now;
  return grew;
}

void ChangeFeed::Run() {
  std::string last;
  absl::Time next_trim = absl::Now();
  absl::MutexLock lock(&mutex_);
  const auto wanted = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stop_ || watchers_ > 0; };
  while (!stop_) {
    mutex_.Unlock();
    if (absl::Now() >= next_trim) {
      if (const auto trimmed = store_.TrimChanges(options_.log_age); !trimmed.ok()) {
        LogWarning("old changes stay", {{"error", trimmed.status().ToString()}});
      }
      next_trim = absl::Now() + options_.trim;
    }
    const bool grew = Grew(&last);
    mutex_.Lock();
    growth_ += grew;
    mutex_.AwaitWithTimeout(absl::Condition(&stop_), options_.poll);
    // Without watchers nobody wants to know.
    mutex_.AwaitWithDeadline(absl::Condition(&wanted), next_trim);
  }
}

}  // namespace duban
