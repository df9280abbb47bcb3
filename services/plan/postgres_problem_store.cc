// SPDX-License-Identifier: Apache-2.0
#include <pqxx/pqxx>
#include <utility>

#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/postgres_problems.h"

namespace duban {

void WriteProblems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written,
                   const std::vector<std::string>& replaced) {
  if (!replaced.empty()) {
    transaction.exec_params0("DELETE FROM plan_problems WHERE document = ANY($1::uuid[])", TextArray(replaced));
  }
  bool any = false;
  ArrayBuilder documents, ordinals, agencies, years, answered, payloads;
  for (const std::string& id : written) {
    int ordinal = 0;
    for (const v1::AdmittedProblem& problem : AdmittedProblems(*batch.at(id))) {
      any = true;
      documents.AddText(id);
      ordinals.AddNumber(++ordinal);
      agencies.AddText(batch.at(id)->document.agency);
      years.AddNumber(problem.report_year());
      answered.AddText(problem.plan_items().empty() ? "false" : "true");
      payloads.AddBytes(problem.SerializeAsString());
    }
  }
  if (!any) return;
  transaction.exec_params0(
      "INSERT INTO plan_problems (document, ordinal, agency, report_year, answered, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::boolean[], $6::bytea[])",
      std::move(documents).Build(), std::move(ordinals).Build(), std::move(agencies).Build(), std::move(years).Build(),
      std::move(answered).Build(), std::move(payloads).Build());
}

absl::Status SelectProblems(pqxx::transaction_base& transaction, const ProblemFilter& filter,
                            const std::optional<PlanCursor>& after, int limit, ProblemPage* page) {
  Query query("SELECT agency, report_year, document, ordinal, payload FROM plan_problems WHERE true");
  if (!filter.agency.empty()) query.Append(" AND agency = {}", filter.agency);
  if (filter.report_year != 0) query.Append(" AND report_year = {}::int", filter.report_year);
  if (filter.unanswered) query.Append(" AND NOT answered");
  if (after.has_value()) {
    query.Append(" AND (agency, report_year, document, ordinal) > ({}, {}::int, {}::uuid, {}::int)", after->agency,
                 after->year, after->document, after->ordinal);
  }
  query.Append(" ORDER BY agency, report_year, document, ordinal LIMIT {}", int64_t{limit} + 1);
  *page = {};
  const pqxx::result rows = query.Run(transaction);
  for (const pqxx::row& row : rows) {
    if (static_cast<int>(page->problems.size()) == limit) {
      const pqxx::row& last = rows[limit - 1];
      page->next = PlanCursor{last[0].c_str(), last[1].as<int>(), DocumentIdOf(last[2]), last[3].as<int>()};
      break;
    }
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[4], &page->problems.emplace_back()));
  }
  return absl::OkStatus();
}

}  // namespace duban
