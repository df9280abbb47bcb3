// SPDX-License-Identifier: Apache-2.0
// services/segmentation/roles.h: what sections are for.
//
//   RoleOfWords("2023年存在的主要问题", {2023, 2024}, rules)  -> {PROBLEM, strong}
//
// Pure; linear in the text.

#pragma once

#include <string_view>
#include <vector>

#include "duban/v1/document.pb.h"
#include "services/segmentation/node.h"

namespace duban {

// The years that a document is about; 0 where unknown.
struct Years {
  int report = 0;
  int plan = 0;
};

// What the words of a heading tell. role is ROLE_UNSPECIFIED where they tell nothing.
struct HeadingRole {
  v1::Section::Role role = v1::Section::ROLE_UNSPECIFIED;
  bool strong = false;   // the heading is a label: its words weigh more than the section around it
  bool weak = false;     // the section around it weighs more
  bool dated = false;    // its years say the same
  bool several = false;  // it speaks of more than one role; `role` is the last
};

HeadingRole RoleOfWords(std::string_view heading, const Years& years, const Rules& rules);

// The same of a title, which is a label however long: names of offices stand in it.
HeadingRole RoleOfTitle(std::string_view title, const Years& years, const Rules& rules);

// Fills in unknown years from the titles and headings of the first two levels.
Years CompleteYears(std::string_view text, const std::vector<Node>& nodes, Years years, const Rules& rules);

// Gives every node its role; nodes that have one already (turns) keep it. `nodes` come from BuildTree. Of the document
// the title, the kind and the report year count.
void AssignRoles(std::string_view text, const v1::Document& document, const Years& years, const Rules& rules,
                 std::vector<Node>* nodes);

}  // namespace duban
