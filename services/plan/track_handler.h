// SPDX-License-Identifier: Apache-2.0
// services/plan/track_handler.h: the stage TRACK: plan items committed, and the agency's promises held against its
// later reports.
//
// A document that comes, changes or goes changes the tracking of its own plan and of the plans that it tells of, or
// told of before (plan_years.h); only these are computed anew, so an agency's thousandth report costs as much as its
// second, and so does its removal. Trackings are committed only if the documents that bear on them are still those that
// they were computed from (plan_store.h), so the ledger ends the same in whatever order reports arrive.
//
// Trackings are computed from plan items as they are stored, a neighbour's too: a verdict belongs to the promise that
// it was given for, and a document's items change with its own task alone.
//
// A neighbour that ingest or a stage before holds at another revision than the ledger, or has deleted, is left out: its
// own task is on its way and tracks the same plans anew. One that a stage has lost is left out with a warning: its
// fault must not keep others from the ledger.

#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/worker/batch_handler.h"
#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/segmentation_service.grpc.pb.h"
#include "services/plan/plan_store.h"
#include "services/plan/planner.h"

namespace duban {

struct Upstream {
  v1::IngestService::StubInterface* ingest;
  v1::SegmentationService::StubInterface* segmentation;
  v1::IndicatorService::StubInterface* indicator;
};

// Thread-safe. What it is given must outlive it.
class TrackHandler : public BatchHandler {
 public:
  TrackHandler(Upstream upstream, const Planner* planner, PlanStore* store)
      : BatchHandler(upstream.ingest), upstream_(upstream), planner_(*planner), store_(*store) {}

 protected:
  absl::Status ProcessBatch(std::span<const v1::Task> tasks) override;
  absl::Status RemoveBatch(std::span<const v1::Task> tasks) override;

 private:
  // Analyses by document name, fetched once a batch.
  using Analyses = std::map<std::string, v1::Analysis>;
  // Plans of an agency for some years that are tracked together, and the documents that bear on them as last read.
  struct Share {
    std::string agency;
    std::set<int32_t> years;
    std::vector<PlanDocument> neighbours;
  };

  // Adds the whole analysis of each task's document, with the plan items that today's rules find; these with their
  // resource names. NOT_FOUND if a document is of another revision, ABORTED if what the stages before hold is.
  absl::Status FetchOwn(std::span<const v1::Task> tasks, Analyses* analyses) const;
  // Sees to it that `analyses` has each document of `rows` at its revision, but for those that are left out.
  absl::Status FetchRows(const std::vector<PlanDocument>& rows, const std::string& traceparent,
                         Analyses* analyses) const;
  // Adds the analysis, but for plan items, of each document of `rows` that is there, with all of its stages, at its
  // revision. NOT_FOUND if one is missing.
  absl::Status FetchNeighbours(std::span<const PlanDocument> rows, const std::string& traceparent,
                               Analyses* analyses) const;
  // Computes and commits the trackings of the plans `concerned`. `analyses` holds those of the batch's own documents
  // and keeps them; of others only as many as are needed at a time.
  absl::Status RetrackAll(const PlanYears& concerned, const std::string& traceparent, Analyses* analyses) const;
  absl::Status RetrackTogether(std::vector<Share> shares, const std::string& traceparent, Analyses* analyses) const;
  absl::Status Retrack(Share share, const std::string& traceparent, Analyses* analyses) const;
  // The trackings of the share's plans, computed from its neighbours.
  absl::StatusOr<std::vector<v1::Tracking>> Track(const Share& share, const std::string& traceparent,
                                                  Analyses* analyses) const;

  const Upstream upstream_;
  const Planner& planner_;
  PlanStore& store_;
};

}  // namespace duban
