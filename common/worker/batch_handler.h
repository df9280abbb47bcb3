// SPDX-License-Identifier: Apache-2.0
// common/worker/batch_handler.h: a stage that fetches, computes and commits a whole batch at once, without one bad
// document spoiling the others.
//
//   class SegmentHandler : public BatchHandler {
//     absl::Status ProcessBatch(std::span<const v1::Task> tasks) override { fetch all; compute all; commit all in one
//     transaction; }
//     absl::Status RemoveBatch(std::span<const v1::Task> tasks) override { drop all in one transaction; }
//   };
//
// Thread-safe if the two are.

#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/worker/worker.h"
#include "duban/v1/ingest_service.grpc.pb.h"

namespace duban {

class BatchHandler : public StageHandler {
 public:
  // `ingest` knows the revision of each document; it must outlive the handler.
  explicit BatchHandler(v1::IngestService::StubInterface* ingest) : ingest_(*ingest) {}

  // One status per task; removals and other tasks are batches of their own. When a batch fails for a reason that one
  // task may have brought (a missing document, an answer too large), each task is tried alone; when a server is out of
  // reach or too slow, all tasks get that status at once. A task that is NOT_FOUND and superseded (IsSuperseded of
  // upstream.h) is OK: nobody waits for its result any more.
  std::vector<absl::Status> Process(std::span<const v1::Task> tasks) final;

 protected:
  // Works tasks, none of them a removal. All or nothing: OK if the results of all tasks are committed. Safe to repeat:
  // results are upserts. `tasks` is never empty.
  virtual absl::Status ProcessBatch(std::span<const v1::Task> tasks) = 0;

  // Drops what the stage holds of the documents of removal tasks, up to each task's revision, and sees to it that a
  // late task of such a revision cannot bring it back. All or nothing, safe to repeat; `tasks` is never empty.
  virtual absl::Status RemoveBatch(std::span<const v1::Task> tasks) = 0;

  v1::IngestService::StubInterface& ingest() const { return ingest_; }

 private:
  v1::IngestService::StubInterface& ingest_;
};

}  // namespace duban
