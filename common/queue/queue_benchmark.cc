// SPDX-License-Identifier: Apache-2.0
//
// Tasks per second through a queue: enqueue, take and complete with hand-over, in batches of 1, 16, 64, by one worker
// thread and by two.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "common/queue/memory_task_queue.h"
#include "common/queue/redis_task_queue.h"
#include "common/testing/redis_server.h"

namespace duban {
namespace {

std::vector<v1::Task> NewTasks(int64_t count) {
  v1::Task task;
  task.set_document("documents/0123456789abcdef0123456789abcdef");
  task.set_stage(v1::Task::TRACK);
  task.set_revision(1);
  task.set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  task.set_enqueue_time_ms(1700000000000);
  return std::vector<v1::Task>(static_cast<size_t>(count), task);
}

// One batch through its whole life.
bool Cycle(TaskQueue& queue, const std::vector<v1::Task>& tasks, const std::string& consumer) {
  if (!queue.Enqueue(tasks).ok()) return false;
  const auto leases = queue.Take(v1::Task::TRACK, {.consumer = consumer, .max_tasks = static_cast<int>(tasks.size())});
  if (!leases.ok()) return false;
  std::vector<Completion> completions;
  for (const Lease& lease : *leases) completions.push_back({lease, std::nullopt, DoneEvent(lease.task)});
  if (!queue.CompleteBatch(completions).ok()) return false;
  const auto events = queue.ReadEvents({.consumer = consumer, .max_tasks = static_cast<int>(tasks.size())});
  if (!events.ok()) return false;
  std::vector<std::string> ids;
  for (const ReceivedEvent& event : *events) ids.push_back(event.id);
  return queue.AckEvents(ids).ok();
}

void Run(benchmark::State& state, TaskQueue& queue) {
  const auto tasks = NewTasks(state.range(0));
  const std::string consumer = "worker-" + std::to_string(state.thread_index());
  for (auto _ : state) {
    if (!Cycle(queue, tasks, consumer)) state.SkipWithError("queue failed");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Memory(benchmark::State& state) {
  static TaskQueue* const queue = NewMemoryTaskQueue({}).release();
  Run(state, *queue);
}

void BM_Redis(benchmark::State& state) {
  static auto* const server = new std::unique_ptr<testing::RedisServer>(std::make_unique<testing::RedisServer>());
  static TaskQueue* const queue =
      RedisTaskQueue::Create(*RedisClient::Create({.address = (*server)->address()}), {})->release();
  Run(state, *queue);
}

BENCHMARK(BM_Memory)->Arg(1)->Arg(16)->Arg(64)->UseRealTime();
BENCHMARK(BM_Redis)->Arg(1)->Arg(16)->Arg(64)->Threads(1)->Threads(2)->UseRealTime();

}  // namespace
}  // namespace duban
