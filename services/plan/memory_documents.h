// SPDX-License-Identifier: Apache-2.0
// services/plan/memory_documents.h: the documents of the in-memory plan store, and which plans they concern.
//
//   MemoryDocuments documents;
//   documents.Of("2f0c…").plan = items;
//   documents.NoteConcerned(before, after);   // as postgres_neighbours.h does in SQL
//
// Not thread-safe: the store's lock guards it.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "services/plan/plan_store.h"

namespace duban {

class MemoryDocuments {
 public:
  // A document, its items, and the trackings of those that have one by item id.
  struct Entry {
    PlanDocumentItems plan;
    // Removed at plan.document.revision; nothing but that is left.
    bool removed = false;
    std::map<std::string, v1::Tracking> trackings;

    // The item if the document is the agency's and has it, else null.
    const v1::PlanItem* Find(const std::string& agency, const std::string& item) const;
  };

  // The entry of a document, made if there is none.
  Entry& Of(const std::string& id) { return entries_[id]; }

  // Null if there is none.
  const Entry* Find(const std::string& id) const;

  // By id.
  const std::map<std::string, Entry>& All() const { return entries_; }

  // The agency's documents, in the order of years.
  std::vector<PlanDocument> OfAgency(const std::string& agency) const;

  // The agency's documents that bear on its plans for `years` (plan_years.h), in the order of years.
  std::vector<PlanDocument> BearingOn(const std::string& agency, const std::set<int32_t>& years) const;

  // Notes the plans that documents concern as they were before they changed and as they are now.
  void NoteConcerned(const std::vector<PlanDocument>& before, const std::vector<PlanDocument>& after);

  // The plans noted for the documents that are the keys of `batch`.
  template <typename Batch>
  PlanYears ConcernedBy(const Batch& batch) const {
    PlanYears concerned;
    for (const auto& [document, agency, year] : concerned_) {
      if (batch.contains(document)) concerned[agency].insert(year);
    }
    return concerned;
  }

  // Forgets that the agency's plans for `years` are concerned.
  void ForgetConcerned(const std::string& agency, const std::set<int32_t>& years);

 private:
  std::map<std::string, Entry> entries_;
  // Plans whose trackings must be computed again because of a document: its id, the agency, the year.
  std::set<std::tuple<std::string, std::string, int32_t>> concerned_;
};

}  // namespace duban
