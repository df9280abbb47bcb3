// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/outline_store.h"

#include <fmt/format.h>

#include <limits>
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

namespace duban {
namespace {

// Document and revision. Ordered, so that batches that overlap lock their rows in one order.
using Key = std::pair<std::string, int32_t>;
using Batch = std::map<Key, const v1::Outline*>;

// The outlines by key, the last of each. INVALID_ARGUMENT as OutlineStore::Put.
absl::StatusOr<Batch> ToBatch(const std::vector<v1::Outline>& outlines) {
  Batch batch;
  for (const v1::Outline& outline : outlines) {
    DUBAN_ASSIGN_OR_RETURN(std::string document, ParseOutlineName("outline.name", outline.name()));
    DUBAN_RETURN_IF_ERROR(CheckRevision("outline.revision", outline.revision()));
    batch[{std::move(document), outline.revision()}] = &outline;
  }
  return batch;
}

absl::Status NotFound(const std::string& id) {
  return ResourceNotFound("duban.v1/Outline", OutlineName(id), "the document is not segmented yet or does not exist");
}

using Outlines = std::unordered_map<std::string, v1::Outline>;

// The latest outline of each document that has one.
absl::Status SelectLatest(pqxx::transaction_base& transaction, const std::vector<std::string>& ids, Outlines* found) {
  const auto rows = transaction.exec_params(
      "SELECT DISTINCT ON (document) document, payload FROM outlines WHERE document = ANY($1::uuid[]) "
      "ORDER BY document, revision DESC",
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
          "INSERT INTO outlines SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[]) "
          "ON CONFLICT (document, revision) DO UPDATE SET payload = excluded.payload",
          TextArray(batch, [](const auto& entry) { return entry.first.first; }),
          NumberArray(batch, [](const auto& entry) { return entry.first.second; }),
          BytesArray(batch, [](const auto& entry) { return entry.second->SerializeAsString(); }));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<v1::Outline>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    Outlines found;
    DUBAN_RETURN_IF_ERROR(database_->Read([&](auto& transaction) { return SelectLatest(transaction, ids, &found); }));
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
    for (const auto& [key, outline] : batch) outlines_[key] = *outline;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<v1::Outline>> BatchGet(const std::vector<std::string>& ids) override {
    DUBAN_RETURN_IF_ERROR(CheckDocumentIds("id", ids));
    absl::MutexLock lock(&mutex_);
    std::vector<v1::Outline> outlines;
    for (const std::string& id : ids) {
      // The document's last revision stands before all that follows the document.
      auto place = outlines_.upper_bound({id, std::numeric_limits<int32_t>::max()});
      if (place == outlines_.begin() || (--place)->first.first != id) return NotFound(id);
      outlines.push_back(place->second);
    }
    return outlines;
  }

 private:
  absl::Mutex mutex_;
  std::map<Key, v1::Outline> outlines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<OutlineStore>> NewPostgresOutlineStore(Database* database) {
  DUBAN_RETURN_IF_ERROR(Migrate(*database, {{1, "0001_outlines.sql", embedded::_0001_outlines_sql}}));
  return std::make_unique<PostgresOutlineStore>(database);
}

std::unique_ptr<OutlineStore> NewMemoryOutlineStore() { return std::make_unique<MemoryOutlineStore>(); }

}  // namespace duban
