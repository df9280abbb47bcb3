// SPDX-License-Identifier: Apache-2.0
// services/plan/export_sheet.h: what the forms of export.h have in common. Pure functions.

#pragma once

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

// The cells of a tracking's line, one for each column. `number` is its place in the sheet of `plan`.
std::vector<std::string> SheetCells(const SheetWords& words, const PlanExport& plan, const v1::Tracking& tracking,
                                    int number);

// The shortest decimal that reads back as `value`.
std::string FigureText(double value);

}  // namespace duban
