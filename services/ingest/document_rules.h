// SPDX-License-Identifier: Apache-2.0
// What both backends of DocumentStore do alike: checks of arguments and the arithmetic of states. Pure functions.
//
// A document's state follows from two numbers, the last stage done and the stage that gave up (0: none), and from
// whether it is deleted. Both numbers only take maxima, so events may come late, twice and in any order.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "duban/v1/document.pb.h"
#include "duban/v1/task.pb.h"
#include "services/ingest/document_store.h"

namespace duban {

// INVALID_ARGUMENT: a malformed name of document or agency, or text with a NUL byte.
absl::Status CheckNewDocument(const NewDocument& document);

absl::Status CheckFilter(const DocumentFilter& filter, const std::optional<DocumentCursor>& after, int limit);

// NOT_FOUND with ResourceInfo: the document never was, or is deleted.
absl::Status NoSuchDocument(const std::string& id);
absl::Status DocumentDeleted(const std::string& id);

// The metadata that never changes: without text, source_uri and what the store sets.
v1::Document MetadataOf(const v1::Document& document);

// All events of one document and revision.
struct StageSummary {
  std::string id;
  int32_t revision = 0;
  // The last stage done and the last one given up, as numbers of Task.Stage; 0 for none.
  int done = 0;
  int dead = 0;
  // Why `dead` gave up.
  std::string failure;
};

// One summary per document and revision, by id. INVALID_ARGUMENT as DocumentStore::ApplyEvents.
absl::StatusOr<std::vector<StageSummary>> Summarize(const std::vector<v1::StageEvent>& events);

// How far a document has come.
struct DocumentProgress {
  int done = 0;
  int failed_stage = 0;
  std::string failure;
  bool operator==(const DocumentProgress&) const = default;
};

DocumentProgress Advance(const DocumentProgress& progress, const StageSummary& summary);

// `removed`: the document is deleted, and the progress is that of its removal.
v1::Document::State StateOf(const DocumentProgress& progress, bool removed);

// Whether a document in `state` waits for a task of its own to be done.
bool IsUnfinished(v1::Document::State state);

// How many documents of `counts` do.
int64_t CountUnfinished(const std::map<v1::Document::State, int64_t>& counts);

}  // namespace duban
