// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/carry_over.h"
#include "services/plan/plan_rules.h"
#include "services/plan/postgres_workflow.h"

namespace duban {

absl::Status ParseWorkflow(const pqxx::row& row, int column, Workflow* workflow) {
  *workflow = {};
  if (row[column].is_null()) return absl::OkStatus();
  workflow->version = row[column].as<int32_t>();
  if (!row[column + 1].is_null()) {
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[column + 1], &workflow->assignment.emplace()));
  }
  return row[column + 2].is_null() ? absl::OkStatus() : ParseMessage(row[column + 2], &workflow->review.emplace());
}

absl::StatusOr<std::optional<v1::HistoryEntry>> FindRepeat(pqxx::transaction_base& transaction, const Edit& edit) {
  std::optional<v1::HistoryEntry> entry;
  if (edit.request_id.empty()) return entry;
  const auto rows = transaction.exec_params(
      "SELECT request_digest, payload FROM plan_history WHERE document = $1::uuid AND item = $2 AND request_id = $3 "
      "AND request_id <> ''",
      edit.key.document, edit.key.item, edit.request_id);
  if (rows.empty()) return entry;
  DUBAN_RETURN_IF_ERROR(CheckRepeat(edit, rows[0][0].c_str()));
  DUBAN_RETURN_IF_ERROR(ParseMessage(rows[0][1], &entry.emplace()));
  return entry;
}

void WriteChange(pqxx::transaction_base& transaction, const Edit& edit, const v1::PlanItem& item,
                 const Workflow& workflow, v1::HistoryEntry* entry) {
  const auto next = transaction.exec_params1(
      "SELECT coalesce(max(sequence), 0) + 1 FROM plan_history WHERE document = $1::uuid AND item = $2",
      edit.key.document, edit.key.item);
  entry->set_sequence(next[0].as<int32_t>());
  const std::string payload = entry->SerializeAsString();
  transaction.exec_params0(
      "INSERT INTO plan_history (document, item, sequence, request_id, request_digest, payload) "
      "VALUES ($1::uuid, $2, $3, $4, $5, $6)",
      edit.key.document, edit.key.item, entry->sequence(), edit.request_id, edit.request_digest,
      pqxx::binarystring(payload));
  const v1::Assignment assignment = workflow.assignment.value_or(v1::Assignment());
  const v1::Review review = workflow.review.value_or(v1::Review());
  const std::string assignment_payload = assignment.SerializeAsString();
  const std::string review_payload = review.SerializeAsString();
  transaction.exec_params0(
      "INSERT INTO plan_workflows AS w (document, item, version, assignment, due, unit, review, status, "
      "machine_status, title, digest) "
      "SELECT $1::uuid, $2, $3::int, CASE WHEN $4 THEN $5::bytea END, $6, $7, CASE WHEN $8 THEN $9::bytea END, "
      "CASE WHEN $8 THEN $10::smallint END, CASE WHEN $8 THEN $11::smallint END, $12, $13 "
      "ON CONFLICT (document, item) DO UPDATE SET version = excluded.version, assignment = excluded.assignment, "
      "due = excluded.due, unit = excluded.unit, review = excluded.review, status = excluded.status, "
      "machine_status = excluded.machine_status, title = excluded.title, digest = excluded.digest",
      edit.key.document, edit.key.item, workflow.version, workflow.assignment.has_value(),
      pqxx::binarystring(assignment_payload), assignment.due_date(), assignment.responsible_unit(),
      workflow.review.has_value(), pqxx::binarystring(review_payload), static_cast<int>(review.status()),
      static_cast<int>(review.machine_status()), item.title(), DigestOf(item));
}

absl::Status RememberItems(pqxx::transaction_base& transaction, const std::vector<std::string>& documents) {
  if (documents.empty()) return absl::OkStatus();
  const auto rows = transaction.exec_params(
      "SELECT w.document, w.item, i.payload FROM plan_workflows w JOIN plan_items i ON i.document = w.document AND "
      "i.item = w.item WHERE w.document = ANY($1::uuid[]) AND w.digest = ''",
      TextArray(documents));
  if (rows.empty()) return absl::OkStatus();
  ArrayBuilder ids, items, titles, digests;
  for (const pqxx::row& row : rows) {
    v1::PlanItem item;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[2], &item));
    ids.AddText(row[0].c_str());
    items.AddText(row[1].c_str());
    titles.AddText(item.title());
    digests.AddText(DigestOf(item));
  }
  transaction.exec_params0(
      "UPDATE plan_workflows w SET title = r.title, digest = r.digest "
      "FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) r (document, item, title, digest) "
      "WHERE w.document = r.document AND w.item = r.item",
      std::move(ids).Build(), std::move(items).Build(), std::move(titles).Build(), std::move(digests).Build());
  return absl::OkStatus();
}

absl::Status CarryWorkflows(pqxx::transaction_base& transaction, const PlanBatch& batch,
                            const std::vector<std::string>& replaced) {
  if (replaced.empty()) return absl::OkStatus();
  const auto rows = transaction.exec_params(
      "SELECT document, item, title, digest FROM plan_workflows WHERE document = ANY($1::uuid[]) "
      "ORDER BY document, length(item), item",
      TextArray(replaced));
  std::map<std::string, std::vector<Remembered>> remembered;
  for (const pqxx::row& row : rows) {
    remembered[DocumentIdOf(row[0])].push_back({row[1].c_str(), row[2].c_str(), row[3].c_str()});
  }
  ArrayBuilder documents, from, to;
  bool any = false;
  for (const auto& [document, all] : remembered) {
    const std::vector<std::string> kept = CarryOver(all, batch.at(document)->items);
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].item == kept[i]) continue;
      any = true;
      documents.AddText(document);
      from.AddText(all[i].item);
      to.AddText(kept[i]);
    }
  }
  if (!any) return absl::OkStatus();
  const std::string document_ids = std::move(documents).Build();
  const std::string old_ids = std::move(from).Build(), new_ids = std::move(to).Build();
  for (const char* table : {"plan_workflows", "plan_history"}) {
    // By way of ids that nobody has, as two may change places.
    transaction.exec_params0(
        fmt::format("UPDATE {} w SET item = '#' || m.kept FROM unnest($1::uuid[], $2::text[], $3::text[]) "
                    "m (document, item, kept) WHERE w.document = m.document AND w.item = m.item",
                    table),
        document_ids, old_ids, new_ids);
    transaction.exec_params0(
        fmt::format("UPDATE {} SET item = substr(item, 2) WHERE document = ANY($1::uuid[]) AND item LIKE '#%'", table),
        document_ids);
  }
  return absl::OkStatus();
}

absl::Status SelectHistory(pqxx::transaction_base& transaction, const PlanItemKey& key, int32_t after, int limit,
                           HistoryPage* page) {
  const auto rows = transaction.exec_params(
      "SELECT payload FROM plan_history WHERE document = $1::uuid AND item = $2 AND sequence > $3 "
      "ORDER BY sequence LIMIT $4",
      key.document, key.item, after, int64_t{limit} + 1);
  *page = {};
  for (const pqxx::row& row : rows) {
    page->more = static_cast<int>(page->entries.size()) == limit;
    if (page->more) break;
    DUBAN_RETURN_IF_ERROR(ParseMessage(row[0], &page->entries.emplace_back()));
  }
  return absl::OkStatus();
}

}  // namespace duban
