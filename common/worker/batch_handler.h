// SPDX-License-Identifier: Apache-2.0
// common/worker/batch_handler.h: a stage that fetches, computes and commits a whole batch at once, without one bad
// document spoiling the others.
//
//   class SegmentHandler : public BatchHandler {
//     absl::Status ProcessBatch(std::span<const v1::Task> tasks) override { fetch all; compute all; commit all in one
//     transaction; }
//   };

#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/worker/worker.h"

namespace duban {

class BatchHandler : public StageHandler {
 public:
  // One status per task. When the batch fails for a reason that one task may have brought (a missing document, an
  // answer too large), each task is tried alone; when a server is out of reach or too slow, all tasks get that status
  // at once.
  std::vector<absl::Status> Process(std::span<const v1::Task> tasks) final;

 protected:
  // All or nothing: OK if the results of all tasks are committed. Safe to repeat: results are upserts. `tasks` is never
  // empty.
  virtual absl::Status ProcessBatch(std::span<const v1::Task> tasks) = 0;
};

}  // namespace duban
