// SPDX-License-Identifier: Apache-2.0
#include "services/plan/export_sheet.h"

#include <fmt/format.h>

#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "embedded/sheet.textproto.h"
#include "google/protobuf/util/time_util.h"
#include "services/plan/workflow.h"

namespace duban {
namespace {

std::string DayOf(const google::protobuf::Timestamp& time) {
  return google::protobuf::util::TimeUtil::ToString(time).substr(0, std::string_view("YYYY-MM-DD").size());
}

// Columns that a review fills.
std::string ReviewCell(SheetWords::Field field, const v1::Review& review) {
  if (field == SheetWords::REVIEWER) return review.reviewer();
  if (field == SheetWords::REVIEWED) return DayOf(review.review_time());
  return review.reason();
}

std::string Cell(const SheetWords& words, const PlanExport& plan, SheetWords::Field field, const v1::Tracking& tracking,
                 int number) {
  const v1::PlanItem& item = tracking.plan_item();
  const v1::Tracking::Target& target = tracking.target();
  switch (field) {
    case SheetWords::NUMBER:
      return fmt::format("{}", number);
    case SheetWords::AGENCY:
      return AgencyTitle(plan, AgencyOfItem(item));
    case SheetWords::YEAR:
      return item.year() == 0 ? "" : fmt::format("{}", item.year());
    case SheetWords::PROMISE:
      return item.title();
    case SheetWords::UNIT:
      return EffectiveUnit(item);
    case SheetWords::DUE:
      return EffectiveDueDate(item);
    case SheetWords::STATUS:
      return StatusWord(words, tracking.status());
    case SheetWords::OVERDUE:
      return tracking.overdue() ? words.overdue() : "";
    case SheetWords::PLANNED:
      return tracking.has_target() ? FigureText(target.planned()) + target.unit() : "";
    case SheetWords::ACTUAL:
      return target.has_actual() ? FigureText(target.actual()) + target.unit() : "";
    case SheetWords::EVIDENCE:
      return tracking.evidence().empty() ? "" : tracking.evidence(0).text();
    case SheetWords::MACHINE:
      return StatusWord(words, tracking.machine_status());
    case SheetWords::SCORE:
      return fmt::format("{:.2f}", tracking.score());
    case SheetWords::REVIEWER:
    case SheetWords::REVIEWED:
    case SheetWords::REASON:
      return tracking.has_review() ? ReviewCell(field, tracking.review()) : "";
    case SheetWords::NAME:
      return item.name();
    default:
      return "";
  }
}

absl::Status CheckWords(const SheetWords& words) {
  if (words.columns().empty()) return absl::InvalidArgumentError("sheet.textproto: no columns");
  for (const auto& column : words.columns()) {
    if (column.field() == SheetWords::FIELD_UNSPECIFIED || column.head().empty()) {
      return absl::InvalidArgumentError("sheet.textproto: a column without field or head");
    }
  }
  for (int status = v1::Tracking::PENDING; status <= v1::Tracking::Status_MAX; ++status) {
    if (StatusWord(words, static_cast<v1::Tracking::Status>(status)).empty()) {
      return absl::InvalidArgumentError(fmt::format("sheet.textproto: no word for status {}", status));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PlanExporter> PlanExporter::Create() {
  DUBAN_ASSIGN_OR_RETURN(SheetWords words, ParseLexicon<SheetWords>("sheet.textproto", embedded::sheet_textproto));
  DUBAN_RETURN_IF_ERROR(CheckWords(words));
  return PlanExporter(std::move(words));
}

std::string AgencyOfItem(const v1::PlanItem& item) {
  const auto key = ParsePlanItemName("name", item.name());
  return key.ok() ? AgencyName(key->agency) : "";
}

std::string AgencyTitle(const PlanExport& plan, const std::string& agency) {
  const auto title = plan.agencies.find(agency);
  return title == plan.agencies.end() ? agency : title->second;
}

std::string StatusWord(const SheetWords& words, v1::Tracking::Status status) {
  for (const auto& word : words.statuses()) {
    if (word.status() == status) return word.word();
  }
  return "";
}

std::vector<std::string> SheetCells(const SheetWords& words, const PlanExport& plan, const v1::Tracking& tracking,
                                    int number) {
  std::vector<std::string> cells;
  for (const auto& column : words.columns()) cells.push_back(Cell(words, plan, column.field(), tracking, number));
  return cells;
}

std::string FigureText(double value) { return fmt::format("{}", value); }

}  // namespace duban
