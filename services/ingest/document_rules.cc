// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/document_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/deleted.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/store/check.h"

namespace duban {
namespace {

absl::Status CheckEvent(const v1::StageEvent& event) {
  DUBAN_RETURN_IF_ERROR(ParseDocumentName("event.document", event.document()).status());
  if (event.stage() < v1::Task::SEGMENT || event.stage() > v1::Task::TRACK) {
    return InvalidField("event.stage",
                        fmt::format("{}, want SEGMENT, EXTRACT or TRACK", static_cast<int>(event.stage())));
  }
  if (event.outcome() != v1::StageEvent::DONE && event.outcome() != v1::StageEvent::DEAD) {
    return InvalidField("event.outcome", fmt::format("{}, want DONE or DEAD", static_cast<int>(event.outcome())));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNewDocument(const NewDocument& document) {
  DUBAN_RETURN_IF_ERROR(ParseDocumentName("document.name", document.document.name()).status());
  if (const std::string& agency = document.document.agency().name(); !agency.empty()) {
    DUBAN_RETURN_IF_ERROR(ParseAgencyName("document.agency.name", agency).status());
  }
  DUBAN_RETURN_IF_ERROR(CheckStorableText("document.text", document.document.text()));
  DUBAN_RETURN_IF_ERROR(CheckStorableText("document.source_uri", document.document.source_uri()));
  return CheckStorableText("traceparent", document.traceparent);
}

absl::Status CheckFilter(const DocumentFilter& filter, const std::optional<DocumentCursor>& after, int limit) {
  if (!filter.agency.empty()) DUBAN_RETURN_IF_ERROR(CheckAgencyId("agency", filter.agency));
  if (!v1::Document::State_IsValid(filter.state)) {
    return InvalidField("state", fmt::format("{}, want a Document.State", static_cast<int>(filter.state)));
  }
  if (after.has_value()) DUBAN_RETURN_IF_ERROR(CheckDocumentId("after.id", after->id));
  return CheckLimit(limit);
}

absl::Status NoSuchDocument(const std::string& id) {
  return ResourceNotFound("duban.v1/Document", DocumentName(id), "no such document");
}

absl::Status DocumentDeleted(const std::string& id) {
  return ResourceDeleted("duban.v1/Document", DocumentName(id), "the document is deleted");
}

v1::Document MetadataOf(const v1::Document& document) {
  v1::Document metadata = document;
  metadata.clear_text();
  metadata.clear_source_uri();
  metadata.clear_state();
  metadata.clear_failure();
  metadata.clear_revision();
  metadata.clear_create_time();
  metadata.clear_update_time();
  return metadata;
}

absl::StatusOr<std::vector<StageSummary>> Summarize(const std::vector<v1::StageEvent>& events) {
  std::map<std::pair<std::string, int32_t>, StageSummary> summaries;
  for (const v1::StageEvent& event : events) {
    DUBAN_RETURN_IF_ERROR(CheckEvent(event));
    DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("event.document", event.document()));
    StageSummary& summary = summaries[{id, event.revision()}];
    summary.id = id;
    summary.revision = event.revision();
    if (event.outcome() == v1::StageEvent::DONE) {
      summary.done = std::max<int>(summary.done, event.stage());
    } else if (event.stage() >= summary.dead) {
      summary.dead = event.stage();
      summary.failure = event.error();
      // An error may quote anything; PostgreSQL's text takes all but this.
      std::replace(summary.failure.begin(), summary.failure.end(), '\0', ' ');
    }
  }
  std::vector<StageSummary> result;
  for (auto& [key, summary] : summaries) result.push_back(std::move(summary));
  return result;
}

DocumentProgress Advance(const DocumentProgress& progress, const StageSummary& summary) {
  DocumentProgress next;
  next.done = std::max(progress.done, summary.done);
  const int failed = std::max(progress.failed_stage, summary.dead);
  if (failed <= next.done) return next;
  next.failed_stage = failed;
  next.failure = summary.dead >= progress.failed_stage ? summary.failure : progress.failure;
  return next;
}

v1::Document::State StateOf(const DocumentProgress& progress, bool removed) {
  if (progress.failed_stage > 0) return v1::Document::FAILED;
  if (removed) return progress.done < v1::Task::TRACK ? v1::Document::DELETING : v1::Document::DELETED;
  return static_cast<v1::Document::State>(v1::Document::ACCEPTED + progress.done);
}

bool IsUnfinished(v1::Document::State state) {
  return state != v1::Document::FINISHED && state != v1::Document::FAILED && state != v1::Document::DELETED;
}

int64_t CountUnfinished(const std::map<v1::Document::State, int64_t>& counts) {
  int64_t unfinished = 0;
  for (const auto& [state, count] : counts) {
    if (IsUnfinished(state)) unfinished += count;
  }
  return unfinished;
}

}  // namespace duban
