// SPDX-License-Identifier: Apache-2.0
#include "services/plan/postgres_items.h"

#include <map>
#include <pqxx/pqxx>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/sql.h"
#include "services/plan/postgres_changes.h"

namespace duban {
namespace {

// Removes the items of documents. Answers what they were, by agency, document and item.
std::set<std::tuple<std::string, std::string, std::string>> DeleteItems(pqxx::transaction_base& transaction,
                                                                        const std::vector<std::string>& documents) {
  std::set<std::tuple<std::string, std::string, std::string>> deleted;
  if (documents.empty()) return deleted;
  const auto rows = transaction.exec_params(
      "DELETE FROM plan_items WHERE document = ANY($1::uuid[]) RETURNING agency, document, item", TextArray(documents));
  for (const pqxx::row& row : rows) deleted.emplace(row[0].c_str(), DocumentIdOf(row[1]), row[2].c_str());
  return deleted;
}

// Logs what became of the items of the documents `written`, which were `before`.
void LogItems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written,
              std::set<std::tuple<std::string, std::string, std::string>> before) {
  std::vector<LoggedChange> stored, changes;
  for (const std::string& id : written) {
    for (const v1::PlanItem& item : batch.at(id)->items) {
      const std::string& agency = batch.at(id)->document.agency;
      before.erase({agency, id, item.id()});
      stored.push_back({v1::PlanItemChange::STORED, {agency, id, item.id()}});
    }
  }
  for (const auto& [agency, document, item] : before) {
    changes.push_back({v1::PlanItemChange::REMOVED, {agency, document, item}});
  }
  changes.insert(changes.end(), stored.begin(), stored.end());
  LogChanges(transaction, changes);
}

// The payloads of a table's rows of documents, in their order, by document.
std::map<std::string, std::vector<std::string>> Payloads(pqxx::transaction_base& transaction, const std::string& table,
                                                         const std::vector<std::string>& documents) {
  const auto rows = transaction.exec_params(
      "SELECT document, payload FROM " + table + " WHERE document = ANY($1::uuid[]) ORDER BY document, ordinal",
      TextArray(documents));
  std::map<std::string, std::vector<std::string>> payloads;
  for (const pqxx::row& row : rows) {
    payloads[DocumentIdOf(row[0])].push_back(pqxx::binarystring(row[1]).str());
  }
  return payloads;
}

template <typename Messages>
std::vector<std::string> Serialized(const Messages& messages) {
  std::vector<std::string> payloads;
  for (const auto& message : messages) payloads.push_back(message.SerializeAsString());
  return payloads;
}

}  // namespace

std::string DocumentIds(const PlanBatch& batch) {
  return TextArray(batch, [](const auto& entry) { return entry.first; });
}

StoredDocuments SelectStored(pqxx::transaction_base& transaction, const std::string& documents) {
  const auto rows = transaction.exec_params(
      "SELECT document, revision, agency, report_year, plan_year, region, agency_display_name, removed "
      "FROM plan_documents WHERE document = ANY($1::uuid[])",
      documents);
  StoredDocuments stored;
  for (const pqxx::row& row : rows) {
    const std::string id = DocumentIdOf(row[0]);
    stored[id] = {
        {id, row[1].as<int>(), row[2].c_str(), row[3].as<int>(), row[4].as<int>(), row[5].c_str(), row[6].c_str()},
        row[7].as<bool>()};
  }
  return stored;
}

PlanBatch WithoutKnown(pqxx::transaction_base& transaction, const PlanBatch& batch, const StoredDocuments& stored) {
  std::vector<std::string> alike;
  for (const auto& [id, entry] : stored) {
    if (!entry.removed && batch.at(id)->document == entry.document) alike.push_back(id);
  }
  if (alike.empty()) return batch;
  auto items = Payloads(transaction, "plan_items", alike), problems = Payloads(transaction, "plan_problems", alike);
  PlanBatch news = batch;
  for (const std::string& id : alike) {
    const PlanDocumentItems& plan = *batch.at(id);
    const bool known = items[id] == Serialized(plan.items) && problems[id] == Serialized(AdmittedProblems(plan));
    if (known) news.erase(id);
  }
  return news;
}

absl::Status SelectItemsOf(pqxx::transaction_base& transaction, const std::string& agency,
                           const std::vector<std::string>& documents, std::vector<v1::PlanItem>* items) {
  items->clear();
  const auto rows = transaction.exec_params(
      "SELECT payload FROM plan_items WHERE document = ANY($1::uuid[]) AND agency = $2 ORDER BY document, ordinal",
      TextArray(documents), agency);
  for (const pqxx::row& row : rows) DUBAN_RETURN_IF_ERROR(ParseMessage(row[0], &items->emplace_back()));
  return absl::OkStatus();
}

void WriteItems(pqxx::transaction_base& transaction, const PlanBatch& batch, const std::vector<std::string>& written,
                const std::vector<std::string>& replaced) {
  LogItems(transaction, batch, written, DeleteItems(transaction, replaced));
  ArrayBuilder documents, ordinals, agencies, years, items, dues, units, themes, payloads;
  for (const std::string& id : written) {
    const PlanDocumentItems& entry = *batch.at(id);
    int ordinal = 0;
    for (const v1::PlanItem& item : entry.items) {
      documents.AddText(id);
      ordinals.AddNumber(++ordinal);
      agencies.AddText(entry.document.agency);
      years.AddNumber(item.year());
      items.AddText(item.id());
      dues.AddText(item.due_date());
      units.AddText(item.responsible_unit());
      themes.AddText(item.theme());
      payloads.AddBytes(item.SerializeAsString());
    }
  }
  transaction.exec_params0(
      "INSERT INTO plan_items (document, ordinal, agency, year, item, due, unit, theme, payload) "
      "SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], "
      "$8::text[], $9::bytea[])",
      std::move(documents).Build(), std::move(ordinals).Build(), std::move(agencies).Build(), std::move(years).Build(),
      std::move(items).Build(), std::move(dues).Build(), std::move(units).Build(), std::move(themes).Build(),
      std::move(payloads).Build());
}

}  // namespace duban
