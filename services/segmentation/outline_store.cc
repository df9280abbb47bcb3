// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/outline_store.h"

#include <fmt/format.h>

#include <map>
#include <pqxx/pqxx>
#include <unordered_map>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"
#include "common/store/migrate.h"
#include "common/store/sql.h"
#include "embedded/0001_outlines.sql.h"
#include "embedded/0002_removed_outlines.sql.h"

namespace duban {
namespace {

// An outline by its document's id. Ordered, so that batches that overlap lock their rows in one order.
using Batch = std::map<std::string, const v1::Outline*>;

// Of several outlines of a document the last one of the highest revision. INVALID_ARGUMENT as OutlineStore::Put.
absl::StatusOr<Batch> ToBatch(const std::vector<v1::Outline>& outlines) {
  Batch batch;
  for (const v1::Outline& outline : outlines) {
    DUBAN_ASSIGN_OR_RETURN(const std::string document, ParseOutlineName("outline.name", outline.name()));
    DUBAN_RETURN_IF_ERROR(CheckRevision("outline.revision", outline.revision()));
    const v1::Outline*& place = batch[document];
    if (place == nullptr || place->revision() <= outline.revision()) place = &outline;
  }
  return batch;
}

absl::Status NotFound(const std::string& id) {
  return ResourceNotFound("duban.v1/Outline", OutlineName(id), "the document is not segmented yet or does not exist");
}

using Outlines = std::unordered_map<std::string, v1::Outline>;

// The outline of each document that has one.
absl::Status SelectOutlines(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, Outlines* found) {
  found->clear();
  const auto rows = transaction.exec_params(
      "SELECT document, payload FROM outlines WHERE document = ANY($1::uuid[]) AND payload IS NOT NULL",
      TextArray(ids));
  for (const pqxx::row& row : rows) DUBAN_RETURN_IF_ERROR(ParseMessage(row[1], &(*found)[DocumentIdOf(row[0])]));
  return absl::OkStatus();
}

class PostgresOutlineStore : public OutlineStore {
 public:
  explicit PostgresOutlineStore(Database* database) : database_(database) {}

  absl::Status Put(const std::vector<v1::Outline>& outlines) override {
    DUBAN_ASSIGN_OR_RETURN(const Batch batch, ToBatch(outlines));
    if (batch.empty()) return absl::OkStatus();
    return database_->Transact([&](auto& transaction) {
      transaction.exec_params0(
          "INSERT INTO outlines AS o SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[]) "
          "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, payload = excluded.payload "
          "WHERE o.revision < excluded.revision OR (o.revision = excluded.revision AND o.payload IS NOT NULL)",
          TextArray(batch, [](const auto& entry) { return entry.first; }),
          NumberArray(batch, [](const auto& entry) { return entry.second->revision(); }),
          BytesArray(batch, [](const auto& entry) { return entry.second->SerializeAsString(); }));
      return absl::OkStatus();
    });
  }

  absl::Status Remove(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch batch, duban::ToBatch(removals));
    if (batch.empty()) return absl::OkStatus();
    return database_->Transact([&](auto& transaction) {
      transaction.exec_params0(
          "INSERT INTO outlines AS o (document, revision) SELECT * FROM unnest($1::uuid[], $2::int[]) "
          "ON CONFLICT (document) DO UPDATE SET revision = excluded.revision, payload = NULL "
          "WHERE o.revision <= excluded.revision",
          TextArray(batch, [](const auto& entry) { return entry.first; }),
          NumberArray(batch, [](const auto& entry) { return entry.second; }));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<v1::Outline>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    Outlines found;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) { return SelectOutlines(transaction, ids, &found); }));
    std::vector<v1::Outline> outlines;
    for (const std::string& id : ids) {
      const auto outline = found.find(id);
      if (outline == found.end()) return NotFound(id);
      outlines.push_back(outline->second);
    }
    return outlines;
  }

 private:
  Database* const database_;
};

class MemoryOutlineStore : public OutlineStore {
 public:
  absl::Status Put(const std::vector<v1::Outline>& outlines) override {
    DUBAN_ASSIGN_OR_RETURN(const Batch batch, ToBatch(outlines));
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, outline] : batch) {
      const auto [row, added] = rows_.try_emplace(id, *outline);
      const int32_t revision = row->second.revision();
      if (revision < outline->revision() || (revision == outline->revision() && !IsTombstone(row->second))) {
        row->second = *outline;
      }
    }
    return absl::OkStatus();
  }

  absl::Status Remove(const std::vector<Removal>& removals) override {
    DUBAN_ASSIGN_OR_RETURN(const RemovalBatch batch, duban::ToBatch(removals));
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, revision] : batch) {
      v1::Outline& row = rows_[id];
      if (row.revision() > revision) continue;
      row.Clear();
      row.set_revision(revision);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<v1::Outline>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    std::vector<v1::Outline> outlines;
    for (const std::string& id : ids) {
      const auto row = rows_.find(id);
      if (row == rows_.end() || IsTombstone(row->second)) return NotFound(id);
      outlines.push_back(row->second);
    }
    return outlines;
  }

 private:
  // A row without a name, which every outline has, holds the revision of a removal.
  static bool IsTombstone(const v1::Outline& row) { return row.name().empty(); }

  absl::Mutex mutex_;
  std::map<std::string, v1::Outline> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<OutlineStore>> NewPostgresOutlineStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_outlines.sql", embedded::_0001_outlines_sql},
                                            {2, "0002_removed_outlines.sql", embedded::_0002_removed_outlines_sql}}));
  return std::make_unique<PostgresOutlineStore>(database);
}

std::unique_ptr<OutlineStore> NewMemoryOutlineStore() { return std::make_unique<MemoryOutlineStore>(); }

}  // namespace duban
