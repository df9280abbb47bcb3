// SPDX-License-Identifier: Apache-2.0
// plan_years.h says the same of lists of documents; these statements find it off the indexes by agency and year.
#include <pqxx/pqxx>

#include "common/store/sql.h"
#include "services/plan/postgres_neighbours.h"

namespace duban {
namespace {

std::string Numbers(const std::set<int32_t>& years) {
  return NumberArray(years, [](int32_t year) { return year; });
}

}  // namespace

std::vector<PlanDocument> SelectNeighbours(pqxx::transaction_base& transaction, const std::string& agency,
                                           const std::set<int32_t>& years) {
  const auto rows = transaction.exec_params(
      "WITH asked AS (SELECT unnest($2::int[]) AS year), "
      "own AS NOT MATERIALIZED (SELECT * FROM plan_documents WHERE agency = $1 AND NOT removed), "
      "telling AS (SELECT unnest(ARRAY[first.year, second.year]) AS year FROM asked "
      "  CROSS JOIN LATERAL (SELECT min(report_year) AS year FROM own WHERE report_year >= asked.year) first "
      "  CROSS JOIN LATERAL (SELECT min(report_year) AS year FROM own WHERE report_year > first.year) second) "
      "SELECT document, revision, report_year, plan_year, region, agency_display_name FROM ("
      "  SELECT * FROM own WHERE plan_year = ANY($2::int[]) "
      "  UNION SELECT * FROM own WHERE report_year IN (SELECT year FROM telling) "
      "  UNION SELECT * FROM own WHERE report_year = 0 AND plan_year IN (SELECT year + 1 FROM asked)) bearing "
      "ORDER BY report_year, plan_year, document",
      agency, Numbers(years));
  std::vector<PlanDocument> documents;
  for (const pqxx::row& row : rows) {
    documents.push_back({DocumentIdOf(row[0]), row[1].as<int>(), agency, row[2].as<int>(), row[3].as<int>(),
                         row[4].c_str(), row[5].c_str()});
  }
  return documents;
}

void NoteConcerned(pqxx::transaction_base& transaction, const std::vector<PlanDocument>& before,
                   const std::vector<PlanDocument>& after) {
  ArrayBuilder documents, agencies, report_years, plan_years, stay;
  for (const auto* places : {&before, &after}) {
    for (const PlanDocument& document : *places) {
      documents.AddText(document.id);
      agencies.AddText(document.agency);
      report_years.AddNumber(document.report_year);
      plan_years.AddNumber(document.plan_year);
      stay.AddText(places == &after ? "true" : "false");
    }
  }
  if (before.empty() && after.empty()) return;
  // Documents written together do not stand between one another and a plan.
  transaction.exec_params0(
      "WITH changed AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::boolean[]) "
      "  c (document, agency, report_year, plan_year, stays)), "
      "others AS NOT MATERIALIZED (SELECT * FROM plan_documents WHERE NOT removed AND document <> ALL($1::uuid[])) "
      "INSERT INTO plan_concerned (document, agency, year) SELECT c.document, c.agency, plan.year FROM changed c "
      "CROSS JOIN LATERAL (SELECT coalesce(max(o.report_year), 0) AS year FROM others o WHERE o.agency = c.agency "
      "  AND o.report_year > 0 AND o.report_year < c.report_year) previous "
      "CROSS JOIN LATERAL (SELECT c.plan_year AS year WHERE c.stays AND c.plan_year <> 0 "
      "  UNION SELECT o.plan_year FROM others o WHERE o.agency = c.agency AND o.plan_year > previous.year "
      "    AND o.plan_year <= c.report_year "
      "  UNION SELECT o.plan_year FROM others o WHERE o.agency = c.agency AND o.report_year = previous.year "
      "    AND o.plan_year > 0 AND o.plan_year <= previous.year "
      "  UNION SELECT o.plan_year FROM others o WHERE o.agency = c.agency AND c.report_year = 0 AND c.plan_year > 1 "
      "    AND o.plan_year = c.plan_year - 1) plan "
      "ON CONFLICT DO NOTHING",
      std::move(documents).Build(), std::move(agencies).Build(), std::move(report_years).Build(),
      std::move(plan_years).Build(), std::move(stay).Build());
}

PlanYears SelectConcerned(pqxx::transaction_base& transaction, const std::string& documents) {
  PlanYears concerned;
  for (const pqxx::row& row : transaction.exec_params(
           "SELECT DISTINCT agency, year FROM plan_concerned WHERE document = ANY($1::uuid[])", documents)) {
    concerned[row[0].c_str()].insert(row[1].as<int32_t>());
  }
  return concerned;
}

void ForgetConcerned(pqxx::transaction_base& transaction, const std::string& agency, const std::set<int32_t>& years) {
  transaction.exec_params0("DELETE FROM plan_concerned WHERE agency = $1 AND year = ANY($2::int[])", agency,
                           Numbers(years));
}

}  // namespace duban
