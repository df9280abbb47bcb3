// SPDX-License-Identifier: Apache-2.0
// The task queue in the memory of one process: for tests and for a pipeline in one program.
//
//   std::unique_ptr<TaskQueue> queue = NewMemoryTaskQueue({});
//
// Keeps TaskQueue's whole contract (task_queue_contract_test.cc); its content ends with the object. Thread-safe.

#pragma once

#include <chrono>
#include <memory>

#include "common/queue/task_queue.h"

namespace duban {

struct MemoryTaskQueueOptions {
  // As RedisTaskQueueOptions::event_min_idle.
  std::chrono::milliseconds event_min_idle{std::chrono::seconds(30)};
};

std::unique_ptr<TaskQueue> NewMemoryTaskQueue(MemoryTaskQueueOptions options);

}  // namespace duban
