// SPDX-License-Identifier: Apache-2.0
// Threads: `threads` loops that take, work and settle, and one that keeps: heartbeats, due retries, health. The keeper
// ends last, so that leases stay alive until the loops have settled them.
//
// A document that kills its worker must not take others along, so whatever is suspect is worked alone:
//   - a task of a dead worker is reclaimed singly, and by one thread of this worker at a time. If it kills again, only
//   its own
//     delivery count rises (and that of batches that other threads happen to hold, which were first deliveries);
//   - a task that failed before (attempt > 0) gets a Process call to itself.
#include "common/worker/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/backoff.h"
#include "common/base/status.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"
#include "common/worker/lease_keeper.h"
#include "common/worker/settler.h"
#include "common/worker/verdict.h"

namespace duban {
namespace {

// After a failed poll, and after an outage of what the handler needs.
constexpr BackoffOptions kPollBackoff{.initial = std::chrono::milliseconds(200), .max = std::chrono::seconds(5)};
constexpr BackoffOptions kOutageBackoff{.initial = std::chrono::milliseconds(500), .max = std::chrono::seconds(15)};
// Due retries moved in one call.
constexpr int kMoveDueMax = 1000;
// Consumers of pods that are gone.
constexpr absl::Duration kIdleConsumerSweep = absl::Minutes(5);
constexpr std::chrono::milliseconds kIdleConsumerAge = std::chrono::hours(1);

std::chrono::milliseconds Millis(absl::Duration duration) { return absl::ToChronoMilliseconds(duration); }

// A number from [0, 1).
double Random() { return static_cast<double>(SystemRandom() >> 11) * 0x1.0p-53; }

absl::Status Validate(const WorkerOptions& o) {
  if (o.stage == v1::Task::STAGE_UNSPECIFIED) return InvalidField("stage", "unspecified, want the stage to work");
  if (o.consumer.empty()) return InvalidField("consumer", "empty, want a name unique among the workers");
  if (o.batch_size < 1) return InvalidField("batch_size", fmt::format("{}, want 1 or more", o.batch_size));
  if (o.threads < 1) return InvalidField("threads", fmt::format("{}, want 1 or more", o.threads));
  if (o.heartbeat_interval <= absl::ZeroDuration() || o.lease < 2 * o.heartbeat_interval) {
    return InvalidField(
        "lease", fmt::format("{} with a heartbeat every {}, want two heartbeats or more", absl::FormatDuration(o.lease),
                             absl::FormatDuration(o.heartbeat_interval)));
  }
  return absl::OkStatus();
}

VerdictPolicy Policy(const WorkerOptions& o) {
  return {.max_deliveries = o.max_deliveries,
          .max_attempts = o.max_attempts,
          .backoff = {.initial = Millis(o.first_backoff), .max = Millis(o.max_backoff)},
          .max_outage = o.max_outage};
}

}  // namespace

class Worker::Impl {
 public:
  Impl(WorkerOptions options, TaskQueue* queue, StageHandler* handler, Metrics* metrics)
      : options_(std::move(options)),
        policy_(Policy(options_)),
        queue_(queue),
        handler_(handler),
        keeper_(queue),
        settler_(options_.stage, options_.next_stage, options_.lease, queue, metrics),
        labels_{{"stage", v1::Task::Stage_Name(options_.stage)}},
        batch_seconds_(metrics->Histogram("duban_worker_batch_seconds", "Time of one batch in the handler.", labels_)),
        queue_wait_seconds_(metrics->Histogram("duban_worker_queue_wait_seconds",
                                               "Time from a task's being put up to its first being taken.", labels_,
                                               Metrics::WaitBuckets())),
        leases_lost_(metrics->Counter("duban_worker_leases_lost_total",
                                      "Leases that others took over while this worker held them.", labels_)),
        progress_(static_cast<size_t>(std::max(options_.threads, 1))) {}

  absl::Status Start(std::function<void(bool)> on_health) {
    DUBAN_RETURN_IF_ERROR(Validate(options_));
    on_health_ = std::move(on_health);
    for (auto& progress : progress_) loops_.emplace_back([this, &progress] { Loop(&progress); });
    keeper_thread_ = std::thread([this] { Keep(); });
    LogInfo("worker started", {{"stage", labels_.at("stage")}, {"consumer", options_.consumer}});
    return absl::OkStatus();
  }

  void Drain() {
    stop_loops_.Set();
    absl::MutexLock lock(&drain_mutex_);
    for (std::thread& loop : loops_) loop.join();
    loops_.clear();
    stop_keeper_.Set();
    if (!keeper_thread_.joinable()) return;
    keeper_thread_.join();
    LogInfo("worker drained", {{"stage", labels_.at("stage")}, {"consumer", options_.consumer}});
  }

  bool Healthy() const {
    const absl::Time oldest = absl::Now() - options_.stall_after;
    return std::all_of(progress_.begin(), progress_.end(), [oldest](const std::atomic<int64_t>& at) {
      return at > 0 && absl::FromUnixMillis(at) >= oldest;
    });
  }

 private:
  // A flag to wait for.
  class Flag {
   public:
    void Set() {
      absl::MutexLock lock(&mutex_);
      set_ = true;
    }
    bool IsSet() const {
      absl::ReaderMutexLock lock(&mutex_);
      return set_;
    }
    // Waits at most `timeout`; whether the flag is set.
    bool Wait(absl::Duration timeout) const {
      absl::ReaderMutexLock lock(&mutex_);
      return mutex_.AwaitWithTimeout(absl::Condition(&set_), timeout);
    }

   private:
    mutable absl::Mutex mutex_;
    bool set_ ABSL_GUARDED_BY(mutex_) = false;
  };

  bool Stopping() const { return stop_loops_.IsSet(); }

  void Loop(std::atomic<int64_t>* progress) {
    int failed_polls = 0;
    int outages = 0;
    while (!Stopping()) {
      const bool outage = ReclaimFromTheDead(progress) || TakeAndWork(progress, &failed_polls);
      if (failed_polls == 0) *progress = absl::ToUnixMillis(absl::Now());
      outages = outage ? outages + 1 : 0;
      if (failed_polls > 0) stop_loops_.Wait(absl::FromChrono(Backoff(kPollBackoff, failed_polls - 1, Random())));
      if (outage) stop_loops_.Wait(absl::FromChrono(Backoff(kOutageBackoff, outages - 1, Random())));
    }
  }

  // Whether the handler met an outage.
  bool TakeAndWork(std::atomic<int64_t>* progress, int* failed_polls) {
    auto leases = queue_->Take(
        options_.stage,
        {.consumer = options_.consumer, .max_tasks = options_.batch_size, .max_wait = Millis(options_.poll)});
    if (!leases.ok()) {
      ++*failed_polls;
      settler_.CountQueueError("take", leases.status());
      return false;
    }
    *failed_polls = 0;
    keeper_.Hold(*leases);
    for (const Lease& lease : *leases) {
      if (lease.task.attempt() > 0) continue;
      queue_wait_seconds_.Observe(absl::ToDoubleSeconds(Age(lease.task, absl::Now())));
    }
    const auto suspects = std::stable_partition(leases->begin(), leases->end(),
                                                [](const Lease& lease) { return lease.task.attempt() == 0; });
    bool outage = WorkUnlessOver({leases->begin(), suspects}, false, progress);
    for (auto suspect = suspects; suspect != leases->end(); ++suspect)
      outage = WorkUnlessOver({&*suspect, 1}, outage, progress);
    return outage;
  }

  // Works what dead workers held, one task at a time. Whether the handler met an outage.
  bool ReclaimFromTheDead(std::atomic<int64_t>* progress) {
    if (!reclaim_mutex_.TryLock()) return false;
    bool outage = false;
    while (!Stopping() && !outage && absl::Now() >= next_reclaim_) {
      const auto leases =
          queue_->Reclaim(options_.stage, {.consumer = options_.consumer, .max_tasks = 1}, Millis(options_.lease));
      if (!leases.ok()) settler_.CountQueueError("reclaim", leases.status());
      if (!leases.ok() || leases->empty()) {
        next_reclaim_ = absl::Now() + options_.reclaim_interval;
        break;
      }
      keeper_.Hold(*leases);
      if (DeliveredTooOften(leases->front(), policy_)) {
        const Verdict dead{.kind = Verdict::Kind::kGiveUp, .reason = DeliveredTooOftenReason(leases->front())};
        SettleAndDrop(*leases, {&dead, 1});
      } else {
        outage = WorkUnlessOver(*leases, false, progress);
      }
    }
    reclaim_mutex_.Unlock();
    return outage;
  }

  // Works the leases, or gives them back if the worker is stopping or an outage is on. Whether an outage is on now.
  bool WorkUnlessOver(std::span<const Lease> leases, bool outage, std::atomic<int64_t>* progress) {
    if (leases.empty()) return outage;
    if (Stopping() || outage) {
      const std::vector<Verdict> release(leases.size(), Verdict{.kind = Verdict::Kind::kRelease});
      SettleAndDrop(leases, release);
      return outage;
    }
    const std::vector<absl::Status> statuses = Process(leases);
    // At every batch: a thread that works through many tasks singly polls seldom.
    *progress = absl::ToUnixMillis(absl::Now());
    SettleAndDrop(leases, Judge(leases, statuses, policy_, absl::Now(), Random));
    if (!std::all_of(statuses.begin(), statuses.end(), IsOutage)) return false;
    LogWarning("outage, tasks put back",
               {{"stage", labels_.at("stage")}, {"count", leases.size()}, {"error", statuses.front().ToString()}});
    return true;
  }

  // Calls the handler with each (document, revision) once; a twin gets the status of the first.
  std::vector<absl::Status> Process(std::span<const Lease> leases) {
    std::vector<v1::Task> tasks;
    std::vector<size_t> place;
    std::map<std::pair<std::string, int32_t>, size_t> known;
    for (const Lease& lease : leases) {
      const auto [entry, added] = known.try_emplace({lease.task.document(), lease.task.revision()}, tasks.size());
      if (added) tasks.push_back(lease.task);
      place.push_back(entry->second);
    }
    const absl::Time start = absl::Now();
    const std::vector<absl::Status> answers = handler_->Process(tasks);
    batch_seconds_.Observe(absl::ToDoubleSeconds(absl::Now() - start));
    if (answers.size() != tasks.size()) {
      return std::vector<absl::Status>(
          leases.size(),
          absl::InternalError(fmt::format("the handler answered for {} of {} tasks", answers.size(), tasks.size())));
    }
    std::vector<absl::Status> statuses;
    for (const size_t i : place) statuses.push_back(answers[i]);
    return statuses;
  }

  void SettleAndDrop(std::span<const Lease> leases, std::span<const Verdict> verdicts) {
    settler_.Settle(leases, verdicts, [this](absl::Duration at_most) { return stop_loops_.Wait(at_most); });
    keeper_.Drop(leases);
  }

  void Keep() {
    absl::Time next_beat = absl::InfinitePast(), next_move = next_beat;
    absl::Time next_sweep = absl::Now() + kIdleConsumerSweep;
    bool healthy = false;
    on_health_(healthy);
    const absl::Duration tick = std::min({options_.heartbeat_interval, options_.move_due_interval, absl::Seconds(1)});
    do {
      const absl::Time now = absl::Now();
      if (now >= next_beat) {
        next_beat = now + options_.heartbeat_interval;
        const auto lost = keeper_.Beat();
        if (!lost.ok()) settler_.CountQueueError("heartbeat", lost.status());
        if (lost.ok()) leases_lost_.Increment(*lost);
      }
      if (now >= next_move) {
        const auto moved = queue_->MoveDue(kMoveDueMax);
        if (!moved.ok()) settler_.CountQueueError("move_due", moved.status());
        // A full answer: more may be due.
        next_move = moved.ok() && *moved >= kMoveDueMax ? now : now + options_.move_due_interval;
      }
      if (now >= next_sweep) {
        next_sweep = now + kIdleConsumerSweep;
        const auto removed = queue_->RemoveIdleConsumers(kIdleConsumerAge);
        if (!removed.ok()) settler_.CountQueueError("remove_idle_consumers", removed.status());
      }
      if (Healthy() != healthy) {
        healthy = !healthy;
        LogInfo("health", {{"stage", labels_.at("stage")}, {"healthy", healthy}});
        on_health_(healthy);
      }
    } while (!stop_keeper_.Wait(tick));
  }

  const WorkerOptions options_;
  const VerdictPolicy policy_;
  TaskQueue* const queue_;
  StageHandler* const handler_;
  LeaseKeeper keeper_;
  Settler settler_;
  const Metrics::Labels labels_;
  prometheus::Histogram& batch_seconds_;
  prometheus::Histogram& queue_wait_seconds_;
  prometheus::Counter& leases_lost_;

  std::function<void(bool)> on_health_;
  // Per thread: when it last polled the queue or ended a batch, Unix ms; 0 before the first time.
  std::vector<std::atomic<int64_t>> progress_;
  Flag stop_loops_;
  Flag stop_keeper_;
  absl::Mutex drain_mutex_;
  std::vector<std::thread> loops_;
  std::thread keeper_thread_;
  absl::Mutex reclaim_mutex_;
  absl::Time next_reclaim_ ABSL_GUARDED_BY(reclaim_mutex_) = absl::InfinitePast();
};

Worker::Worker(WorkerOptions options, TaskQueue* queue, StageHandler* handler, Metrics* metrics)
    : impl_(std::make_unique<Impl>(std::move(options), queue, handler, metrics)) {}

Worker::~Worker() { Drain(); }

absl::Status Worker::Start(std::function<void(bool healthy)> on_health) { return impl_->Start(std::move(on_health)); }

void Worker::Drain() { impl_->Drain(); }

bool Worker::Healthy() const { return impl_->Healthy(); }

}  // namespace duban
