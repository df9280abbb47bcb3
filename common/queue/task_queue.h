// SPDX-License-Identifier: Apache-2.0
// The queue between the stages of the pipeline. Delivery is at least once; handing over to the next stage happens once.
//
//   DUBAN_ASSIGN_OR_RETURN(auto leases, queue->Take(v1::Task::EXTRACT, {.consumer = "pod-1", .max_tasks = 16}));
//   for (const Lease& lease : leases) {
//     …commit the result under (document, stage, revision) as an upsert…
//     v1::Task next = lease.task;  next.set_stage(v1::Task::TRACK);
//     DUBAN_ASSIGN_OR_RETURN(bool handed_over, queue->Complete({lease, next, DoneEvent(lease.task)}));
//   }
//
// A task is waiting, then leased by a consumer, then completed (or delayed for another try, given back, or dead). A
// lease lasts as long as its consumer heartbeats; others take over what has been silent for `min_idle` with Reclaim().
// Every stage has its own tasks, told by Task.stage; order is roughly first in, first out and means nothing.
//
// Time of delays and idleness is the queue's own clock (Redis TIME), never the caller's, so that machines need not
// agree on it.
//
// Backends: RedisTaskQueue (redis_task_queue.h) and MemoryTaskQueue (memory_task_queue.h); task_queue_contract_test.cc
// runs on both. Errors of every call: UNAVAILABLE out of reach; the call may have been done, and doing it again is safe
// (Enqueue: puts up the tasks again, whose results are upserts). RESOURCE_EXHAUSTED memory is full: only Enqueue,
// Redrive and Epoch answer it; what drains the queue goes on. INVALID_ARGUMENT names the field. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/task.pb.h"

namespace duban {

// A task in the hands of one consumer.
struct Lease {
  // Of the entry in its stage's queue; unique there.
  std::string id;
  v1::Task task;
  // Who holds it.
  std::string consumer;
  // How often this entry was delivered, this time included; above 1 a consumer has died with it (or was thought dead).
  int64_t deliveries = 1;
};

struct LeaseOptions {
  // Unique among the running workers, the same through one worker's life, e.g. the pod's name. Must not be empty.
  std::string consumer;
  // Must be above 0.
  int max_tasks = 1;
  // How long to wait for the first task. 0: not at all.
  std::chrono::milliseconds max_wait{0};
};

struct Completion {
  Lease lease;
  // Put up for its stage in the same step. Empty after the last stage.
  std::optional<v1::Task> next;
  // Told to ingest in the same step.
  v1::StageEvent event;
};

// What one stage still has to do.
struct Backlog {
  int64_t waiting = 0;
  int64_t leased = 0;
  int64_t delayed = 0;
  int64_t total() const { return waiting + leased + delayed; }
};

struct DeadLetter {
  // Of the entry in the dead letters; ids sort by the time of death.
  std::string id;
  v1::Task task;
  std::string reason;
  // How often the entry was delivered before it was given up.
  int64_t deliveries = 0;
  // Unix time in ms by the queue's clock.
  int64_t dead_time_ms = 0;
};

struct DeadLetterPage {
  std::vector<DeadLetter> letters;
  // Give it to ListDeadLetters for the next page. Empty: this is the last.
  std::string next_page_token;
};

struct ReceivedEvent {
  std::string id;
  v1::StageEvent event;
};

class TaskQueue {
 public:
  virtual ~TaskQueue() = default;

  // Puts up all tasks, each for its own stage, in one round trip. Their stage must be set. On an error some may have
  // been put up.
  virtual absl::Status Enqueue(std::span<const v1::Task> tasks) = 0;

  // Takes up to max_tasks waiting tasks; none if max_wait passes without one. What cannot be read as a task goes to the
  // dead letters.
  virtual absl::StatusOr<std::vector<Lease>> Take(v1::Task::Stage stage, const LeaseOptions& options) = 0;

  // Tells that the leases are still worked on, so that nobody reclaims them. Gives the ids of those that are no longer
  // their consumer's: taken over, completed or wiped. Their work is in vain and is best dropped. Never takes a lease
  // back.
  virtual absl::StatusOr<std::vector<std::string>> Heartbeat(std::span<const Lease> leases) = 0;

  // Ends each task, puts up its next, tells its event; each completion in one step, all in one round trip. One answer
  // per completion: true if this call ended the task, false if it had ended before or was wiped, and then nothing is
  // put up or told. Whoever of two holders comes first ends it: both have committed the same result.
  virtual absl::StatusOr<std::vector<bool>> CompleteBatch(std::span<const Completion> completions) = 0;
  absl::StatusOr<bool> Complete(const Completion& completion);

  // The next three act for the holder only and answer false, changing nothing, if the lease is no longer its
  // consumer's.
  //
  // Puts the task back for a try after `delay`, with attempt + 1 and `error` as its last_error (cut to kMaxErrorBytes).
  virtual absl::StatusOr<bool> Retry(const Lease& lease, std::chrono::milliseconds delay, std::string_view error) = 0;
  // Gives the task back as it was, at the end of the queue; its deliveries count from 1 again. For a worker that shuts
  // down.
  virtual absl::StatusOr<bool> Release(const Lease& lease) = 0;
  // Gives the task up: it goes to the dead letters with `reason` (cut to kMaxErrorBytes), and ingest is told DEAD.
  virtual absl::StatusOr<bool> GiveUp(const Lease& lease, std::string_view reason) = 0;

  // Takes over up to max_tasks tasks whose holder has been silent for min_idle, with their deliveries raised.
  // options.max_wait is not used. min_idle is best several heartbeats long.
  virtual absl::StatusOr<std::vector<Lease>> Reclaim(v1::Task::Stage stage, const LeaseOptions& options,
                                                     std::chrono::milliseconds min_idle) = 0;

  // Puts up delayed tasks of all stages whose time has come, at most `max` a stage, the longest due first. Gives their
  // number. Every worker may call it, about once a second.
  virtual absl::StatusOr<int64_t> MoveDue(int max) = 0;

  virtual absl::StatusOr<Backlog> GetBacklog(v1::Task::Stage stage) = 0;

  // Dead letters of all stages from the oldest on. `page_size` must be above 0; `page_token` is empty for the first
  // page.
  virtual absl::StatusOr<DeadLetterPage> ListDeadLetters(int page_size, std::string_view page_token) = 0;
  virtual absl::StatusOr<int64_t> CountDeadLetters() = 0;
  // Puts dead letters up again for their stage, with attempt 0, no last_error and the enqueue time of now (this
  // machine's clock). Gives how many; unknown ids and letters that hold no readable task do not count.
  virtual absl::StatusOr<int64_t> Redrive(std::span<const std::string> ids) = 0;
  // Removes dead letters. Gives how many there were.
  virtual absl::StatusOr<int64_t> Drop(std::span<const std::string> ids) = 0;

  // Up to max_tasks stage events, waiting up to max_wait for the first. First those that another consumer (or this one,
  // before a restart) read and has not acknowledged for the queue's event_min_idle. An event is given again until it is
  // acknowledged.
  virtual absl::StatusOr<std::vector<ReceivedEvent>> ReadEvents(const LeaseOptions& options) = 0;
  virtual absl::Status AckEvents(std::span<const std::string> ids) = 0;

  // Forgets consumers of all stages and of the events that hold nothing and have not asked for anything for `min_idle`.
  // Gives their number.
  virtual absl::StatusOr<int64_t> RemoveIdleConsumers(std::chrono::milliseconds min_idle) = 0;

  // A random token that lives as long as the queue's content: another one means that the queue was wiped. A loss of
  // only the last writes (README.md, drawbacks) does not change it.
  virtual absl::StatusOr<std::string> Epoch() = 0;

  // OK if the queue can be used now.
  virtual absl::Status Ping() = 0;

  // Longer errors and reasons are cut, so that a task stays small.
  static constexpr size_t kMaxErrorBytes = 1024;
};

// The event of a stage that has committed its result.
v1::StageEvent DoneEvent(const v1::Task& task);

}  // namespace duban
