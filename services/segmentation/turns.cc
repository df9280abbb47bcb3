// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/turns.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

using segmentation::RoleLexicon;
using v1::Section;

constexpr int kDeepestHeading = 4;
constexpr size_t kLongestIntroduction = 80 * 3;  // bytes

class TurnFinder {
 public:
  TurnFinder(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Years& years,
             const Rules& rules)
      : text_(text), scan_(scan), nodes_(nodes), years_(years), rules_(rules) {}

  std::vector<Node> Run() {
    const std::string_view stop = "。";
    size_t next = 0;
    for (size_t i = 0; i < scan_.lines.size(); ++i) {
      const Line& line = scan_.lines[i];
      if (line.first_stop == kNowhere && line.chars < 20 && !OpensList(line)) continue;
      for (size_t begin = line.begin; begin < line.end;) {
        const size_t end = std::min(text_.find(stop, begin), line.end);
        while (next < nodes_.size() && nodes_[next].begin <= begin) ++next;
        TrySentence(i, begin, end, next);
        begin = end + stop.size();
      }
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

  // `next` is the first node behind `begin`.
  void TrySentence(size_t i, size_t begin, size_t end, size_t next) {
    const std::string_view sentence = text_.substr(begin, end - begin);
    const bool heading = next > 0 && nodes_[next - 1].begin <= begin && nodes_[next - 1].heading_end > begin;
    if (heading) return;
    for (const RoleLexicon::Turn& turn : rules_.roles().turns()) {
      const bool begins =
          StartsWithAny(sentence, turn.begins()) || (turn.role() == Section::PLAN && BeginsNextYear(sentence));
      if (begins || Admits(turn, sentence)) return Add(turn.role(), i, begin, next);
    }
  }

  // 2024年，我局将… in a report on 2023.
  bool BeginsNextYear(std::string_view sentence) const {
    if (years_.report == 0 || sentence.empty() || rules_.YearDigit(DecodeAt(sentence, 0).value) < 0) return false;
    const std::string_view head = sentence.substr(0, std::min<size_t>(sentence.size(), 18));
    const std::vector<int> named = YearsIn(head, rules_);
    return named.size() == 1 && named.front() == years_.report + 1 &&
           HoldsAny(sentence.substr(0, std::min<size_t>(sentence.size(), 150)), rules_.roles().future());
  }

  static bool Admits(const RoleLexicon::Turn& turn, std::string_view sentence) {
    for (const std::string& hold : turn.holds()) {
      const size_t at = sentence.find(hold);
      if (at == std::string_view::npos) continue;
      const std::string_view clause = sentence.substr(at, std::min<size_t>(sentence.size() - at, 120));
      for (const std::string& then : turn.then()) {
        const size_t end = clause.find(then);
        if (end == std::string_view::npos) continue;
        const bool counted = std::any_of(clause.begin(), clause.begin() + static_cast<std::ptrdiff_t>(end),
                                         [](char c) { return c >= '0' && c <= '9'; });
        return !counted && !HoldsAny(sentence, turn.not_with());
      }
    }
    return false;
  }

  // `list`: what follows opens a list of headings.
  static bool MayTurn(const Node& around, Section::Role role, bool list) {
    switch (around.role) {
      case Section::OVERVIEW:  // an opening above the plan's headings alone
        return around.kind == NodeKind::kOpening && role == Section::PLAN && list;
      case Section::ACHIEVEMENT:
      case Section::PROBLEM:
        return role != around.role;
      case Section::PLAN:
        return around.several && role == Section::PROBLEM;
      default:
        return false;
    }
  }

  void Add(Section::Role role, size_t i, size_t begin, size_t next) {
    const int around = SectionAt(begin, next);
    if (around < 0 && !nodes_.empty()) return;
    const size_t list = ListBelow(i, begin, next);
    const bool opens_list = list < nodes_.size() && OpensList(scan_.lines[i]);
    if (around >= 0 && !MayTurn(nodes_[static_cast<size_t>(around)], role, opens_list)) return;
    if (role == Section::PROBLEM && InItem(next, i)) return;
    if (!out_.empty() && out_.back().limit > begin) {
      if (out_.back().role == role) return;
      out_.back().limit = begin;
    }
    const int outer_level = around < 0 ? 0 : nodes_[static_cast<size_t>(around)].level;
    if (outer_level >= kDeepestHeading) return;
    Node node;
    node.kind = NodeKind::kTurn;
    node.begin = node.marker_end = node.heading_begin = node.heading_end = begin;
    node.role = role;
    node.level = outer_level + 1;
    node.limit = Limit(role, i, next, around);
    if (list < nodes_.size() && outer_level > 0) {
      node.level = std::min(node.level, nodes_[list].level - 1);
      int outer = around;
      while (outer >= 0 && nodes_[static_cast<size_t>(outer)].level > node.level) {
        outer = nodes_[static_cast<size_t>(outer)].parent;
      }
      node.limit = outer < 0 ? text_.size() : nodes_[static_cast<size_t>(outer)].end;
    }
    out_.push_back(node);
  }

  // 存在以下不足：
  bool OpensList(const Line& line) const {
    return (rules_.ClassOf(line.last) & Rules::kStop) && !(rules_.ClassOf(line.last) & Rules::kEnd);
  }

  // The first of the numbered headings below a sentence that does no more than introduce them
  // (下一步，我局将抓好以下工作： ⏎ （一）…): they are its own, not its section's. nodes_.size() if there are none, or
  // if they are of level 1.
  size_t ListBelow(size_t i, size_t begin, size_t next) const {
    const Line& line = scan_.lines[i];
    const bool introduces = line.end - begin <= kLongestIntroduction && i + 1 < scan_.lines.size();
    if (!introduces || next >= nodes_.size() || nodes_[next].begin != scan_.lines[i + 1].begin) return nodes_.size();
    const Node& first = nodes_[next];
    const bool numbered = first.kind == NodeKind::kNumbered && first.number == 1;
    return numbered && first.level >= 2 && first.level <= kDeepestHeading ? next : nodes_.size();
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
    if (role != Section::PLAN && !OpensList(line)) return line.end;
    for (size_t k = next; k < nodes_.size() && nodes_[k].begin < section_end; ++k) {
      if (nodes_[k].level != 5) return line.end;
    }
    return section_end;
  }

  std::string_view text_;
  const Scan& scan_;
  const std::vector<Node>& nodes_;
  const Years years_;
  const Rules& rules_;
  std::vector<Node> out_;
};

}  // namespace

std::vector<Node> FindTurns(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Years& years,
                            const Rules& rules) {
  return TurnFinder(text, scan, nodes, years, rules).Run();
}

}  // namespace duban
