// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/intake.h"

#include <fmt/format.h>

#include <utility>

#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/telemetry/log.h"
#include "common/text/utf8.h"
#include "services/ingest/document_rules.h"

namespace duban {
namespace {

constexpr size_t kMaxSourceUriBytes = 2048;
// The backlog is counted at most this often; between counts it grows by what is let in.
constexpr absl::Duration kCountInterval = absl::Milliseconds(500);

}  // namespace

v1::Task NextTask(const std::string& document_id, int32_t revision, v1::Document::State state,
                  const std::string& traceparent) {
  v1::Task task;
  task.set_document(DocumentName(document_id));
  task.set_revision(revision);
  task.set_traceparent(traceparent);
  task.set_enqueue_time_ms(absl::ToUnixMillis(absl::Now()));
  task.set_removal(state == v1::Document::DELETING);
  switch (state) {
    case v1::Document::SEGMENTED:
      task.set_stage(v1::Task::EXTRACT);
      break;
    case v1::Document::EXTRACTED:
      task.set_stage(v1::Task::TRACK);
      break;
    default:
      task.set_stage(v1::Task::SEGMENT);
  }
  return task;
}

absl::StatusOr<v1::Document> Intake::Check(const Offer& offer) const {
  const auto size = static_cast<int64_t>(offer.content.size());
  if (size > options_.max_document_bytes) {
    return InvalidField("content", fmt::format("{} bytes, want at most {}", size, options_.max_document_bytes));
  }
  if (offer.source_uri.size() > kMaxSourceUriBytes || !IsValidUtf8(offer.source_uri) ||
      offer.source_uri.find('\0') != std::string::npos) {
    return InvalidField("source_uri", fmt::format("{} bytes, want at most {} of UTF-8 without NUL",
                                                  offer.source_uri.size(), kMaxSourceUriBytes));
  }
  DUBAN_ASSIGN_OR_RETURN(v1::Document document, reader_.Read(offer.content, offer.source_uri));
  // Other charsets and formats grow when they are read; later stages fetch the text.
  if (static_cast<int64_t>(document.text().size()) > options_.max_document_bytes) {
    return InvalidField("content", fmt::format("{} bytes of text in UTF-8, want at most {}", document.text().size(),
                                               options_.max_document_bytes));
  }
  if (document.text().find('\0') != std::string::npos) return InvalidField("content", "NUL in its text, want text");
  return document;
}

absl::Status Intake::CheckRoom(int64_t offered) {
  bool count = false;
  {
    absl::MutexLock lock(&mutex_);
    count = absl::Now() - counted_at_ > kCountInterval;
    if (count) counted_at_ = absl::Now();
  }
  if (count) {
    // Outside the lock: while the database is slow, others go by the last count.
    DUBAN_ASSIGN_OR_RETURN(const auto counts, store_.Counts());
    absl::MutexLock lock(&mutex_);
    backlog_ = CountUnfinished(counts);
  }
  absl::MutexLock lock(&mutex_);
  if (backlog_ >= options_.max_backlog) {
    return Exhausted(fmt::format("backlog: {} documents on their way, limit {}", backlog_, options_.max_backlog),
                     options_.retry_delay);
  }
  backlog_ += offered;
  return absl::OkStatus();
}

std::vector<absl::StatusOr<v1::Document>> Intake::Accept(std::vector<Offer> offers) {
  std::vector<absl::StatusOr<v1::Document>> answers;
  std::vector<NewDocument> readable;
  std::vector<size_t> place;  // of readable[i] in answers
  for (Offer& offer : offers) {
    answers.push_back(Check(offer));
    if (!answers.back().ok()) continue;
    place.push_back(answers.size() - 1);
    readable.push_back({*answers.back(), std::move(offer.content), std::move(offer.traceparent)});
  }
  if (readable.empty()) return answers;
  const auto stored = Store(readable);
  for (size_t i = 0; i < readable.size(); ++i) {
    if (stored.ok()) {
      answers[place[i]] = (*stored)[i].document;
    } else {
      answers[place[i]] = stored.status();
    }
  }
  return answers;
}

absl::StatusOr<std::vector<InsertedDocument>> Intake::Store(const std::vector<NewDocument>& documents) {
  DUBAN_RETURN_IF_ERROR(CheckRoom(static_cast<int64_t>(documents.size())));
  DUBAN_ASSIGN_OR_RETURN(auto inserted, store_.Insert(documents));
  std::vector<v1::Task> tasks;
  std::vector<std::string> failed;
  for (size_t i = 0; i < inserted.size(); ++i) {
    const v1::Document& document = inserted[i].document;
    const std::string id = *ParseDocumentName("name", document.name());
    if (document.state() == v1::Document::FAILED) failed.push_back(id);
    if (!inserted[i].inserted) continue;
    tasks.push_back(NextTask(id, document.revision(), v1::Document::ACCEPTED, documents[i].traceparent));
  }
  // Handing a failed report in again asks to try it again; the reconciler puts it up.
  if (!failed.empty()) DUBAN_RETURN_IF_ERROR(store_.Redrive(failed));
  if (const absl::Status status = queue_.Enqueue(tasks); !status.ok()) {
    LogWarning("accepted, but not put up for segmentation yet",
               {{"count", tasks.size()}, {"error", status.ToString()}});
  }
  return inserted;
}

absl::StatusOr<v1::Document> Intake::Remove(const std::string& id, const std::string& traceparent) {
  DUBAN_ASSIGN_OR_RETURN(DeletedDocument deleted, store_.Delete(id, traceparent));
  if (deleted.changed) {
    const v1::Task task = NextTask(id, deleted.document.revision(), v1::Document::DELETING, traceparent);
    if (const absl::Status status = queue_.Enqueue({&task, 1}); !status.ok()) {
      LogWarning("deleted, but its removal is not put up yet",
                 {{"document", task.document()}, {"error", status.ToString()}});
    }
  }
  return std::move(deleted.document);
}

}  // namespace duban
