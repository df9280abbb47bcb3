// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/turns.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

using segmentation::RoleLexicon;
using v1::Section;

constexpr int kDeepestHeading = 4;

class TurnFinder {
 public:
  TurnFinder(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Rules& rules)
      : text_(text), scan_(scan), nodes_(nodes), rules_(rules) {}

  std::vector<Node> Run() {
    size_t next = 0;
    for (size_t i = 0; i < scan_.lines.size(); ++i) {
      const Line& line = scan_.lines[i];
      while (next < nodes_.size() && nodes_[next].begin <= line.begin) ++next;
      if (line.first_stop == kNowhere && line.chars < 20) continue;
      for (const RoleLexicon::Turn& turn : rules_.roles().turns()) TryTurn(turn, i, next);
    }
    return std::move(out_);
  }

 private:
  // The innermost section of level 0-4 that holds byte `at`; `next` is the first node behind it. -1 if there is none.
  int SectionAt(size_t at, size_t next) const {
    int k = static_cast<int>(next) - 1;
    while (k >= 0 && (nodes_[static_cast<size_t>(k)].end <= at || nodes_[static_cast<size_t>(k)].level == 5)) {
      k = nodes_[static_cast<size_t>(k)].parent;
    }
    return k;
  }

  void TryTurn(const RoleLexicon::Turn& turn, size_t i, size_t next) {
    const Line& line = scan_.lines[i];
    const std::string_view words = text_.substr(line.begin, line.end - line.begin);
    const bool at_node = next > 0 && nodes_[next - 1].begin == line.begin;
    if (turn.begins_size() > 0) {
      if (!at_node && StartsWithAny(words, turn.begins())) Add(turn.role(), i, line.begin, next);
      return;
    }
    const size_t begin = SentenceThatHolds(turn, words);
    if (begin != std::string_view::npos) Add(turn.role(), i, line.begin + begin, next);
  }

  // Offset in `words` of the first sentence with one of `holds` and then one of `then`; npos if there is none.
  static size_t SentenceThatHolds(const RoleLexicon::Turn& turn, std::string_view words) {
    const std::string_view stop = "。";
    size_t best = std::string_view::npos;
    for (const std::string& hold : turn.holds()) {
      for (size_t at = words.find(hold); at != std::string_view::npos; at = words.find(hold, at + hold.size())) {
        size_t end = words.find(stop, at);
        if (end == std::string_view::npos) end = words.size();
        const std::string_view clause = words.substr(at, std::min<size_t>(end - at, 90));
        if (!HoldsAny(clause, turn.then())) continue;
        const size_t before = words.rfind(stop, at);
        best = std::min(best, before == std::string_view::npos ? 0 : before + stop.size());
        break;
      }
    }
    return best;
  }

  void Add(Section::Role role, size_t i, size_t begin, size_t next) {
    while (next < nodes_.size() && nodes_[next].begin <= begin) ++next;
    const int around = SectionAt(begin, next);
    if (around < 0 && !nodes_.empty()) return;
    const Section::Role outer = around < 0 ? Section::ACHIEVEMENT : nodes_[static_cast<size_t>(around)].role;
    if (outer == role || outer == Section::PROBLEM || outer == Section::PLAN) return;
    if (role == Section::PROBLEM && InItem(next, i)) return;
    Node node;
    node.kind = NodeKind::kTurn;
    node.begin = node.marker_end = node.heading_begin = node.heading_end = begin;
    node.role = role;
    const int outer_level = around < 0 ? 0 : nodes_[static_cast<size_t>(around)].level;
    node.level = std::min(outer_level + 1, kDeepestHeading);
    if (node.level == outer_level) return;
    node.limit = Limit(role, i, next, around);
    if (!out_.empty() && out_.back().limit > begin) return;
    out_.push_back(node);
  }

  // A sentence about shortcomings within an enumerated item is part of that item, not of the report's own account.
  bool InItem(size_t next, size_t i) const {
    for (size_t k = next; k-- > 0 && nodes_[k].begin >= scan_.lines[i].begin;) {
      if (nodes_[k].level == 5) return true;
    }
    return false;
  }

  // To the end of the paragraph; of the section where the rest of it is a list, or where it was the plan's turn.
  size_t Limit(Section::Role role, size_t i, size_t next, int around) const {
    const Line& line = scan_.lines[i];
    const size_t section_end = around < 0 ? text_.size() : nodes_[static_cast<size_t>(around)].end;
    const bool list = (rules_.ClassOf(line.last) & Rules::kStop) && !(rules_.ClassOf(line.last) & Rules::kEnd);
    bool last = true;
    for (size_t k = next; k < nodes_.size() && nodes_[k].begin < section_end; ++k) last &= nodes_[k].level == 5;
    if ((role == Section::PLAN || list) && last) return section_end;
    return line.end;
  }

  std::string_view text_;
  const Scan& scan_;
  const std::vector<Node>& nodes_;
  const Rules& rules_;
  std::vector<Node> out_;
};

}  // namespace

std::vector<Node> FindTurns(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Rules& rules) {
  return TurnFinder(text, scan, nodes, rules).Run();
}

}  // namespace duban
