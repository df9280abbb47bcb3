// SPDX-License-Identifier: Apache-2.0
#include "common/worker/batch_handler.h"

#include <functional>

#include "common/worker/upstream.h"
#include "common/worker/verdict.h"

namespace duban {
namespace {

std::vector<absl::Status> RunBatch(std::span<const v1::Task> tasks,
                                   const std::function<absl::Status(std::span<const v1::Task>)>& run) {
  if (tasks.empty()) return {};
  const absl::Status status = run(tasks);
  std::vector<absl::Status> statuses(tasks.size(), status);
  if (status.ok() || tasks.size() == 1 || IsOutage(status)) return statuses;
  for (size_t i = 0; i < tasks.size(); ++i) statuses[i] = run(tasks.subspan(i, 1));
  return statuses;
}

// OK if `status` is NOT_FOUND because the task is superseded.
absl::Status ForgiveSuperseded(v1::IngestService::StubInterface& ingest, const v1::Task& task,
                               const absl::Status& status) {
  if (!absl::IsNotFound(status)) return status;
  const auto superseded = IsSuperseded(ingest, task.document(), task.revision(), task.traceparent());
  if (!superseded.ok()) return superseded.status();
  return *superseded ? absl::OkStatus() : status;
}

}  // namespace

std::vector<absl::Status> BatchHandler::Process(std::span<const v1::Task> tasks) {
  std::vector<v1::Task> removals, others;
  for (const v1::Task& task : tasks) (task.removal() ? removals : others).push_back(task);
  const auto removed = RunBatch(removals, [this](std::span<const v1::Task> some) { return RemoveBatch(some); });
  const auto processed = RunBatch(others, [this](std::span<const v1::Task> some) { return ProcessBatch(some); });
  std::vector<absl::Status> statuses;
  auto next_removed = removed.begin(), next_processed = processed.begin();
  for (const v1::Task& task : tasks) {
    statuses.push_back(task.removal() ? *next_removed++ : ForgiveSuperseded(ingest_, task, *next_processed++));
  }
  return statuses;
}

}  // namespace duban
