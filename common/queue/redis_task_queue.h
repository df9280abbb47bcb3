// SPDX-License-Identifier: Apache-2.0
// The task queue on Redis Streams (Redis 7.0 or later). README.md in this folder is the page of its keys and entries.
//
//   DUBAN_ASSIGN_OR_RETURN(auto queue, RedisTaskQueue::Create(std::move(redis), {.prefix = "duban"}));
//
// Streams and groups are made when they are missed, so that a wiped Redis heals by itself; what it held comes back
// through ingest's reconciler, which sees the new Epoch(). Redis must run with maxmemory-policy noeviction.
// Thread-safe.

#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/queue/task_queue.h"
#include "common/redis/redis_client.h"

namespace duban {

struct RedisTaskQueueOptions {
  // Every key begins with {prefix}. Queues with different prefixes share a server without meeting. Letters, digits, -
  // and _ only.
  std::string prefix = "duban";
  // After this time an event that was read and not acknowledged is given to whoever asks. 0: at once, also while it is
  // worked on.
  std::chrono::milliseconds event_min_idle{std::chrono::seconds(30)};
};

class RedisTaskQueue {
 public:
  // Does not connect. INVALID_ARGUMENT names the option that makes no sense.
  static absl::StatusOr<std::unique_ptr<TaskQueue>> Create(std::unique_ptr<RedisClient> redis,
                                                           RedisTaskQueueOptions options);
};

}  // namespace duban
