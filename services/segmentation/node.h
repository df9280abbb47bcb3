// SPDX-License-Identifier: Apache-2.0
// services/segmentation/node.h: a section while the outline is being built.
//
// Nodes are kept in the order of the text, as a vector; parent is an index into it. All offsets are bytes of the text.

#pragma once

#include <cstddef>
#include <vector>

#include "duban/v1/outline.pb.h"
#include "services/segmentation/scan.h"

namespace duban {

enum class NodeKind {
  kTitle,     // a title line of a part
  kNumbered,  // an enumerator
  kLine,      // an unnumbered heading on a line of its own
  kBracket,   // 【…】
  kBullet,    // ——
  kLead,      // the first sentence of a paragraph as its heading
  kOpening,   // text before the first heading, without heading
  kTurn,      // text that leaves the role of its section, without heading
};

struct Node {
  NodeKind kind = NodeKind::kNumbered;
  size_t begin = 0;
  size_t marker_end = 0;  // begin if there is no marker
  size_t heading_begin = 0;
  size_t heading_end = 0;
  size_t end = 0;
  size_t limit = kNowhere;  // it ends here even if no other section begins
  int level = -1;           // -1 until BuildTree for what has no number
  int number = 0;
  int chain = 0;
  bool label = false;    // its words name a role (存在的问题), so that it ranks with the other parts
  bool several = false;  // its words name more than one role (存在的问题及下一步打算); `role` is the last
  int parent = -1;
  v1::Section::Role role = v1::Section::ROLE_UNSPECIFIED;
};

}  // namespace duban
