// SPDX-License-Identifier: Apache-2.0
// Figures, growth claims and findings in PostgreSQL.
//
// A claim is checked whenever a figure of its agency and metric in its year or the year before comes or goes. Whoever
// changes an agency's figures holds the agency's lock to the end of the transaction, so that of two reports that arrive
// at once the second sees the first: the findings end the same in any order.
#include <fmt/format.h>

#include <pqxx/pqxx>
#include <unordered_map>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/indicator/finding_writer.h"
#include "services/indicator/history.h"
#include "services/indicator/ledger_rows.h"
#include "services/indicator/postgres_ledger.h"

namespace duban {
namespace {

// Rows of the table metric_figures.
class FigureWriter {
 public:
  void Add(const std::string& document, const v1::IndicatorSet& set, const MetricFigure& figure) {
    documents_.AddText(document);
    ordinals_.AddNumber(figure.ordinal);
    metrics_.AddText(figure.metric);
    units_.AddText(figure.unit);
    agencies_.AddText(AgencyOf(set));
    years_.AddNumber(figure.year);
    values_.AddText(set.indicators(figure.ordinal - 1).quantity().decimal());
    regions_.AddText(RegionOf(set));
    headlines_.AddText(figure.headline ? "t" : "f");
    of_years_.AddText(figure.of_year ? "t" : "f");
    jumps_.AddText(figure.tells_of_jump ? "t" : "f");
    any_ = true;
  }

  void Write(pqxx::transaction_base& transaction) && {
    if (!any_) return;
    transaction.exec_params0(
        "INSERT INTO metric_figures (document, ordinal, metric, unit, agency, year, value, region_code, headline, "
        "of_year, tells_of_jump, cell) SELECT k.*, headline FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], "
        "$5::text[], $6::int[], $7::numeric[], $8::text[], $9::bool[], $10::bool[], $11::bool[]) AS k(document, "
        "ordinal, metric, unit, agency, year, value, region_code, headline, of_year, tells_of_jump)",
        std::move(documents_).Build(), std::move(ordinals_).Build(), std::move(metrics_).Build(),
        std::move(units_).Build(), std::move(agencies_).Build(), std::move(years_).Build(), std::move(values_).Build(),
        std::move(regions_).Build(), std::move(headlines_).Build(), std::move(of_years_).Build(),
        std::move(jumps_).Build());
  }

 private:
  bool any_ = false;
  ArrayBuilder documents_, ordinals_, metrics_, units_, agencies_, years_, values_, regions_, headlines_, of_years_,
      jumps_;
};

// Rows of the table growth_claims.
class ClaimWriter {
 public:
  void Add(const std::string& document, const std::string& agency, const GrowthClaim& claim) {
    documents_.AddText(document);
    ordinals_.AddNumber(claim.ordinal);
    of_ordinals_.AddNumber(claim.of.ordinal);
    agencies_.AddText(agency);
    metrics_.AddText(claim.of.metric);
    years_.AddNumber(claim.of.year);
    any_ = true;
  }

  void Write(pqxx::transaction_base& transaction) && {
    if (!any_) return;
    transaction.exec_params0(
        "INSERT INTO growth_claims (document, ordinal, of_ordinal, agency, metric, year) "
        "SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::int[])",
        std::move(documents_).Build(), std::move(ordinals_).Build(), std::move(of_ordinals_).Build(),
        std::move(agencies_).Build(), std::move(metrics_).Build(), std::move(years_).Build());
  }

 private:
  bool any_ = false;
  ArrayBuilder documents_, ordinals_, of_ordinals_, agencies_, metrics_, years_;
};

pqxx::result SelectByKeys(pqxx::transaction_base& transaction, std::string_view select, const FigureKeys& keys) {
  return transaction.exec_params(
      fmt::format("{} JOIN unnest($1::text[], $2::text[], $3::int[]) AS k(agency, metric, year) "
                  "USING (agency, metric, year)",
                  select),
      TextArray(keys, [](const FigureKey& key) { return key.agency; }),
      TextArray(keys, [](const FigureKey& key) { return key.metric; }),
      NumberArray(keys, [](const FigureKey& key) { return key.year; }));
}

// A figure as read; its address does not change.
struct ReadFigure {
  std::string document;
  int ordinal = 0;
  std::string unit;
  bool of_year = true;
  v1::Indicator indicator;
};

struct ReadClaim {
  FigureKey key;
  std::string document;
  int ordinal = 0;
  int of_ordinal = 0;
  v1::Indicator change;
};

absl::Status ReadClaims(pqxx::transaction_base& transaction, const FigureKeys& keys, std::vector<ReadClaim>* claims) {
  const auto rows = SelectByKeys(
      transaction,
      "SELECT c.document, c.ordinal, c.of_ordinal, c.agency, c.metric, c.year, "
      "(SELECT payload FROM indicators i WHERE i.document = c.document AND i.ordinal = c.ordinal) FROM growth_claims c",
      keys);
  for (const pqxx::row& row : rows) {
    ReadClaim& claim = claims->emplace_back();
    claim.document = DocumentIdOf(row[0]);
    claim.ordinal = row[1].as<int>();
    claim.of_ordinal = row[2].as<int>();
    claim.key = {row[3].as<std::string>(), row[4].as<std::string>(), row[5].as<int32_t>()};
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[6], &claim.change));
  }
  return absl::OkStatus();
}

using FiguresByKey = std::map<FigureKey, std::vector<ReadFigure>>;

absl::Status ReadFigures(pqxx::transaction_base& transaction, const std::vector<ReadClaim>& claims,
                         FiguresByKey* figures) {
  FigureKeys keys;
  for (const ReadClaim& claim : claims) {
    keys.insert(claim.key);
    keys.insert({claim.key.agency, claim.key.metric, claim.key.year - 1});
  }
  const auto rows = SelectByKeys(transaction,
                                 "SELECT f.document, f.ordinal, f.agency, f.metric, f.year, f.unit, f.of_year, "
                                 "(SELECT payload FROM indicators i WHERE i.document = f.document AND i.ordinal = "
                                 "f.ordinal) FROM metric_figures f",
                                 keys);
  for (const pqxx::row& row : rows) {
    const FigureKey key{row[2].as<std::string>(), row[3].as<std::string>(), row[4].as<int32_t>()};
    ReadFigure& figure = (*figures)[key].emplace_back();
    figure.document = DocumentIdOf(row[0]);
    figure.ordinal = row[1].as<int>();
    figure.unit = row[5].as<std::string>();
    figure.of_year = row[6].as<bool>();
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[7], &figure.indicator));
  }
  return absl::OkStatus();
}

std::optional<HistoryMismatch> Check(const ReadClaim& claim, const FiguresByKey& figures) {
  std::vector<StatedFigure> against;
  StatedFigure of;
  std::string unit;
  const auto own = figures.find(claim.key);
  if (own == figures.end()) return std::nullopt;
  for (const ReadFigure& figure : own->second) {
    if (figure.document != claim.document || figure.ordinal != claim.of_ordinal) continue;
    of = {figure.document, figure.ordinal, &figure.indicator};
    unit = figure.unit;
  }
  if (of.indicator == nullptr) return std::nullopt;
  for (int32_t year : {claim.key.year, claim.key.year - 1}) {
    const auto stated = figures.find({claim.key.agency, claim.key.metric, year});
    if (stated == figures.end()) continue;
    for (const ReadFigure& figure : stated->second) {
      if (figure.unit == unit) {
        against.push_back({figure.document, figure.ordinal, &figure.indicator, figure.of_year});
      }
    }
  }
  return CheckHistory({claim.document, claim.ordinal, &claim.change}, of, against);
}

void DeleteHistoryFindings(pqxx::transaction_base& transaction, const std::vector<ReadClaim>& claims) {
  const std::string documents = TextArray(claims, [](const ReadClaim& claim) { return claim.document; });
  const std::string ordinals =
      NumberArray(claims, [](const ReadClaim& claim) { return kHistoryOrdinal + claim.ordinal; });
  for (const auto& [table, column] : {std::pair("findings", "ordinal"), std::pair("finding_members", "finding")}) {
    transaction.exec_params0(
        fmt::format("DELETE FROM {0} t USING unnest($1::uuid[], $2::int[]) AS k(document, ordinal) "
                    "WHERE t.document = k.document AND t.{1} = k.ordinal",
                    table, column),
        documents, ordinals);
  }
}

// Of an agency or a region set by set, else along the findings: either way in their order until the page is full.
Query FindingQuery(const FindingFilter& filter, const std::optional<IndicatorCursor>& after, int limit) {
  const bool of_sets = !filter.agency.empty() || !filter.region_prefix.empty();
  Query query(
      "WITH page AS MATERIALIZED (SELECT f.document, f.ordinal, f.year, s.agency, s.region_code, f.payload FROM ");
  if (of_sets) {
    query.Append("(SELECT s.document, s.agency, s.region_code FROM indicator_sets s WHERE true");
    if (!filter.document.empty()) query.Append(" AND s.document = {}::uuid", filter.document);
    AppendOrigin(filter.agency, filter.region_prefix, &query);
    if (after.has_value()) query.Append(" AND s.document >= {}::uuid", after->document);
    query.Append(" ORDER BY s.document");
    query.Append(kUntilFull);
    query.Append(") s CROSS JOIN LATERAL (SELECT f.* FROM findings f WHERE f.document = s.document");
  } else {
    query.Append("(SELECT f.* FROM findings f WHERE true");
    if (!filter.document.empty()) query.Append(" AND f.document = {}::uuid", filter.document);
  }
  if (filter.year != 0) query.Append(" AND f.year = {}::int", filter.year);
  if (filter.type != v1::Finding::TYPE_UNSPECIFIED) query.Append(" AND f.type = {}::smallint", int64_t{filter.type});
  if (of_sets && after.has_value()) {
    query.Append(" AND (s.document > {}::uuid OR f.ordinal > {}::int)", after->document, after->ordinal);
  } else if (!of_sets) {
    AppendAfter(filter.document, after, "f.document", "f.ordinal", &query);
  }
  query.Append(of_sets ? " OFFSET 0) f ORDER BY s.document, f.ordinal"
                       : ") f CROSS JOIN LATERAL (SELECT s.agency, s.region_code FROM "
                         "indicator_sets s WHERE s.document = f.document OFFSET 0) s ORDER BY f.document, f.ordinal");
  query.Append(" LIMIT {})", int64_t{limit} + 1);
  query.Append(
      " SELECT p.document, p.ordinal, p.year, p.agency, p.region_code, p.payload, i.payload FROM page p"
      " LEFT JOIN finding_members m ON m.document = p.document AND m.finding = p.ordinal"
      " LEFT JOIN indicators i ON i.document = m.of_document AND i.ordinal = m.of_ordinal"
      " ORDER BY p.document, p.ordinal, m.place");
  return query;
}

}  // namespace

void FindingWriter::Write(pqxx::transaction_base& transaction) && {
  if (!any_) return;
  transaction.exec_params0(
      "INSERT INTO findings (document, ordinal, type, year, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::smallint[], $4::int[], $5::bytea[])",
      std::move(documents_).Build(), std::move(ordinals_).Build(), std::move(types_).Build(), std::move(years_).Build(),
      std::move(payloads_).Build());
  transaction.exec_params0(
      "INSERT INTO finding_members (document, finding, place, of_document, of_ordinal, metric, year) "
      "SELECT k.document, k.finding, k.place, i.document, i.ordinal, i.metric, i.year FROM "
      "unnest($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::int[]) "
      "AS k(document, finding, place, of_document, of_ordinal) "
      "JOIN indicators i ON i.document = k.of_document AND i.ordinal = k.of_ordinal",
      std::move(member_documents_).Build(), std::move(member_findings_).Build(), std::move(member_places_).Build(),
      std::move(of_documents_).Build(), std::move(of_ordinals_).Build());
}

// A prefix of two or four digits is found by the index of its level; an odd one among those of the level above.
void AppendOrigin(const std::string& agency, const std::string& region_prefix, Query* query) {
  if (!agency.empty()) query->Append(" AND s.agency = {}", agency);
  if (region_prefix.empty()) return;
  if (region_prefix.size() == 6) {
    query->Append(" AND s.region_code = {}", region_prefix);
    return;
  }
  const size_t level = region_prefix.size() < 4 ? 2 : 4;
  query->Append(fmt::format(" AND left(s.region_code, {}) = {{}}", level), region_prefix.substr(0, level));
  if (region_prefix.size() > level) query->Append(" AND s.region_code LIKE {}", region_prefix + "%");
}

// A comparison of rows beside document = … would be read from the one to the end of the index.
void AppendAfter(const std::string& document, const std::optional<IndicatorCursor>& after,
                 std::string_view document_column, std::string_view ordinal_column, Query* query) {
  if (!after.has_value() || (!document.empty() && after->document < document)) return;
  if (document.empty()) {
    query->Append(fmt::format(" AND ({}, {}) > ({{}}::uuid, {{}}::int)", document_column, ordinal_column),
                  after->document, after->ordinal);
  } else if (after->document == document) {
    query->Append(fmt::format(" AND {} > {{}}::int", ordinal_column), after->ordinal);
  } else {
    query->Append(" AND false");
  }
}

void DeleteLedger(pqxx::transaction_base& transaction, const std::vector<std::string>& documents, FigureKeys* touched) {
  if (documents.empty()) return;
  const std::string ids = TextArray(documents);
  for (const pqxx::row& row : transaction.exec_params(
           "DELETE FROM metric_figures WHERE document = ANY($1::uuid[]) RETURNING agency, metric, year", ids)) {
    touched->insert({row[0].as<std::string>(), row[1].as<std::string>(), row[2].as<int32_t>()});
  }
  for (const char* table : {"growth_claims", "findings", "finding_members"}) {
    transaction.exec_params0(fmt::format("DELETE FROM {} WHERE document = ANY($1::uuid[])", table), ids);
  }
}

void WriteLedger(pqxx::transaction_base& transaction, const IndicatorBatch& batch,
                 const std::vector<std::string>& documents, const HistoryWords& words, FigureKeys* touched) {
  FigureWriter figure_rows;
  ClaimWriter claim_rows;
  FindingWriter finding_rows;
  for (const std::string& document : documents) {
    const v1::IndicatorSet& set = *batch.at(document);
    const std::vector<MetricFigure> figures = FiguresOf(set, words);
    for (const MetricFigure& figure : figures) {
      figure_rows.Add(document, set, figure);
      touched->insert({AgencyOf(set), figure.metric, figure.year});
    }
    for (const GrowthClaim& claim : ClaimsOf(set, figures, words)) claim_rows.Add(document, AgencyOf(set), claim);
    const auto places = MembersOf(set);
    for (int i = 0; i < set.findings_size(); ++i) {
      std::vector<IndicatorCursor> members;
      for (int ordinal : places[i]) members.push_back({document, ordinal});
      const int32_t year = places[i].empty() ? 0 : set.indicators(places[i].front() - 1).year();
      finding_rows.Add(document, i + 1, year, set.findings(i), members);
    }
  }
  std::move(figure_rows).Write(transaction);
  std::move(claim_rows).Write(transaction);
  std::move(finding_rows).Write(transaction);
}

absl::Status CheckClaims(pqxx::transaction_base& transaction, const FigureKeys& touched) {
  if (touched.empty()) return absl::OkStatus();
  FigureKeys keys = touched;
  for (const FigureKey& key : touched) keys.insert({key.agency, key.metric, key.year + 1});
  std::vector<ReadClaim> claims;
  DUBAN_RETURN_IF_ERROR(ReadClaims(transaction, keys, &claims));
  if (claims.empty()) return absl::OkStatus();
  FiguresByKey figures;
  DUBAN_RETURN_IF_ERROR(ReadFigures(transaction, claims, &figures));
  DeleteHistoryFindings(transaction, claims);
  FindingWriter rows;
  for (const ReadClaim& claim : claims) {
    const auto mismatch = Check(claim, figures);
    if (!mismatch.has_value()) continue;
    rows.Add(claim.document, kHistoryOrdinal + claim.ordinal, claim.change.year(), mismatch->finding,
             {{claim.document, claim.ordinal},
              {claim.document, claim.of_ordinal},
              {mismatch->earlier.document, mismatch->earlier.ordinal}});
  }
  std::move(rows).Write(transaction);
  return absl::OkStatus();
}

absl::Status SelectFindings(pqxx::transaction_base& transaction, const FindingFilter& filter,
                            const std::optional<IndicatorCursor>& after, int limit, FindingPage* page) {
  const Query query = FindingQuery(filter, after, limit);
  *page = FindingPage();
  IndicatorCursor last;
  for (const pqxx::row& row : query.Run(transaction)) {
    IndicatorCursor place{DocumentIdOf(row[0]), row[1].as<int>()};
    if (page->findings.empty() || place.document != last.document || place.ordinal != last.ordinal) {
      if (static_cast<int>(page->findings.size()) == limit) {
        page->next = last;
        break;
      }
      v1::Finding& finding = page->findings.emplace_back();
      DUBAN_RETURN_IF_ERROR(ParseMessage(row[5], &finding));
      finding.set_document(DocumentName(place.document));
      finding.set_year(row[2].as<int32_t>());
      if (const auto agency = row[3].as<std::string>(); !agency.empty()) finding.set_agency(AgencyName(agency));
      finding.set_region_code(row[4].as<std::string>());
      last = std::move(place);
    }
    if (!row[6].is_null()) DUBAN_RETURN_IF_ERROR(ParseMessage(row[6], page->findings.back().add_evidence()));
  }
  return absl::OkStatus();
}

}  // namespace duban
