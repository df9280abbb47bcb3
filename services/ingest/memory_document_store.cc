// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "google/protobuf/util/time_util.h"
#include "services/ingest/document_rules.h"
#include "services/ingest/document_store.h"

namespace duban {
namespace {

using google::protobuf::util::TimeUtil;

struct Row {
  // As returned, with its text.
  v1::Document document;
  std::string original;
  std::string traceparent;
  // Of the removal, if removed.
  DocumentProgress progress;
  bool removed = false;
  absl::Time touched_at;
};

v1::Document WithoutText(v1::Document document) {
  document.clear_text();
  return document;
}

DocumentCursor CursorOf(const std::string& id, const Row& row) {
  return {absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(row.document.create_time())), id};
}

bool Newer(const DocumentCursor& a, const DocumentCursor& b) {
  return std::tie(a.create_time, a.id) > std::tie(b.create_time, b.id);
}

class MemoryDocumentStore : public DocumentStore {
 public:
  absl::StatusOr<std::vector<InsertedDocument>> Insert(const std::vector<NewDocument>& documents) override {
    for (const NewDocument& document : documents) DUBAN_RETURN_IF_ERROR(CheckNewDocument(document));
    absl::MutexLock lock(&mutex_);
    std::vector<InsertedDocument> result;
    for (const NewDocument& document : documents) {
      const std::string id = *ParseDocumentName("document.name", document.document.name());
      const auto [place, absent] = rows_.try_emplace(id);
      const bool inserted = absent || place->second.removed;
      if (inserted) place->second = NewRow(document, place->second.document.revision() + 1);
      result.push_back({WithoutText(place->second.document), inserted});
    }
    return result;
  }

  absl::StatusOr<std::vector<v1::Document>> BatchGet(const std::vector<std::string>& ids, bool with_text) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    std::vector<v1::Document> documents;
    for (const std::string& id : ids) {
      DUBAN_ASSIGN_OR_RETURN(const Row* row, Find(id, /*or_removed=*/false));
      documents.push_back(with_text ? row->document : WithoutText(row->document));
    }
    return documents;
  }

  absl::StatusOr<v1::Document> Find(const std::string& id) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(const Row* row, Find(id, /*or_removed=*/true));
    return WithoutText(row->document);
  }

  absl::StatusOr<std::string> GetOriginal(const std::string& id) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(const Row* row, Find(id, /*or_removed=*/false));
    return row->original;
  }

  absl::StatusOr<DocumentPage> List(const DocumentFilter& filter, const std::optional<DocumentCursor>& after, int limit,
                                    bool with_text) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    absl::MutexLock lock(&mutex_);
    std::vector<DocumentCursor> found;
    for (const auto& [id, row] : rows_) {
      if (!filter.agency.empty() && row.document.agency().name() != AgencyName(filter.agency)) continue;
      const bool all_but_removed = filter.state == v1::Document::STATE_UNSPECIFIED;
      if (all_but_removed ? row.removed : row.document.state() != filter.state) continue;
      if (!after.has_value() || Newer(*after, CursorOf(id, row))) found.push_back(CursorOf(id, row));
    }
    std::sort(found.begin(), found.end(), Newer);
    DocumentPage page;
    for (const DocumentCursor& cursor : found) {
      if (static_cast<int>(page.documents.size()) == limit) {
        page.next = found[limit - 1];
        break;
      }
      const v1::Document& document = rows_.at(cursor.id).document;
      page.documents.push_back(with_text ? document : WithoutText(document));
    }
    return page;
  }

  absl::StatusOr<std::vector<std::string>> ApplyEvents(const std::vector<v1::StageEvent>& events) override {
    DUBAN_ASSIGN_OR_RETURN(const std::vector<StageSummary> summaries, Summarize(events));
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> changed;
    for (const StageSummary& summary : summaries) {
      const auto row = rows_.find(summary.id);
      if (row == rows_.end() || row->second.document.revision() != summary.revision) continue;
      if (SetProgress(Advance(row->second.progress, summary), &row->second)) changed.push_back(summary.id);
    }
    return changed;
  }

  absl::Status Redrive(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    for (const std::string& id : ids) {
      const auto row = rows_.find(id);
      if (row != rows_.end()) SetProgress({.done = row->second.progress.done}, &row->second);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<DeletedDocument> Delete(const std::string& id, const std::string& traceparent) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("traceparent", traceparent));
    absl::MutexLock lock(&mutex_);
    DUBAN_ASSIGN_OR_RETURN(Row * row, Find(id, /*or_removed=*/true));
    const v1::Document::State state = row->document.state();
    if (state == v1::Document::DELETED) return DocumentDeleted(id);
    const bool changed = state != v1::Document::DELETING;
    if (!row->removed) {
      row->removed = true;
      row->document.set_revision(row->document.revision() + 1);
      row->document.clear_text();
      row->original.clear();
      row->traceparent = traceparent;
      row->progress.done = 0;
    }
    if (changed) Touch({.done = row->progress.done}, row);
    return DeletedDocument{row->document, changed};
  }

  absl::StatusOr<std::map<v1::Document::State, int64_t>> Counts() override {
    absl::MutexLock lock(&mutex_);
    std::map<v1::Document::State, int64_t> counts;
    for (int state = v1::Document::ACCEPTED; state <= v1::Document::State_MAX; ++state) {
      counts[static_cast<v1::Document::State>(state)] = 0;
    }
    for (const auto& [id, row] : rows_) ++counts[row.document.state()];
    return counts;
  }

  absl::StatusOr<std::vector<UnfinishedDocument>> Unfinished(absl::Time quiet_since, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    absl::MutexLock lock(&mutex_);
    std::map<std::pair<absl::Time, std::string>, UnfinishedDocument> found;
    for (const auto& [id, row] : rows_) {
      if (!IsUnfinished(row.document.state()) || row.touched_at >= quiet_since) continue;
      found[{row.touched_at, id}] = {id, row.document.revision(), row.document.state(), row.traceparent};
    }
    std::vector<UnfinishedDocument> unfinished;
    for (auto& [key, document] : found) {
      if (static_cast<int>(unfinished.size()) == limit) break;
      unfinished.push_back(std::move(document));
    }
    return unfinished;
  }

  absl::Status MarkEnqueued(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    for (const std::string& id : ids) {
      const auto row = rows_.find(id);
      if (row != rows_.end()) row->second.touched_at = absl::Now();
    }
    return absl::OkStatus();
  }

  absl::StatusOr<absl::Time> Now() override { return absl::Now(); }

  absl::StatusOr<std::string> QueueEpoch() override {
    absl::MutexLock lock(&mutex_);
    return queue_epoch_;
  }

  absl::StatusOr<bool> SwapQueueEpoch(const std::string& expected, const std::string& desired) override {
    DUBAN_RETURN_IF_ERROR(CheckStorableText("expected", expected));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("desired", desired));
    absl::MutexLock lock(&mutex_);
    if (queue_epoch_ != expected) return false;
    queue_epoch_ = desired;
    return true;
  }

 private:
  absl::StatusOr<Row*> Find(const std::string& id, bool or_removed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto row = rows_.find(id);
    if (row == rows_.end()) return NoSuchDocument(id);
    if (row->second.removed && !or_removed) return DocumentDeleted(id);
    return &row->second;
  }

  static Row NewRow(const NewDocument& document, int32_t revision) {
    const absl::Time now = absl::Now();
    Row row = {MetadataOf(document.document), document.original, document.traceparent, DocumentProgress(), false, now};
    row.document.set_text(document.document.text());
    row.document.set_source_uri(document.document.source_uri());
    row.document.set_revision(revision);
    row.document.set_state(v1::Document::ACCEPTED);
    *row.document.mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(now));
    *row.document.mutable_update_time() = row.document.create_time();
    return row;
  }

  // Tells whether that changes anything.
  static bool SetProgress(const DocumentProgress& progress, Row* row) {
    if (progress == row->progress) return false;
    Touch(progress, row);
    return true;
  }

  static void Touch(const DocumentProgress& progress, Row* row) {
    row->progress = progress;
    row->touched_at = absl::Now();
    row->document.set_state(StateOf(progress, row->removed));
    row->document.set_failure(progress.failure);
    *row->document.mutable_update_time() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(row->touched_at));
  }

  absl::Mutex mutex_;
  std::map<std::string, Row> rows_ ABSL_GUARDED_BY(mutex_);
  std::string queue_epoch_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<DocumentStore> NewMemoryDocumentStore() { return std::make_unique<MemoryDocumentStore>(); }

}  // namespace duban
