// SPDX-License-Identifier: Apache-2.0
// Plans of one item and reports of three parts, for tests of the tracker.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/analysis.pb.h"
#include "services/plan/plan_targets.h"
#include "services/plan/planner_test_util.h"
#include "services/plan/tracker.h"

namespace duban {

struct Figure {
  const char* words;  // where it stands in the text
  const char* label;
  double value;
  const char* unit;
  v1::Indicator::Aspect aspect = v1::Indicator::ACTUAL;
  v1::Quantity::Qualifier qualifier = v1::Quantity::EXACT;
};

inline void AddFigures(const std::vector<Figure>& figures, v1::Analysis* analysis) {
  for (const Figure& figure : figures) {
    v1::Indicator& indicator = *analysis->add_indicators();
    const size_t at = analysis->document().text().find(figure.words);
    indicator.set_id("i" + std::to_string(analysis->indicators_size()));
    indicator.set_label(figure.label);
    indicator.set_aspect(figure.aspect);
    indicator.mutable_span()->set_begin(static_cast<int32_t>(at));
    indicator.mutable_span()->set_end(static_cast<int32_t>(at + std::string_view(figure.words).size()));
    indicator.mutable_quantity()->set_value(figure.value);
    indicator.mutable_quantity()->set_unit(figure.unit);
    indicator.mutable_quantity()->set_kind(std::string_view(figure.unit) == "%" ? v1::Quantity::PERCENT
                                                                                : v1::Quantity::COUNT);
    indicator.mutable_quantity()->set_qualifier(figure.qualifier);
  }
}

// A plan of one item.
inline v1::Analysis Plan(const std::string& item, const std::vector<Figure>& targets = {}) {
  v1::Analysis plan;
  plan.mutable_document()->set_text(item);
  plan.mutable_document()->set_plan_year(2024);
  v1::PlanItem& promise = *plan.add_plan_items();
  promise.set_id("p1");
  promise.set_text(item);
  promise.set_year(2024);
  promise.mutable_span()->set_end(static_cast<int32_t>(item.size()));
  AddFigures(targets, &plan);
  std::vector<const v1::Indicator*> figures;
  for (const v1::Indicator& indicator : plan.indicators()) figures.push_back(&indicator);
  for (v1::PlanTarget& target : PlanTargetReader(PlanWords()).Read(item, {0, item.size()}, figures, 2024)) {
    *promise.add_plan_targets() = std::move(target);
  }
  return plan;
}

// A report of three parts.
inline v1::Analysis Report(const std::string& done, const std::string& problems = "", const std::string& next = "",
                           const std::vector<Figure>& figures = {}, const std::string& name = "r") {
  v1::Analysis report;
  report.mutable_document()->set_name(name);
  report.mutable_document()->set_report_year(2024);
  std::string* text = report.mutable_document()->mutable_text();
  const auto add = [&](const std::string& words, v1::Section::Role role) {
    v1::Section& section = *report.add_sections();
    section.set_id("s" + std::to_string(report.sections_size()));
    section.set_level(1);
    section.set_role(role);
    section.mutable_span()->set_begin(static_cast<int32_t>(text->size()));
    *text += words + "\n";
    section.mutable_span()->set_end(static_cast<int32_t>(text->size()));
  };
  add(done, v1::Section::ACHIEVEMENT);
  add(problems, v1::Section::PROBLEM);
  add(next, v1::Section::PLAN);
  AddFigures(figures, &report);
  return report;
}

// Adds a section of level 2 over `words`, whose heading, without marker, is the bytes [begin, end) of them.
inline void AddHeading(const std::string& words, size_t begin, size_t end, v1::Analysis* report) {
  const size_t at = report->document().text().find(words);
  v1::Section section;
  section.set_id("h");
  section.set_parent("s1");
  section.set_level(2);
  section.set_role(v1::Section::ACHIEVEMENT);
  section.set_marker(words.substr(0, begin));
  section.set_heading(words.substr(begin, end - begin));
  section.mutable_span()->set_begin(static_cast<int32_t>(at));
  section.mutable_span()->set_end(static_cast<int32_t>(at + words.size()));
  section.mutable_heading_span()->set_begin(static_cast<int32_t>(at + begin));
  section.mutable_heading_span()->set_end(static_cast<int32_t>(at + end));
  // Sections stand in order of the text.
  v1::Section problems = report->sections(1), next = report->sections(2);
  *report->mutable_sections(1) = section;
  *report->mutable_sections(2) = problems;
  *report->add_sections() = next;
}

inline v1::Tracking TrackOne(const v1::Analysis& plan, const std::vector<v1::Analysis>& results) {
  const std::vector<v1::Tracking> trackings = Tracker(TrackWords(), PlanWords()).Track(plan, results);
  EXPECT_EQ(trackings.size(), 1u);
  return trackings.front();
}

}  // namespace duban
