// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "common/base/status.h"
#include "common/service/service.h"
#include "services/plan/plan_server.h"
#include "services/plan/track_handler.h"

namespace {

absl::StatusOr<duban::ServiceParts> MakeParts(duban::ServiceContext& context) {
  using namespace duban;
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Planner> planner, Planner::Create());
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<PlanStore> store, NewPostgresPlanStore(&context.database));
  std::shared_ptr<v1::IngestService::StubInterface> ingest = v1::IngestService::NewStub(context.channel("ingest"));
  std::shared_ptr<v1::SegmentationService::StubInterface> segmentation =
      v1::SegmentationService::NewStub(context.channel("segmentation"));
  std::shared_ptr<v1::IndicatorService::StubInterface> indicator =
      v1::IndicatorService::NewStub(context.channel("indicator"));
  auto server = std::make_shared<PlanServer>(store.get(), &planner->Themes());
  auto handler = std::make_shared<TrackHandler>(Upstream{ingest.get(), segmentation.get(), indicator.get()},
                                                planner.get(), store.get());
  ServiceParts parts;
  parts.entries = {{v1::PlanService::service_full_name(), server.get()}};
  parts.handler = handler.get();
  parts.stage = v1::Task::TRACK;
  parts.owned = {std::const_pointer_cast<Planner>(planner), store, ingest, segmentation, indicator, server, handler};
  return parts;
}

}  // namespace

int main(int argc, char** argv) { return duban::RunService(argc, argv, "plan", MakeParts); }
