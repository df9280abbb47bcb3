// SPDX-License-Identifier: Apache-2.0
// services/ingest/intake.h: accepting reports: read, store, put up for the first stage; and deleting them.
//
//   Intake intake(reader.get(), store.get(), queue.get(), {});
//   absl::StatusOr<v1::Document> document = intake.Accept({{.content = bytes, .source_uri = "a.html"}}).front();
//
// A document is accepted when its row is committed. If it cannot be put up for segmentation at once, it is accepted all
// the same: the reconciler puts it up later. So it is with a deletion. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/queue/task_queue.h"
#include "services/ingest/document_store.h"
#include "services/ingest/reader.h"

namespace duban {

struct IntakeOptions {
  // Largest report, in bytes.
  int64_t max_document_bytes = 16 << 20;
  // Unfinished documents at which new ones are refused; a batch that is let in below it may pass it.
  int64_t max_backlog = 100'000;
  // What a refused caller is told to wait.
  std::chrono::milliseconds retry_delay{2000};
};

// A report that a caller hands in.
struct Offer {
  std::string content;
  std::string source_uri;
  std::string traceparent;
};

class Intake {
 public:
  // The three must outlive it.
  Intake(const Reader* reader, DocumentStore* store, TaskQueue* queue, IntakeOptions options)
      : reader_(*reader), store_(*store), queue_(*queue), options_(options) {}

  // One answer per offer, in order: the document as stored, without its text, or why it is refused (statuses of
  // IngestService.CreateDocument). All that are new are committed in one transaction.
  std::vector<absl::StatusOr<v1::Document>> Accept(std::vector<Offer> offers);

  // Deletes a document and puts up its removal from the stages: the document as it is then (statuses of
  // DocumentStore::Delete).
  absl::StatusOr<v1::Document> Remove(const std::string& id, const std::string& traceparent);

 private:
  absl::StatusOr<v1::Document> Check(const Offer& offer) const;
  // Commits documents and puts the new ones up for segmentation.
  absl::StatusOr<std::vector<InsertedDocument>> Store(const std::vector<NewDocument>& documents);
  // RESOURCE_EXHAUSTED while the backlog is at its limit; else `offered` more are on their way.
  absl::Status CheckRoom(int64_t offered);

  const Reader& reader_;
  DocumentStore& store_;
  TaskQueue& queue_;
  const IntakeOptions options_;

  absl::Mutex mutex_;
  absl::Time counted_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Unfinished documents at counted_at_, and those let in since.
  int64_t backlog_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The task that a document in `state` (IsUnfinished) waits for. A removal begins at the first stage, however far it is:
// dropping what is dropped already costs little.
v1::Task NextTask(const std::string& document_id, int32_t revision, v1::Document::State state,
                  const std::string& traceparent);

}  // namespace duban
