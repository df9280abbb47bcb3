// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/extract_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "common/worker/upstream.h"
#include "services/indicator/history_words.h"

namespace duban {
namespace {

// A report on a whole year is dated at its end or later. One without a date is taken for such.
bool IsOnPartOfYear(const v1::Document& document) {
  for (const std::string& day : {document.signed_at(), document.made_at(), document.published_at()}) {
    // YYYY-MM-DD compares as text.
    if (!day.empty()) return document.report_year() != 0 && day < fmt::format("{:04}-11", document.report_year());
  }
  return false;
}

}  // namespace

namespace {

// A sentence may run on for megabytes, and every figure in it holds its own copy.
constexpr size_t kMaxEvidenceBytes = 600;
static_assert(kEvidenceBytesBefore < kMaxEvidenceBytes);

// The sentence that states the figure, or the part of a long one around it.
std::string Evidence(std::string_view text, const v1::Indicator& indicator) {
  size_t begin = static_cast<size_t>(indicator.sentence().begin());
  size_t end = static_cast<size_t>(indicator.sentence().end());
  if (end - begin > kMaxEvidenceBytes) {
    const size_t figure_begin = static_cast<size_t>(indicator.span().begin());
    const size_t figure_end = static_cast<size_t>(indicator.span().end());
    begin = std::max(begin, figure_begin - std::min(figure_begin, kEvidenceBytesBefore));
    end = std::min(end, std::max(figure_end, begin + kMaxEvidenceBytes));
    while (!IsCodePointBoundary(text, begin)) ++begin;
    while (!IsCodePointBoundary(text, end)) --end;
  }
  return std::string(text.substr(begin, end - begin));
}

}  // namespace

void CompleteSet(const v1::Document& document, int32_t revision, v1::IndicatorSet* set) {
  set->set_document(document.name());
  set->set_revision(revision);
  *set->mutable_agency() = document.agency();
  set->set_part_of_year(IsOnPartOfYear(document));
  for (v1::Indicator& indicator : *set->mutable_indicators()) {
    indicator.set_name(fmt::format("{}/indicators/{}", document.name(), indicator.id()));
    indicator.set_agency(document.agency().name());
    indicator.set_agency_display_name(document.agency().display_name());
    indicator.set_region_code(document.region().code());
    indicator.set_evidence(Evidence(document.text(), indicator));
  }
}

absl::Status ExtractHandler::ProcessBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto documents, FetchDocumentsOf(ingest(), tasks));
  DUBAN_ASSIGN_OR_RETURN(const auto outlines,
                         FetchOutlines(segmentation_, DocumentNames(tasks), tasks.front().traceparent()));
  std::vector<v1::IndicatorSet> sets;
  for (size_t i = 0; i < tasks.size(); ++i) {
    sets.push_back(extractor_.Extract(documents[i], outlines[i]));
    CompleteSet(documents[i], tasks[i].revision(), &sets.back());
  }
  return store_.Put(sets);
}

absl::Status ExtractHandler::RemoveBatch(std::span<const v1::Task> tasks) {
  DUBAN_ASSIGN_OR_RETURN(const auto removals, Removals(tasks));
  return store_.Remove(removals);
}

}  // namespace duban
