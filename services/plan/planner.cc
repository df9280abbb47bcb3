// SPDX-License-Identifier: Apache-2.0
#include "services/plan/planner.h"

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/plan_words.textproto.h"
#include "embedded/themes.textproto.h"
#include "embedded/track_words.textproto.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/plan_items.h"
#include "services/plan/tracker.h"

namespace duban {
namespace {

class LexiconPlanner : public Planner {
 public:
  LexiconPlanner(const PlanLexicon& plan, const TrackLexicon& track, ThemeLexicon themes)
      : themes_(std::move(themes)), finder_(plan, themes_, track), tracker_(track, plan) {}

  const ThemeLexicon& Themes() const override { return themes_; }

  std::vector<v1::PlanItem> FindPlanItems(const v1::Document& document, const v1::Outline& outline,
                                          const v1::IndicatorSet& indicators) const override {
    return finder_.Find(document, outline, indicators);
  }

  std::vector<v1::Tracking> Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const override {
    return tracker_.Track(plan, results);
  }

 private:
  const ThemeLexicon themes_;
  const PlanItemFinder finder_;
  const Tracker tracker_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Planner>> Planner::Create() {
  DUBAN_ASSIGN_OR_RETURN(const auto plan,
                         ParseLexicon<PlanLexicon>("plan_words.textproto", embedded::plan_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(const auto track,
                         ParseLexicon<TrackLexicon>("track_words.textproto", embedded::track_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(auto themes, ParseLexicon<ThemeLexicon>("themes.textproto", embedded::themes_textproto));
  return std::make_unique<LexiconPlanner>(plan, track, std::move(themes));
}

}  // namespace duban
