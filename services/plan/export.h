// SPDX-License-Identifier: Apache-2.0
// services/plan/export.h: trackings as other programs and people want them.
//
//   DUBAN_ASSIGN_OR_RETURN(const PlanExporter exporter, PlanExporter::Create());
//   std::string sheet = exporter.Csv({.agencies = {{"agencies/6f…", "临禾县司法局"}}, .as_of = "2024-03-01",
//                                     .trackings = trackings});
//
// Trackings are taken as the API gives them; texts in them are anyone's and never become markup or a formula. Pure
// functions; thread-safe.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "duban/v1/indicator.pb.h"
#include "duban/v1/plan.pb.h"
#include "services/plan/export.pb.h"

namespace duban {

// What to export.
struct PlanExport {
  // What agencies are called, by resource name; one that is not here goes by its resource name.
  std::map<std::string, std::string> agencies;
  // The day YYYY-MM-DD that Tracking.overdue was told for; empty if it was not.
  std::string as_of;
  // In the order of ListTrackings: by agency and year.
  std::vector<v1::Tracking> trackings;
  // The figures that plan items start from, by resource name of the item; those that are not known are not here.
  std::map<std::string, v1::Indicator> baselines;
};

// The figure of `indicators`, which are those of the item's document, that the item starts from: a BASELINE in its
// words, in the unit of a figure that it promises. Nullopt if it tells none.
std::optional<v1::Indicator> BaselineOf(const v1::PlanItem& item, const v1::IndicatorSet& indicators);

class PlanExporter {
 public:
  // Reads the embedded words of the sheet and the themes. INVALID_ARGUMENT: they are not whole.
  static absl::StatusOr<PlanExporter> Create();

  // The 督办 sheet for a spreadsheet: RFC 4180 in UTF-8 with a byte order mark, a head line, then a line for each
  // tracking. Cells that a spreadsheet would take for a formula begin with an apostrophe.
  std::string Csv(const PlanExport& plan) const;

  // The same as an HTML page to print, a table for each agency; needs nothing but itself.
  std::string Html(const PlanExport& plan) const;

  // StratML Part 2 (ISO 17469-2, PerformancePlanOrReport): a goal for each part of each plan, an objective for each
  // plan item, a performance indicator with target and actual result for each numeric target. INVALID_ARGUMENT:
  // trackings of no agency or of more than one, which is what such a document is about.
  absl::StatusOr<std::string> Stratml(const PlanExport& plan) const;

  // IATI results as JSON (IatiResults): an activity for each agency and year, a result for each plan item.
  std::string Iati(const PlanExport& plan) const;

 private:
  PlanExporter(SheetWords words, std::map<std::string, std::string> themes)
      : words_(std::move(words)), themes_(std::move(themes)) {}

  SheetWords words_;
  std::map<std::string, std::string> themes_;  // names by id
};

}  // namespace duban
