// SPDX-License-Identifier: Apache-2.0
// Why the ledger ends the same whatever the order of arrival: documents and trackings of an agency are only written
// under the agency's lock. A worker that computed trackings from an older set of documents finds at commit that the set
// has changed and computes again; the worker that changed the set computes after its change is committed. So the last
// one to commit has seen all documents, and its trackings are a function of these alone. The set is that of the
// documents that bear on the plans tracked: others do not matter to them (plan_years.h).
//
// Locks are taken in one order everywhere: documents by id, then agencies by id, then rows. Documents have advisory
// locks because a row that is not there yet cannot be locked.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <pqxx/pqxx>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_plans.sql.h"
#include "embedded/0002_workflow.sql.h"
#include "embedded/0003_lists.sql.h"
#include "embedded/0004_problems.sql.h"
#include "embedded/0005_changes.sql.h"
#include "embedded/0006_carry_over.sql.h"
#include "embedded/0007_removed_plans.sql.h"
#include "embedded/0008_concerned_plans.sql.h"
#include "embedded/0009_attention.sql.h"
#include "services/plan/carry_over.h"
#include "services/plan/plan_rules.h"
#include "services/plan/plan_store.h"
#include "services/plan/postgres_changes.h"
#include "services/plan/postgres_items.h"
#include "services/plan/postgres_lists.h"
#include "services/plan/postgres_neighbours.h"
#include "services/plan/postgres_problems.h"
#include "services/plan/postgres_workflow.h"

namespace duban {
namespace {

// Changes dropped from the log in one transaction.
constexpr int kTrimBatch = 10'000;

// Holds the advisory locks of ids to the end of the transaction. The key is the id's first 64 bits, which is all of an
// agency's.
void Lock(pqxx::transaction_base& transaction, const std::string& ids) {
  transaction.exec_params(
      "SELECT pg_advisory_xact_lock(key) FROM "
      "(SELECT ('x' || left(id, 16))::bit(64)::bigint AS key FROM unnest($1::text[]) id ORDER BY id) keys",
      ids);
}

// Locks documents and all agencies that they belong to, before the transaction and after: `agencies`. Answers the
// documents as they are stored.
StoredDocuments LockBatch(pqxx::transaction_base& transaction, const std::string& documents,
                          std::set<std::string> agencies) {
  Lock(transaction, documents);
  StoredDocuments stored = SelectStored(transaction, documents);
  for (const auto& [id, entry] : stored) {
    if (!entry.document.agency.empty()) agencies.insert(entry.document.agency);
  }
  Lock(transaction, TextArray(agencies));
  return stored;
}

// Those of `ids` of which something may be stored.
std::vector<std::string> KnownOf(const std::vector<std::string>& ids, const StoredDocuments& stored) {
  std::vector<std::string> known;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(known), [&](const auto& id) { return stored.contains(id); });
  return known;
}

// Notes the plans that the documents of `ids` concern: as `stored`, and as in `batch` but for those not in it.
void NoteChanged(pqxx::transaction_base& transaction, const std::vector<std::string>& ids,
                 const StoredDocuments& stored, const PlanBatch& batch) {
  std::vector<PlanDocument> before, after;
  for (const std::string& id : ids) {
    if (const auto old = stored.find(id); old != stored.end() && !old->second.removed) {
      before.push_back(old->second.document);
    }
    if (const auto now = batch.find(id); now != batch.end()) after.push_back(now->second->document);
  }
  NoteConcerned(transaction, before, after);
}

// Answers the ids of those that are not older than the stored ones.
std::vector<std::string> WriteDocuments(pqxx::transaction_base& transaction, const PlanBatch& batch) {
  const auto rows = transaction.exec_params(
      "INSERT INTO plan_documents AS d (document, revision, agency, report_year, plan_year, region, "
      "agency_display_name) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[]) "
      "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, agency = excluded.agency, "
      "report_year = excluded.report_year, plan_year = excluded.plan_year, region = excluded.region, "
      "agency_display_name = excluded.agency_display_name, removed = false "
      "WHERE d.revision < excluded.revision OR (d.revision = excluded.revision AND NOT d.removed) RETURNING document",
      DocumentIds(batch), NumberArray(batch, [](const auto& entry) { return entry.second->document.revision; }),
      TextArray(batch, [](const auto& entry) { return entry.second->document.agency; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->document.report_year; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->document.plan_year; }),
      TextArray(batch, [](const auto& entry) { return entry.second->document.region; }),
      TextArray(batch, [](const auto& entry) { return entry.second->document.agency_display_name; }));
  std::vector<std::string> written;
  for (const pqxx::row& row : rows) written.push_back(DocumentIdOf(row[0]));
  return written;
}

// Leaves tombstones, where no newer revision is stored; answers the ids of those.
std::vector<std::string> WriteTombstones(pqxx::transaction_base& transaction, const RemovalBatch& batch,
                                         const std::string& documents) {
  const auto rows = transaction.exec_params(
      "INSERT INTO plan_documents AS d (document, revision, agency, report_year, plan_year, removed) "
      "SELECT *, '', 0, 0, true FROM unnest($1::uuid[], $2::int[]) "
      "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, removed = true "
      "WHERE d.revision <= excluded.revision RETURNING document",
      documents, NumberArray(batch, [](const auto& entry) { return entry.second; }));
  std::vector<std::string> removed;
  for (const pqxx::row& row : rows) removed.push_back(DocumentIdOf(row[0]));
  return removed;
}

absl::Status WriteTrackings(pqxx::transaction_base& transaction, const std::string& agency,
                            const TrackingBatch& batch) {
  // Most trackings come out as they were; those are not written again. The last part reads those of before.
  const auto rows = transaction.exec_params(
      "WITH known AS (SELECT i.document, i.ordinal, i.item, i.agency, i.year, t.status, t.score, t.payload, "
      "  i.payload AS promise "
      "  FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::float8[], $6::bytea[]) "
      "    t (document, item, status, score, payload) "
      "  JOIN plan_items i ON i.document = t.document AND i.item = t.item AND i.agency = $1), "
      "written AS (INSERT INTO trackings AS old (document, ordinal, agency, year, status, score, payload) "
      "  SELECT document, ordinal, agency, year, status, score, payload FROM known "
      "  ON CONFLICT (document, ordinal) DO UPDATE SET agency = excluded.agency, year = excluded.year, "
      "  status = excluded.status, score = excluded.score, payload = excluded.payload "
      "  WHERE old.payload <> excluded.payload) "
      "SELECT k.document, k.item, k.promise, t.payload IS DISTINCT FROM k.payload AS changed, "
      "  CASE WHEN t.payload <> k.payload THEN t.payload END AS before FROM known k LEFT JOIN trackings t "
      "ON t.document = k.document AND t.ordinal = k.ordinal ORDER BY k.document, k.ordinal",
      agency, TextArray(batch, [](const auto& entry) { return entry.first.first; }),
      TextArray(batch, [](const auto& entry) { return entry.first.second; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->status(); }),
      TextArray(batch, [](const auto& entry) { return fmt::format("{}", entry.second->score()); }),
      BytesArray(batch, [](const auto& entry) { return entry.second->SerializeAsString(); }));
  if (rows.size() != batch.size()) return UnknownItem(agency);
  std::vector<LoggedChange> changes;
  for (const pqxx::row& row : rows) {
    const PlanItemKey key = {agency, DocumentIdOf(row["document"]), row["item"].c_str()};
    const v1::Tracking& tracking = *batch.at({key.document, key.item});
    v1::PlanItem promise;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row["promise"], &promise));
    if (DigestOf(promise) != DigestOf(tracking.plan_item())) return UnknownItem(agency);
    if (!row["changed"].as<bool>()) continue;
    v1::Tracking before = PendingTracking(key, {});
    if (!row["before"].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row["before"], &before));
    if (SameVerdict(before, tracking)) continue;
    changes.push_back({v1::PlanItemChange::TRACKED, key});
  }
  LogChanges(transaction, changes);
  return absl::OkStatus();
}

class PostgresPlanStore : public PlanStore {
 public:
  explicit PostgresPlanStore(Database* database) : database_(database) {}

  absl::StatusOr<PlanYears> PutDocuments(const std::vector<PlanDocumentItems>& documents) override {
    DUBAN_ASSIGN_OR_RETURN(const PlanBatch batch, ToBatch(documents));
    const std::string ids = DocumentIds(batch);
    std::set<std::string> now;
    for (const auto& [id, entry] : batch) now.insert(entry->document.agency);
    PlanYears concerned;
    const absl::Status done = database_->Transact([&](auto& transaction) -> absl::Status {
      const StoredDocuments stored = LockBatch(transaction, ids, now);
      const PlanBatch news = WithoutKnown(transaction, batch, stored);
      std::vector<std::string> written = WriteDocuments(transaction, news);
      const std::vector<std::string> replaced = KnownOf(written, stored);
      DUBAN_RETURN_IF_ERROR(RememberItems(transaction, replaced));
      DUBAN_RETURN_IF_ERROR(CarryWorkflows(transaction, news, replaced));
      WriteItems(transaction, news, written, replaced);
      WriteProblems(transaction, news, written, replaced);
      for (const auto& [id, entry] : batch) {
        if (!news.contains(id)) written.push_back(id);  // its worker may have died before it tracked
      }
      NoteChanged(transaction, written, stored, batch);
      concerned = SelectConcerned(transaction, ids);
      return absl::OkStatus();
    });
    if (!done.ok()) return done;
    return concerned;
  }

  absl::StatusOr<PlanYears> RemoveDocuments(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch batch, ToBatch(removals));
    const std::string ids = TextArray(batch, [](const auto& entry) { return entry.first; });
    const PlanDocumentItems nothing;
    PlanBatch empty;
    for (const auto& [id, revision] : batch) empty[id] = &nothing;
    PlanYears concerned;
    const absl::Status done = database_->Transact([&](auto& transaction) -> absl::Status {
      const StoredDocuments stored = LockBatch(transaction, ids, {});
      const std::vector<std::string> removed = WriteTombstones(transaction, batch, ids);
      const std::vector<std::string> replaced = KnownOf(removed, stored);
      DUBAN_RETURN_IF_ERROR(RememberItems(transaction, replaced));
      WriteItems(transaction, empty, removed, replaced);
      WriteProblems(transaction, empty, removed, replaced);
      NoteChanged(transaction, removed, stored, {});
      concerned = SelectConcerned(transaction, ids);
      return absl::OkStatus();
    });
    if (!done.ok()) return done;
    return concerned;
  }

  absl::StatusOr<std::vector<PlanDocument>> Neighbours(const std::string& agency,
                                                       const std::set<int32_t>& years) override {
    DUBAN_RETURN_IF_ERROR(CheckPlans(agency, years));
    std::vector<PlanDocument> documents;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      documents = SelectNeighbours(transaction, agency, years);
      return absl::OkStatus();
    }));
    return documents;
  }

  absl::StatusOr<std::vector<v1::PlanItem>> ItemsOf(const std::string& agency,
                                                    const std::vector<std::string>& documents) override {
    DUBAN_RETURN_IF_ERROR(CheckIds(agency, documents));
    std::vector<v1::PlanItem> items;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectItemsOf(transaction, agency, documents, &items); }));
    return items;
  }

  absl::Status CommitTrackings(const std::string& agency, const std::set<int32_t>& years,
                               const std::vector<PlanDocument>& read_set,
                               const std::vector<v1::Tracking>& trackings) override {
    DUBAN_RETURN_IF_ERROR(CheckPlans(agency, years));
    DUBAN_ASSIGN_OR_RETURN(const TrackingBatch batch, ToBatch(trackings));
    return database_->Transact([&](auto& transaction) -> absl::Status {
      Lock(transaction, TextArray(std::vector<std::string>{agency}));
      DUBAN_RETURN_IF_ERROR(CheckReadSet(agency, years, read_set, SelectNeighbours(transaction, agency, years), batch));
      DUBAN_RETURN_IF_ERROR(WriteTrackings(transaction, agency, batch));
      ForgetConcerned(transaction, agency, years);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<PlanItemPage> ListPlanItems(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    PlanItemPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectItems(transaction, filter, after, limit, &page); }));
    return page;
  }

  absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                             int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    TrackingPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectTrackings(transaction, filter, after, limit, &page); }));
    return page;
  }

  absl::StatusOr<ProblemPage> ListProblems(const ProblemFilter& filter, const std::optional<PlanCursor>& after,
                                           int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    ProblemPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectProblems(transaction, filter, after, limit, &page); }));
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
        database_->Read([&](auto& transaction) { return SelectTracking(transaction, key, &tracking, &workflow); }));
    return Shown(std::move(tracking), workflow);
  }

  absl::StatusOr<Edited> Apply(const Edit& edit) override {
    DUBAN_RETURN_IF_ERROR(CheckEdit(edit));
    Edited edited;
    const absl::Status done = database_->Transact([&](auto& transaction) -> absl::Status {
      Lock(transaction, TextArray(std::vector<std::string>{edit.key.agency}));
      v1::Tracking tracking;
      Workflow workflow;
      DUBAN_RETURN_IF_ERROR(SelectTracking(transaction, edit.key, &tracking, &workflow));
      DUBAN_ASSIGN_OR_RETURN(const auto repeated, FindRepeat(transaction, edit));
      edited.entry = repeated.value_or(edit.entry);
      if (!repeated.has_value()) {
        DUBAN_RETURN_IF_ERROR(ApplyChange(Shown(tracking, workflow), edit.etag, &edited.entry, &workflow));
        WriteChange(transaction, edit, tracking.plan_item(), workflow, &edited.entry);
        LogChanges(transaction, {{KindOf(edited.entry), edit.key}});
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
      DUBAN_RETURN_IF_ERROR(SelectTracking(transaction, key, &tracking, &workflow));
      return SelectHistory(transaction, key, after, limit, &page);
    });
    if (!done.ok()) return done;
    return page;
  }

  absl::StatusOr<SummaryPage> Summarize(const PlanFilter& filter, const std::string& as_of,
                                        const std::optional<SummaryCursor>& after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckSummary(filter, as_of, after, limit));
    SummaryPage page;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      SelectSummaries(transaction, filter, as_of, after, limit, &page);
      return absl::OkStatus();
    }));
    return page;
  }

  absl::StatusOr<ChangePage> ReadChanges(const std::string& agency, const std::string& token, int limit) override {
    if (!agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", agency));
    DUBAN_RETURN_IF_ERROR(CheckLimit(limit));
    ChangePage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectChanges(transaction, agency, token, limit, &page); }));
    return page;
  }

  absl::StatusOr<std::string> LastChange() override {
    std::string last;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      last = SelectLastChange(transaction);
      return absl::OkStatus();
    }));
    return last;
  }

  absl::StatusOr<int64_t> TrimChanges(absl::Duration age) override {
    int64_t all = 0, some = 0;
    do {
      DUBAN_RETURN_IF_ERROR(database_->Transact([&](auto& transaction) {
        some = duban::TrimChanges(transaction, age, kTrimBatch);
        return absl::OkStatus();
      }));
      all += some;
    } while (some == kTrimBatch);
    return all;
  }

 private:
  Database* const database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PlanStore>> NewPostgresPlanStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_plans.sql", embedded::_0001_plans_sql},
                                            {2, "0002_workflow.sql", embedded::_0002_workflow_sql},
                                            {3, "0003_lists.sql", embedded::_0003_lists_sql},
                                            {4, "0004_problems.sql", embedded::_0004_problems_sql},
                                            {5, "0005_changes.sql", embedded::_0005_changes_sql},
                                            {6, "0006_carry_over.sql", embedded::_0006_carry_over_sql},
                                            {7, "0007_removed_plans.sql", embedded::_0007_removed_plans_sql},
                                            {8, "0008_concerned_plans.sql", embedded::_0008_concerned_plans_sql},
                                            {9, "0009_attention.sql", embedded::_0009_attention_sql}}));
  DUBAN_RETURN_IF_ERROR(database->Transact([](auto& transaction) {
    DropForeignChanges(transaction);
    return absl::OkStatus();
  }));
  return std::make_unique<PostgresPlanStore>(database);
}

}  // namespace duban
