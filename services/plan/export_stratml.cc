// SPDX-License-Identifier: Apache-2.0
// Elements stand in the order of the sequences of the schema that ISO 17469-2 was made from, PerformancePlanOrReport
// 2.2 of 16 February 2016, and values are those of its enumerations. Identifiers are XML names (xs:ID), so resource
// names go in without their slashes, behind an underscore.
#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "common/base/names.h"
#include "common/base/status.h"
#include "services/plan/export_sheet.h"
#include "services/plan/workflow.h"

namespace duban {
namespace {

constexpr char kNamespace[] = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport";

// XML 1.0 has no way to write control characters other than tab and line breaks.
std::string XmlText(std::string text) {
  std::erase_if(text,
                [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; });
  return text;
}

pugi::xml_node Add(pugi::xml_node parent, const char* name) { return parent.append_child(name); }

void Add(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(XmlText(text).c_str());
}

std::string Identifier(std::string name) {
  for (const std::string_view prefix : {"agencies/", "planItems/", "documents/"}) {
    const size_t place = name.rfind(prefix);
    if (place != std::string::npos) name.erase(0, place + prefix.size());
  }
  return "_" + name;
}

// The first and the last day of what is promised for a year; nothing for year 0.
void AddDates(pugi::xml_node parent, const v1::PlanItem& item) {
  if (item.year() == 0) return;
  const std::string last = EffectiveDueDate(item);
  Add(parent, "StartDate", std::min(last, std::to_string(item.year()) + "-01-01"));
  Add(parent, "EndDate", last);
}

void AddResult(pugi::xml_node instance, const char* name, const v1::Tracking& tracking, const std::string& number,
               const std::string& descriptor, const std::string& description) {
  pugi::xml_node result = Add(instance, name);
  AddDates(result, tracking.plan_item());
  if (!number.empty()) Add(result, "NumberOfUnits", number);
  if (!descriptor.empty()) {
    pugi::xml_node words = Add(result, "Descriptor");
    Add(words, "DescriptorName", "status");
    Add(words, "DescriptorValue", descriptor);
  }
  if (!description.empty()) Add(result, "Description", description);
}

// A unit that does the work, in the role that the sheet's column of it names.
void AddPerformer(pugi::xml_node objective, const std::string& unit, const std::string& role_name) {
  pugi::xml_node stakeholder = Add(objective, "Stakeholder");
  stakeholder.append_attribute("StakeholderTypeType") = "Organization";
  Add(stakeholder, "Name", unit);
  pugi::xml_node role = Add(stakeholder, "Role");
  Add(role, "Name", role_name);
  Add(role, "RoleType", "Performer");
}

// Target and actual figure where the promise has a number, else the verdict as a quality.
void AddIndicator(pugi::xml_node objective, const v1::Tracking& tracking, const SheetWords& words) {
  pugi::xml_node indicator = Add(objective, "PerformanceIndicator");
  const v1::Tracking::Target& target = tracking.target();
  indicator.append_attribute("PerformanceIndicatorType") = tracking.has_target() ? "Quantitative" : "Qualitative";
  indicator.append_attribute("ValueChainStage") = "Output";
  Add(indicator, "SequenceIndicator", "1");
  Add(indicator, "MeasurementDimension", tracking.plan_item().title());
  Add(indicator, "UnitOfMeasurement", target.unit());
  Add(indicator, "Identifier", Identifier(tracking.plan_item().name()) + "-indicator");
  pugi::xml_node instance = Add(indicator, "MeasurementInstance");
  const std::string& status = v1::Tracking::Status_Name(tracking.status());
  if (tracking.has_target()) {
    AddResult(instance, "TargetResult", tracking, FigureText(target.planned()), "",
              ComparatorWord(words, target.comparator()));
    if (target.has_actual()) AddResult(instance, "ActualResult", tracking, FigureText(target.actual()), status, "");
  } else {
    AddResult(instance, "TargetResult", tracking, "", v1::Tracking::Status_Name(v1::Tracking::DELIVERED), "");
    if (tracking.status() != v1::Tracking::PENDING) AddResult(instance, "ActualResult", tracking, "", status, "");
  }
}

void AddObjective(pugi::xml_node goal, const v1::Tracking& tracking, int sequence, const SheetWords& words) {
  const v1::PlanItem& item = tracking.plan_item();
  pugi::xml_node objective = Add(goal, "Objective");
  Add(objective, "Name", item.title());
  Add(objective, "Description", item.text());
  Add(objective, "Identifier", Identifier(item.name()));
  Add(objective, "SequenceIndicator", item.marker().empty() ? std::to_string(sequence) : item.marker());
  if (!EffectiveUnit(item).empty()) AddPerformer(objective, EffectiveUnit(item), HeadOf(words, SheetWords::UNIT));
  for (const std::string& unit : item.cooperating_units()) {
    AddPerformer(objective, unit, HeadOf(words, SheetWords::PARTNERS));
  }
  std::string told = StatusWord(words, tracking.status());
  if (!tracking.evidence().empty()) told += ": " + tracking.evidence(0).text();
  Add(objective, "OtherInformation", told);
  AddIndicator(objective, tracking, words);
}

std::string GoalName(const v1::PlanItem& item) {
  std::string name;
  for (const std::string& heading : item.path()) name += (name.empty() ? "" : " / ") + heading;
  return name;
}

void AddGoals(pugi::xml_node core, const PlanExport& plan, const SheetWords& words) {
  pugi::xml_node goal;
  std::string document, name;
  int goals = 0, objectives = 0;
  for (const v1::Tracking& tracking : plan.trackings) {
    const v1::PlanItem& item = tracking.plan_item();
    if (goals == 0 || item.document() != document || GoalName(item) != name) {
      document = item.document();
      name = GoalName(item);
      objectives = 0;
      goal = Add(core, "Goal");
      Add(goal, "Name", name.empty() ? words.title() : name);
      Add(goal, "Description", item.year() == 0 ? "" : std::to_string(item.year()));
      Add(goal, "Identifier", Identifier(document) + "-goal" + std::to_string(++goals));
      Add(goal, "SequenceIndicator", std::to_string(goals));
    }
    AddObjective(goal, tracking, ++objectives, words);
  }
}

}  // namespace

absl::StatusOr<std::string> PlanExporter::Stratml(const PlanExport& plan) const {
  if (plan.trackings.empty()) return absl::InvalidArgumentError("StratML: no plan items, want those of one agency");
  const std::string agency = AgencyOfItem(plan.trackings.front().plan_item());
  for (const v1::Tracking& tracking : plan.trackings) {
    if (AgencyOfItem(tracking.plan_item()) != agency) {
      return absl::InvalidArgumentError("StratML: plan items of several agencies, want those of one");
    }
  }
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = Add(document, "PerformancePlanOrReport");
  root.append_attribute("xmlns") = kNamespace;
  root.append_attribute("Type") = "Performance_Report";
  Add(root, "Name", AgencyTitle(plan, agency) + words_.title());
  Add(root, "Description", "");
  Add(root, "OtherInformation", plan.as_of.empty() ? "" : words_.as_of() + " " + plan.as_of);
  pugi::xml_node core = Add(root, "StrategicPlanCore");
  pugi::xml_node organization = Add(core, "Organization");
  Add(organization, "Name", AgencyTitle(plan, agency));
  Add(organization, "Acronym", "");
  Add(organization, "Identifier", Identifier(agency));
  Add(Add(core, "Vision"), "Description", "");
  Add(Add(core, "Mission"), "Description", "");
  AddGoals(core, plan, words_);
  pugi::xml_node administrative = Add(root, "AdministrativeInformation");
  Add(administrative, "Identifier", Identifier(agency) + "-report");
  if (!plan.as_of.empty()) Add(administrative, "EndDate", plan.as_of);
  std::ostringstream xml;
  document.save(xml, "  ");
  return xml.str();
}

}  // namespace duban
