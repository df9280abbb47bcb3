// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <pqxx/pqxx>
#include <unordered_set>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/sql.h"
#include "google/protobuf/util/time_util.h"
#include "services/ingest/document_rules.h"
#include "services/ingest/postgres_documents.h"

namespace duban {
namespace {

using google::protobuf::util::TimeUtil;

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

}  // namespace

std::string SelectDocumentsFrom(bool with_text) {
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

absl::Status SelectDocuments(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, bool with_text,
                             Documents* documents) {
  documents->clear();
  const auto rows =
      transaction.exec_params(SelectDocumentsFrom(with_text) + " WHERE d.id = ANY($1::uuid[])", TextArray(ids));
  for (const pqxx::row& row : rows) {
    StoredDocument& stored = (*documents)[DocumentIdOf(row[0])];
    DUBAN_RETURN_IF_ERROR(ReadDocument(row, &stored.document));
    stored.removed = row[8].as<bool>();
  }
  return absl::OkStatus();
}

absl::Status InsertDocuments(pqxx::transaction_base& transaction, const std::vector<NewDocument>& documents,
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

}  // namespace duban
