// SPDX-License-Identifier: Apache-2.0
// A summary's rank compares it with all others of its year, so every page of summaries counts the verdicts of all items
// that the filter lets through, which an index alone answers; all else is counted for the page's own items.
#include <fmt/format.h>

#include <pqxx/pqxx>

#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/plan_rules.h"
#include "services/plan/postgres_lists.h"
#include "services/plan/postgres_workflow.h"

namespace duban {
namespace {

// What holds of an item i and its workflow w: workflow.h says the same of messages.
constexpr char kUnit[] = "coalesce(nullif(w.unit, ''), i.unit)";
// The condition that an item is overdue on a day, which stands for {}.
constexpr char kOverdue[] = "(i.held_due <> '' AND i.held_due < {} AND i.status <> 2)";

// Of plan_items i with their trackings t ("JOIN": only those that have one; "LEFT JOIN") and workflows w. Without a
// tracking or a workflow its columns are null.
std::string FromItems(std::string_view join) {
  return fmt::format(
      " FROM plan_items i {} trackings t ON t.document = i.document AND t.ordinal = i.ordinal "
      "LEFT JOIN plan_workflows w ON w.document = i.document AND w.item = i.item WHERE true",
      join);
}

// The conditions of the filter that do not depend on verdicts and people.
void AppendOrigin(const PlanFilter& filter, Query* query) {
  if (!filter.agency.empty()) query->Append(" AND i.agency = {}", filter.agency);
  if (filter.year != 0) query->Append(" AND i.year = {}::int", filter.year);
  if (!filter.theme.empty()) query->Append(" AND i.theme = {}", filter.theme);
  if (!filter.region_prefix.empty()) {
    query->Append(" AND i.document IN (SELECT document FROM plan_documents WHERE region LIKE {})",
                  filter.region_prefix + "%");
  }
}

// A page of items ("i", "LEFT JOIN") or trackings ("t", "JOIN"), each with its place and its workflow.
Query ListQuery(std::string_view table, std::string_view join, const PlanFilter& filter,
                const std::optional<PlanCursor>& after, int limit) {
  Query query(
      fmt::format("SELECT i.agency, i.year, i.document, i.ordinal, {}.payload, w.version, w.assignment, w.review",
                  table) +
      FromItems(join));
  AppendOrigin(filter, &query);
  if (filter.status != v1::Tracking::STATUS_UNSPECIFIED) {
    query.Append(fmt::format(" AND i.status = {}", static_cast<int>(filter.status)));
  }
  if (!filter.unit.empty()) query.Append(fmt::format(" AND strpos({}, {{}}) > 0", kUnit), filter.unit);
  if (!filter.overdue_on.empty()) query.Append(fmt::format(" AND {}", kOverdue), filter.overdue_on);
  if (filter.needs_review_below != 0) {
    query.Append(" AND i.attention < {}::float8", fmt::format("{}", filter.needs_review_below));
  }
  if (after.has_value() && filter.year != 0 && filter.year == after->year) {
    // Without the year, so that the comparison is in the order of the index by year.
    query.Append(" AND (i.agency, i.document, i.ordinal) > ({}, {}::uuid, {}::int)", after->agency, after->document,
                 after->ordinal);
  } else if (after.has_value()) {
    query.Append(" AND (i.agency, i.year, i.document, i.ordinal) > ({}, {}::int, {}::uuid, {}::int)", after->agency,
                 after->year, after->document, after->ordinal);
  }
  query.Append(" ORDER BY i.agency, i.year, i.document, i.ordinal LIMIT {}", int64_t{limit} + 1);
  return query;
}

template <typename T>
absl::Status ReadPage(const pqxx::result& rows, int limit, std::vector<T>* elements, std::optional<PlanCursor>* next) {
  elements->clear();
  next->reset();
  for (const pqxx::row& row : rows) {
    if (static_cast<int>(elements->size()) == limit) {
      const pqxx::row& last = rows[limit - 1];
      *next = PlanCursor{last[0].c_str(), last[1].as<int>(), DocumentIdOf(last[2]), last[3].as<int>()};
      break;
    }
    T element;
    Workflow workflow;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[4], &element));
    DUBAN_RETURN_IF_ERROR(ParseWorkflow(row, 5, &workflow));
    elements->push_back(Shown(std::move(element), workflow));
  }
  return absl::OkStatus();
}

// For each theme of an agency's year a row of the year's own columns and the theme's, in the order of the summaries.
Query SummaryQuery(const PlanFilter& filter, const std::string& as_of, const std::optional<SummaryCursor>& after,
                   int limit) {
  Query query(
      "WITH rates AS (SELECT i.agency, i.year, count(*) FILTER (WHERE i.status = 2)::float8 / "
      "nullif(count(*) FILTER (WHERE i.status <> 1), 0) AS rate FROM plan_items i WHERE true");
  AppendOrigin(filter, &query);
  query.Append(
      " GROUP BY i.agency, i.year), "
      "ranked AS (SELECT agency, year, CASE WHEN rate IS NULL THEN 0 ELSE rank() OVER (PARTITION BY year ORDER BY rate "
      "DESC NULLS LAST) END AS rank, count(rate) OVER (PARTITION BY year) AS ranked FROM rates), "
      "page AS MATERIALIZED (SELECT * FROM ranked WHERE true");
  if (after.has_value()) query.Append(" AND (agency, year) > ({}, {}::int)", after->agency, after->year);
  query.Append(
      " ORDER BY agency, year LIMIT {}), "
      "themes AS (SELECT i.agency, i.year, i.theme, p.rank, p.ranked, count(*) AS total, count(w.review) AS reviewed, "
      "count(w.assignment) AS assigned",
      int64_t{limit} + 1);
  for (int status = v1::Tracking::Status_MIN; status <= v1::Tracking::Status_MAX; ++status) {
    query.Append(fmt::format(", count(*) FILTER (WHERE i.status = {0}) AS s{0}", status));
  }
  query.Append(fmt::format(", count(*) FILTER (WHERE {}", kOverdue) +
                   ") AS overdue FROM page p JOIN plan_items i ON i.agency = p.agency AND i.year = p.year "
                   "LEFT JOIN plan_workflows w ON w.document = i.document AND w.item = i.item WHERE true",
               as_of);
  AppendOrigin(filter, &query);
  query.Append(
      " GROUP BY i.agency, i.year, i.theme, p.rank, p.ranked) "
      "SELECT t.*, (SELECT d.agency_display_name FROM plan_documents d WHERE d.agency = t.agency AND NOT d.removed AND "
      "  d.agency_display_name <> '' ORDER BY d.report_year DESC, d.plan_year DESC, d.document DESC LIMIT 1) AS name "
      "FROM themes t ORDER BY agency, year, theme");
  return query;
}

// Adds what a row counts of one theme.
void AddTheme(const pqxx::row& row, PlanCounts* counts) {
  counts->reviewed += row["reviewed"].as<int64_t>();
  counts->assigned += row["assigned"].as<int64_t>();
  counts->overdue += row["overdue"].as<int64_t>();
  for (size_t status = 0; status < counts->statuses.size(); ++status) {
    counts->statuses[status] += row[fmt::format("s{}", status)].as<int64_t>();
  }
  counts->themes[row["theme"].c_str()] = {
      row["total"].as<int64_t>(), row[fmt::format("s{}", static_cast<int>(v1::Tracking::DELIVERED))].as<int64_t>()};
}

}  // namespace

absl::Status SelectTracking(pqxx::transaction_base& transaction, const PlanItemKey& key, v1::Tracking* tracking,
                            Workflow* workflow) {
  Query query("SELECT i.payload, t.payload, w.version, w.assignment, w.review" + FromItems("LEFT JOIN"));
  query.Append(" AND i.document = {}::uuid AND i.item = {} AND i.agency = {}", key.document, key.item, key.agency);
  const pqxx::result rows = query.Run(transaction);
  if (rows.empty()) return PlanItemNotFound(key);
  return ParseTracking(rows[0], 0, key, tracking, workflow);
}

absl::Status ParseTracking(const pqxx::row& row, int column, const PlanItemKey& key, v1::Tracking* tracking,
                           Workflow* workflow) {
  v1::PlanItem item;
  DUBAN_RETURN_IF_ERROR(ParseMessage(row[column], &item));
  if (row[column + 1].is_null()) {
    *tracking = PendingTracking(key, std::move(item));
  } else {
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[column + 1], tracking));
    *tracking->mutable_plan_item() = std::move(item);
  }
  return ParseWorkflow(row, column + 2, workflow);
}

absl::Status SelectItems(pqxx::transaction_base& transaction, const PlanFilter& filter,
                         const std::optional<PlanCursor>& after, int limit, PlanItemPage* page) {
  return ReadPage(ListQuery("i", "LEFT JOIN", filter, after, limit).Run(transaction), limit, &page->items, &page->next);
}

absl::Status SelectTrackings(pqxx::transaction_base& transaction, const PlanFilter& filter,
                             const std::optional<PlanCursor>& after, int limit, TrackingPage* page) {
  return ReadPage(ListQuery("t", "JOIN", filter, after, limit).Run(transaction), limit, &page->trackings, &page->next);
}

void SelectSummaries(pqxx::transaction_base& transaction, const PlanFilter& filter, const std::string& as_of,
                     const std::optional<SummaryCursor>& after, int limit, SummaryPage* page) {
  *page = {};
  for (const pqxx::row& row : SummaryQuery(filter, as_of, after, limit).Run(transaction)) {
    const std::string agency = row["agency"].c_str();
    const auto year = row["year"].as<int32_t>();
    if (page->counts.empty() || page->counts.back().agency != agency || page->counts.back().year != year) {
      if (static_cast<int>(page->counts.size()) == limit) {
        page->next = SummaryCursor{page->counts.back().agency, page->counts.back().year};
        break;
      }
      page->counts.push_back({.agency = agency, .year = year});
      page->counts.back().agency_display_name = row["name"].c_str();
      page->counts.back().rank = row["rank"].as<int64_t>();
      page->counts.back().ranked = row["ranked"].as<int64_t>();
    }
    AddTheme(row, &page->counts.back());
  }
}

}  // namespace duban
