// SPDX-License-Identifier: Apache-2.0
#include "services/plan/planner.h"

namespace duban {
namespace {

class LexiconPlanner : public Planner {
 public:
  std::vector<v1::PlanItem> FindPlanItems(const v1::Document&, const v1::Outline&,
                                          const v1::IndicatorSet&) const override {
    return {};
  }
  std::vector<v1::Tracking> Track(const v1::Analysis&, std::span<const v1::Analysis>) const override { return {}; }
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Planner>> Planner::Create() { return std::make_unique<LexiconPlanner>(); }

}  // namespace duban
