// SPDX-License-Identifier: Apache-2.0
// Rows are written and locked in the order of their ids, so that batches that overlap wait for each other instead of
// deadlocking. The row of a deleted document stays (migrations/0002_deleted_documents.sql).
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <pqxx/pqxx>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_documents.sql.h"
#include "embedded/0002_deleted_documents.sql.h"
#include "google/protobuf/util/time_util.h"
#include "services/ingest/document_rules.h"
#include "services/ingest/document_store.h"

namespace duban {
namespace {

using google::protobuf::util::TimeUtil;

struct StoredDocument {
  v1::Document document;
  bool removed = false;
};
using Documents = std::unordered_map<std::string, StoredDocument>;

// More rows of document_counts than this are folded.
constexpr int64_t kMaxCountRows = 1000;

// A query of documents AS d that ReadDocument reads, up to its WHERE. Texts come from document_contents AS c.
std::string SelectFrom(bool with_text) {
  return fmt::format(
      "SELECT d.id, d.metadata, d.source_uri, d.state, d.failure, d.revision, {}, {}, d.removed, {} FROM documents d{}",
      MicrosecondsOf("d.create_time"), MicrosecondsOf("d.update_time"), with_text ? "c.body" : "NULL",
      with_text ? " LEFT JOIN document_contents c ON c.id = d.id" : "");
}

absl::Status ReadDocument(const pqxx::row& row, v1::Document* document) {
  DUBAN_RETURN_IF_ERROR(ParseMessage(row[1], document));
  document->set_source_uri(row[2].c_str());
  document->set_state(static_cast<v1::Document::State>(row[3].as<int>()));
  document->set_failure(row[4].c_str());
  document->set_revision(row[5].as<int>());
  *document->mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(row[6].as<int64_t>());
  *document->mutable_update_time() = TimeUtil::MicrosecondsToTimestamp(row[7].as<int64_t>());
  if (!row[9].is_null()) document->set_text(row[9].c_str(), row[9].size());
  return absl::OkStatus();
}

// Those of `ids` that have a row.
absl::Status SelectDocuments(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, bool with_text,
                             Documents* documents) {
  documents->clear();
  const auto rows = transaction.exec_params(SelectFrom(with_text) + " WHERE d.id = ANY($1::uuid[])", TextArray(ids));
  for (const pqxx::row& row : rows) {
    StoredDocument& stored = (*documents)[DocumentIdOf(row[0])];
    DUBAN_RETURN_IF_ERROR(ReadDocument(row, &stored.document));
    stored.removed = row[8].as<bool>();
  }
  return absl::OkStatus();
}

std::string IdOf(const NewDocument& document) { return document.document.name().substr(DocumentName("").size()); }

std::string AgencyOf(const NewDocument& document) {
  const std::string& name = document.document.agency().name();
  return name.empty() ? "" : name.substr(AgencyName("").size());
}

// Inserts the rows of documents, all different, that are new or were deleted; answers their ids.
std::unordered_set<std::string> InsertRows(pqxx::transaction_base& transaction,
                                           const std::vector<const NewDocument*>& documents) {
  const auto rows = transaction.exec_params(
      "INSERT INTO documents AS d (id, agency, report_year, plan_year, source_uri, traceparent, metadata) "
      "SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::bytea[]) "
      "ON CONFLICT (id) DO UPDATE SET agency = excluded.agency, report_year = excluded.report_year, "
      "plan_year = excluded.plan_year, source_uri = excluded.source_uri, traceparent = excluded.traceparent, "
      "metadata = excluded.metadata, revision = d.revision + 1, removed = false, progress = 0, failed_stage = 0, "
      "failure = '', create_time = now(), update_time = now(), enqueued_at = NULL, touched_at = now() "
      "WHERE d.removed RETURNING id",
      TextArray(documents, [](const NewDocument* d) { return IdOf(*d); }),
      TextArray(documents, [](const NewDocument* d) { return AgencyOf(*d); }),
      NumberArray(documents, [](const NewDocument* d) { return d->document.report_year(); }),
      NumberArray(documents, [](const NewDocument* d) { return d->document.plan_year(); }),
      TextArray(documents, [](const NewDocument* d) { return d->document.source_uri(); }),
      TextArray(documents, [](const NewDocument* d) { return d->traceparent; }),
      BytesArray(documents, [](const NewDocument* d) { return MetadataOf(d->document).SerializeAsString(); }));
  std::unordered_set<std::string> inserted;
  for (const pqxx::row& row : rows) inserted.insert(DocumentIdOf(row[0]));
  return inserted;
}

void InsertContents(pqxx::transaction_base& transaction, const std::vector<const NewDocument*>& documents) {
  transaction.exec_params0(
      "INSERT INTO document_contents SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])",
      TextArray(documents, [](const NewDocument* d) { return IdOf(*d); }),
      TextArray(documents, [](const NewDocument* d) -> std::string_view { return d->document.text(); }),
      BytesArray(documents, [](const NewDocument* d) -> std::string_view { return d->original; }));
}

absl::Status InsertAll(pqxx::transaction_base& transaction, const std::vector<NewDocument>& documents,
                       std::vector<InsertedDocument>* result) {
  // The first of each id, in their order.
  std::map<std::string, const NewDocument*> by_id;
  std::vector<std::string> ids;
  for (const NewDocument& document : documents) {
    ids.push_back(IdOf(document));
    by_id.emplace(ids.back(), &document);
  }
  std::vector<const NewDocument*> sorted;
  for (const auto& [id, document] : by_id) sorted.push_back(document);
  std::unordered_set<std::string> inserted = InsertRows(transaction, sorted);
  std::vector<const NewDocument*> fresh;
  std::copy_if(sorted.begin(), sorted.end(), std::back_inserter(fresh),
               [&](const NewDocument* d) { return inserted.contains(IdOf(*d)); });
  if (!fresh.empty()) InsertContents(transaction, fresh);
  Documents stored;
  DUBAN_RETURN_IF_ERROR(SelectDocuments(transaction, ids, /*with_text=*/false, &stored));
  result->clear();
  for (const std::string& id : ids) result->push_back({stored[id].document, inserted.erase(id) > 0});
  return absl::OkStatus();
}

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
        database_->Transact([&](auto& transaction) { return InsertAll(transaction, documents, &result); }));
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
    Query query(SelectFrom(with_text) + " WHERE true");
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
