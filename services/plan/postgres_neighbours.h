// SPDX-License-Identifier: Apache-2.0
// services/plan/postgres_neighbours.h: which documents and plans of an agency bear on each other (plan_years.h), for
// the PostgreSQL store.
//
// Functions run inside the caller's transaction and throw what libpqxx throws, as everything in a Database::Function.
// Each reads or writes with one statement, over as many rows as bear on the years, not as the agency has.

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "services/plan/plan_store.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace duban {

// PlanStore::Neighbours.
std::vector<PlanDocument> SelectNeighbours(pqxx::transaction_base& transaction, const std::string& agency,
                                           const std::set<int32_t>& years);

// Notes the plans that documents concern as they were before the transaction wrote them (`before`) and as they are now
// (`after`; these plans themselves too). The locks of their agencies must be held.
void NoteConcerned(pqxx::transaction_base& transaction, const std::vector<PlanDocument>& before,
                   const std::vector<PlanDocument>& after);

// The plans noted for documents, whose ids are given as a parameter.
PlanYears SelectConcerned(pqxx::transaction_base& transaction, const std::string& documents);

// Forgets that the agency's plans for `years` are concerned.
void ForgetConcerned(pqxx::transaction_base& transaction, const std::string& agency, const std::set<int32_t>& years);

}  // namespace duban
