// SPDX-License-Identifier: Apache-2.0
// services/segmentation/sentences.h: sentences of a text, each within one section.
//
// Pure; linear.

#pragma once

#include <string_view>

#include "duban/v1/outline.pb.h"
#include "services/segmentation/node.h"

namespace duban {

// Appends the sentences of all lines. A sentence ends with 。！？, with its line, or where a section begins; it holds
// no enumerator. A heading in 【】 is a sentence without its brackets.
void AddSentences(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Rules& rules,
                  v1::Outline* outline);

}  // namespace duban
