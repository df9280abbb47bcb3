// SPDX-License-Identifier: Apache-2.0
// How lost tasks are found
//
// Two signs. (1) The queue's epoch, a random token that lives in Redis, is not the one noted in PostgreSQL: Redis was
// wiped, and every unfinished document is put up at once; of several replicas the one that swaps the noted token does
// it. If that one dies half way, (2) finds the rest. (2) The queues hold fewer tasks than there are unfinished
// documents: something was lost singly, and the documents silent for longer than `quiet` are put up. Without the
// comparison a long backlog would be put up again every minute.
#include "services/ingest/progress.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/telemetry/log.h"
#include "services/ingest/document_rules.h"
#include "services/ingest/intake.h"

namespace duban {
namespace {

constexpr int kEventBatch = 256;
constexpr absl::Duration kErrorPause = absl::Seconds(1);

bool IsWhole(const v1::StageEvent& event) {
  const bool stage = event.stage() >= v1::Task::SEGMENT && event.stage() <= v1::Task::TRACK;
  const bool outcome = event.outcome() == v1::StageEvent::DONE || event.outcome() == v1::StageEvent::DEAD;
  return stage && outcome && ParseDocumentName("document", event.document()).ok();
}

}  // namespace

void ChangeSignal::Notify() {
  absl::MutexLock lock(&mutex_);
  ++changes_;
}

int64_t ChangeSignal::Last() const {
  absl::MutexLock lock(&mutex_);
  return changes_;
}

void ChangeSignal::WaitBeyond(int64_t last, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto changed = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return changes_ > last; };
  mutex_.AwaitWithTimeout(absl::Condition(&changed), timeout);
}

absl::StatusOr<size_t> EventPump::PumpOnce(std::chrono::milliseconds wait) {
  DUBAN_ASSIGN_OR_RETURN(const auto received,
                         queue_.ReadEvents({.consumer = consumer_, .max_tasks = kEventBatch, .max_wait = wait}));
  if (received.empty()) return 0;
  std::vector<v1::StageEvent> events;
  std::vector<std::string> ids;
  for (const ReceivedEvent& one : received) {
    ids.push_back(one.id);
    // An event without its parts, or of a newer program, says nothing here and would hold up the others.
    if (!IsWhole(one.event)) {
      LogWarning("event dropped: a part is missing or unknown", {{"document", one.event.document()}});
      continue;
    }
    events.push_back(one.event);
  }
  DUBAN_RETURN_IF_ERROR(store_.ApplyEvents(events).status());
  changes_.Notify();
  DUBAN_RETURN_IF_ERROR(queue_.AckEvents(ids));
  return received.size();
}

void EventPump::Start() {
  thread_ = std::thread([this] {
    while (!stop_.HasBeenNotified()) {
      const auto pumped = PumpOnce(std::chrono::milliseconds(500));
      if (!pumped.ok()) {
        LogWarning("stage events wait", {{"error", pumped.status().ToString()}});
        stop_.WaitForNotificationWithTimeout(kErrorPause);
      }
    }
  });
}

void EventPump::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<bool> Reconciler::QueueWasWiped() {
  DUBAN_ASSIGN_OR_RETURN(const std::string current, queue_.Epoch());
  DUBAN_ASSIGN_OR_RETURN(const std::string noted, store_.QueueEpoch());
  if (current == noted) return false;
  return store_.SwapQueueEpoch(noted, current);
}

absl::StatusOr<int64_t> Reconciler::MissingTasks() {
  // Documents first: one that is done between the two counts only makes the difference smaller.
  DUBAN_ASSIGN_OR_RETURN(const auto counts, store_.Counts());
  int64_t tasks = 0;
  for (const auto stage : {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK}) {
    DUBAN_ASSIGN_OR_RETURN(const Backlog backlog, queue_.GetBacklog(stage));
    tasks += backlog.total();
  }
  return std::max<int64_t>(0, CountUnfinished(counts) - tasks);
}

absl::StatusOr<int64_t> Reconciler::PutUp(absl::Time quiet_since, int64_t most) {
  int64_t put_up = 0;
  while (put_up < most && !stop_.HasBeenNotified()) {
    const auto limit = static_cast<int>(std::min<int64_t>(options_.batch_size, most - put_up));
    DUBAN_ASSIGN_OR_RETURN(const auto documents, store_.Unfinished(quiet_since, limit));
    if (documents.empty()) break;
    std::vector<v1::Task> tasks;
    std::vector<std::string> ids;
    for (const UnfinishedDocument& document : documents) {
      tasks.push_back(NextTask(document.id, document.revision, document.state, document.traceparent));
      ids.push_back(document.id);
    }
    DUBAN_RETURN_IF_ERROR(queue_.Enqueue(tasks));
    // Moves their last sign of life to now, so that the next turn of the loop finds others.
    DUBAN_RETURN_IF_ERROR(store_.MarkEnqueued(ids));
    put_up += static_cast<int64_t>(tasks.size());
  }
  return put_up;
}

absl::StatusOr<int64_t> Reconciler::ReconcileOnce() {
  DUBAN_ASSIGN_OR_RETURN(const absl::Time now, store_.Now());
  DUBAN_ASSIGN_OR_RETURN(const bool wiped, QueueWasWiped());
  if (wiped) return PutUp(now, std::numeric_limits<int64_t>::max());
  DUBAN_ASSIGN_OR_RETURN(const int64_t missing, MissingTasks());
  return PutUp(now - options_.quiet, missing);
}

void Reconciler::Start() {
  thread_ = std::thread([this] {
    do {
      const auto put_up = ReconcileOnce();
      if (!put_up.ok()) {
        LogWarning("reconciling waits", {{"error", put_up.status().ToString()}});
      } else if (*put_up > 0) {
        LogWarning("lost tasks put up again", {{"count", *put_up}});
      }
    } while (!stop_.WaitForNotificationWithTimeout(options_.interval));
  });
}

void Reconciler::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

}  // namespace duban
