// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/ledger_fill.h"

#include <fmt/format.h>

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {
namespace {

constexpr int kIndicators = 60;

std::string DocumentIdOf(int number) { return Sha256Hex(fmt::format("document {}", number), 32); }

std::string AgencyIdOf(int number) { return Sha256Hex(fmt::format("agency {}", number), 16); }

// 31 provinces of 20 cities of 20 counties.
std::string RegionOf(int agency) {
  return fmt::format("{}{:02}{:02}", 11 + agency % 31, 1 + agency / 31 % 20, 1 + agency / 620 % 20);
}

v1::Indicator MakeIndicator(int document, int place) {
  const int agency = document / kFilledYears;
  const int year = kFilledFirstYear + document % kFilledYears;
  v1::Indicator indicator;
  indicator.set_name(fmt::format("{}/indicators/i{}", DocumentName(DocumentIdOf(document)), place));
  indicator.set_id(fmt::format("i{}", place));
  const int rare = kFilledCommonMetrics + (document * 7 + place * 13) % (kFilledMetrics - kFilledCommonMetrics);
  if (place <= 30) indicator.set_metric(FilledMetric(place <= kFilledCommonMetrics ? place - 1 : rare));
  const bool growth = place % 10 == 2;
  indicator.set_label(place <= 30 ? fmt::format("受理第{}类案件", place) : fmt::format("第{}类活动", place * 31 % 17));
  indicator.set_agency(AgencyName(AgencyIdOf(agency)));
  indicator.set_agency_display_name(fmt::format("第{}区司法局", agency));
  indicator.set_region_code(RegionOf(agency));
  indicator.set_year(year);
  indicator.set_section(fmt::format("s{}", place / 4));
  indicator.set_aspect(growth ? v1::Indicator::CHANGE : place > 50 ? v1::Indicator::TARGET : v1::Indicator::ACTUAL);
  indicator.mutable_span()->set_begin(place * 300);
  indicator.mutable_span()->set_end(place * 300 + 9);
  indicator.mutable_sentence()->set_begin(place * 300 - 90);
  indicator.mutable_sentence()->set_end(place * 300 + 120);
  const int value = growth ? 1 : (100 + place) * 100 + (year - kFilledFirstYear) * 100;
  v1::Quantity& quantity = *indicator.mutable_quantity();
  quantity.set_value(value);
  quantity.set_decimal(fmt::format("{}", value));
  quantity.set_unit(growth ? "%" : "件");
  quantity.set_text(quantity.decimal() + quantity.unit());
  quantity.set_kind(growth ? v1::Quantity::PERCENT : v1::Quantity::COUNT);
  quantity.set_qualifier(v1::Quantity::EXACT);
  if (growth) {
    indicator.set_direction(v1::Indicator::UP);
    indicator.set_base(v1::Indicator::PREVIOUS_YEAR);
  }
  indicator.set_evidence(
      fmt::format("全年围绕中心工作统筹推进各项任务，各镇街司法所和业务科室协同联动，共受理第{}类案件{}，"
                  "为群众挽回经济损失若干元，群众满意度持续提升，有关做法在全市推广。",
                  place, quantity.text()));
  return indicator;
}

// Copies of the templates' rows, {0} times, of other agencies: document n = template + 100 * copy is of agency n / 10.
// Templates are numbered in the order of their agencies and years by the table copies.
constexpr char kCopy[] = R"(
CREATE TEMPORARY TABLE copies AS
  SELECT s.document AS source, md5(s.document::text || copy)::uuid AS document,
    substr(md5('agency' || (copy * {1} + s.number) / {2}), 1, 16) AS agency,
    ((copy * {1} + s.number) / {2})::int AS agency_number,
    0.5 + (hashtext('v' || (copy * {1} + s.number) / {2}) & 1023) / 1024.0 AS scale
  FROM (SELECT document, (row_number() OVER (ORDER BY agency, (SELECT year FROM indicators i
      WHERE i.document = indicator_sets.document AND i.ordinal = 1)) - 1) AS number FROM indicator_sets) s,
    generate_series(1, {0}) AS copy;
ALTER TABLE copies ADD COLUMN region_code text;
UPDATE copies SET region_code = (11 + agency_number % 31)::text || lpad((1 + agency_number / 31 % 20)::text, 2, '0') ||
  lpad((1 + agency_number / 620 % 20)::text, 2, '0');
ANALYZE copies;
INSERT INTO indicator_sets (document, revision, agency, region_code, payload)
  SELECT c.document, s.revision, c.agency, c.region_code, s.payload FROM copies c JOIN indicator_sets s ON s.document = c.source;
INSERT INTO indicators (document, ordinal, metric, year, aspect, value, unit, payload, unmapped_label)
  SELECT c.document, i.ordinal, i.metric, i.year, i.aspect, i.value, i.unit, i.payload,
    CASE WHEN i.unmapped_label IS NULL OR i.ordinal % 3 = 0 THEN i.unmapped_label
      ELSE i.unmapped_label || hashtext(c.document::text) % 200000 END
  FROM copies c JOIN indicators i ON i.document = c.source;
INSERT INTO metric_figures (document, ordinal, metric, unit, agency, year, value, region_code, headline, of_year, tells_of_jump, cell)
  SELECT c.document, f.ordinal, f.metric, f.unit, c.agency, f.year, round(f.value * c.scale::numeric), c.region_code, f.headline,
    f.of_year, f.tells_of_jump, f.cell
  FROM copies c JOIN metric_figures f ON f.document = c.source;
INSERT INTO growth_claims (document, ordinal, of_ordinal, agency, metric, year)
  SELECT c.document, g.ordinal, g.of_ordinal, c.agency, g.metric, g.year FROM copies c JOIN growth_claims g ON g.document = c.source;
INSERT INTO findings (document, ordinal, type, year, payload)
  SELECT c.document, f.ordinal, f.type, f.year, f.payload FROM copies c JOIN findings f ON f.document = c.source;
INSERT INTO finding_members (document, finding, place, of_document, of_ordinal, metric, year)
  SELECT c.document, m.finding, m.place, c.document, m.of_ordinal, m.metric, m.year FROM copies c JOIN finding_members m ON m.document = c.source;
TRUNCATE unmapped_labels;
INSERT INTO unmapped_labels (label, indicators, documents)
  SELECT unmapped_label, count(*), count(DISTINCT document) FROM indicators WHERE unmapped_label IS NOT NULL GROUP BY 1;
DROP TABLE copies;
)";

// Secondary indexes are dropped and made anew: many times faster than keeping them up row by row.
absl::Status CopyTemplates(Database& database, int documents) {
  return database.Transact([&](pqxx::transaction_base& transaction) {
    std::vector<std::string> definitions;
    for (const pqxx::row& row : transaction.exec_params(
             "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = $1 AND indexdef NOT LIKE '%UNIQUE%'",
             database.schema())) {
      definitions.push_back(row[1].as<std::string>());
      transaction.exec0("DROP INDEX " + row[0].as<std::string>());
    }
    transaction.exec0("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB'");
    transaction.exec0(fmt::format(kCopy, documents / kFilledTemplates - 1, kFilledTemplates, kFilledYears));
    for (const std::string& definition : definitions) transaction.exec0(definition);
    return absl::OkStatus();
  });
}

}  // namespace

std::string FilledMetric(int number) { return fmt::format("metric.m{}", number); }

v1::IndicatorSet FilledSet(int document) {
  v1::IndicatorSet set;
  set.set_document(DocumentName(DocumentIdOf(document)));
  set.set_revision(1);
  set.mutable_agency()->set_name(AgencyName(AgencyIdOf(document / kFilledYears)));
  set.mutable_agency()->set_display_name(fmt::format("第{}区司法局", document / kFilledYears));
  for (int place = 1; place <= kIndicators; ++place) {
    *set.add_indicators() = MakeIndicator(document, place);
    if (place % 10 != 2) continue;
    v1::Relation& relation = *set.add_relations();
    relation.set_type(v1::Relation::CHANGE);
    relation.set_change(fmt::format("i{}", place));
    relation.set_of(fmt::format("i{}", place - 1));
  }
  for (int k = 0; k < document % 3; ++k) {
    v1::Finding& finding = *set.add_findings();
    finding.set_type(k == 0 ? v1::Finding::RATE_MISMATCH : v1::Finding::CONFLICTING_FIGURES);
    finding.set_severity(v1::Finding::MEDIUM);
    finding.set_message("调解成功率 is printed as 95%; 90件 of 100件 is 90.00%");
    finding.add_indicators(fmt::format("i{}", 5 + k));
    finding.add_indicators(fmt::format("i{}", 20 + k));
  }
  return set;
}

absl::Status FillLedger(Database& database, IndicatorStore& store, int documents) {
  std::vector<v1::IndicatorSet> sets;
  for (int i = 0; i < kFilledTemplates; ++i) sets.push_back(FilledSet(i));
  DUBAN_RETURN_IF_ERROR(store.Put(sets));
  if (documents > kFilledTemplates) DUBAN_RETURN_IF_ERROR(CopyTemplates(database, documents));
  return database.Read([](pqxx::transaction_base& transaction) {
    transaction.exec0("VACUUM ANALYZE");
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::string>> ReadColumn(Database& database, const std::string& sql) {
  std::vector<std::string> column;
  DUBAN_RETURN_IF_ERROR(database.Read([&](pqxx::transaction_base& transaction) {
    column.clear();
    for (const pqxx::row& row : transaction.exec(sql)) column.push_back(row[0].as<std::string>());
    return absl::OkStatus();
  }));
  return column;
}

}  // namespace duban
