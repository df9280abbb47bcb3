// SPDX-License-Identifier: Apache-2.0
// The documents that duban has accepted, and how far each has come: the truth that Redis may be rebuilt from.
//
//   DUBAN_ASSIGN_OR_RETURN(auto store, NewPostgresDocumentStore(database.get()));
//   DUBAN_ASSIGN_OR_RETURN(auto inserted, store->Insert({{.document = document, .original = bytes}}));
//   DUBAN_RETURN_IF_ERROR(store->ApplyEvents(events).status());
//
// Documents are given and asked for by id, the 32 hexadecimal digits of their resource name; a malformed one is
// INVALID_ARGUMENT. Every call may answer the statuses of common/store/database.h. Thread-safe.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/store/database.h"
#include "duban/v1/document.pb.h"
#include "duban/v1/task.pb.h"

namespace duban {

// A document to accept.
struct NewDocument {
  // With its name and text. state, revision and the times are the store's to set. agency.name may be empty (agency
  // unknown).
  v1::Document document;
  // The bytes as they came.
  std::string original;
  // W3C trace context of the request, handed to the tasks.
  std::string traceparent;
};

// What became of a NewDocument.
struct InsertedDocument {
  // As stored, without its text: the older one if the id was there already.
  v1::Document document;
  // Whether this call stored it.
  bool inserted = false;
};

// What became of a document that was to be deleted.
struct DeletedDocument {
  // As stored now, without its text: DELETING.
  v1::Document document;
  // Whether this call made it so, and a task must be put up; false if it was DELETING already.
  bool changed = false;
};

// A document on its way, as much as a task needs.
struct UnfinishedDocument {
  std::string id;
  int32_t revision = 0;
  // ACCEPTED, SEGMENTED, EXTRACTED or DELETING.
  v1::Document::State state = v1::Document::STATE_UNSPECIFIED;
  std::string traceparent;
};

// A place in the order of List: newest first, then by falling id.
struct DocumentCursor {
  absl::Time create_time;  // whole microseconds
  std::string id;
};

struct DocumentFilter {
  // The agency's id (16 hexadecimal digits). Empty: all.
  std::string agency;
  // STATE_UNSPECIFIED: all but deleted ones, those whose removal FAILED among them.
  v1::Document::State state = v1::Document::STATE_UNSPECIFIED;
};

struct DocumentPage {
  std::vector<v1::Document> documents;
  // Where the next page goes on; none on the last.
  std::optional<DocumentCursor> next;
};

class DocumentStore {
 public:
  virtual ~DocumentStore() = default;

  // Stores documents in one transaction and tells which were new, in the order given. State ACCEPTED, revision 1. A
  // document that was deleted is new: it is ACCEPTED at its next revision.
  virtual absl::StatusOr<std::vector<InsertedDocument>> Insert(const std::vector<NewDocument>& documents) = 0;

  // A deleted document is NOT_FOUND as one that never was, but IsDeleted (common/base/deleted.h) tells them apart.

  // Documents in the order asked, one as often as it is asked for. NOT_FOUND with ResourceInfo: one does not exist.
  virtual absl::StatusOr<std::vector<v1::Document>> BatchGet(const std::vector<std::string>& ids, bool with_text) = 0;

  // One document without its text, also if it is deleted. NOT_FOUND.
  virtual absl::StatusOr<v1::Document> Find(const std::string& id) = 0;

  // The bytes as they came. NOT_FOUND.
  virtual absl::StatusOr<std::string> GetOriginal(const std::string& id) = 0;

  // At most `limit` (1 or more) documents behind `after`, newest first. Deleted ones have no text.
  virtual absl::StatusOr<DocumentPage> List(const DocumentFilter& filter, const std::optional<DocumentCursor>& after,
                                            int limit, bool with_text) = 0;

  // Takes in what the stages report; answers the ids of the documents that it changed. States only move forward, so
  // events may come late, twice and in any order. DEAD makes FAILED unless that stage or a later one was done; DONE of
  // the failed stage or a later one takes the failure back. Events of unknown documents and other revisions are
  // ignored. INVALID_ARGUMENT: an event without document, stage or outcome; nothing is applied then.
  virtual absl::StatusOr<std::vector<std::string>> ApplyEvents(const std::vector<v1::StageEvent>& events) = 0;

  // Puts FAILED documents back to the state they failed in; others and unknown ones are left alone.
  virtual absl::Status Redrive(const std::vector<std::string>& ids) = 0;

  // Deletes a document: its revision rises by one, text and original are gone, and events of that revision tell how far
  // its removal is. `traceparent` is that of the request. One whose removal FAILED is DELETING again, at its revision.
  // NOT_FOUND: no such document, or it is DELETED.
  virtual absl::StatusOr<DeletedDocument> Delete(const std::string& id, const std::string& traceparent) = 0;

  // How many documents are in each state; all seven are there. Costs the same at any number of documents.
  virtual absl::StatusOr<std::map<v1::Document::State, int64_t>> Counts() = 0;

  // Documents neither FINISHED, FAILED nor DELETED whose last sign of life (insertion, change of state, MarkEnqueued)
  // is before `quiet_since` of the store's clock, the longest silent first, at most `limit` (1 or more).
  virtual absl::StatusOr<std::vector<UnfinishedDocument>> Unfinished(absl::Time quiet_since, int limit) = 0;

  // Notes that tasks for these documents were enqueued now. Unknown ones are left alone.
  virtual absl::Status MarkEnqueued(const std::vector<std::string>& ids) = 0;

  // The store's clock, for Unfinished.
  virtual absl::StatusOr<absl::Time> Now() = 0;

  // The token of the Redis instance that the queued tasks are in; empty at first.
  virtual absl::StatusOr<std::string> QueueEpoch() = 0;

  // Sets the token to `desired` if it is `expected`; tells whether it was. Of several callers that notice a new Redis
  // one wins.
  virtual absl::StatusOr<bool> SwapQueueEpoch(const std::string& expected, const std::string& desired) = 0;
};

// On PostgreSQL. Brings the schema of `database`, which must outlive the store, up to date.
absl::StatusOr<std::unique_ptr<DocumentStore>> NewPostgresDocumentStore(Database* database);

// In memory, for tests and trials.
std::unique_ptr<DocumentStore> NewMemoryDocumentStore();

}  // namespace duban
