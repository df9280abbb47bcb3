// SPDX-License-Identifier: Apache-2.0
// Why no watcher misses a change
//
// A change must come behind every place that a watcher can have reached when it is committed. Numbers from a sequence
// do not give that: they are taken before the commit, so 8 may be there to read while 7 is still on its way, and a
// watcher that goes on behind 8 never sees 7. Here a change's place is (transaction, sequence), and only those
// transactions are read that are below xmin of the reading statement's snapshot. xmin is the oldest transaction that
// still runs: all below it have ended, and what they committed is in the snapshot. Ids are given in rising order and
// xmin never falls, so nothing can appear any more at a place that was once read or passed. The end of the log is
// (xmin, 0) for the same reason: it is a place to go on from, however many changes are still on their way.
//
// Changes of one item are in the order in which they took effect. Whoever changes an item holds its agency's advisory
// lock until the end of the transaction, and a transaction gets its id at its first write, which comes after its locks:
// of two that change the same item the later one has the higher id. Within a transaction the sequence rises.
//
// The price: a transaction that writes anywhere on the server and stays open holds up the watchers, though it loses
// nothing. The alternative, a lock around every commit that numbers the changes, would make all writers wait for each
// other's disk instead.
//
// Ids belong to one server: a dump that is restored elsewhere brings places of another count. So a token names the
// server (its identifier and timeline, which a failover changes too) and one of another is OUT_OF_RANGE.
//
// The log has no index by agency: it is written by everybody, and read by few. A page of one agency's changes is cut
// after kChangesScanned changes of others instead, and tells how far it came.
#include "services/plan/postgres_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pqxx/pqxx>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/plan_rules.h"
#include "services/plan/postgres_lists.h"

namespace duban {
namespace {

constexpr char kXmin[] = "pg_snapshot_xmin(pg_current_snapshot())";
constexpr char kServer[] =
    "(SELECT system_identifier::text || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system())";

// A place in the log, as written in tokens: "<server>-<transaction>-<sequence>".
struct LogPlace {
  std::string server;
  uint64_t transaction = 0;
  int64_t sequence = 0;
};

std::string FormatPlace(const std::string& server, const std::string& transaction, const std::string& sequence) {
  return fmt::format("{}-{}-{}", server, transaction, sequence);
}

template <typename Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

absl::StatusOr<LogPlace> ParsePlace(const std::string& token) {
  LogPlace place;
  const size_t last = token.rfind('-');
  const size_t first = last == std::string::npos || last == 0 ? std::string::npos : token.rfind('-', last - 1);
  if (first == std::string::npos || first == 0 || token.find('\0') != std::string::npos ||
      !ReadNumber(std::string_view(token).substr(first + 1, last - first - 1), &place.transaction) ||
      !ReadNumber(std::string_view(token).substr(last + 1), &place.sequence) || place.sequence < 0) {
    return MalformedToken();
  }
  place.server = token.substr(0, first);
  return place;
}

// The first columns tell of the log itself and come in every row; those of the changes are null if there are none.
Query ChangesQuery(const std::string& agency, const LogPlace& from, int limit) {
  const int64_t scanned = agency.empty() ? limit : std::max(limit, kChangesScanned);
  Query query(fmt::format("WITH scan AS MATERIALIZED (SELECT * FROM plan_changes WHERE transaction < {}", kXmin));
  query.Append(" AND (transaction, sequence) > ({}::xid8, {}::bigint)", fmt::format("{}", from.transaction),
               from.sequence);
  query.Append(" ORDER BY transaction, sequence LIMIT {}), page AS MATERIALIZED (SELECT * FROM scan WHERE true",
               scanned);
  if (!agency.empty()) query.Append(" AND agency = {}", agency);
  query.Append(" ORDER BY transaction, sequence LIMIT {}), ", int64_t{limit});
  query.Append("reached AS (SELECT transaction, sequence FROM scan ORDER BY transaction, sequence OFFSET {}) ",
               scanned - 1);
  query.Append(fmt::format("SELECT {} AS server, {} AS xmin, ", kServer, kXmin));
  query.Append(
      "(e.transaction, e.sequence) > ({}::xid8, {}::bigint) AS trimmed, "
      "r.transaction AS reached, r.sequence AS reached_sequence, p.transaction, p.sequence, p.kind, p.agency, "
      "p.document, p.item, i.payload, t.payload, w.version, w.assignment, w.review "
      "FROM plan_changes_trimmed e LEFT JOIN reached r ON true LEFT JOIN page p ON true "
      "LEFT JOIN plan_items i ON i.document = p.document AND i.item = p.item AND i.agency = p.agency "
      "LEFT JOIN trackings t ON t.document = i.document AND t.ordinal = i.ordinal "
      "LEFT JOIN plan_workflows w ON w.document = i.document AND w.item = i.item "
      "ORDER BY p.transaction, p.sequence",
      fmt::format("{}", from.transaction), from.sequence);
  return query;
}

absl::Status ReadChange(const pqxx::row& row, v1::PlanItemChange* change) {
  const PlanItemKey key = {row["agency"].c_str(), DocumentIdOf(row["document"]), row["item"].c_str()};
  change->set_kind(static_cast<v1::PlanItemChange::Kind>(row["kind"].as<int>()));
  change->set_plan_item(PlanItemName(key));
  change->set_resume_token(FormatPlace(row["server"].c_str(), row["transaction"].c_str(), row["sequence"].c_str()));
  const int item = row.column_number("item") + 1;
  if (change->kind() == v1::PlanItemChange::REMOVED || row[item].is_null()) return absl::OkStatus();
  v1::Tracking tracking;
  Workflow workflow;
  DUBAN_RETURN_IF_ERROR(ParseTracking(row, item, key, &tracking, &workflow));
  *change->mutable_tracking() = Shown(std::move(tracking), workflow);
  return absl::OkStatus();
}

}  // namespace

void LogChanges(pqxx::transaction_base& transaction, const std::vector<LoggedChange>& changes) {
  if (changes.empty()) return;
  transaction.exec_params0(
      "INSERT INTO plan_changes (kind, agency, document, item) SELECT kind, agency, document, item "
      "FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::text[]) WITH ORDINALITY c (kind, agency, document, "
      "item, "
      "place) ORDER BY place",
      NumberArray(changes, [](const LoggedChange& change) { return change.kind; }),
      TextArray(changes, [](const LoggedChange& change) { return change.key.agency; }),
      TextArray(changes, [](const LoggedChange& change) { return change.key.document; }),
      TextArray(changes, [](const LoggedChange& change) { return change.key.item; }));
}

absl::Status SelectChanges(pqxx::transaction_base& transaction, const std::string& agency, const std::string& token,
                           int limit, ChangePage* page) {
  *page = {};
  if (token.empty()) {
    const auto row = transaction.exec1(fmt::format("SELECT {}, {}", kServer, kXmin));
    page->next = FormatPlace(row[0].c_str(), row[1].c_str(), "0");
    return absl::OkStatus();
  }
  DUBAN_ASSIGN_OR_RETURN(const LogPlace from, ParsePlace(token));
  const pqxx::result rows = ChangesQuery(agency, from, limit).Run(transaction);
  const pqxx::row& log = rows[0];
  if (from.server != log["server"].c_str() || from.transaction > log["xmin"].as<uint64_t>() ||
      log["trimmed"].as<bool>()) {
    return TokenOutOfRange();
  }
  for (const pqxx::row& row : rows) {
    if (row["kind"].is_null()) break;
    DUBAN_RETURN_IF_ERROR(ReadChange(row, &page->changes.emplace_back()));
  }
  const bool full = static_cast<int>(page->changes.size()) == limit;
  page->more = full || !log["reached"].is_null();
  if (full) {
    page->next = page->changes.back().resume_token();
  } else if (page->more) {
    page->next = FormatPlace(from.server, log["reached"].c_str(), log["reached_sequence"].c_str());
  } else {
    page->next = FormatPlace(from.server, log["xmin"].c_str(), "0");
  }
  return absl::OkStatus();
}

std::string SelectLastChange(pqxx::transaction_base& transaction) {
  const auto rows =
      transaction.exec(fmt::format("SELECT transaction, sequence FROM plan_changes WHERE transaction < {} "
                                   "ORDER BY transaction DESC, sequence DESC LIMIT 1",
                                   kXmin));
  return rows.empty() ? "" : fmt::format("{} {}", rows[0][0].c_str(), rows[0][1].c_str());
}

void DropForeignChanges(pqxx::transaction_base& transaction) {
  transaction.exec0("DELETE FROM plan_changes WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())");
  // This server trims only below xmin. What it gives tokens of from now on is not below xmin.
  transaction.exec0(fmt::format(
      "UPDATE plan_changes_trimmed SET transaction = {0}, sequence = 0 WHERE (transaction, sequence) > ({0}, 0)",
      kXmin));
}

int64_t TrimChanges(pqxx::transaction_base& transaction, absl::Duration age, int limit) {
  const auto row = transaction.exec_params1(
      fmt::format(
          "WITH old AS (DELETE FROM plan_changes WHERE transaction < {} AND "
          "  time < now() - $1::bigint * interval '1 microsecond' AND (transaction, sequence) IN "
          "  (SELECT transaction, sequence FROM plan_changes ORDER BY transaction, sequence LIMIT $2) "
          "  RETURNING transaction, sequence), "
          "last AS (SELECT transaction, sequence FROM old ORDER BY transaction DESC, sequence DESC LIMIT 1), "
          "noted AS (UPDATE plan_changes_trimmed t SET transaction = last.transaction, sequence = last.sequence "
          "  FROM last WHERE (t.transaction, t.sequence) < (last.transaction, last.sequence)) "
          "SELECT count(*) FROM old",
          kXmin),
      absl::ToInt64Microseconds(age), limit);
  return row[0].as<int64_t>();
}

}  // namespace duban
