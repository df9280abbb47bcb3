// SPDX-License-Identifier: Apache-2.0
// A document's set row is the fence that lets only one revision at a time replace the document's indicators. Findings
// across reports depend on all figures of an agency, so that whoever changes them holds the locks of the agencies of
// the new sets and of the ones they replace. Which those are is known for certain only under the locks of the
// documents. All locks are held to the end of the transaction and taken in one order: documents, agencies, rows, each
// in an order of their own, so that batches that overlap wait for each other instead of deadlocking.
//
// A removal writes the row of an empty set, marked as removed, in the same way.
#include <fmt/format.h>

#include <pqxx/pqxx>
#include <set>
#include <unordered_map>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_indicators.sql.h"
#include "embedded/0002_ledger.sql.h"
#include "embedded/0003_jumps.sql.h"
#include "embedded/0004_pages.sql.h"
#include "embedded/0005_removed_sets.sql.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/indicator_store.h"
#include "services/indicator/ledger_rows.h"
#include "services/indicator/postgres_ledger.h"

namespace duban {
namespace {

std::string PayloadOf(const v1::IndicatorSet& set) {
  v1::IndicatorSet rest;
  rest.set_document(set.document());
  rest.set_revision(set.revision());
  *rest.mutable_relations() = set.relations();
  *rest.mutable_findings() = set.findings();
  if (set.has_agency()) *rest.mutable_agency() = set.agency();
  rest.set_part_of_year(set.part_of_year());
  return rest.SerializeAsString();
}

// Locks ids of one kind. The two-number space of advisory locks, apart from those of other schemas and kinds.
void Lock(pqxx::transaction_base& transaction, std::string_view kind, const std::string& ids) {
  transaction.exec_params(
      "SELECT pg_advisory_xact_lock(hashtext(current_schema() || $1::text), key) FROM "
      "(SELECT DISTINCT hashtext(id) AS key FROM unnest($2::text[]) AS id ORDER BY 1) AS ordered",
      std::string(kind), ids);
}

// Locks the batch's documents and all agencies that they belong to before and after.
void LockBatch(pqxx::transaction_base& transaction, const IndicatorBatch& batch) {
  const std::string documents = TextArray(batch, [](const auto& entry) { return entry.first; });
  Lock(transaction, ".documents", documents);
  std::set<std::string> agencies;
  for (const auto& [id, set] : batch) agencies.insert(AgencyOf(*set));
  const auto rows =
      transaction.exec_params("SELECT DISTINCT agency FROM indicator_sets WHERE document = ANY($1::uuid[])", documents);
  for (const pqxx::row& row : rows) agencies.insert(row[0].as<std::string>());
  agencies.erase("");
  if (!agencies.empty()) Lock(transaction, ".agencies", TextArray(agencies));
}

// Which sets won, and which of those stand in place of an older one.
struct Written {
  std::vector<std::string> documents;
  std::vector<std::string> replaced;
};

Written WriteSets(pqxx::transaction_base& transaction, const IndicatorBatch& batch, bool removed) {
  const auto rows = transaction.exec_params(
      "INSERT INTO indicator_sets AS s (document, revision, agency, region_code, payload, removed) "
      "SELECT *, $6::bool FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bytea[]) "
      "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, agency = excluded.agency, "
      "region_code = excluded.region_code, payload = excluded.payload, removed = excluded.removed "
      "WHERE s.revision < excluded.revision OR (s.revision = excluded.revision AND (excluded.removed OR NOT "
      "s.removed)) "
      // A row that this statement inserted was never locked or updated.
      "RETURNING document, xmax = 0",
      TextArray(batch, [](const auto& entry) { return entry.first; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->revision(); }),
      TextArray(batch, [](const auto& entry) { return AgencyOf(*entry.second); }),
      TextArray(batch, [](const auto& entry) { return RegionOf(*entry.second); }),
      BytesArray(batch, [](const auto& entry) { return PayloadOf(*entry.second); }), removed);
  Written written;
  for (const pqxx::row& row : rows) {
    written.documents.push_back(DocumentIdOf(row[0]));
    if (!row[1].as<bool>()) written.replaced.push_back(written.documents.back());
  }
  return written;
}

void DeleteIndicators(pqxx::transaction_base& transaction, const std::vector<std::string>& documents,
                      LabelDeltas* labels) {
  if (documents.empty()) return;
  const auto rows = transaction.exec_params(
      "WITH gone AS (DELETE FROM indicators WHERE document = ANY($1::uuid[]) RETURNING document, unmapped_label) "
      "SELECT unmapped_label, count(*), count(DISTINCT document) FROM gone WHERE unmapped_label IS NOT NULL GROUP BY 1",
      TextArray(documents));
  for (const pqxx::row& row : rows) {
    LabelDelta& delta = (*labels)[row[0].as<std::string>()];
    delta.indicators -= row[1].as<int64_t>();
    delta.documents -= row[2].as<int64_t>();
  }
}

void WriteIndicators(pqxx::transaction_base& transaction, const IndicatorBatch& batch,
                     const std::vector<std::string>& documents, LabelDeltas* labels) {
  ArrayBuilder document_ids, ordinals, metrics, years, aspects, values, units, payloads, unmapped;
  bool any = false;
  for (const std::string& document : documents) {
    int ordinal = 0;
    std::set<std::string_view> seen;
    for (const v1::Indicator& indicator : batch.at(document)->indicators()) {
      any = true;
      document_ids.AddText(document);
      ordinals.AddNumber(++ordinal);
      metrics.AddText(indicator.metric());
      years.AddNumber(indicator.year());
      aspects.AddNumber(indicator.aspect());
      units.AddText(indicator.quantity().unit());
      payloads.AddBytes(indicator.SerializeAsString());
      if (const std::string_view label = UnmappedLabel(indicator); !label.empty()) {
        unmapped.AddText(label);
        LabelDelta& delta = (*labels)[std::string(label)];
        ++delta.indicators;
        delta.documents += seen.insert(label).second;
      } else {
        unmapped.AddNull();
      }
      if (indicator.quantity().decimal().empty()) {
        values.AddNull();
      } else {
        values.AddText(indicator.quantity().decimal());
      }
    }
  }
  if (!any) return;
  transaction.exec_params0(
      "INSERT INTO indicators (document, ordinal, metric, year, aspect, value, unit, payload, unmapped_label) SELECT * "
      "FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::smallint[], $6::numeric[], $7::text[], "
      "$8::bytea[], $9::text[])",
      std::move(document_ids).Build(), std::move(ordinals).Build(), std::move(metrics).Build(),
      std::move(years).Build(), std::move(aspects).Build(), std::move(values).Build(), std::move(units).Build(),
      std::move(payloads).Build(), std::move(unmapped).Build());
}

using Sets = std::unordered_map<std::string, v1::IndicatorSet>;

// Sets and indicators in one statement, hence of one revision. A set's own columns come with its first row only.
absl::Status SelectSets(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, Sets* sets) {
  const auto rows = transaction.exec_params(
      "SELECT s.document, CASE WHEN coalesce(i.ordinal, 1) = 1 THEN s.payload END, i.payload "
      "FROM indicator_sets s LEFT JOIN indicators i USING (document) "
      "WHERE s.document = ANY($1::uuid[]) AND NOT s.removed "
      "ORDER BY s.document, i.ordinal",
      TextArray(ids));
  for (const pqxx::row& row : rows) {
    v1::IndicatorSet& set = (*sets)[DocumentIdOf(row[0])];
    if (!row[1].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[1], &set));
    if (!row[2].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[2], set.add_indicators()));
  }
  return absl::OkStatus();
}

// Conditions on columns of `i`, indicators, or of a table that has them alike.
void AppendMetricAndYear(const IndicatorFilter& filter, std::string_view table, Query* query) {
  if (!filter.metric.empty()) {
    query->Append(fmt::format(" AND {0}.metric <> '' AND {0}.metric = {{}}", table), filter.metric);
  }
  if (filter.year != 0) query->Append(fmt::format(" AND {}.year = {{}}::int", table), filter.year);
}

void AppendAspect(const IndicatorFilter& filter, Query* query) {
  // As a literal, so that it is seen to fit an index of some aspects only.
  if (filter.aspect == v1::Indicator::ASPECT_UNSPECIFIED) return;
  query->Append(fmt::format(" AND i.aspect = {}", static_cast<int>(filter.aspect)));
}

// Of an agency or a region: set by set, in the order of the documents, until the page is full. OFFSET 0 keeps the
// planner from turning the inner query into a join that it would read whole and sort.
Query ListOfSets(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after) {
  Query query("SELECT s.document, i.ordinal, i.payload FROM (SELECT s.document FROM indicator_sets s WHERE true");
  if (!filter.document.empty()) query.Append(" AND s.document = {}::uuid", filter.document);
  AppendOrigin(filter.agency, filter.region_prefix, &query);
  if (after.has_value()) query.Append(" AND s.document >= {}::uuid", after->document);
  query.Append(" ORDER BY s.document");
  query.Append(kUntilFull);
  query.Append(") s CROSS JOIN LATERAL (SELECT i.ordinal, i.payload FROM indicators i");
  if (filter.has_finding) {
    query.Append(
        " JOIN (SELECT DISTINCT m.of_ordinal AS ordinal FROM finding_members m WHERE m.of_document = s.document) m"
        " USING (ordinal)");
  }
  query.Append(" WHERE i.document = s.document");
  AppendMetricAndYear(filter, "i", &query);
  AppendAspect(filter, &query);
  if (after.has_value()) {
    query.Append(" AND (s.document > {}::uuid OR i.ordinal > {}::int)", after->document, after->ordinal);
  }
  query.Append(" OFFSET 0) i ORDER BY s.document, i.ordinal");
  return query;
}

// What findings speak of, wherever: along their members.
Query ListOfMembers(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after) {
  Query query(
      "SELECT m.document, m.ordinal, i.payload FROM (SELECT DISTINCT m.of_document AS document, m.of_ordinal AS "
      "ordinal "
      "FROM finding_members m WHERE true");
  if (!filter.document.empty()) query.Append(" AND m.of_document = {}::uuid", filter.document);
  AppendMetricAndYear(filter, "m", &query);
  AppendAfter(filter.document, after, "m.of_document", "m.of_ordinal", &query);
  query.Append(" ORDER BY 1, 2");
  query.Append(kUntilFull);
  query.Append(
      ") m CROSS JOIN LATERAL (SELECT i.payload FROM indicators i WHERE i.document = m.document AND "
      "i.ordinal = m.ordinal");
  AppendAspect(filter, &query);
  query.Append(" OFFSET 0) i ORDER BY m.document, m.ordinal");
  return query;
}

Query ListOfAll(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after) {
  Query query("SELECT i.document, i.ordinal, i.payload FROM indicators i WHERE true");
  if (!filter.document.empty()) query.Append(" AND i.document = {}::uuid", filter.document);
  AppendMetricAndYear(filter, "i", &query);
  AppendAspect(filter, &query);
  AppendAfter(filter.document, after, "i.document", "i.ordinal", &query);
  query.Append(" ORDER BY i.document, i.ordinal");
  return query;
}

Query ListQuery(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after, int limit) {
  const bool of_sets = !filter.agency.empty() || !filter.region_prefix.empty();
  Query query = of_sets              ? ListOfSets(filter, after)
                : filter.has_finding ? ListOfMembers(filter, after)
                                     : ListOfAll(filter, after);
  query.Append(" LIMIT {}", int64_t{limit} + 1);
  return query;
}

absl::Status ReadPage(const pqxx::result& rows, int limit, IndicatorPage* page) {
  *page = IndicatorPage();
  for (const pqxx::row& row : rows) {
    if (static_cast<int>(page->indicators.size()) == limit) {
      const pqxx::row& last = rows[limit - 1];
      page->next = IndicatorCursor{DocumentIdOf(last[0]), last[1].as<int>()};
      break;
    }
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[2], &page->indicators.emplace_back()));
  }
  return absl::OkStatus();
}

class PostgresIndicatorStore : public IndicatorStore {
 public:
  PostgresIndicatorStore(Database* database, HistoryWords words) : database_(database), words_(std::move(words)) {}

  absl::Status Put(const std::vector<v1::IndicatorSet>& sets) override {
    DUBAN_ASSIGN_OR_RETURN(const IndicatorBatch batch, ToBatch(sets));
    return Replace(batch, /*removed=*/false);
  }

  absl::Status Remove(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch revisions, ToBatch(removals));
    std::vector<v1::IndicatorSet> empty;
    for (const auto& [id, revision] : revisions) {
      v1::IndicatorSet& set = empty.emplace_back();
      set.set_document(DocumentName(id));
      set.set_revision(revision);
    }
    DUBAN_ASSIGN_OR_RETURN(const IndicatorBatch batch, ToBatch(empty));
    return Replace(batch, /*removed=*/true);
  }

  absl::StatusOr<std::vector<v1::IndicatorSet>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    Sets found;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) {
      found.clear();
      return SelectSets(transaction, ids, &found);
    }));
    std::vector<v1::IndicatorSet> sets;
    for (const std::string& id : ids) {
      const auto set = found.find(id);
      if (set == found.end()) {
        return ResourceNotFound("duban.v1/IndicatorSet", DocumentName(id),
                                "the document is not extracted yet or does not exist");
      }
      sets.push_back(set->second);
    }
    return sets;
  }

  absl::StatusOr<IndicatorPage> List(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after,
                                     int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    const Query query = ListQuery(filter, after, limit);
    IndicatorPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return ReadPage(query.Run(transaction), limit, &page); }));
    return page;
  }

  absl::StatusOr<FindingPage> ListFindings(const FindingFilter& filter, const std::optional<IndicatorCursor>& after,
                                           int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    FindingPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectFindings(transaction, filter, after, limit, &page); }));
    return page;
  }

  absl::StatusOr<ComparisonPage> Compare(const ComparisonFilter& filter, const std::optional<std::string>& after,
                                         int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckFilter(filter, after, limit));
    ComparisonPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectComparison(transaction, filter, after, limit, &page); }));
    return page;
  }

  absl::StatusOr<UnmappedPage> ListUnmapped(const std::optional<UnmappedCursor>& after, int limit) override {
    DUBAN_RETURN_IF_ERROR(CheckCursor(after, limit));
    UnmappedPage page;
    DUBAN_RETURN_IF_ERROR(
        database_->Read([&](auto& transaction) { return SelectUnmapped(transaction, after, limit, &page); }));
    return page;
  }

 private:
  // Puts the sets in place of what is stored of their documents, if that is not newer.
  absl::Status Replace(const IndicatorBatch& batch, bool removed) {
    if (batch.empty()) return absl::OkStatus();
    return database_->Transact([&](auto& transaction) {
      LockBatch(transaction, batch);
      const Written written = WriteSets(transaction, batch, removed);
      LabelDeltas labels;
      FigureKeys touched;
      DeleteIndicators(transaction, written.replaced, &labels);
      DeleteLedger(transaction, written.replaced, &touched);
      WriteIndicators(transaction, batch, written.documents, &labels);
      WriteLedger(transaction, batch, written.documents, words_, &touched);
      MarkCells(transaction, touched);
      DUBAN_RETURN_IF_ERROR(CheckClaims(transaction, touched));
      DUBAN_RETURN_IF_ERROR(CheckJumps(transaction, touched));
      AddLabels(transaction, labels);
      return absl::OkStatus();
    });
  }

  Database* const database_;
  const HistoryWords words_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<IndicatorStore>> NewPostgresIndicatorStore(Database* database) {
  DUBAN_ASSIGN_OR_RETURN(HistoryWords words, HistoryWords::Create());
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_indicators.sql", embedded::_0001_indicators_sql},
                                            {2, "0002_ledger.sql", embedded::_0002_ledger_sql},
                                            {3, "0003_jumps.sql", embedded::_0003_jumps_sql},
                                            {4, "0004_pages.sql", embedded::_0004_pages_sql},
                                            {5, "0005_removed_sets.sql", embedded::_0005_removed_sets_sql}}));
  return std::make_unique<PostgresIndicatorStore>(database, std::move(words));
}

}  // namespace duban
