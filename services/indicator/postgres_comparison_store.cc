// SPDX-License-Identifier: Apache-2.0
// Comparisons of a metric and labels without a metric in PostgreSQL.
//
// A cell is one row of metric_figures (`cell`), so nothing has to be sorted out when asked. Of all agencies, the page's
// are read off one index, and their cells. Ranks are of all agencies that the filter leaves, whatever the page: the
// values of the page's cells cut each year into intervals, which are counted in another index, every figure of the year
// once and none of them read. With agencies or a region named there are few cells, found agency by agency: those are
// ranked as they stand.
#include <fmt/format.h>

#include <pqxx/pqxx>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/indicator/arithmetic.h"
#include "services/indicator/postgres_ledger.h"

namespace duban {
namespace {

std::string Years(const std::vector<int32_t>& years) {
  return NumberArray(years, [](int32_t year) { return year; });
}

bool NamesAgencies(const ComparisonFilter& filter) { return !filter.agencies.empty() || !filter.region_prefix.empty(); }

void AppendMetric(const ComparisonFilter& filter, Query* query) {
  query->Append("f.cell AND f.metric = {} AND f.unit = {}", filter.metric,
                std::string(RepresentativeUnit(filter.unit)));
}

// Ends page, the agencies, behind a condition on `f`.
void AppendPage(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit, Query* query) {
  if (!filter.years.empty()) query->Append(" AND f.year = ANY({}::int[])", Years(filter.years));
  if (after.has_value()) query->Append(" AND f.agency > {}", *after);
  query->Append(" ORDER BY f.agency LIMIT {}), ", int64_t{limit} + 1);
}

// The cells of each agency of the table `agencies`, of years asked for and each year before one.
void AppendCellsOf(const ComparisonFilter& filter, std::string_view agencies, Query* query) {
  query->Append(
      fmt::format("SELECT a.agency, f.year, f.value, f.document, f.ordinal, f.region_code FROM {} a "
                  "CROSS JOIN LATERAL (SELECT * FROM metric_figures f WHERE ",
                  agencies));
  AppendMetric(filter, query);
  query->Append(" AND f.agency = a.agency");
  if (!filter.years.empty()) query->Append(" AND f.year = ANY({}::int[])", Years(YearsToRead(filter)));
  if (!filter.region_prefix.empty()) query->Append(" AND f.region_code LIKE {}", filter.region_prefix + "%");
  query->Append(" OFFSET 0) f");
}

// page, cells with their ranks, and years, of few agencies.
void AppendNamed(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit, Query* query) {
  query->Append("named AS MATERIALIZED (SELECT DISTINCT s.agency FROM indicator_sets s WHERE s.agency <> ''");
  if (!filter.agencies.empty()) query->Append(" AND s.agency = ANY({}::text[])", TextArray(filter.agencies));
  AppendOrigin("", filter.region_prefix, query);
  query->Append("), all_cells AS MATERIALIZED (");
  AppendCellsOf(filter, "named", query);
  query->Append("), page AS MATERIALIZED (SELECT DISTINCT f.agency FROM all_cells f WHERE true");
  AppendPage(filter, after, limit, query);
  query->Append(
      fmt::format("ranked_cells AS (SELECT *, rank() OVER (PARTITION BY year ORDER BY value {}) AS place, "
                  "count(*) OVER (PARTITION BY year) AS ranked FROM all_cells), "
                  "cells AS (SELECT * FROM ranked_cells JOIN page USING (agency)), "
                  "years AS (SELECT DISTINCT year FROM all_cells) ",
                  filter.lower_is_better ? "ASC" : "DESC"));
}

// cells with their ranks, of the page_cells of all agencies. Intervals are open towards the better end and closed at
// the value itself, so that those behind it are the better ones.
void AppendRanks(const ComparisonFilter& filter, Query* query) {
  const bool lower = filter.lower_is_better;
  query->Append(
      fmt::format("steps AS MATERIALIZED (SELECT year, value, lead(value, 1, {}) OVER (PARTITION BY year "
                  "ORDER BY value {}) AS next FROM (SELECT DISTINCT year, value FROM page_cells) v), ",
                  lower ? "'-Infinity'" : "'Infinity'", lower ? "DESC" : "ASC"));
  query->Append("better AS MATERIALIZED (SELECT s.year, s.value, (SELECT count(*) FROM metric_figures f WHERE ");
  AppendMetric(filter, query);
  query->Append(
      fmt::format(" AND f.year = s.year AND f.value {} s.value AND f.value {} s.next) AS count FROM steps s), ",
                  lower ? "<" : ">", lower ? ">=" : "<="));
  query->Append(fmt::format("worst AS MATERIALIZED (SELECT year, {}(value) AS value FROM steps GROUP BY year), ",
                            lower ? "max" : "min"));
  query->Append("rest AS MATERIALIZED (SELECT w.year, (SELECT count(*) FROM metric_figures f WHERE ");
  AppendMetric(filter, query);
  query->Append(
      fmt::format(" AND f.year = w.year AND f.value {} w.value) AS count FROM worst w), ", lower ? ">=" : "<="));
  query->Append(fmt::format(
      "ranks AS MATERIALIZED (SELECT b.year, b.value, 1 + sum(b.count) OVER (PARTITION BY b.year ORDER BY b.value {}) "
      "AS "
      "place, rest.count + sum(b.count) OVER (PARTITION BY b.year) AS ranked FROM better b JOIN rest USING (year)), "
      "cells AS (SELECT * FROM page_cells JOIN ranks USING (year, value)), ",
      lower ? "ASC" : "DESC"));
}

// years, of all agencies: each found behind the one before.
void AppendYears(const ComparisonFilter& filter, Query* query) {
  const auto next = [&](std::string_view behind) {
    query->Append("SELECT f.year FROM metric_figures f WHERE ");
    AppendMetric(filter, query);
    query->Append(fmt::format(" AND f.year > {} ORDER BY f.year LIMIT 1", behind));
  };
  query->Append("years AS ((");
  next("0");
  query->Append(") UNION ALL SELECT (");
  next("years.year");
  query->Append(") FROM years WHERE years.year IS NOT NULL) ");
}

Query ComparisonQuery(const ComparisonFilter& filter, const std::optional<std::string>& after, int limit) {
  Query query("WITH RECURSIVE ");
  if (NamesAgencies(filter)) {
    AppendNamed(filter, after, limit, &query);
  } else {
    query.Append("page AS MATERIALIZED (SELECT DISTINCT f.agency FROM metric_figures f WHERE ");
    AppendMetric(filter, &query);
    AppendPage(filter, after, limit, &query);
    query.Append("page_cells AS MATERIALIZED (");
    AppendCellsOf(filter, "page", &query);
    query.Append("), ");
    AppendRanks(filter, &query);
    AppendYears(filter, &query);
  }
  query.Append(
      "SELECT c.agency, c.year, c.place, c.ranked, c.region_code, "
      "(SELECT i.payload FROM indicators i WHERE i.document = c.document AND i.ordinal = c.ordinal), "
      "CASE WHEN c.year = max(c.year) OVER (PARTITION BY c.agency) THEN "
      "(SELECT s.payload FROM indicator_sets s WHERE s.document = c.document) END, "
      "(SELECT string_agg(year::text, ' ' ORDER BY year) FROM years) "
      "FROM cells c ORDER BY c.agency, c.year");
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

// The years are made out agency by agency: sorting the page's figures by agency would cost more than reading them.
void ReadReportedYears(pqxx::transaction_base& transaction, std::vector<ComparedAgency>* agencies) {
  std::map<std::string, ComparedAgency*> by_id;
  for (ComparedAgency& agency : *agencies) by_id[IdOf(agency)] = &agency;
  const auto rows = transaction.exec_params(
      "SELECT a.agency, y.year FROM unnest($1::text[]) AS a(agency) CROSS JOIN LATERAL "
      "(SELECT DISTINCT f.year FROM metric_figures f WHERE f.agency = a.agency ORDER BY f.year) y",
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

void MarkCells(pqxx::transaction_base& transaction, const FigureKeys& touched) {
  if (touched.empty()) return;
  transaction.exec_params0(
      "UPDATE metric_figures f SET cell = c.best FROM (SELECT document, ordinal, cell, row_number() OVER (PARTITION BY "
      "agency, metric, unit, year ORDER BY value DESC, document) = 1 AS best FROM metric_figures "
      "JOIN unnest($1::text[], $2::text[], $3::int[]) AS k(agency, metric, year) USING (agency, metric, year) "
      "WHERE headline) c WHERE f.document = c.document AND f.ordinal = c.ordinal AND c.cell <> c.best",
      TextArray(touched, [](const FigureKey& key) { return key.agency; }),
      TextArray(touched, [](const FigureKey& key) { return key.metric; }),
      NumberArray(touched, [](const FigureKey& key) { return key.year; }));
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
