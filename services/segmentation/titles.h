// SPDX-License-Identifier: Apache-2.0
// services/segmentation/titles.h: the title lines of a report and of its parts.
//
//   FindTitles(text, scan, document, rules)   // nodes of level 0: 某县司法局2023年工作总结, 2024年工作要点
//
// Pure; linear.

#pragma once

#include <string_view>
#include <vector>

#include "duban/v1/document.pb.h"
#include "services/segmentation/node.h"

namespace duban {

// In the order of the text. Uses the document's title where the page gave one; breadcrumbs and links are no titles.
std::vector<Node> FindTitles(std::string_view text, const Scan& scan, const v1::Document& document, const Rules& rules);

// Whether the line is running text: long, with the end of a sentence.
bool IsBody(const Scan& scan, const Line& line);

}  // namespace duban
