// SPDX-License-Identifier: Apache-2.0
// A document's set row is written first and stays locked to the end of the transaction: it is the fence that lets only
// one revision at a time replace the document's indicators. Sets are written in the order of their documents' ids, so
// that batches that overlap wait for each other instead of deadlocking.
#include <fmt/format.h>

#include <pqxx/pqxx>
#include <unordered_map>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_indicators.sql.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/indicator_store.h"

namespace duban {
namespace {

std::string PayloadOf(const v1::IndicatorSet& set) {
  v1::IndicatorSet rest;
  rest.set_document(set.document());
  rest.set_revision(set.revision());
  *rest.mutable_relations() = set.relations();
  *rest.mutable_findings() = set.findings();
  return rest.SerializeAsString();
}

// Which sets won, and which of those stand in place of an older one.
struct Written {
  std::vector<std::string> documents;
  std::vector<std::string> replaced;
};

Written WriteSets(pqxx::transaction_base& transaction, const IndicatorBatch& batch) {
  const auto rows = transaction.exec_params(
      "INSERT INTO indicator_sets AS s (document, revision, agency, region_code, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bytea[]) "
      "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, agency = excluded.agency, "
      "region_code = excluded.region_code, payload = excluded.payload WHERE s.revision <= excluded.revision "
      // A row that this statement inserted was never locked or updated.
      "RETURNING document, xmax = 0",
      TextArray(batch, [](const auto& entry) { return entry.first; }),
      NumberArray(batch, [](const auto& entry) { return entry.second->revision(); }),
      TextArray(batch, [](const auto& entry) { return AgencyOf(*entry.second); }),
      TextArray(batch, [](const auto& entry) { return RegionOf(*entry.second); }),
      BytesArray(batch, [](const auto& entry) { return PayloadOf(*entry.second); }));
  Written written;
  for (const pqxx::row& row : rows) {
    written.documents.push_back(DocumentIdOf(row[0]));
    if (!row[1].as<bool>()) written.replaced.push_back(written.documents.back());
  }
  return written;
}

void WriteIndicators(pqxx::transaction_base& transaction, const IndicatorBatch& batch,
                     const std::vector<std::string>& documents) {
  ArrayBuilder document_ids, ordinals, metrics, years, aspects, values, units, payloads;
  bool any = false;
  for (const std::string& document : documents) {
    int ordinal = 0;
    for (const v1::Indicator& indicator : batch.at(document)->indicators()) {
      any = true;
      document_ids.AddText(document);
      ordinals.AddNumber(++ordinal);
      metrics.AddText(indicator.metric());
      years.AddNumber(indicator.year());
      aspects.AddNumber(indicator.aspect());
      units.AddText(indicator.quantity().unit());
      payloads.AddBytes(indicator.SerializeAsString());
      if (indicator.quantity().decimal().empty()) {
        values.AddNull();
      } else {
        values.AddText(indicator.quantity().decimal());
      }
    }
  }
  if (!any) return;
  transaction.exec_params0(
      "INSERT INTO indicators (document, ordinal, metric, year, aspect, value, unit, payload) SELECT * FROM "
      "unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::smallint[], $6::numeric[], $7::text[], $8::bytea[])",
      std::move(document_ids).Build(), std::move(ordinals).Build(), std::move(metrics).Build(),
      std::move(years).Build(), std::move(aspects).Build(), std::move(values).Build(), std::move(units).Build(),
      std::move(payloads).Build());
}

using Sets = std::unordered_map<std::string, v1::IndicatorSet>;

// Sets and indicators in one statement, hence of one revision. A set's own columns come with its first row only.
absl::Status SelectSets(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, Sets* sets) {
  const auto rows = transaction.exec_params(
      "SELECT s.document, CASE WHEN coalesce(i.ordinal, 1) = 1 THEN s.payload END, i.payload "
      "FROM indicator_sets s LEFT JOIN indicators i USING (document) WHERE s.document = ANY($1::uuid[]) "
      "ORDER BY s.document, i.ordinal",
      TextArray(ids));
  for (const pqxx::row& row : rows) {
    v1::IndicatorSet& set = (*sets)[DocumentIdOf(row[0])];
    if (!row[1].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[1], &set));
    if (!row[2].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[2], set.add_indicators()));
  }
  return absl::OkStatus();
}

// A prefix of two or four digits is found by the index of its level; an odd one among those of the level above.
void AppendRegion(const std::string& prefix, Query* query) {
  if (prefix.size() == 6) {
    query->Append(" AND s.region_code = {}", prefix);
    return;
  }
  const size_t level = prefix.size() < 4 ? 2 : 4;
  query->Append(fmt::format(" AND left(s.region_code, {}) = {{}}", level), prefix.substr(0, level));
  if (prefix.size() > level) query->Append(" AND s.region_code LIKE {}", prefix + "%");
}

Query ListQuery(const IndicatorFilter& filter, const std::optional<IndicatorCursor>& after, int limit) {
  const bool of_sets = !filter.agency.empty() || !filter.region_prefix.empty();
  Query query("SELECT i.document, i.ordinal, i.payload FROM indicators i");
  if (of_sets) query.Append(" JOIN indicator_sets s USING (document)");
  query.Append(" WHERE true");
  if (!filter.document.empty()) query.Append(" AND i.document = {}::uuid", filter.document);
  if (!filter.metric.empty()) query.Append(" AND i.metric <> '' AND i.metric = {}", filter.metric);
  if (!filter.agency.empty()) query.Append(" AND s.agency = {}", filter.agency);
  if (!filter.region_prefix.empty()) AppendRegion(filter.region_prefix, &query);
  if (filter.year != 0) query.Append(" AND i.year = {}::int", filter.year);
  // As a literal, so that it is seen to fit an index of some aspects only.
  if (filter.aspect != v1::Indicator::ASPECT_UNSPECIFIED) {
    query.Append(fmt::format(" AND i.aspect = {}", static_cast<int>(filter.aspect)));
  }
  if (after.has_value()) {
    query.Append(" AND (i.document, i.ordinal) > ({}::uuid, {}::int)", after->document, after->ordinal);
    if (of_sets) query.Append(" AND s.document >= {}::uuid", after->document);
  }
  query.Append(" ORDER BY i.document, i.ordinal LIMIT {}", int64_t{limit} + 1);
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
  explicit PostgresIndicatorStore(Database* database) : database_(database) {}

  absl::Status Put(const std::vector<v1::IndicatorSet>& sets) override {
    DUBAN_ASSIGN_OR_RETURN(const IndicatorBatch batch, ToBatch(sets));
    if (batch.empty()) return absl::OkStatus();
    return database_->Transact([&](auto& transaction) {
      const Written written = WriteSets(transaction, batch);
      if (!written.replaced.empty()) {
        transaction.exec_params0("DELETE FROM indicators WHERE document = ANY($1::uuid[])",
                                 TextArray(written.replaced));
      }
      WriteIndicators(transaction, batch, written.documents);
      return absl::OkStatus();
    });
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

 private:
  Database* const database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<IndicatorStore>> NewPostgresIndicatorStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_indicators.sql", embedded::_0001_indicators_sql}}));
  return std::make_unique<PostgresIndicatorStore>(database);
}

}  // namespace duban
