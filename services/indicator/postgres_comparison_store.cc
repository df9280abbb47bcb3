// SPDX-License-Identifier: Apache-2.0
// Comparisons of a metric and labels without a metric in PostgreSQL.
//
// Ranks are of all agencies that the filter leaves, whatever the page: one pass over the metric's figures, read off an
// index that holds all that is needed; the indicators themselves are fetched for the page only.
#include <pqxx/pqxx>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/indicator/arithmetic.h"
#include "services/indicator/postgres_ledger.h"

namespace duban {
namespace {

Query ComparisonQuery(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit) {
  const std::string years = NumberArray(filter.years, [](int32_t year) { return year; });
  Query query(
      "WITH cells AS MATERIALIZED (SELECT DISTINCT ON (agency, year) agency, year, value, document, ordinal, "
      "region_code FROM metric_figures WHERE headline");
  query.Append(" AND metric = {} AND unit = {}", filter.metric, std::string(RepresentativeUnit(filter.unit)));
  if (!filter.agencies.empty()) query.Append(" AND agency = ANY({}::text[])", TextArray(filter.agencies));
  if (!filter.region_prefix.empty()) query.Append(" AND region_code LIKE {}", filter.region_prefix + "%");
  if (!filter.years.empty()) {
    query.Append(" AND year = ANY({}::int[])", NumberArray(YearsToRead(filter), [](int32_t year) { return year; }));
  }
  query.Append(" ORDER BY agency, year, value DESC, document), ");
  query.Append("page AS (SELECT DISTINCT agency FROM cells WHERE true");
  if (!filter.years.empty()) query.Append(" AND year = ANY({}::int[])", years);
  if (after.has_value()) query.Append(" AND agency > {}", *after);
  query.Append(" ORDER BY agency LIMIT {}), ", int64_t{limit} + 1);
  query.Append("ranked AS (SELECT c.*, rank() OVER (PARTITION BY year ORDER BY value ");
  query.Append(filter.lower_is_better ? "ASC" : "DESC");
  query.Append(
      ") AS place, count(*) OVER (PARTITION BY year) AS ranked FROM cells c) "
      "SELECT r.agency, r.year, r.place, r.ranked, r.region_code, i.payload, "
      "CASE WHEN r.year = max(r.year) OVER (PARTITION BY r.agency) THEN s.payload END, "
      "(SELECT array_to_string(array_agg(DISTINCT year ORDER BY year), ' ') FROM cells) "
      "FROM ranked r JOIN page USING (agency) JOIN indicators i USING (document, ordinal) "
      "JOIN indicator_sets s USING (document) ORDER BY r.agency, r.year");
  return query;
}

std::string IdOf(const ComparedAgency& agency) { return agency.agency.name().substr(AgencyName("").size()); }

void ReadYears(const std::string& text, std::vector<int32_t>* years) {
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find(' ', pos), text.size());
    years->push_back(std::stoi(text.substr(pos, end - pos)));
    pos = end + 1;
  }
}

void ReadReportedYears(pqxx::transaction_base& transaction, std::vector<ComparedAgency>* agencies) {
  std::map<std::string, ComparedAgency*> by_id;
  for (ComparedAgency& agency : *agencies) by_id[IdOf(agency)] = &agency;
  const auto rows = transaction.exec_params(
      "SELECT DISTINCT agency, year FROM metric_figures WHERE agency = ANY($1::text[]) ORDER BY agency, year",
      TextArray(by_id, [](const auto& entry) { return entry.first; }));
  for (const pqxx::row& row : rows) {
    by_id.at(row[0].as<std::string>())->reported_years.push_back(row[1].as<int32_t>());
  }
}

}  // namespace

absl::Status SelectComparison(pqxx::transaction_base& transaction, const ComparisonFilter& filter,
                              const std::optional<std::string>& after, int limit, ComparisonPage* page) {
  *page = ComparisonPage();
  const auto rows = ComparisonQuery(filter, after, limit).Run(transaction);
  for (const pqxx::row& row : rows) {
    const auto name = AgencyName(row[0].as<std::string>());
    if (page->agencies.empty() || page->agencies.back().agency.name() != name) {
      if (static_cast<int>(page->agencies.size()) == limit) {
        page->next = IdOf(page->agencies.back());
        break;
      }
      page->agencies.emplace_back().agency.set_name(name);
    }
    ComparedAgency& agency = page->agencies.back();
    ComparedFigure& figure = agency.figures.emplace_back();
    figure.year = row[1].as<int32_t>();
    figure.rank = row[2].as<int>();
    figure.ranked = row[3].as<int>();
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[5], &figure.indicator));
    if (row[6].is_null()) continue;
    v1::IndicatorSet set;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[6], &set));
    agency.agency = set.agency();
    agency.agency.set_name(name);
    agency.region_code = row[4].as<std::string>();
  }
  if (page->agencies.empty()) return absl::OkStatus();
  if (filter.years.empty()) {
    ReadYears(rows[0][7].as<std::string>(), &page->years);
  } else {
    const std::set<int32_t> years(filter.years.begin(), filter.years.end());
    page->years.assign(years.begin(), years.end());
  }
  ReadReportedYears(transaction, &page->agencies);
  return absl::OkStatus();
}

void AddLabels(pqxx::transaction_base& transaction, const LabelDeltas& deltas) {
  std::map<std::string, LabelDelta> changed;
  bool fewer = false;
  for (const auto& [label, delta] : deltas) {
    if (delta.indicators == 0 && delta.documents == 0) continue;
    changed.emplace(label, delta);
    fewer = fewer || delta.indicators < 0;
  }
  if (changed.empty()) return;
  const std::string labels = TextArray(changed, [](const auto& entry) { return entry.first; });
  // In the order of the labels, so that two transactions wait for each other instead of deadlocking.
  transaction.exec_params0(
      "INSERT INTO unmapped_labels AS u (label, indicators, documents) "
      "SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) ON CONFLICT (label) DO UPDATE SET "
      "indicators = u.indicators + excluded.indicators, documents = u.documents + excluded.documents",
      labels, NumberArray(changed, [](const auto& entry) { return entry.second.indicators; }),
      NumberArray(changed, [](const auto& entry) { return entry.second.documents; }));
  if (fewer) {
    transaction.exec_params0("DELETE FROM unmapped_labels WHERE label = ANY($1::text[]) AND indicators <= 0", labels);
  }
}

absl::Status SelectUnmapped(pqxx::transaction_base& transaction, const std::optional<UnmappedCursor>& after, int limit,
                            UnmappedPage* page) {
  Query query(
      "SELECT u.label, u.indicators, u.documents, (SELECT payload FROM indicators i WHERE i.unmapped_label = u.label "
      "ORDER BY i.document, i.ordinal LIMIT 1) FROM unmapped_labels u WHERE u.indicators > 0");
  if (after.has_value()) {
    query.Append(" AND (-u.indicators, u.label) > ({}::bigint, {} COLLATE \"C\")", -after->indicators, after->label);
  }
  query.Append(" ORDER BY -u.indicators, u.label LIMIT {}", int64_t{limit} + 1);
  *page = UnmappedPage();
  for (const pqxx::row& row : query.Run(transaction)) {
    if (static_cast<int>(page->labels.size()) == limit) {
      page->next = UnmappedCursor{page->labels.back().indicators, page->labels.back().label};
      break;
    }
    UnmappedLabelCount& count = page->labels.emplace_back();
    count.label = row[0].as<std::string>();
    count.indicators = row[1].as<int64_t>();
    count.documents = row[2].as<int64_t>();
    if (!row[3].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[3], &count.example));
  }
  return absl::OkStatus();
}

}  // namespace duban
