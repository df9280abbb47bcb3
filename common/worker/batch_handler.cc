// SPDX-License-Identifier: Apache-2.0
#include "common/worker/batch_handler.h"

#include "common/worker/verdict.h"

namespace duban {

std::vector<absl::Status> BatchHandler::Process(std::span<const v1::Task> tasks) {
  const absl::Status status = ProcessBatch(tasks);
  std::vector<absl::Status> statuses(tasks.size(), status);
  if (status.ok() || tasks.size() == 1 || IsOutage(status)) return statuses;
  for (size_t i = 0; i < tasks.size(); ++i) statuses[i] = ProcessBatch(tasks.subspan(i, 1));
  return statuses;
}

}  // namespace duban
