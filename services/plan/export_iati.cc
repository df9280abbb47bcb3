// SPDX-License-Identifier: Apache-2.0
// A promise with a number is an indicator that counts, with the promised and the reached figure; one without is
// qualitative (measure 5), which has words where the others have values. A baseline is
// told where the plan tells the figure that it starts from.
#include <fmt/format.h>

#include <algorithm>

#include "google/protobuf/util/json_util.h"
#include "services/plan/export_sheet.h"
#include "services/plan/workflow.h"

namespace duban {
namespace {

void SetText(const std::string& text, IatiResults::Text* to) {
  IatiResults::Narrative& narrative = *to->add_narrative();
  narrative.set_lang("zh");
  narrative.set_text(text);
}

// A target of which less is better shows by its comparator, else by whether it was met.
bool Ascending(const v1::Tracking::Target& target) {
  switch (target.comparator()) {
    case v1::PlanTarget::AT_MOST:
    case v1::PlanTarget::DECREASE_BY:
    case v1::PlanTarget::NOT_ABOVE_LAST_YEAR:
      return false;
    case v1::PlanTarget::COMPARATOR_UNSPECIFIED:
      break;
    default:
      return true;
  }
  if (!target.has_actual() || target.actual() == target.planned()) return true;
  return (target.actual() > target.planned()) == target.met();
}

void AddPeriod(const v1::Tracking& tracking, const std::string& status_word, IatiResults::Indicator* indicator) {
  IatiResults::Period& period = *indicator->add_period();
  const v1::PlanItem& item = tracking.plan_item();
  if (item.year() != 0) {
    const std::string last = EffectiveDueDate(item);
    period.mutable_period_start()->set_iso_date(std::min(last, fmt::format("{:04}-01-01", item.year())));
    period.mutable_period_end()->set_iso_date(last);
  }
  const v1::Tracking::Target& target = tracking.target();
  IatiResults::Value& promised = *period.add_target();
  if (tracking.has_target()) promised.set_value(FigureText(target.planned()));
  SetText(item.text(), promised.mutable_comment());
  if (tracking.status() == v1::Tracking::PENDING) return;
  IatiResults::Value& reached = *period.add_actual();
  if (target.has_actual()) reached.set_value(FigureText(target.actual()));
  const std::string evidence = tracking.evidence().empty() ? "" : ": " + tracking.evidence(0).text();
  SetText(status_word + evidence, reached.mutable_comment());
}

void AddBaseline(const v1::Indicator& figure, IatiResults::Indicator* indicator) {
  IatiResults::Baseline& baseline = *indicator->add_baseline();
  if (figure.year() != 0) baseline.set_year(std::to_string(figure.year()));
  baseline.set_value(FigureText(figure.quantity().value()));
  SetText(figure.label(), baseline.mutable_comment());
}

void AddResult(const PlanExport& plan, const v1::Tracking& tracking, const std::string& status_word,
               IatiResults::Activity* activity) {
  const v1::PlanItem& item = tracking.plan_item();
  IatiResults::Result& result = *activity->add_result();
  result.set_type("1");
  SetText(item.title(), result.mutable_title());
  SetText(item.text(), result.mutable_description());
  IatiResults::Indicator& indicator = *result.add_indicator();
  const v1::Tracking::Target& target = tracking.target();
  indicator.set_measure(!tracking.has_target() ? "5" : target.unit() == "%" ? "2" : "1");
  indicator.set_ascending(Ascending(target));
  SetText(target.unit().empty() ? item.title() : fmt::format("{} ({})", item.title(), target.unit()),
          indicator.mutable_title());
  if (const auto baseline = plan.baselines.find(item.name()); baseline != plan.baselines.end()) {
    AddBaseline(baseline->second, &indicator);
  }
  AddPeriod(tracking, status_word, &indicator);
}

}  // namespace

std::string PlanExporter::Iati(const PlanExport& plan) const {
  IatiResults results;
  results.set_version("2.03");
  std::string last;
  for (const v1::Tracking& tracking : plan.trackings) {
    const v1::PlanItem& item = tracking.plan_item();
    const std::string agency = AgencyOfItem(item);
    const std::string identifier = fmt::format("{}-{}", agency.substr(agency.find('/') + 1), item.year());
    if (results.activity().empty() || identifier != last) {
      last = identifier;
      IatiResults::Activity& activity = *results.add_activity();
      activity.set_identifier(identifier);
      activity.mutable_reporting_org()->set_ref(agency);
      IatiResults::Narrative& narrative = *activity.mutable_reporting_org()->add_narrative();
      narrative.set_lang("zh");
      narrative.set_text(AgencyTitle(plan, agency));
      SetText(fmt::format("{} {} {}", AgencyTitle(plan, agency), item.year(), words_.title()),
              activity.mutable_title());
    }
    AddResult(plan, tracking, StatusWord(words_, tracking.status()),
              results.mutable_activity(results.activity_size() - 1));
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  // Only a message with bad UTF-8 fails, and those of the API have none.
  if (!google::protobuf::util::MessageToJsonString(results, &json, options).ok()) json.clear();
  return json;
}

}  // namespace duban
