// SPDX-License-Identifier: Apache-2.0
// Implausible jumps in PostgreSQL.
//
// Whenever a figure of an agency and metric comes or goes, all of that agency and metric are looked at anew. Those
// whose smallest and largest lie close together, as nearly all do, are told from the index and never read.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <pqxx/pqxx>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/status.h"
#include "services/indicator/finding_writer.h"
#include "services/indicator/indicator_rules.h"
#include "services/indicator/jump.h"
#include "services/indicator/postgres_ledger.h"

namespace duban {
namespace {

using Pairs = std::set<std::pair<std::string, std::string>>;  // agency, metric

pqxx::result ExecForPairs(pqxx::transaction_base& transaction, const std::string& sql, const Pairs& pairs) {
  return transaction.exec_params(sql, TextArray(pairs, [](const auto& pair) { return pair.first; }),
                                 TextArray(pairs, [](const auto& pair) { return pair.second; }));
}

void DeleteJumps(pqxx::transaction_base& transaction, const Pairs& pairs) {
  const auto gone = ExecForPairs(
      transaction,
      fmt::format("DELETE FROM findings t USING metric_figures f "
                  "JOIN unnest($1::text[], $2::text[]) AS k(agency, metric) USING (agency, metric) "
                  "WHERE t.document = f.document AND t.ordinal = {} + f.ordinal RETURNING t.document, t.ordinal",
                  kJumpOrdinal),
      pairs);
  if (gone.empty()) return;
  ArrayBuilder documents, ordinals;
  for (const pqxx::row& row : gone) {
    documents.AddText(DocumentIdOf(row[0]));
    ordinals.AddNumber(row[1].as<int>());
  }
  transaction.exec_params0(
      "DELETE FROM finding_members m USING unnest($1::uuid[], $2::int[]) AS k(document, finding) "
      "WHERE m.document = k.document AND m.finding = k.finding",
      std::move(documents).Build(), std::move(ordinals).Build());
}

// The figures of an agency, metric and unit; addresses of indicators do not change.
struct History {
  std::vector<std::unique_ptr<v1::Indicator>> indicators;
  std::vector<StatedFigure> figures;
};

using Histories = std::map<std::tuple<std::string, std::string, std::string>, History>;

absl::Status ReadHistories(pqxx::transaction_base& transaction, const Pairs& pairs, Histories* histories) {
  const auto rows = ExecForPairs(
      transaction,
      fmt::format("WITH wide AS (SELECT agency, metric, unit FROM metric_figures "
                  "JOIN unnest($1::text[], $2::text[]) AS k(agency, metric) USING (agency, metric) WHERE value > 0 "
                  "GROUP BY agency, metric, unit HAVING max(value) >= {} * min(value) AND min(year) < max(year)) "
                  "SELECT f.agency, f.metric, f.unit, f.document, f.ordinal, f.of_year, f.tells_of_jump, i.payload "
                  "FROM wide JOIN metric_figures f USING (agency, metric, unit) "
                  "JOIN indicators i USING (document, ordinal) ORDER BY f.document, f.ordinal",
                  kJumpFactor),
      pairs);
  for (const pqxx::row& row : rows) {
    History& history = (*histories)[{row[0].as<std::string>(), row[1].as<std::string>(), row[2].as<std::string>()}];
    history.indicators.push_back(std::make_unique<v1::Indicator>());
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[7], history.indicators.back().get()));
    history.figures.push_back({DocumentIdOf(row[3]), row[4].as<int>(), history.indicators.back().get(),
                               row[5].as<bool>(), row[6].as<bool>()});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckJumps(pqxx::transaction_base& transaction, const FigureKeys& touched) {
  if (touched.empty()) return absl::OkStatus();
  Pairs pairs;
  for (const FigureKey& key : touched) pairs.emplace(key.agency, key.metric);
  DeleteJumps(transaction, pairs);
  Histories histories;
  DUBAN_RETURN_IF_ERROR(ReadHistories(transaction, pairs, &histories));
  FindingWriter rows;
  for (const auto& [key, history] : histories) {
    for (const Jump& jump : FindJumps(history.figures)) {
      std::vector<IndicatorCursor> members = {{jump.figure.document, jump.figure.ordinal}};
      for (const StatedFigure& other : jump.others) members.push_back({other.document, other.ordinal});
      rows.Add(jump.figure.document, kJumpOrdinal + jump.figure.ordinal, jump.figure.indicator->year(), jump.finding,
               members);
    }
  }
  std::move(rows).Write(transaction);
  return absl::OkStatus();
}

}  // namespace duban
