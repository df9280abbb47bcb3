// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/extract_handler.h"

#include <fmt/format.h>

#include <vector>

#include "common/base/status.h"
#include "common/worker/upstream.h"

namespace duban {

void CompleteSet(const v1::Document& document, int32_t revision, v1::IndicatorSet* set) {
  set->set_document(document.name());
  set->set_revision(revision);
  for (v1::Indicator& indicator : *set->mutable_indicators()) {
    indicator.set_name(fmt::format("{}/indicators/{}", document.name(), indicator.id()));
    indicator.set_agency(document.agency().name());
    indicator.set_region_code(document.region().code());
    const v1::Span& sentence = indicator.sentence();
    indicator.set_evidence(document.text().substr(sentence.begin(), sentence.end() - sentence.begin()));
  }
}

absl::Status ExtractHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  const std::vector<std::string> names = DocumentNames(tasks);
  const std::string& traceparent = tasks.front().traceparent();
  DUBAN_ASSIGN_OR_RETURN(const auto documents, FetchDocuments(ingest_, names, traceparent));
  DUBAN_ASSIGN_OR_RETURN(const auto outlines, FetchOutlines(segmentation_, names, traceparent));
  std::vector<v1::IndicatorSet> sets;
  for (size_t i = 0; i < tasks.size(); ++i) {
    sets.push_back(extractor_.Extract(documents[i], outlines[i]));
    CompleteSet(documents[i], tasks[i].revision(), &sets.back());
  }
  return store_.Put(sets);
}

}  // namespace duban
