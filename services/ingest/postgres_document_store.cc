// SPDX-License-Identifier: Apache-2.0
// Rows are locked in the order of their ids, so that batches that overlap wait for each other instead of deadlocking.
// The row of a deleted document stays (migrations/0002_deleted_documents.sql). Rows are read and written by
// postgres_documents.h.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pqxx/pqxx>
#include <unordered_map>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_documents.sql.h"
#include "embedded/0002_deleted_documents.sql.h"
#include "services/ingest/document_rules.h"
#include "services/ingest/document_store.h"
#include "services/ingest/postgres_documents.h"

namespace duban {
namespace {

// More rows of document_counts than this are folded.
constexpr int64_t kMaxCountRows = 1000;

// Locks the documents that `summaries` speak of and answers what becomes of them, by id. Unchanged ones are left out.
std::vector<std::pair<std::string, DocumentProgress>> ComputeChanges(pqxx::transaction_base& transaction,
                                                                     const std::vector<StageSummary>& summaries) {
  std::unordered_map<std::string, std::vector<const StageSummary*>> by_id;
  for (const StageSummary& summary : summaries) by_id[summary.id].push_back(&summary);
  const auto rows = transaction.exec_params(
      "SELECT id, revision, progress, failed_stage, failure FROM documents WHERE id = ANY($1::uuid[]) ORDER BY id FOR "
      "UPDATE",
      TextArray(summaries, [](const StageSummary& summary) { return summary.id; }));
  std::vector<std::pair<std::string, DocumentProgress>> changes;
  for (const pqxx::row& row : rows) {
    const std::string id = DocumentIdOf(row[0]);
    const DocumentProgress before = {row[2].as<int>(), row[3].as<int>(), row[4].c_str()};
    DocumentProgress after = before;
    for (const StageSummary* summary : by_id[id]) {
      if (summary->revision == row[1].as<int>()) after = Advance(after, *summary);
    }
    if (after != before) changes.emplace_back(id, after);
  }
  return changes;
}

void UpdateProgress(pqxx::transaction_base& transaction,
                    const std::vector<std::pair<std::string, DocumentProgress>>& changes) {
  transaction.exec_params0(
      "UPDATE documents d SET progress = c.progress, failed_stage = c.failed_stage, failure = c.failure, "
      "update_time = now(), touched_at = now() "
      "FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::text[]) c (id, progress, failed_stage, failure) "
      "WHERE d.id = c.id",
      TextArray(changes, [](const auto& change) { return change.first; }),
      NumberArray(changes, [](const auto& change) { return change.second.done; }),
      NumberArray(changes, [](const auto& change) { return change.second.failed_stage; }),
      TextArray(changes, [](const auto& change) { return change.second.failure; }));
}

// DocumentStore::Delete within a transaction.
absl::Status DeleteOne(pqxx::transaction_base& transaction, const std::string& id, const std::string& traceparent,
                       DeletedDocument* deleted) {
  const auto rows = transaction.exec_params("SELECT removed, state FROM documents WHERE id = $1::uuid FOR UPDATE", id);
  if (rows.empty()) return NoSuchDocument(id);
  const int state = rows[0][1].as<int>();
  if (state == v1::Document::DELETED) return DocumentDeleted(id);
  deleted->changed = state != v1::Document::DELETING;
  if (!rows[0][0].as<bool>()) {
    transaction.exec_params0(
        "UPDATE documents SET removed = true, revision = revision + 1, traceparent = $2, progress = 0, "
        "failed_stage = 0, failure = '', update_time = now(), enqueued_at = NULL, touched_at = now() "
        "WHERE id = $1::uuid",
        id, traceparent);
    transaction.exec_params0("DELETE FROM document_contents WHERE id = $1::uuid", id);
  } else if (deleted->changed) {
    transaction.exec_params0(
        "UPDATE documents SET failed_stage = 0, failure = '', update_time = now(), touched_at = now() "
        "WHERE id = $1::uuid",
        id);
  }
  Documents stored;
  DUBAN_RETURN_IF_ERROR(SelectDocuments(transaction, {id}, /*with_text=*/false, &stored));
  deleted->document = std::move(stored[id].document);
  return absl::OkStatus();
}

class PostgresDocumentStore : public DocumentStore {
 public:
  explicit PostgresDocumentStore(Database* database) : database_(database) {}

  absl::StatusOr<std::vector<InsertedDocument>> Insert(const std::vector<NewDocument>& documents) override {
    for (const NewDocument& document : documents) DUBAN_RETURN_IF_ERROR(CheckNewDocument(document));
    std::vector<InsertedDocument> result;
    if (documents.empty()) return result;
    DUBAN_RETURN_IF_ERROR(
        database_->Transact([&](auto& transaction) { return InsertDocuments(transaction, documents, &result); }));
    return result;
  }

  absl::StatusOr<std::vector<v1::Document>> BatchGet(const std::vector<std::string>& ids, bool with_text) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    Documents found;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectDocuments(transaction, ids, with_text, &found); }));
    std::vector<v1::Document> documents;
    for (const std::string& id : ids) {
      const auto stored = found.find(id);
      if (stored == found.end()) return NoSuchDocument(id);
      if (stored->second.removed) return DocumentDeleted(id);
      documents.push_back(stored->second.document);
    }
    return documents;
  }

  absl::StatusOr<v1::Document> Find(const std::string& id) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    Documents found;
    DUBAN_RETURN_IF_ERROR(database_->Read(
        [&](auto& transaction) { return SelectDocuments(transaction, {id}, /*with_text=*/false, &found); }));
    if (found.empty()) return NoSuchDocument(id);
    return std::move(found.begin()->second.document);
  }

  absl::StatusOr<std::string> GetOriginal(const std::string& id) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    std::string original;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      const auto rows = transaction.exec_params(
          "SELECT c.original FROM documents d LEFT JOIN document_contents c USING (id) WHERE id = $1::uuid", id);
      if (rows.empty()) return NoSuchDocument(id);
      if (rows[0][0].is_null()) return DocumentDeleted(id);
      original = pqxx::binarystring(rows[0][0]).str();
      return absl::OkStatus();
    }));
    return original;
  }

  absl::StatusOr<DocumentPage> List(const DocumentFilter& filter, const std::optional<DocumentCursor>& after, int limit,
                                    bool with_text) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    Query query(SelectDocumentsFrom(with_text) + " WHERE true");
    if (!filter.agency.empty()) query.Append(" AND d.agency = {}", filter.agency);
    // As a literal, so that it is seen to fit an index of some states only.
    if (filter.state != v1::Document::STATE_UNSPECIFIED) {
      query.Append(fmt::format(" AND d.state = {}", static_cast<int>(filter.state)));
    }
    // It follows from a state below FAILED, which PostgreSQL does not know.
    if (filter.state < v1::Document::FAILED) query.Append(" AND NOT d.removed");
    if (after.has_value()) {
      query.Append(fmt::format(" AND (d.create_time, d.id) < ({}, {{}}::uuid)", TimestampOf("{}")),
                   ToMicroseconds(after->create_time), after->id);
    }
    query.Append(" ORDER BY d.create_time DESC, d.id DESC LIMIT {}", int64_t{limit} + 1);
    DocumentPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page); }));
    return page;
  }

  absl::StatusOr<std::vector<std::string>> ApplyEvents(const std::vector<v1::StageEvent>& events) override {
    DUBAN_ASSIGN_OR_RETURN(const std::vector<StageSummary> summaries, Summarize(events));
    std::vector<std::string> changed;
    if (summaries.empty()) return changed;
    DUBAN_RETURN_IF_ERROR(database_->Transact([&](auto& transaction) {
      const auto changes = ComputeChanges(transaction, summaries);
      if (!changes.empty()) UpdateProgress(transaction, changes);
      changed.clear();
      for (const auto& change : changes) changed.push_back(change.first);
      return absl::OkStatus();
    }));
    return changed;
  }

  absl::Status Redrive(const std::vector<std::string>& ids) override {
    return UpdateLocked(ids, "failed_stage > 0",
                        "failed_stage = 0, failure = '', update_time = now(), touched_at = now()");
  }

  absl::StatusOr<DeletedDocument> Delete(const std::string& id, const std::string& traceparent) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentId("id", id));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("traceparent", traceparent));
    DeletedDocument deleted;
    DUBAN_RETURN_IF_ERROR(
        database_->Transact([&](auto& transaction) { return DeleteOne(transaction, id, traceparent, &deleted); }));
    return deleted;
  }

  absl::StatusOr<std::map<v1::Document::State, int64_t>> Counts() override {
    std::map<v1::Document::State, int64_t> counts;
    for (int state = v1::Document::ACCEPTED; state <= v1::Document::State_MAX; ++state) {
      counts[static_cast<v1::Document::State>(state)] = 0;
    }
    int64_t count_rows = 0;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      count_rows = 0;
      for (const pqxx::row& row :
           transaction.exec("SELECT state, sum(documents), count(*) FROM document_counts GROUP BY state")) {
        counts[static_cast<v1::Document::State>(row[0].template as<int>())] = row[1].template as<int64_t>();
        count_rows += row[2].template as<int64_t>();
      }
      return absl::OkStatus();
    }));
    if (count_rows > kMaxCountRows) DUBAN_RETURN_IF_ERROR(FoldCounts());
    return counts;
  }

  absl::StatusOr<std::vector<UnfinishedDocument>> Unfinished(absl::Time quiet_since, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    std::vector<UnfinishedDocument> unfinished;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      unfinished.clear();
      for (const pqxx::row& row : transaction.exec_params(
               fmt::format("SELECT id, revision, state, traceparent FROM documents "
                           "WHERE (state < 4 OR state = 6) AND touched_at < {} ORDER BY touched_at, id LIMIT $2",
                           TimestampOf("$1")),
               ToMicroseconds(quiet_since), limit)) {
        unfinished.push_back({DocumentIdOf(row[0]), row[1].template as<int>(),
                              static_cast<v1::Document::State>(row[2].template as<int>()), row[3].c_str()});
      }
      return absl::OkStatus();
    }));
    return unfinished;
  }

  absl::Status MarkEnqueued(const std::vector<std::string>& ids) override {
    return UpdateLocked(ids, "true", "enqueued_at = now(), touched_at = now()");
  }

  absl::StatusOr<absl::Time> Now() override {
    int64_t now = 0;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      now = transaction.exec1("SELECT " + MicrosecondsOf("now()"))[0].template as<int64_t>();
      return absl::OkStatus();
    }));
    return absl::FromUnixMicros(now);
  }

  absl::StatusOr<std::string> QueueEpoch() override {
    std::string token;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      token = transaction.exec1("SELECT token FROM queue_epoch")[0].c_str();
      return absl::OkStatus();
    }));
    return token;
  }

  absl::StatusOr<bool> SwapQueueEpoch(const std::string& expected, const std::string& desired) override {
    DUBAN_RETURN_IF_ERROR(CheckStorableText("expected", expected));
    DUBAN_RETURN_IF_ERROR(CheckStorableText("desired", desired));
    bool swapped = false;
    DUBAN_RETURN_IF_ERROR(database_->Transact([&](auto& transaction) {
      swapped = transaction.exec_params("UPDATE queue_epoch SET token = $2 WHERE token = $1", expected, desired)
                    .affected_rows() == 1;
      return absl::OkStatus();
    }));
    return swapped;
  }

 private:
  static absl::Status ReadPage(const pqxx::result& rows, int limit, DocumentPage* page) {
    *page = DocumentPage();
    for (const pqxx::row& row : rows) {
      if (static_cast<int>(page->documents.size()) == limit) {
        const pqxx::row& last = rows[limit - 1];
        page->next = DocumentCursor{absl::FromUnixMicros(last[6].as<int64_t>()), DocumentIdOf(last[0])};
        break;
      }
      DUBAN_RETURN_IF_ERROR(ReadDocument(row, &page->documents.emplace_back()));
    }
    return absl::OkStatus();
  }

  absl::Status UpdateLocked(const std::vector<std::string>& ids, std::string_view condition,
                            std::string_view assignments) {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    return database_->Transact([&](auto& transaction) {
      const std::string array = TextArray(ids);
      transaction.exec_params("SELECT FROM documents WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE", array);
      transaction.exec_params0(
          fmt::format("UPDATE documents SET {} WHERE id = ANY($1::uuid[]) AND {}", assignments, condition), array);
      return absl::OkStatus();
    });
  }

  // Rows that another caller folds are left to it.
  absl::Status FoldCounts() {
    return database_->Transact([](auto& transaction) {
      transaction.exec0(
          "WITH folded AS (DELETE FROM document_counts WHERE ctid = ANY (ARRAY("
          "SELECT ctid FROM document_counts FOR UPDATE SKIP LOCKED)) RETURNING state, documents) "
          "INSERT INTO document_counts SELECT state, sum(documents) FROM folded GROUP BY state");
      return absl::OkStatus();
    });
  }

  Database* const database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<DocumentStore>> NewPostgresDocumentStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_documents.sql", embedded::_0001_documents_sql},
                                            {2, "0002_deleted_documents.sql", embedded::_0002_deleted_documents_sql}}));
  return std::make_unique<PostgresDocumentStore>(database);
}

}  // namespace duban
