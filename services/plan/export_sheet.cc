// SPDX-License-Identifier: Apache-2.0
#include "services/plan/export_sheet.h"

#include <fmt/format.h>

#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "embedded/sheet.textproto.h"
#include "embedded/themes.textproto.h"
#include "google/protobuf/util/time_util.h"
#include "services/plan/lexicon.pb.h"
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

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& units) {
  std::string text;
  for (const std::string& unit : units) text += (text.empty() ? "" : "、") + unit;
  return text;
}

std::string Cell(const SheetWords& words, const std::map<std::string, std::string>& themes, const PlanExport& plan,
                 SheetWords::Field field, const v1::Tracking& tracking, int number) {
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
    case SheetWords::PARTNERS:
      return Joined(item.cooperating_units());
    case SheetWords::THEME: {
      const auto theme = themes.find(item.theme());
      return theme == themes.end() ? item.theme() : theme->second;
    }
    case SheetWords::COMPARATOR: {
      const auto promised = PromisedTarget(tracking);
      return promised ? ComparatorWord(words, promised->comparator()) : "";
    }
    case SheetWords::PLANNED: {
      const auto promised = PromisedTarget(tracking);
      return promised && promised->has_value() ? FigureText(promised->value()) + promised->unit() : "";
    }
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
  for (int comparator = v1::PlanTarget::AT_LEAST; comparator <= v1::PlanTarget::Comparator_MAX; ++comparator) {
    if (ComparatorWord(words, static_cast<v1::PlanTarget::Comparator>(comparator)).empty()) {
      return absl::InvalidArgumentError(fmt::format("sheet.textproto: no word for comparator {}", comparator));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PlanExporter> PlanExporter::Create() {
  DUBAN_ASSIGN_OR_RETURN(SheetWords words, ParseLexicon<SheetWords>("sheet.textproto", embedded::sheet_textproto));
  DUBAN_RETURN_IF_ERROR(CheckWords(words));
  DUBAN_ASSIGN_OR_RETURN(auto lexicon, ParseLexicon<ThemeLexicon>("themes.textproto", embedded::themes_textproto));
  std::map<std::string, std::string> themes;
  for (const auto& theme : lexicon.theme()) themes.emplace(theme.id(), theme.display_name());
  return PlanExporter(std::move(words), std::move(themes));
}

std::optional<v1::Indicator> BaselineOf(const v1::PlanItem& item, const v1::IndicatorSet& indicators) {
  for (const v1::Indicator& indicator : indicators.indicators()) {
    const bool inside = indicator.span().begin() >= item.span().begin() && indicator.span().begin() < item.span().end();
    if (!inside || indicator.aspect() != v1::Indicator::BASELINE) continue;
    for (const v1::PlanTarget& target : item.plan_targets()) {
      if (target.unit() == indicator.quantity().unit()) return indicator;
    }
  }
  return std::nullopt;
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

std::string ComparatorWord(const SheetWords& words, v1::PlanTarget::Comparator comparator) {
  for (const auto& word : words.comparators()) {
    if (word.comparator() == comparator) return word.word();
  }
  return "";
}

std::string HeadOf(const SheetWords& words, SheetWords::Field field) {
  for (const auto& column : words.columns()) {
    if (column.field() == field) return column.head();
  }
  return "";
}

std::optional<v1::PlanTarget> PromisedTarget(const v1::Tracking& tracking) {
  const auto& targets = tracking.plan_item().plan_targets();
  if (tracking.has_target()) {
    const v1::Tracking::Target& target = tracking.target();
    for (const v1::PlanTarget& promised : targets) {
      const bool same_value = promised.has_value() && promised.value() == target.planned();
      if (promised.comparator() == target.comparator() && (same_value || !promised.has_value())) return promised;
    }
    v1::PlanTarget told;
    told.set_comparator(target.comparator());
    told.set_value(target.planned());
    told.set_unit(target.unit());
    return told;
  }
  return targets.empty() ? std::nullopt : std::optional<v1::PlanTarget>(targets[0]);
}

std::vector<std::string> SheetCells(const SheetWords& words, const std::map<std::string, std::string>& themes,
                                    const PlanExport& plan, const v1::Tracking& tracking, int number) {
  std::vector<std::string> cells;
  for (const auto& column : words.columns()) {
    cells.push_back(Cell(words, themes, plan, column.field(), tracking, number));
  }
  return cells;
}

std::string FigureText(double value) {
  std::string text = fmt::format("{}", value);
  return text.find('e') == std::string::npos ? text : fmt::format("{:f}", value);
}

}  // namespace duban
