// SPDX-License-Identifier: Apache-2.0
// The ledger of what was promised: plan items of every agency and how each stands against later reports.
//
//   DUBAN_ASSIGN_OR_RETURN(PlanYears concerned, store->PutDocuments({{.document = …, .items = …}}));
//   for (const auto& [agency, years] : concerned) {                   // until CommitTrackings is not ABORTED:
//     DUBAN_ASSIGN_OR_RETURN(auto neighbours, store->Neighbours(agency, years));
//     …                                                              // compute from exactly these and their ItemsOf
//     DUBAN_RETURN_IF_ERROR(store->CommitTrackings(agency, years, neighbours, trackings));
//   }
//
// The ledger ends the same in whatever order and however often an agency's documents arrive: trackings are only taken
// if they were computed from the documents that bear on them at commit, and whoever adds, changes or removes a document
// computes those that it bears on after it (plan_years.h). Which ones these are is kept until they are committed, so
// that a worker that dies in between leaves nothing behind that its task, given again, would not know of. Ids: a
// document's has 32, an agency's 16 hexadecimal digits; a malformed one is INVALID_ARGUMENT. Every call may answer the
// statuses of common/store/database.h. Thread-safe.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/names.h"
#include "common/store/database.h"
#include "common/store/removal.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/workflow.h"

namespace duban {

// A document as the plan ledger knows it.
struct PlanDocument {
  std::string id;
  int32_t revision = 0;
  // Id of the agency.
  std::string agency;
  int32_t report_year = 0;
  int32_t plan_year = 0;
  // GB/T 2260 code of the agency's region. Empty: not known.
  std::string region;
  // The agency's name for a reader.
  std::string agency_display_name;

  bool operator==(const PlanDocument&) const = default;
};

// A document with what it promises and admits.
struct PlanDocumentItems {
  PlanDocument document;
  // In the plan's order; their ids (p1, p2 …) differ.
  std::vector<v1::PlanItem> items;
  // Problems that the report admits, in its order.
  std::vector<v1::Problem> problems;
};

// Years of plans by agency.
using PlanYears = std::map<std::string, std::set<int32_t>>;

// What to list; fields that are set must all hold.
struct PlanFilter {
  // Id of the agency. Empty: all.
  std::string agency;
  // The year promised for. 0: all.
  int32_t year = 0;
  // The verdict that holds; an item whose tracking is not computed yet is PENDING. STATUS_UNSPECIFIED: all.
  v1::Tracking::Status status = v1::Tracking::STATUS_UNSPECIFIED;
  // Part of the responsible unit that holds. Empty: all.
  std::string unit;
  // Only what is overdue on this day, YYYY-MM-DD (IsOverdue of workflow.h). Empty: all.
  std::string overdue_on;
  // Only what NeedsReview of workflow.h below this score. 0: all.
  double needs_review_below = 0;
  // Theme of the item. Empty: all.
  std::string theme;
  // What the region's code begins with, decimal digits. Empty: all.
  std::string region_prefix;
};

// Which problems to list; fields that are set must all hold.
struct ProblemFilter {
  // Id of the agency. Empty: all.
  std::string agency;
  // The year reported on. 0: all.
  int32_t report_year = 0;
  // Only those that no plan item of their report answers.
  bool unanswered = false;
};

// A place in the order of the lists: by agency, year (of problems: reported on), document id, place in the document.
struct PlanCursor {
  std::string agency;
  int32_t year = 0;
  std::string document;
  int32_t ordinal = 0;  // from 1
};

struct ProblemPage {
  std::vector<v1::AdmittedProblem> problems;
  // Where the next page goes on; none on the last.
  std::optional<PlanCursor> next;
};

struct PlanItemPage {
  std::vector<v1::PlanItem> items;
  // Where the next page goes on; none on the last.
  std::optional<PlanCursor> next;
};

struct TrackingPage {
  std::vector<v1::Tracking> trackings;
  // Where the next page goes on; none on the last.
  std::optional<PlanCursor> next;
};

// One change by a person.
struct Edit {
  PlanItemKey key;
  // The change with who and when; ApplyChange of workflow.h completes it.
  v1::HistoryEntry entry;
  // Of what is changed, as it was read. Empty: whatever is there.
  std::string etag;
  // Unique for the item, and a digest of the request that it stands for. Empty: none.
  std::string request_id;
  std::string request_digest;
};

struct Edited {
  // As it stands after the change.
  v1::Tracking tracking;
  // As it went into the history.
  v1::HistoryEntry entry;
};

struct HistoryPage {
  std::vector<v1::HistoryEntry> entries;
  // Whether there are more behind the last one.
  bool more = false;
};

// A place in the order of summaries.
struct SummaryCursor {
  std::string agency;
  int32_t year = 0;
};

struct SummaryPage {
  std::vector<PlanCounts> counts;
  // Where the next page goes on; none on the last.
  std::optional<SummaryCursor> next;
};

// How many changes of other agencies ReadChanges passes at most for one page.
constexpr int kChangesScanned = 10'000;

struct ChangePage {
  // In the order in which they took effect, each with the tracking as it is now: none for REMOVED, nor where the item
  // has gone since.
  std::vector<v1::PlanItemChange> changes;
  // Where to go on behind all that was read, also where no change is of the agency.
  std::string next;
  // Whether there may be more to read at once; also of a page without changes.
  bool more = false;
};

class PlanStore {
 public:
  virtual ~PlanStore() = default;

  // Stores documents, their plan items and problems in one transaction in place of what was stored of each; its
  // trackings go with the items. A document that is stored just so stays as it is, with its trackings. A lower revision
  // than the stored one is ignored, as is an earlier one of the same document and revision in `documents`. Answers the
  // plans whose trackings must be computed anew: those that the documents bear on now and those that they did before,
  // these until they are committed. INVALID_ARGUMENT, and nothing is stored: a malformed id, a revision below 1, an
  // item without id, or two items of one id.
  virtual absl::StatusOr<PlanYears> PutDocuments(const std::vector<PlanDocumentItems>& documents) = 0;

  // Removes documents (removal.h) with their plan items and trackings, all in one transaction; what people said is
  // kept. Answers the plans whose trackings must be computed anew as PutDocuments does, also when a removal is repeated
  // or ignored. INVALID_ARGUMENT: nothing is removed then.
  virtual absl::StatusOr<PlanYears> RemoveDocuments(const std::vector<Removal>& removals) = 0;

  // The agency's documents that bear on its plans for `years` (BearingOn of plan_years.h), by report year, plan year
  // and id. INVALID_ARGUMENT: a malformed agency, or a year below 1.
  virtual absl::StatusOr<std::vector<PlanDocument>> Neighbours(const std::string& agency,
                                                               const std::set<int32_t>& years) = 0;

  // The plan items of those of `documents` (ids) that are the agency's, by document and place, as the machine wrote
  // them: what trackings are to be computed from, as other rules may find others today. INVALID_ARGUMENT: a malformed
  // id.
  virtual absl::StatusOr<std::vector<v1::PlanItem>> ItemsOf(const std::string& agency,
                                                            const std::vector<std::string>& documents) = 0;

  // Stores trackings of an agency's plans for `years`, in place of those that were there for the same items, if
  // Neighbours(agency, years) still answers the documents and revisions of `read_set` (in any order) and each
  // tracking's plan_item says what the agency's item of its document and id does (title and text). These plans need not
  // be computed anew after that. ABORTED if not: read and compute again. INVALID_ARGUMENT as Neighbours, and a tracking
  // whose plan_item has a malformed document or one that is no plan of `read_set` for `years`, or without status.
  // Nothing is stored then.
  virtual absl::Status CommitTrackings(const std::string& agency, const std::set<int32_t>& years,
                                       const std::vector<PlanDocument>& read_set,
                                       const std::vector<v1::Tracking>& trackings) = 0;

  // Items and trackings come with what people said about them (Shown of workflow.h).

  // At most `limit` (1 or more) plan items behind `after`. INVALID_ARGUMENT: a malformed filter or cursor.
  virtual absl::StatusOr<PlanItemPage> ListPlanItems(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                                     int limit) = 0;

  // At most `limit` (1 or more) trackings behind `after`; items whose tracking is not computed yet are left out.
  // INVALID_ARGUMENT: a malformed filter or cursor.
  virtual absl::StatusOr<TrackingPage> ListTrackings(const PlanFilter& filter, const std::optional<PlanCursor>& after,
                                                     int limit) = 0;

  // At most `limit` (1 or more) problems behind `after`, each with the names of the plan items whose `problem` is its
  // id. INVALID_ARGUMENT: a malformed filter or cursor.
  virtual absl::StatusOr<ProblemPage> ListProblems(const ProblemFilter& filter, const std::optional<PlanCursor>& after,
                                                   int limit) = 0;

  // One plan item. NOT_FOUND with ResourceInfo.
  virtual absl::StatusOr<v1::PlanItem> GetPlanItem(const PlanItemKey& key) = 0;

  // One plan item's tracking; PENDING while it is not computed yet. NOT_FOUND with ResourceInfo: no such item.
  virtual absl::StatusOr<v1::Tracking> GetTracking(const PlanItemKey& key) = 0;

  // Makes one change and adds it to the item's history. It stays when the document is stored or tracked again, also for
  // another agency. A second edit of the same request_id and digest changes nothing and answers the first one's entry.
  // NOT_FOUND with ResourceInfo: no such item. INVALID_ARGUMENT: the request_id stands for another digest. Else the
  // statuses of ApplyChange in workflow.h.
  virtual absl::StatusOr<Edited> Apply(const Edit& edit) = 0;

  // At most `limit` (1 or more) entries of an item's history behind the sequence `after`. NOT_FOUND with ResourceInfo.
  virtual absl::StatusOr<HistoryPage> ListHistory(const PlanItemKey& key, int32_t after, int limit) = 0;

  // At most `limit` (1 or more) counts behind `after`, by agency and year, of the items whose agency, year, theme and
  // region the filter lets through; the rest of it is not looked at. Ranks are among all of these. `as_of` is the day
  // for overdue; empty: 0.
  virtual absl::StatusOr<SummaryPage> Summarize(const PlanFilter& filter, const std::string& as_of,
                                                const std::optional<SummaryCursor>& after, int limit) = 0;

  // Every change is logged in the transaction that makes it: STORED for each item of a document that PutDocuments
  // takes, TRACKED when CommitTrackings changes what a person sees of the machine's verdict (SameVerdict of workflow.h;
  // PENDING without a tracking), ASSIGNED, PROGRESS and REVIEWED by Apply, REMOVED when an item goes or its document
  // changes its agency.

  // At most `limit` (1 or more) changes of the agency (empty: all) behind the place that `token` names: a resume_token
  // or ChangePage.next. An empty token names the end of the log and answers no changes. Whoever goes on from page to
  // page misses none, however the changes' transactions overlap. INVALID_ARGUMENT: malformed agency or token.
  // OUT_OF_RANGE: the log was trimmed behind the place, or another database wrote it.
  virtual absl::StatusOr<ChangePage> ReadChanges(const std::string& agency, const std::string& token, int limit) = 0;

  // Stands for the last change that ReadChanges can answer now: another string when there are newer ones.
  virtual absl::StatusOr<std::string> LastChange() = 0;

  // Drops changes older than `age` from the log. Answers how many.
  virtual absl::StatusOr<int64_t> TrimChanges(absl::Duration age) = 0;
};

// On PostgreSQL. Brings the schema of `database`, which must outlive the store, up to date.
absl::StatusOr<std::unique_ptr<PlanStore>> NewPostgresPlanStore(Database* database);

// In memory, for tests and trials.
std::unique_ptr<PlanStore> NewMemoryPlanStore();

}  // namespace duban
