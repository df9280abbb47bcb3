// SPDX-License-Identifier: Apache-2.0
// services/plan/export_sheet.h: what the forms of export.h have in common. Pure functions.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duban/v1/plan.pb.h"
#include "services/plan/export.h"

namespace duban {

// The resource name of the agency that a plan item belongs to.
std::string AgencyOfItem(const v1::PlanItem& item);

// What an agency is called.
std::string AgencyTitle(const PlanExport& plan, const std::string& agency);

// How a verdict is called.
std::string StatusWord(const SheetWords& words, v1::Tracking::Status status);

// How a comparator is called; empty for one that is not specified.
std::string ComparatorWord(const SheetWords& words, v1::PlanTarget::Comparator comparator);

// The head of the column of `field`.
std::string HeadOf(const SheetWords& words, SheetWords::Field field);

// The promise that a tracking's target is about, else the first one with a figure; nullopt if there is none.
std::optional<v1::PlanTarget> PromisedTarget(const v1::Tracking& tracking);

// The cells of a tracking's line, one for each column. `number` is its place in the sheet of `plan`; `themes` are names
// by id.
std::vector<std::string> SheetCells(const SheetWords& words, const std::map<std::string, std::string>& themes,
                                    const PlanExport& plan, const v1::Tracking& tracking, int number);

// The shortest decimal that reads back as `value`, without an exponent.
std::string FigureText(double value);

}  // namespace duban
