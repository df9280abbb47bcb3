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
#include "embedded/0002_workflow.sql.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"
#include "services/plan/postgres_workflow.h"

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
  ArrayBuilder documents, ordinals, agencies, years, items, dues, units, payloads;
  for (const std::string& id : written) {
    const PlanDocumentItems& entry = *batch.at(id);
    int ordinal = 0;
    for (const v1::PlanItem& item : entry.items) {
      documents.AddText(id);
      ordinals.AddNumber(++ordinal);
      agencies.AddText(entry.document.agency);
      years.AddNumber(item.year());
      items.AddText(item.id());
      dues.AddText(item.due_date());
      units.AddText(item.responsible_unit());
      payloads.AddBytes(item.SerializeAsString());
    }
  }
  transaction.exec_params0(
      "INSERT INTO plan_items (document, ordinal, agency, year, item, due, unit, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], "
      "$8::bytea[])",
      std::move(documents).Build(), std::move(ordinals).Build(), std::move(agencies).Build(), std::move(years).Build(),
      std::move(items).Build(), std::move(dues).Build(), std::move(units).Build(), std::move(payloads).Build());
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

// What holds of an item i, its tracking t and its workflow w: workflow.h says the same of messages.
constexpr char kStatus[] = "coalesce(w.status, t.status, 1)";
constexpr char kUnit[] = "coalesce(nullif(w.unit, ''), i.unit)";
constexpr char kDue[] =
    "(coalesce(nullif(w.due, ''), nullif(i.due, ''), "
    "CASE WHEN i.year <> 0 THEN lpad(i.year::text, 4, '0') || '-12-31' ELSE '' END) COLLATE \"C\")";

// The condition that an item is overdue on a day, which stands for {}.
std::string OverdueCondition() { return fmt::format("({0} <> '' AND {0} < {{}} AND {1} <> 2)", kDue, kStatus); }

// `columns`, in which each {} stands for a parameter, of plan_items i with their trackings t ("JOIN": only those that
// have one; "LEFT JOIN") and workflows w. Without a tracking or a workflow its columns are null.
template <typename... Parameters>
Query FromItems(const std::string& columns, std::string_view join, const Parameters&... parameters) {
  Query query("SELECT ");
  query.Append(columns, parameters...);
  query.Append(
      fmt::format(" FROM plan_items i {} trackings t ON t.document = i.document AND t.ordinal = i.ordinal "
                  "LEFT JOIN plan_workflows w ON w.document = i.document AND w.item = i.item WHERE true",
                  join));
  return query;
}

// A page of items ("i", "LEFT JOIN") or trackings ("t", "JOIN"), each with its place and its workflow.
Query ListQuery(std::string_view table, std::string_view join, const PlanFilter& filter,
                const std::optional<PlanCursor>& after, int limit) {
  Query query = FromItems(
      fmt::format("i.agency, i.year, i.document, i.ordinal, {}.payload, w.version, w.assignment, w.review", table),
      join);
  if (!filter.agency.empty()) query.Append(" AND i.agency = {}", filter.agency);
  if (filter.year != 0) query.Append(" AND i.year = {}::int", filter.year);
  if (filter.status != v1::Tracking::STATUS_UNSPECIFIED) {
    query.Append(fmt::format(" AND {} = {}", kStatus, static_cast<int>(filter.status)));
  }
  if (!filter.unit.empty()) query.Append(fmt::format(" AND strpos({}, {{}}) > 0", kUnit), filter.unit);
  if (!filter.overdue_on.empty()) query.Append(" AND " + OverdueCondition(), filter.overdue_on);
  if (filter.needs_review_below != 0) {
    query.Append(
        " AND t.status <> 1 AND CASE WHEN w.status IS NULL THEN t.score < {}::float8 ELSE w.machine_status <> t.status "
        "END",
        fmt::format("{}", filter.needs_review_below));
  }
  if (after.has_value() && filter.year != 0 && filter.year == after->year) {
    // Without the year, so that the comparison is in the order of the index by year.
    query.Append(" AND (i.agency, i.document, i.ordinal) > ({}, {}::uuid, {}::int)", after->agency, after->document,
                 after->ordinal);
  } else if (after.has_value()) {
    query.Append(" AND (i.agency, i.year, i.document, i.ordinal) > ({}, {}::int, {}::uuid, {}::int)", after->agency,
                 after->year, after->document, after->ordinal);
  }
  query.Append(" ORDER BY i.agency, i.year, i.document, i.ordinal LIMIT {}", int64_t{limit} + 1);
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
    T element;
    Workflow workflow;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[4], &element));
    DUBAN_RETURN_IF_ERROR(ParseWorkflow(row, 5, &workflow));
    elements->push_back(Shown(std::move(element), workflow));
  }
  return absl::OkStatus();
}

// Counts by agency and year.
Query SummaryQuery(const PlanFilter& filter, const std::string& as_of, const std::optional<SummaryCursor>& after,
                   int limit) {
  std::string columns = "i.agency, i.year, count(w.review), count(w.assignment)";
  for (int status = v1::Tracking::Status_MIN; status <= v1::Tracking::Status_MAX; ++status) {
    columns += fmt::format(", count(*) FILTER (WHERE {} = {})", kStatus, status);
  }
  Query query = FromItems(columns + ", count(*) FILTER (WHERE " + OverdueCondition() + ")", "LEFT JOIN", as_of);
  if (!filter.agency.empty()) query.Append(" AND i.agency = {}", filter.agency);
  if (filter.year != 0) query.Append(" AND i.year = {}::int", filter.year);
  if (after.has_value()) query.Append(" AND (i.agency, i.year) > ({}, {}::int)", after->agency, after->year);
  query.Append(" GROUP BY i.agency, i.year ORDER BY i.agency, i.year LIMIT {}", int64_t{limit} + 1);
  return query;
}

void ReadSummaries(const pqxx::result& rows, int limit, SummaryPage* page) {
  *page = {};
  for (const pqxx::row& row : rows) {
    if (static_cast<int>(page->counts.size()) == limit) {
      page->next = SummaryCursor{page->counts.back().agency, page->counts.back().year};
      break;
    }
    PlanCounts& counts = page->counts.emplace_back();
    int column = 0;
    counts.agency = row[column++].c_str();
    counts.year = row[column++].as<int32_t>();
    counts.reviewed = row[column++].as<int64_t>();
    counts.assigned = row[column++].as<int64_t>();
    for (int64_t& count : counts.statuses) count = row[column++].as<int64_t>();
    counts.overdue = row[column].as<int64_t>();
  }
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
    const Query query = ListQuery("i", "LEFT JOIN", filter, after, limit);
    PlanItemPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read(
        [&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page.items, &page.next); }));
    return page;
  }

  absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    const Query query = ListQuery("t", "JOIN", filter, after, limit);
    TrackingPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read(
        [&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page.trackings, &page.next); }));
    return page;
  }

  absl::StatusOr<v1::PlanItem> GetPlanItem(const PlanItemKey& key) override {
    DUBAN_ASSIGN_OR_RETURN(v1::Tracking tracking, GetTracking(key));
    return std::move(*tracking.mutable_plan_item());
  }

  absl::StatusOr<v1::Tracking> GetTracking(const PlanItemKey& key) override {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    v1::Tracking tracking;
    Workflow workflow;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return Select(transaction, key, &tracking, &workflow); }));
    return Shown(std::move(tracking), workflow);
  }

  absl::StatusOr<Edited> Apply(const Edit& edit) override {
    DUBAN_RETURN_IF_ERROR(CheckEdit(edit));
    Edited edited;
    const absl::Status done = database_->Transact([&](auto& transaction) -> absl::Status {
      Lock(transaction, TextArray(std::vector<std::string>{edit.key.agency}));
      v1::Tracking tracking;
      Workflow workflow;
      DUBAN_RETURN_IF_ERROR(Select(transaction, edit.key, &tracking, &workflow));
      DUBAN_ASSIGN_OR_RETURN(const auto repeated, FindRepeat(transaction, edit));
      edited.entry = repeated.value_or(edit.entry);
      if (!repeated.has_value()) {
        DUBAN_RETURN_IF_ERROR(ApplyChange(Shown(tracking, workflow), edit.etag, &edited.entry, &workflow));
        WriteChange(transaction, edit, workflow, &edited.entry);
      }
      edited.tracking = Shown(std::move(tracking), workflow);
      return absl::OkStatus();
    });
    if (!done.ok()) return done;
    return edited;
  }

  absl::StatusOr<HistoryPage> ListHistory(const PlanItemKey& key, int32_t after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckKey(key));
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    HistoryPage page;
    const absl::Status done = database_->Read([&](auto& transaction) -> absl::Status {
      v1::Tracking tracking;
      Workflow workflow;
      DUBAN_RETURN_IF_ERROR(Select(transaction, key, &tracking, &workflow));
      return SelectHistory(transaction, key, after, limit, &page);
    });
    if (!done.ok()) return done;
    return page;
  }

  absl::StatusOr<SummaryPage> Summarize(const PlanFilter& filter, const std::string& as_of,
                                        const std::optional<SummaryCursor>& after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckSummary(filter, as_of, after, limit));
    const Query query = SummaryQuery(filter, as_of, after, limit);
    SummaryPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      ReadSummaries(query.Run(transaction), limit, &page);
      return absl::OkStatus();
    }));
    return page;
  }

 private:
  // What the machine says of an item (PENDING while that is not computed) and what people do. NOT_FOUND: no such item.
  static absl::Status Select(pqxx::transaction_base& transaction, const PlanItemKey& key, v1::Tracking* tracking,
                             Workflow* workflow) {
    Query query = FromItems("i.payload, t.payload, w.version, w.assignment, w.review", "LEFT JOIN");
    query.Append(" AND i.document = {}::uuid AND i.item = {} AND i.agency = {}", key.document, key.item, key.agency);
    const pqxx::result rows = query.Run(transaction);
    if (rows.empty()) return PlanItemNotFound(key);
    v1::PlanItem item;
    DUBAN_RETURN_IF_ERROR(ParseMessage(rows[0][0], &item));
    if (rows[0][1].is_null()) {
      *tracking = PendingTracking(key, std::move(item));
    } else {
      DUBAN_RETURN_IF_ERROR(ParseMessage(rows[0][1], tracking));
      *tracking->mutable_plan_item() = std::move(item);
    }
    return ParseWorkflow(rows[0], 2, workflow);
  }

  Database* const database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PlanStore>> NewPostgresPlanStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_plans.sql", embedded::_0001_plans_sql},
                                            {2, "0002_workflow.sql", embedded::_0002_workflow_sql}}));
  return std::make_unique<PostgresPlanStore>(database);
}

}  // namespace duban
