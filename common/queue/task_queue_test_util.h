// SPDX-License-Identifier: Apache-2.0
// The fixture of TaskQueue's contract, which is run on every backend, and tasks for it.
//
//   TEST_P(TaskQueueTest, TasksComeInOrder) { Enqueue(3); EXPECT_THAT(Documents(Take("a", 2)), ElementsAre(…)); }

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/queue/task_queue.h"

namespace duban {

struct QueueBackend {
  const char* name;
  // A new, empty queue.
  std::function<std::unique_ptr<TaskQueue>(std::chrono::milliseconds event_min_idle)> make;
};

inline v1::Task NewTask(int number, v1::Task::Stage stage = v1::Task::SEGMENT) {
  v1::Task task;
  task.set_document("documents/" + std::to_string(number));
  task.set_stage(stage);
  task.set_revision(1);
  return task;
}

inline v1::Task Next(const v1::Task& task, v1::Task::Stage stage = v1::Task::EXTRACT) {
  v1::Task next = task;
  next.set_stage(stage);
  return next;
}

inline std::vector<std::string> Documents(const std::vector<Lease>& leases) {
  std::vector<std::string> documents;
  for (const Lease& lease : leases) documents.push_back(lease.task.document());
  return documents;
}

class TaskQueueTest : public ::testing::TestWithParam<QueueBackend> {
 protected:
  void Enqueue(int count, v1::Task::Stage stage = v1::Task::SEGMENT) {
    std::vector<v1::Task> tasks;
    for (int i = 1; i <= count; ++i) tasks.push_back(NewTask(i, stage));
    ASSERT_TRUE(queue_->Enqueue(tasks).ok());
  }
  std::vector<Lease> Take(const std::string& consumer, int max, v1::Task::Stage stage = v1::Task::SEGMENT) {
    auto leases = queue_->Take(stage, {.consumer = consumer, .max_tasks = max});
    EXPECT_TRUE(leases.ok()) << leases.status();
    return leases.value_or(std::vector<Lease>());
  }
  // Everything of the stage, as if all consumers had been silent for long.
  std::vector<Lease> Reclaim(const std::string& consumer, int max = 100) {
    auto leases =
        queue_->Reclaim(v1::Task::SEGMENT, {.consumer = consumer, .max_tasks = max}, std::chrono::milliseconds(0));
    EXPECT_TRUE(leases.ok()) << leases.status();
    return leases.value_or(std::vector<Lease>());
  }
  Backlog GetBacklog(v1::Task::Stage stage = v1::Task::SEGMENT) {
    auto backlog = queue_->GetBacklog(stage);
    EXPECT_TRUE(backlog.ok()) << backlog.status();
    return backlog.value_or(Backlog());
  }
  void ExpectBacklog(int64_t waiting, int64_t leased, int64_t delayed) {
    const Backlog backlog = GetBacklog();
    EXPECT_EQ(backlog.waiting, waiting);
    EXPECT_EQ(backlog.leased, leased);
    EXPECT_EQ(backlog.delayed, delayed);
  }
  std::vector<ReceivedEvent> Events(const std::string& consumer = "ingest-1", int max = 100) {
    auto events = queue_->ReadEvents({.consumer = consumer, .max_tasks = max});
    EXPECT_TRUE(events.ok()) << events.status();
    return events.value_or(std::vector<ReceivedEvent>());
  }

  std::unique_ptr<TaskQueue> queue_ = GetParam().make(std::chrono::seconds(30));
};

}  // namespace duban
