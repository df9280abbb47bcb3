// SPDX-License-Identifier: Apache-2.0
// services/segmentation/headings.h: how far a heading's own words go.
//
//   （二）复议提质。全年收案…   heading 复议提质
//   一是减负，全年…            heading 减负
//
// Pure; bounded by the line.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/node.h"
#include "services/segmentation/numbering.h"

namespace duban {

// The numbered nodes of a text, with their headings: to the end of the first sentence for levels 0-4, of the first
// clause for level 5, and never beyond the line or the next enumerator.
std::vector<Node> NumberedNodes(std::string_view text, const Scan& scan, const std::vector<Enumerator>& enumerators,
                                const Rules& rules);

// Where the first clause of text[begin, end) ends: at its first 。，： or ；, else at `end`.
size_t ClauseEnd(std::string_view text, size_t begin, size_t end);

// A heading or title without a note in brackets at its end: 工作总结（摘要）.
std::string_view WithoutNote(std::string_view heading);

}  // namespace duban
