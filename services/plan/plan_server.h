// SPDX-License-Identifier: Apache-2.0
// services/plan/plan_server.h: the gRPC face of the plan ledger. Contracts are in plan_service.proto.

#pragma once

#include <grpcpp/grpcpp.h>

#include "duban/v1/plan_service.grpc.pb.h"
#include "services/plan/change_feed.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/plan_store.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class PlanServer : public v1::PlanService::Service {
 public:
  PlanServer(PlanStore* store, const ThemeLexicon* themes, ChangeFeed* feed)
      : store_(*store), themes_(*themes), feed_(*feed) {}

  grpc::Status ListPlanItems(grpc::ServerContext* context, const v1::ListPlanItemsRequest* request,
                             v1::ListPlanItemsResponse* response) override;
  grpc::Status GetPlanItem(grpc::ServerContext* context, const v1::GetPlanItemRequest* request,
                           v1::PlanItem* response) override;
  grpc::Status GetTracking(grpc::ServerContext* context, const v1::GetTrackingRequest* request,
                           v1::Tracking* response) override;
  grpc::Status ListTrackings(grpc::ServerContext* context, const v1::ListTrackingsRequest* request,
                             v1::ListTrackingsResponse* response) override;
  grpc::Status AssignPlanItem(grpc::ServerContext* context, const v1::AssignPlanItemRequest* request,
                              v1::PlanItem* response) override;
  grpc::Status AddProgressUpdate(grpc::ServerContext* context, const v1::AddProgressUpdateRequest* request,
                                 v1::ProgressUpdate* response) override;
  grpc::Status ReviewTracking(grpc::ServerContext* context, const v1::ReviewTrackingRequest* request,
                              v1::Tracking* response) override;
  grpc::Status ListHistory(grpc::ServerContext* context, const v1::ListHistoryRequest* request,
                           v1::ListHistoryResponse* response) override;
  grpc::Status SummarizePlans(grpc::ServerContext* context, const v1::SummarizePlansRequest* request,
                              v1::SummarizePlansResponse* response) override;
  grpc::Status ListPromiseChains(grpc::ServerContext* context, const v1::ListPromiseChainsRequest* request,
                                 v1::ListPromiseChainsResponse* response) override;
  grpc::Status ListAdmittedProblems(grpc::ServerContext* context, const v1::ListAdmittedProblemsRequest* request,
                                    v1::ListAdmittedProblemsResponse* response) override;
  grpc::Status ListThemes(grpc::ServerContext* context, const v1::ListThemesRequest* request,
                          v1::ListThemesResponse* response) override;
  grpc::Status WatchPlanItems(grpc::ServerContext* context, const v1::WatchPlanItemsRequest* request,
                              grpc::ServerWriter<v1::PlanItemChange>* writer) override;

 private:
  PlanStore& store_;
  const ThemeLexicon& themes_;
  ChangeFeed& feed_;
};

}  // namespace duban
