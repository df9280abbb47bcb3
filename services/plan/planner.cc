// SPDX-License-Identifier: Apache-2.0
#include "services/plan/planner.h"

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/plan_words.textproto.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/plan_items.h"

namespace duban {
namespace {

class LexiconPlanner : public Planner {
 public:
  explicit LexiconPlanner(const PlanLexicon& lexicon) : finder_(lexicon) {}

  std::vector<v1::PlanItem> FindPlanItems(const v1::Document& document, const v1::Outline& outline,
                                          const v1::IndicatorSet& indicators) const override {
    return finder_.Find(document, outline, indicators);
  }

  std::vector<v1::Tracking> Track(const v1::Analysis&, std::span<const v1::Analysis>) const override { return {}; }

 private:
  const PlanItemFinder finder_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Planner>> Planner::Create() {
  DUBAN_ASSIGN_OR_RETURN(const auto lexicon,
                         ParseLexicon<PlanLexicon>("plan_words.textproto", embedded::plan_words_textproto));
  return std::make_unique<LexiconPlanner>(lexicon);
}

}  // namespace duban
