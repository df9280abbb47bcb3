// SPDX-License-Identifier: Apache-2.0
// services/plan/change_feed.h: the log of changes as it grows, for many watchers at once.
//
//   ChangeFeed feed(store, {.max_watchers = 64});
//   feed.Start();
//   return feed.Watch(agency, token, [&] { return context->IsCancelled(); },
//                     [&](const v1::PlanItemChange& change) { return writer->Write(change); });
//
// One thread asks the store whether the log has grown, while there are watchers; each watcher then reads on from its
// own place, a page at a time, and only when what it read before is sent. So a watcher costs a query when the log has
// grown (by whomever) and at each bookmark, a slow one no memory, and what a watcher holds is one page. Polling rather
// than LISTEN and NOTIFY, because a change may be committed before it may be read (postgres_change_store.cc), of which
// no notification tells. Thread-safe.

#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/service/service.h"
#include "services/plan/plan_store.h"

namespace duban {

struct ChangeFeedOptions {
  // Watchers at once; more are refused. Each takes a thread of the server.
  int max_watchers = 64;
  // How old changes in the log get. Whoever was away for longer must list anew.
  absl::Duration log_age = absl::Hours(7 * 24);
  // Between two looks for new changes, while there are watchers.
  absl::Duration poll = absl::Milliseconds(200);
  // Between two looks for old changes.
  absl::Duration trim = absl::Minutes(10);
  // A watcher that was sent nothing for so long is told how far the log was read.
  absl::Duration bookmark = absl::Seconds(30);
  // Changes read at a time.
  int page_size = 100;
};

class ChangeFeed : public Background {
 public:
  // `store` must outlive it.
  ChangeFeed(PlanStore* store, const ChangeFeedOptions& options) : store_(*store), options_(options) {}
  ~ChangeFeed() override { Stop(); }

  void Start() override;
  // Ends all watches with UNAVAILABLE.
  void Stop() override;

  // Sends the changes of the agency (empty: all) behind `token` (empty: from now on) and those that follow, as they are
  // made; once it has told all that was there, and when nothing came for a while, a change that only holds a
  // resume_token. Returns when `cancelled` (asked every now and then) or `send` says false: CANCELLED; when the feed
  // stops: UNAVAILABLE; the status of PlanStore::ReadChanges; RESOURCE_EXHAUSTED with RetryInfo if there are too many
  // watchers.
  absl::Status Watch(const std::string& agency, const std::string& token, const std::function<bool()>& cancelled,
                     const std::function<bool(const v1::PlanItemChange&)>& send);

 private:
  // Admits a watcher, or says why not.
  absl::Status Enter();
  void Leave();
  // Until the log has grown beyond `seen`, the feed stops, the caller has gone or `deadline` is there.
  void Wait(int64_t seen, const std::function<bool()>& cancelled, absl::Time deadline);
  bool Stopped();
  int64_t Growth();
  absl::Status WatchAdmitted(const std::string& agency, std::string token, const std::function<bool()>& cancelled,
                             const std::function<bool(const v1::PlanItemChange&)>& send);

  void Run();
  // Whether the log has grown since `last`, which is brought up to date.
  bool Grew(std::string* last);

  PlanStore& store_;
  const ChangeFeedOptions options_;
  absl::Mutex mutex_;
  int watchers_ ABSL_GUARDED_BY(mutex_) = 0;
  // Counts how often the log was found grown.
  int64_t growth_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duban
