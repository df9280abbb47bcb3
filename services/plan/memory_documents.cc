// SPDX-License-Identifier: Apache-2.0
#include "services/plan/memory_documents.h"

#include <algorithm>

#include "services/plan/plan_rules.h"
#include "services/plan/plan_years.h"

namespace duban {

const v1::PlanItem* MemoryDocuments::Entry::Find(const std::string& agency, const std::string& item) const {
  if (plan.document.agency != agency) return nullptr;
  for (const v1::PlanItem& candidate : plan.items) {
    if (candidate.id() == item) return &candidate;
  }
  return nullptr;
}

const MemoryDocuments::Entry* MemoryDocuments::Find(const std::string& id) const {
  const auto entry = entries_.find(id);
  return entry == entries_.end() ? nullptr : &entry->second;
}

std::vector<PlanDocument> MemoryDocuments::OfAgency(const std::string& agency) const {
  std::vector<PlanDocument> documents;
  for (const auto& [id, entry] : entries_) {
    if (entry.plan.document.agency == agency && !entry.removed) documents.push_back(entry.plan.document);
  }
  std::sort(documents.begin(), documents.end(), [](const PlanDocument& a, const PlanDocument& b) {
    return std::tie(a.report_year, a.plan_year, a.id) < std::tie(b.report_year, b.plan_year, b.id);
  });
  return documents;
}

std::vector<PlanDocument> MemoryDocuments::BearingOn(const std::string& agency, const std::set<int32_t>& years) const {
  const std::vector<PlanDocument> all = OfAgency(agency);
  std::vector<PlanDocument> bearing;
  for (const size_t i : duban::BearingOn(years, YearsOf(all))) bearing.push_back(all[i]);
  return bearing;
}

void MemoryDocuments::NoteConcerned(const std::vector<PlanDocument>& before, const std::vector<PlanDocument>& after) {
  std::set<std::string> changed;
  for (const auto* places : {&before, &after}) {
    for (const PlanDocument& document : *places) changed.insert(document.id);
  }
  for (const auto* places : {&before, &after}) {
    for (const PlanDocument& document : *places) {
      std::vector<PlanDocument> others = OfAgency(document.agency);
      std::erase_if(others, [&](const PlanDocument& other) { return changed.contains(other.id); });
      std::set<int32_t> years = PlansConcerned({document.report_year, document.plan_year}, YearsOf(others));
      if (places == &after && document.plan_year != 0) years.insert(document.plan_year);
      for (const int32_t year : years) concerned_.emplace(document.id, document.agency, year);
    }
  }
}

void MemoryDocuments::ForgetConcerned(const std::string& agency, const std::set<int32_t>& years) {
  std::erase_if(concerned_, [&](const auto& plan) {
    const auto& [document, of, year] = plan;
    return of == agency && years.contains(year);
  });
}

}  // namespace duban
