// SPDX-License-Identifier: Apache-2.0
// How shortcomings are told apart in running text
//
// A sentence of a PROBLEM section is cut at ； and ：, since what stands before a colon introduces. A piece whose
// clauses between 、 and ， end like shortcomings (人手偏紧、手段偏旧) counts clause by clause, any other as a whole;
// where ； divides a list of them, 、 does not. What stands before it (但仍存在) or behind it (等问题) is no part of a
// clause. Pieces that only introduce (主要表现在) or promise to mend (有待加以解决) are left out, unless nothing else
// is there.

#include "services/segmentation/problems.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/text/utf8.h"

namespace duban {
namespace {

using v1::Section;
using Pieces = std::vector<std::pair<size_t, size_t>>;

class ProblemFinder {
 public:
  ProblemFinder(std::string_view text, const std::vector<Node>& nodes, const Rules& rules, v1::Outline* outline)
      : text_(text), nodes_(nodes), rules_(rules), outline_(outline), leaf_(nodes.size(), true) {
    for (const Node& node : nodes) {
      const bool leaves = node.kind == NodeKind::kTurn && node.role != Section::PROBLEM;
      if (node.parent >= 0 && !leaves) leaf_[static_cast<size_t>(node.parent)] = false;
    }
  }

  void Run() {
    int s = 0;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].role != Section::PROBLEM || nodes_[i].level == 0 || !leaf_[i]) continue;
      if (IsItem(i)) {
        Add(nodes_[i].begin, nodes_[i].end, FirstClause(nodes_[i].heading_begin, nodes_[i].end), i);
        continue;
      }
      while (s < outline_->sentences_size() && Begin(s) < nodes_[i].begin) ++s;
      for (; s < outline_->sentences_size() && Begin(s) < nodes_[i].end; ++s) {
        const auto& span = outline_->sentences(s).span();
        if (outline_->sentences(s).section() != outline_->sections(static_cast<int>(i)).id()) continue;
        if (Begin(s) >= nodes_[i].heading_end || nodes_[i].heading_end == nodes_[i].begin) {
          AddSentence(static_cast<size_t>(span.begin()), static_cast<size_t>(span.end()), i);
        }
      }
    }
  }

 private:
  size_t Begin(int sentence) const { return static_cast<size_t>(outline_->sentences(sentence).span().begin()); }

  // An item of a list under a heading of the same role; the heading 存在的问题 itself is none.
  bool IsItem(size_t i) const {
    const Node& node = nodes_[i];
    if (node.kind == NodeKind::kTurn || node.kind == NodeKind::kOpening || node.kind == NodeKind::kTitle) return false;
    return node.parent >= 0 && nodes_[static_cast<size_t>(node.parent)].role == Section::PROBLEM;
  }

  bool IsMark(size_t at, std::string_view marks, size_t* size) const {
    const CodePoint c = DecodeAt(text_, at);
    *size = std::max<size_t>(c.size, 1);
    return c.size > 0 && marks.find(text_.substr(at, c.size)) != std::string_view::npos;
  }

  std::string_view FirstClause(size_t begin, size_t end) const {
    size_t size = 0;
    size_t at = begin;
    while (at < end && !IsMark(at, "，。；：！？,;:!?\n", &size)) at += size;
    return text_.substr(begin, at - begin);
  }

  // Where the clause begins that says something: behind 当前， and behind 同时 before a comma.
  size_t BehindOpeners(size_t begin, size_t end) const {
    for (bool opened = true; opened;) {
      opened = false;
      for (const std::string& opener : rules_.roles().shortcoming_openers()) {
        size_t size = 0;
        const size_t at = begin + opener.size();
        if (at >= end || !text_.substr(begin, end - begin).starts_with(opener) || !IsMark(at, "，,", &size)) continue;
        if (at + size >= end) continue;
        begin = at + size;
        opened = true;
      }
    }
    return begin;
  }

  // Where the shortcoming itself begins: behind 存在 in 但仍存在人员不足.
  size_t BehindLead(size_t begin, size_t end) const {
    const std::string_view words = text_.substr(begin, end - begin);
    for (const std::string& lead : rules_.roles().shortcoming_leads()) {
      const size_t at = words.find(lead);
      if (at != std::string_view::npos && at + lead.size() < words.size()) return begin + at + lead.size();
    }
    return begin;
  }

  // The clauses that say of something that it falls short. 针对性、实效性不强: the names before the last are a part of
  // its.
  Pieces Shortcomings(size_t begin, size_t end) const {
    Pieces out;
    for (const auto& [from, to] : Cut(begin, end, "，,")) {
      size_t names = to;  // where names without a predicate begin
      for (auto [a, b] : Cut(from, to, "、")) {
        const size_t behind = BehindLead(a, b);
        if (behind != a) names = to;
        a = behind;
        std::string_view words = text_.substr(a, b - a);
        for (const std::string& tail : rules_.roles().shortcoming_tails()) {
          if (words.ends_with(tail)) words.remove_suffix(tail.size());
        }
        if (IsShortcoming(words)) {
          out.emplace_back(std::min(names, a), a + words.size());
          names = to;
        } else {
          names = std::min(names, a);
        }
      }
    }
    return out;
  }

  Pieces Cut(size_t begin, size_t end, std::string_view marks) const {
    Pieces out;
    size_t from = begin;
    for (size_t at = begin, size = 0; at < end; at += size) {
      if (!IsMark(at, marks, &size)) continue;
      if (at > from) out.emplace_back(from, at);
      from = at + size;
    }
    if (end > from) out.emplace_back(from, end);
    return out;
  }

  void AddSentence(size_t begin, size_t end, size_t section) {
    const bool listed = Cut(begin, end, "；;").size() > 1;
    for (const auto& [from, to] : Cut(begin, end, "；;：:。！？")) {
      // 各位代表！ is as short as 经费不足.
      if (to - from < 12 || (to - from == 12 && !IsShortcoming(text_.substr(from, to - from)))) continue;
      if (EndsInColon(to) && StartsOrHoldsIntroduction(from, to)) continue;  // 仍存在以下不足：
      Pieces clauses = Shortcomings(from, to);
      if (clauses.size() == 2 && Cut(clauses[0].first, clauses[1].second, "，,").size() > 1) clauses.clear();
      const bool one = clauses.size() > 1 && listed && Cut(clauses[0].first, clauses.back().second, "，,").size() == 1;
      if (one) {
        Add(clauses[0].first, to, FirstClause(clauses[0].first, to), section);
      } else if (clauses.size() > 1) {
        for (const auto& [a, b] : clauses) Add(a, b, text_.substr(a, b - a), section);
      } else if (clauses.size() == 1 && BehindLead(from, to) == clauses[0].first) {
        Add(clauses[0].first, to, text_.substr(clauses[0].first, clauses[0].second - clauses[0].first), section);
      } else if (!StartsOrHoldsIntroduction(from, to) && !EndsInColon(to)) {
        Add(from, to, FirstClause(BehindOpeners(from, to), to), section);
      }
    }
  }

  // Whether a clause says of something that it falls short; 有待加强 alone says it of nothing.
  bool IsShortcoming(std::string_view words) const {
    for (const std::string& ending : rules_.roles().shortcoming_endings()) {
      if (words.size() > ending.size() && words.ends_with(ending)) return true;
    }
    const auto& marks = rules_.roles().shortcoming_marks();
    return HoldsAny(words, marks) && !StartsWithAny(words, marks);
  }

  bool EndsInColon(size_t at) const {
    size_t size = 0;
    return at < text_.size() && IsMark(at, "：:", &size);
  }

  bool StartsOrHoldsIntroduction(size_t begin, size_t end) const {
    return HoldsAny(text_.substr(begin, end - begin), rules_.roles().shortcoming_introductions());
  }

  void Add(size_t begin, size_t end, std::string_view title, size_t section) {
    v1::Problem* problem = outline_->add_problems();
    problem->set_id("q" + std::to_string(outline_->problems_size()));
    problem->set_title(std::string(TrimSpace(title)));
    problem->mutable_span()->set_begin(static_cast<int32_t>(begin));
    problem->mutable_span()->set_end(static_cast<int32_t>(end));
    problem->set_section(outline_->sections(static_cast<int>(section)).id());
  }

  std::string_view text_;
  const std::vector<Node>& nodes_;
  const Rules& rules_;
  v1::Outline* outline_;
  std::vector<bool> leaf_;
};

}  // namespace

void AddProblems(std::string_view text, const std::vector<Node>& nodes, const Rules& rules, v1::Outline* outline) {
  ProblemFinder(text, nodes, rules, outline).Run();
}

}  // namespace duban
