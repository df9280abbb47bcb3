// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "absl/flags/flag.h"
#include "common/base/status.h"
#include "common/service/service.h"
#include "services/plan/change_feed.h"
#include "services/plan/plan_server.h"
#include "services/plan/track_handler.h"

ABSL_FLAG(int, max_watchers, 0,
          "calls of WatchPlanItems at once; more are refused. Each takes one of --max_threads, of which they may have "
          "half; 0: a quarter");
ABSL_FLAG(absl::Duration, change_log_age, duban::ChangeFeedOptions().log_age,
          "how long changes are kept for watchers that were away");

namespace {

absl::StatusOr<duban::ChangeFeedOptions> FeedOptions(int max_threads) {
  using namespace duban;
  ChangeFeedOptions options;
  const int wanted = absl::GetFlag(FLAGS_max_watchers);
  options.max_watchers = wanted == 0 ? max_threads / 4 : wanted;
  if (options.max_watchers < 0 || options.max_watchers > max_threads / 2) {
    return InvalidField("--max_watchers",
                        fmt::format("{}, want 0 to {}, half of --max_threads", options.max_watchers, max_threads / 2));
  }
  options.log_age = absl::GetFlag(FLAGS_change_log_age);
  DUBAN_RETURN_IF_ERROR(CheckPositive("--change_log_age", options.log_age));
  return options;
}

absl::StatusOr<duban::ServiceParts> MakeParts(duban::ServiceContext& context) {
  using namespace duban;
  DUBAN_ASSIGN_OR_RETURN(const ChangeFeedOptions feed_options, FeedOptions(context.max_threads));
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Planner> planner, Planner::Create());
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<PlanStore> store, NewPostgresPlanStore(&context.database));
  std::shared_ptr<v1::IngestService::StubInterface> ingest = v1::IngestService::NewStub(context.channel("ingest"));
  std::shared_ptr<v1::SegmentationService::StubInterface> segmentation =
      v1::SegmentationService::NewStub(context.channel("segmentation"));
  std::shared_ptr<v1::IndicatorService::StubInterface> indicator =
      v1::IndicatorService::NewStub(context.channel("indicator"));
  auto feed = std::make_shared<ChangeFeed>(store.get(), feed_options);
  auto server = std::make_shared<PlanServer>(store.get(), &planner->Themes(), feed.get());
  auto handler = std::make_shared<TrackHandler>(Upstream{ingest.get(), segmentation.get(), indicator.get()},
                                                planner.get(), store.get());
  ServiceParts parts;
  parts.entries = {{v1::PlanService::service_full_name(), server.get()}};
  parts.handler = handler.get();
  parts.stage = v1::Task::TRACK;
  parts.server_background = {feed.get()};
  parts.owned = {
      std::const_pointer_cast<Planner>(planner), store, ingest, segmentation, indicator, feed, server, handler};
  return parts;
}

}  // namespace

int main(int argc, char** argv) { return duban::RunService(argc, argv, "plan", MakeParts); }
