// SPDX-License-Identifier: Apache-2.0
// Why the ledger ends the same whatever the order of arrival: documents and trackings of an agency are only written
// under the agency's lock. A worker that computed trackings from an older set of documents finds at commit that the set
// has changed and computes again; the worker that changed the set computes after its change is committed. So the last
// one to commit has seen all documents, and its trackings are a function of these alone.
//
// Locks are taken in one order everywhere: documents by id, then agencies by id, then rows. Documents have advisory
// locks because a row that is not there yet cannot be locked.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <pqxx/pqxx>
#include <set>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_plans.sql.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"

namespace duban {
namespace {

// Holds the advisory locks of ids to the end of the transaction. The key is the id's first 64 bits, which is all of an
// agency's.
void Lock(pqxx::transaction_base& transaction, const std::string& ids) {
  transaction.exec_params(
      "SELECT pg_advisory_xact_lock(key) FROM "
      "(SELECT ('x' || left(id, 16))::bit(64)::bigint AS key FROM unnest($1::text[]) id ORDER BY id) keys",
      ids);
}

// Locks the batch's documents and all agencies that they belong to before and after.
void LockBatch(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::string& documents) {
  Lock(transaction, documents);
  std::set<std::string> agencies;
  for (const auto& [id, entry] : batch) agencies.insert(entry->document.agency);
  const auto rows =
      transaction.exec_params("SELECT agency FROM plan_documents WHERE document = ANY($1::uuid[])", documents);
  for (const pqxx::row& row : rows) agencies.insert(row[0].c_str());
  Lock(transaction, TextArray(agencies));
}

// Answers the ids of those that are not older than the stored ones.
std::vector<std::string> WriteDocuments(pqxx::transaction_base& transaction, const PlanBatch& batch,
                                        const std::string& documents) {
  const auto rows = transaction.exec_params(
      "INSERT INTO plan_documents AS d (document, revision, agency, report_year, plan_year) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::int[]) "
      "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, agency = excluded.agency, "
      "report_year = excluded.report_year, plan_year = excluded.plan_year, "
      "previous_agency = CASE WHEN d.agency = excluded.agency THEN d.previous_agency ELSE d.agency END "
      "WHERE d.revision <= excluded.revision RETURNING document",
      documents, NumberArray(batch, [](const auto& entry) { return entry.second->document.revision; }),
      TextArray(batch, [](const auto& entry) { return entry.second->document.agency; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->document.report_year; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->document.plan_year; }));
  std::vector<std::string> written;
  for (const pqxx::row& row : rows) written.push_back(DocumentIdOf(row[0]));
  return written;
}

void WriteItems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written) {
  transaction.exec_params0("DELETE FROM plan_items WHERE document = ANY($1::uuid[])", TextArray(written));
  ArrayBuilder documents, ordinals, agencies, years, items, payloads;
  for (const std::string& id : written) {
    const PlanDocumentItems& entry = *batch.at(id);
    int ordinal = 0;
    for (const v1::PlanItem& item : entry.items) {
      documents.AddText(id);
      ordinals.AddNumber(++ordinal);
      agencies.AddText(entry.document.agency);
      years.AddNumber(item.year());
      items.AddText(item.id());
      payloads.AddBytes(item.SerializeAsString());
    }
  }
  transaction.exec_params0(
      "INSERT INTO plan_items (document, ordinal, agency, year, item, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::bytea[])",
      std::move(documents).Build(), std::move(ordinals).Build(), std::move(agencies).Build(), std::move(years).Build(),
      std::move(items).Build(), std::move(payloads).Build());
}

std::vector<std::string> AffectedAgencies(pqxx::transaction_base& transaction, const std::string& documents) {
  const auto rows = transaction.exec_params(
      "SELECT agency FROM plan_documents WHERE document = ANY($1::uuid[]) UNION "
      "SELECT previous_agency FROM plan_documents WHERE document = ANY($1::uuid[]) AND previous_agency <> '' "
      "ORDER BY agency",
      documents);
  std::vector<std::string> agencies;
  for (const pqxx::row& row : rows) agencies.push_back(row[0].c_str());
  return agencies;
}

std::vector<PlanDocument> SelectDocuments(pqxx::transaction_base& transaction, const std::string& agency) {
  const auto rows = transaction.exec_params(
      "SELECT document, revision, report_year, plan_year FROM plan_documents WHERE agency = $1 "
      "ORDER BY report_year, plan_year, document",
      agency);
  std::vector<PlanDocument> documents;
  for (const pqxx::row& row : rows) {
    documents.push_back({DocumentIdOf(row[0]), row[1].as<int>(), agency, row[2].as<int>(), row[3].as<int>()});
  }
  return documents;
}

absl::Status WriteTrackings(pqxx::transaction_base& transaction, const std::string& agency,
                            const TrackingBatch& batch) {
  // Most trackings come out as they were; those are not written again.
  const auto row = transaction.exec_params1(
      "WITH known AS (SELECT i.document, i.ordinal, i.agency, i.year, t.status, t.score, t.payload "
      "  FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::float8[], $6::bytea[]) "
      "    t (document, item, status, score, payload) "
      "  JOIN plan_items i ON i.document = t.document AND i.item = t.item AND i.agency = $1), "
      "written AS (INSERT INTO trackings AS old (document, ordinal, agency, year, status, score, payload) "
      "  SELECT * FROM known ON CONFLICT (document, ordinal) DO UPDATE SET agency = excluded.agency, year = "
      "excluded.year, "
      "  status = excluded.status, score = excluded.score, payload = excluded.payload "
      "  WHERE old.payload <> excluded.payload) "
      "SELECT count(*) FROM known",
      agency, TextArray(batch, [](const auto& entry) { return entry.first.first; }),
      TextArray(batch, [](const auto& entry) { return entry.first.second; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->status(); }),
      TextArray(batch, [](const auto& entry) { return fmt::format("{}", entry.second->score()); }),
      BytesArray(batch, [](const auto& entry) { return entry.second->SerializeAsString(); }));
  return row[0].as<size_t>() == batch.size() ? absl::OkStatus() : UnknownItem(agency);
}

// A page of plan_items or trackings, which have the columns of the order in common.
Query ListQuery(std::string_view table, const PlanFilter& filter, const std::optional<PlanCursor>& after, int limit) {
  Query query(fmt::format("SELECT agency, year, document, ordinal, payload FROM {} WHERE true", table));
  if (!filter.agency.empty()) query.Append(" AND agency = {}", filter.agency);
  if (filter.year != 0) query.Append(" AND year = {}::int", filter.year);
  if (filter.status != v1::Tracking::STATUS_UNSPECIFIED) {
    query.Append(fmt::format(" AND status = {}", static_cast<int>(filter.status)));
  }
  if (after.has_value() && filter.year != 0 && filter.year == after->year) {
    // Without the year, so that the comparison is in the order of the index by year.
    query.Append(" AND (agency, document, ordinal) > ({}, {}::uuid, {}::int)", after->agency, after->document,
                 after->ordinal);
  } else if (after.has_value()) {
    query.Append(" AND (agency, year, document, ordinal) > ({}, {}::int, {}::uuid, {}::int)", after->agency,
                 after->year, after->document, after->ordinal);
  }
  query.Append(" ORDER BY agency, year, document, ordinal LIMIT {}", int64_t{limit} + 1);
  return query;
}

template <typename T>
absl::Status ReadPage(const pqxx::result& rows, int limit, std::vector<T>* elements, std::optional<PlanCursor>* next) {
  elements->clear();
  next->reset();
  for (const pqxx::row& row : rows) {
    if (static_cast<int>(elements->size()) == limit) {
      const pqxx::row& last = rows[limit - 1];
      *next = PlanCursor{last[0].c_str(), last[1].as<int>(), DocumentIdOf(last[2]), last[3].as<int>()};
      break;
    }
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[4], &elements->emplace_back()));
  }
  return absl::OkStatus();
}

class PostgresPlanStore : public PlanStore {
 public:
  explicit PostgresPlanStore(Database* database) : database_(database) {}

  absl::StatusOr<std::vector<std::string>> PutDocuments(const std::vector<PlanDocumentItems>& documents) override {
    DUBAN_ASSIGN_OR_RETURN(const PlanBatch batch, ToBatch(documents));
    const std::string ids = TextArray(batch, [](const auto& entry) { return entry.first; });
    std::vector<std::string> agencies;
    DUBAN_RETURN_IF_ERROR(database_->Transact([&](auto& transaction) {
      LockBatch(transaction, batch, ids);
      WriteItems(transaction, batch, WriteDocuments(transaction, batch, ids));
      agencies = AffectedAgencies(transaction, ids);
      return absl::OkStatus();
    }));
    return agencies;
  }

  absl::StatusOr<std::vector<PlanDocument>> Neighbours(const std::string& agency) override {
    DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    std::vector<PlanDocument> documents;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      documents = SelectDocuments(transaction, agency);
      return absl::OkStatus();
    }));
    return documents;
  }

  absl::Status CommitTrackings(const std::string& agency, const std::vector<PlanDocument>& read_set,
                               const std::vector<v1::Tracking>& trackings) override {
    DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    DUBAN_ASSIGN_OR_RETURN(const TrackingBatch batch, ToBatch(trackings));
    return database_->Transact([&](auto& transaction) -> absl::Status {
      Lock(transaction, TextArray(std::vector<std::string>{agency}));
      DUBAN_RETURN_IF_ERROR(CheckReadSet(agency, read_set, SelectDocuments(transaction, agency)));
      return WriteTrackings(transaction, agency, batch);
    });
  }

  absl::StatusOr<PlanItemPage> ListPlanItems(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    if (filter.status != v1::Tracking::STATUS_UNSPECIFIED)
      return InvalidField("status", "set, want it for trackings only");
    const Query query = ListQuery("plan_items", filter, after, limit);
    PlanItemPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read(
        [&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page.items, &page.next); }));
    return page;
  }

  absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    const Query query = ListQuery("trackings", filter, after, limit);
    TrackingPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read(
        [&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page.trackings, &page.next); }));
    return page;
  }

  absl::StatusOr<v1::PlanItem> GetPlanItem(const PlanItemKey& key) override {
    v1::PlanItem item;
    v1::Tracking tracking;
    DUBAN_RETURN_IF_ERROR(Select(key, &item, &tracking));
    return item;
  }

  absl::StatusOr<v1::Tracking> GetTracking(const PlanItemKey& key) override {
    v1::PlanItem item;
    v1::Tracking tracking;
    DUBAN_RETURN_IF_ERROR(Select(key, &item, &tracking));
    if (tracking.status() == v1::Tracking::STATUS_UNSPECIFIED) return PendingTracking(key, std::move(item));
    return tracking;
  }

 private:
  // The item, and its tracking if there is one. NOT_FOUND: no such item.
  absl::Status Select(const PlanItemKey& key, v1::PlanItem* item, v1::Tracking* tracking) {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    return database_->Read([&](auto& transaction) -> absl::Status {
      const auto rows = transaction.exec_params(
          "SELECT i.payload, t.payload FROM plan_items i LEFT JOIN trackings t USING (document, ordinal) "
          "WHERE i.document = $1::uuid AND i.item = $2 AND i.agency = $3",
          key.document, key.item, key.agency);
      if (rows.empty()) return PlanItemNotFound(key);
      DUBAN_RETURN_IF_ERROR(ParseMessage(rows[0][0], item));
      return rows[0][1].is_null() ? absl::OkStatus() : ParseMessage(rows[0][1], tracking);
    });
  }

  Database* const database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PlanStore>> NewPostgresPlanStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_plans.sql", embedded::_0001_plans_sql}}));
  return std::make_unique<PostgresPlanStore>(database);
}

}  // namespace duban
