// SPDX-License-Identifier: Apache-2.0
#include "common/queue/memory_task_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "common/queue/entry_group.h"
#include "common/queue/queue_internal.h"

namespace duban {
namespace {

using namespace queue_internal;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

int64_t UnixMs() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string NewEpoch() {
  static std::atomic<int64_t> count{0};
  return fmt::format("memory-{}-{}", UnixMs(), ++count);
}

struct StageQueue {
  EntryGroup<v1::Task> tasks;
  std::multimap<Clock::time_point, v1::Task> delayed;
};

class Queue : public TaskQueue {
 public:
  explicit Queue(const MemoryTaskQueueOptions& options) : event_min_idle_(options.event_min_idle), epoch_(NewEpoch()) {}

  absl::Status Enqueue(std::span<const v1::Task> tasks) override {
    DUBAN_RETURN_IF_ERROR(CheckTasks(tasks));
    absl::MutexLock lock(&mutex_);
    for (const v1::Task& task : tasks) PutUp(task);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Lease>> Take(v1::Task::Stage stage, const LeaseOptions& options) override {
    DUBAN_RETURN_IF_ERROR(CheckStage(stage));
    DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
    absl::MutexLock lock(&mutex_);
    auto& tasks = stages_[stage].tasks;
    WaitForEntries(tasks, options.max_wait);
    return ToLeases(options.consumer, tasks.Take(options.consumer, options.max_tasks, Clock::now()));
  }

  absl::StatusOr<std::vector<Lease>> Reclaim(v1::Task::Stage stage, const LeaseOptions& options,
                                             milliseconds min_idle) override {
    DUBAN_RETURN_IF_ERROR(CheckStage(stage));
    DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
    absl::MutexLock lock(&mutex_);
    return ToLeases(options.consumer,
                    stages_[stage].tasks.Reclaim(options.consumer, options.max_tasks, min_idle, Clock::now()));
  }

  absl::StatusOr<std::vector<std::string>> Heartbeat(std::span<const Lease> leases) override {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> lost;
    for (const Lease& lease : leases) {
      DUBAN_RETURN_IF_ERROR(CheckStage(lease.task.stage()));
      if (!stages_[lease.task.stage()].tasks.Touch(lease.consumer, lease.id, Clock::now())) lost.push_back(lease.id);
    }
    return lost;
  }

  absl::StatusOr<std::vector<bool>> CompleteBatch(std::span<const Completion> completions) override {
    DUBAN_RETURN_IF_ERROR(CheckCompletions(completions));
    absl::MutexLock lock(&mutex_);
    std::vector<bool> ended;
    for (const Completion& completion : completions) {
      ended.push_back(stages_[completion.lease.task.stage()].tasks.Remove(completion.lease.id));
      if (!ended.back()) continue;
      if (completion.next.has_value()) PutUp(*completion.next);
      Tell(completion.event);
    }
    return ended;
  }

  absl::StatusOr<bool> Retry(const Lease& lease, milliseconds delay, std::string_view error) override {
    return PutBack(lease, RetriedTask(lease.task, error), delay);
  }

  absl::StatusOr<bool> Release(const Lease& lease) override { return PutBack(lease, lease.task, milliseconds(0)); }

  absl::StatusOr<bool> GiveUp(const Lease& lease, std::string_view reason) override {
    DUBAN_RETURN_IF_ERROR(CheckStage(lease.task.stage()));
    absl::MutexLock lock(&mutex_);
    auto& tasks = stages_[lease.task.stage()].tasks;
    const int64_t deliveries = tasks.DeliveriesTo(lease.consumer, lease.id);
    if (deliveries == 0) return false;
    tasks.Remove(lease.id);
    const uint64_t number = ++last_dead_;
    dead_[number] = {.id = fmt::format("{}-0", number),
                     .task = lease.task,
                     .reason = ShortError(reason),
                     .deliveries = deliveries,
                     .dead_time_ms = UnixMs()};
    Tell(DeadEvent(lease.task, reason));
    return true;
  }

  absl::StatusOr<int64_t> MoveDue(int max) override {
    if (max <= 0) return InvalidField("max", fmt::format("{}, want above 0", max));
    absl::MutexLock lock(&mutex_);
    const Clock::time_point now = Clock::now();
    int64_t moved = 0;
    for (auto& [stage, queue] : stages_) {
      auto& delayed = queue.delayed;
      for (int i = 0; i < max && !delayed.empty() && delayed.begin()->first <= now; ++i, ++moved) {
        PutUp(delayed.begin()->second);
        delayed.erase(delayed.begin());
      }
    }
    return moved;
  }

  absl::StatusOr<Backlog> GetBacklog(v1::Task::Stage stage) override {
    DUBAN_RETURN_IF_ERROR(CheckStage(stage));
    absl::MutexLock lock(&mutex_);
    const StageQueue& queue = stages_[stage];
    return Backlog{.waiting = static_cast<int64_t>(queue.tasks.waiting()),
                   .leased = static_cast<int64_t>(queue.tasks.held()),
                   .delayed = static_cast<int64_t>(queue.delayed.size())};
  }

  absl::StatusOr<DeadLetterPage> ListDeadLetters(int page_size, std::string_view page_token) override {
    DUBAN_RETURN_IF_ERROR(CheckPage(page_size, page_token));
    absl::MutexLock lock(&mutex_);
    DeadLetterPage page;
    for (auto it = page_token.empty() ? dead_.begin() : dead_.upper_bound(Number(std::string(page_token)));
         it != dead_.end(); ++it) {
      if (page.letters.size() == static_cast<size_t>(page_size)) {
        page.next_page_token = page.letters.back().id;
        break;
      }
      page.letters.push_back(it->second);
    }
    return page;
  }

  absl::StatusOr<int64_t> CountDeadLetters() override {
    absl::MutexLock lock(&mutex_);
    return static_cast<int64_t>(dead_.size());
  }

  absl::StatusOr<int64_t> Redrive(std::span<const std::string> ids) override {
    DUBAN_RETURN_IF_ERROR(CheckIds(ids));
    absl::MutexLock lock(&mutex_);
    int64_t redriven = 0;
    for (const std::string& id : ids) {
      auto node = dead_.extract(Number(id));
      if (node.empty()) continue;
      PutUp(RedrivenTask(node.mapped().task, absl::Now()));
      ++redriven;
    }
    return redriven;
  }

  absl::StatusOr<int64_t> Drop(std::span<const std::string> ids) override {
    DUBAN_RETURN_IF_ERROR(CheckIds(ids));
    absl::MutexLock lock(&mutex_);
    int64_t dropped = 0;
    for (const std::string& id : ids) dropped += static_cast<int64_t>(dead_.erase(Number(id)));
    return dropped;
  }

  absl::StatusOr<std::vector<ReceivedEvent>> ReadEvents(const LeaseOptions& options) override {
    DUBAN_RETURN_IF_ERROR(CheckLeaseOptions(options));
    absl::MutexLock lock(&mutex_);
    auto entries = events_.Reclaim(options.consumer, options.max_tasks, event_min_idle_, Clock::now());
    if (entries.empty()) {
      WaitForEntries(events_, options.max_wait);
      entries = events_.Take(options.consumer, options.max_tasks, Clock::now());
    }
    std::vector<ReceivedEvent> events;
    events.reserve(entries.size());
    for (auto& entry : entries) events.push_back({std::move(entry.id), std::move(entry.payload)});
    return events;
  }

  absl::Status AckEvents(std::span<const std::string> ids) override {
    DUBAN_RETURN_IF_ERROR(CheckIds(ids));
    absl::MutexLock lock(&mutex_);
    for (const std::string& id : ids) events_.Remove(id);
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> RemoveIdleConsumers(milliseconds min_idle) override {
    absl::MutexLock lock(&mutex_);
    const Clock::time_point now = Clock::now();
    int64_t removed = events_.RemoveIdleConsumers(min_idle, now);
    for (auto& [stage, queue] : stages_) removed += queue.tasks.RemoveIdleConsumers(min_idle, now);
    return removed;
  }

  absl::StatusOr<std::string> Epoch() override { return epoch_; }
  absl::Status Ping() override { return absl::OkStatus(); }

 private:
  static uint64_t Number(const std::string& id) { return std::strtoull(id.c_str(), nullptr, 10); }

  void PutUp(v1::Task task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const v1::Task::Stage stage = task.stage();
    stages_[stage].tasks.Add(std::move(task));
    arrived_.SignalAll();
  }

  void Tell(v1::StageEvent event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    events_.Add(std::move(event));
    arrived_.SignalAll();
  }

  template <typename Group>
  void WaitForEntries(const Group& group, milliseconds max_wait) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Time deadline = absl::Now() + absl::FromChrono(max_wait);
    while (group.waiting() == 0 && !arrived_.WaitWithDeadline(&mutex_, deadline)) {
    }
  }

  static std::vector<Lease> ToLeases(const std::string& consumer, std::vector<EntryGroup<v1::Task>::Entry> entries) {
    std::vector<Lease> leases;
    leases.reserve(entries.size());
    for (auto& entry : entries) {
      leases.push_back({std::move(entry.id), std::move(entry.payload), consumer, entry.deliveries});
    }
    return leases;
  }

  absl::StatusOr<bool> PutBack(const Lease& lease, v1::Task task, milliseconds delay) {
    DUBAN_RETURN_IF_ERROR(CheckStage(task.stage()));
    absl::MutexLock lock(&mutex_);
    StageQueue& queue = stages_[task.stage()];
    if (queue.tasks.DeliveriesTo(lease.consumer, lease.id) == 0) return false;
    queue.tasks.Remove(lease.id);
    if (delay.count() <= 0) {
      PutUp(std::move(task));
    } else {
      queue.delayed.emplace(Clock::now() + delay, std::move(task));
    }
    return true;
  }

  const milliseconds event_min_idle_;
  const std::string epoch_;
  absl::Mutex mutex_;
  absl::CondVar arrived_;
  std::map<v1::Task::Stage, StageQueue> stages_ ABSL_GUARDED_BY(mutex_);
  EntryGroup<v1::StageEvent> events_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, DeadLetter> dead_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_dead_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::unique_ptr<TaskQueue> NewMemoryTaskQueue(MemoryTaskQueueOptions options) {
  return std::make_unique<Queue>(options);
}

}  // namespace duban
