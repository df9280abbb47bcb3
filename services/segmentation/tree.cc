// SPDX-License-Identifier: Apache-2.0
// How nesting is found
//
// Levels nest, with two exceptions. A list inside an item of another list may be of the same or of a higher level (①②
// inside 一是, 1. inside 一是): it is inside if the outer list goes on behind it. And headings without number take
// their level from where they stand: one below the numbered heading above them, or level with the last one of their
// kind, or, if the numbering below them begins anew while it was open, just above that numbering.

#include "services/segmentation/tree.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr int kDeepestHeading = 4;

class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::vector<Node>* nodes) : text_(text), nodes_(*nodes) {
    int chains = 0;
    for (const Node& node : nodes_) chains = std::max(chains, node.chain);
    chain_end_.assign(static_cast<size_t>(chains) + 1, 0);
    open_.assign(static_cast<size_t>(chains) + 1, false);
    for (const Node& node : nodes_) chain_end_[static_cast<size_t>(node.chain)] = node.begin;
    next_numbered_.assign(nodes_.size(), -1);
    int next = -1;
    for (size_t i = nodes_.size(); i-- > 0;) {
      next_numbered_[i] = next;
      if (nodes_[i].kind == NodeKind::kNumbered) next = static_cast<int>(i);
      if (nodes_[i].kind == NodeKind::kTitle || nodes_[i].kind == NodeKind::kLine) next = -1;
    }
  }

  void Run() {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      while (!stack_.empty() && nodes_[stack_.back()].limit <= node.begin) Close(node.begin);
      while (node.chain > 0 && open_[static_cast<size_t>(node.chain)]) Close(node.begin);
      if (node.level < 0) node.level = LevelFor(i);
      while (!stack_.empty() && !Holds(nodes_[stack_.back()], node)) Close(node.begin);
      node.parent = stack_.empty() ? -1 : static_cast<int>(stack_.back());
      if (node.parent >= 0) node.limit = std::min(node.limit, nodes_[static_cast<size_t>(node.parent)].limit);
      open_[static_cast<size_t>(node.chain)] = true;
      stack_.push_back(i);
    }
    while (!stack_.empty()) Close(text_.size());
  }

 private:
  bool Holds(const Node& outer, const Node& node) const {
    if (outer.level < node.level) return true;
    const bool goes_on =
        outer.chain > 0 && outer.chain != node.chain && chain_end_[static_cast<size_t>(outer.chain)] > node.begin;
    return goes_on && outer.level == 5 && node.level >= 3 && node.chain > 0;
  }

  void Close(size_t at) {
    Node& node = nodes_[stack_.back()];
    stack_.pop_back();
    open_[static_cast<size_t>(node.chain)] = false;
    size_t end = std::min(at, node.limit);
    while (end > node.heading_end) {
      const CodePoint c = DecodeBefore(text_, end);
      if (!IsSpace(c.value) && c.value != U'【') break;
      end = c.offset;
    }
    node.end = end;
  }

  int LevelFor(size_t i) const {
    const Node& node = nodes_[i];
    const Node* below = next_numbered_[i] < 0 ? nullptr : &nodes_[static_cast<size_t>(next_numbered_[i])];
    const Node* enclosing = nullptr;
    const Node* same = nullptr;
    bool restarts = false;
    for (size_t k = stack_.size(); k-- > 0;) {
      const Node& open = nodes_[stack_[k]];
      if (same == nullptr && open.kind == node.kind) same = &open;
      const bool frame =
          open.kind != NodeKind::kTurn && open.kind != NodeKind::kOpening && open.level < kDeepestHeading;
      if (enclosing == nullptr && frame && open.kind != node.kind) enclosing = &open;
      restarts |= below != nullptr && open.kind == NodeKind::kNumbered && open.level == below->level;
    }
    const bool fresh = below != nullptr && below->number == 1 && below->level <= kDeepestHeading;
    if (node.kind == NodeKind::kLine && fresh && restarts) return std::max(below->level - 1, 0);
    if (node.kind == NodeKind::kLine && node.label) return fresh && below->level == 1 ? 0 : 1;
    if (same != nullptr && !(node.kind == NodeKind::kLine && same->label)) return same->level;
    const int level = enclosing == nullptr ? 1 : enclosing->level + 1;
    if (node.kind == NodeKind::kLine && fresh && below->level > level) return std::max(level, below->level - 1);
    return std::min(level, kDeepestHeading);
  }

  std::string_view text_;
  std::vector<Node>& nodes_;
  std::vector<size_t> stack_;
  std::vector<size_t> chain_end_;   // begin of each chain's last node
  std::vector<bool> open_;          // chains that have a node on the stack
  std::vector<int> next_numbered_;  // the first numbered node behind a node, before the next title or line
};

}  // namespace

void BuildTree(std::string_view text, std::vector<Node>* nodes) { TreeBuilder(text, nodes).Run(); }

}  // namespace duban
