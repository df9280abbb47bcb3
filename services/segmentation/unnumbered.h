// SPDX-License-Identifier: Apache-2.0
// services/segmentation/unnumbered.h: headings that have no number.
//
//   人民调解筑牢防线            a line of its own above running text
//   【人民调解】　调解纠纷…      brackets of yearbooks
//   ——公证机构办证52万件；      items of a list
//   法治督察不走过场。区委…      a lead sentence, where the paragraphs around it have one, too
//
// Pure; linear. Levels are left for BuildTree.

#pragma once

#include <string_view>
#include <vector>

#include "services/segmentation/node.h"

namespace duban {

// Lines, brackets and bullets. `nodes`: the titles and numbered headings, sorted.
std::vector<Node> FindUnnumbered(std::string_view text, const Scan& scan, const std::vector<Node>& nodes,
                                 const Rules& rules);

// Lead sentences. `nodes`: all other headings, sorted.
std::vector<Node> FindLeads(std::string_view text, const Scan& scan, const std::vector<Node>& nodes);

}  // namespace duban
