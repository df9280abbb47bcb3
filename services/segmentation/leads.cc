// SPDX-License-Identifier: Apache-2.0
// How lead sentences are told from first sentences
//
// A paragraph may begin with a short sentence for many reasons; as a style of headings it shows in the paragraphs
// around it. Paragraphs without numbers are gathered per level-1 section (or part). If nearly all of them begin with a
// sentence that is short, holds no figure, and is much shorter than what follows, and at least two of them stand side
// by side, these sentences are headings. A paragraph above numbered headings introduces them and does not count. Where
// only some subsections are written so, a subsection decides for itself: at least three of its paragraphs, all but a
// last one that closes, or each of its two where another subsection is written so, too.

#include <algorithm>

#include "common/text/utf8.h"
#include "services/segmentation/unnumbered.h"

namespace duban {
namespace {

constexpr uint32_t kShortestLead = 5;
constexpr uint32_t kLongestLead = 30;
constexpr size_t kLeastParagraphs = 3;

struct Paragraph {
  size_t line = 0;
  size_t leaf = 0;  // the heading above it, as index + 1 into nodes; 0 for none
  bool lead = false;
};

class LeadFinder {
 public:
  LeadFinder(std::string_view text, const Scan& scan, const std::vector<Node>& nodes)
      : text_(text), scan_(scan), nodes_(nodes), next_heading_(nodes.size() + 1, nodes.size()) {
    for (size_t i = nodes.size(); i-- > 0;) next_heading_[i] = nodes[i].level == 5 ? next_heading_[i + 1] : i;
  }

  std::vector<Node> Run() {
    size_t next = 0;
    for (size_t i = 0; i < scan_.lines.size(); ++i) {
      const Line& line = scan_.lines[i];
      bool heading = false;
      while (next < nodes_.size() && nodes_[next].begin < line.end) {
        const Node& node = nodes_[next];
        heading |= node.begin == line.begin || node.heading_begin == line.begin || node.level < 5;
        if (node.level >= 0 && node.level <= 1) Settle();
        if (node.level < 5) leaf_ = next + 1;
        ++next;
      }
      if (heading || line.first_stop == kNowhere || line.chars < 24) continue;
      if (leaf_ > 0 && nodes_[leaf_ - 1].heading_end > line.begin) continue;
      if (leaf_ == 0 && !nodes_.empty()) continue;
      if (Introduces(next)) continue;
      paragraphs_.push_back({i, leaf_, IsLead(line)});
    }
    Settle();
    return std::move(out_);
  }

 private:
  // Whether the next heading is one of the current heading's children.
  bool Introduces(size_t next) const {
    next = next_heading_[next];
    if (next >= nodes_.size() || leaf_ == 0) return false;
    return nodes_[next].level > nodes_[leaf_ - 1].level && nodes_[leaf_ - 1].level >= 0;
  }

  bool IsLead(const Line& line) const {
    const std::string_view words = text_.substr(line.begin, line.first_stop - line.begin);
    const size_t chars = CountCodePoints(words);
    if (chars < kShortestLead || chars > kLongestLead || line.chars < chars * 3) return false;
    size_t commas = 0;
    bool quoted = false;
    for (const CodePoint& c : CodePoints(words)) {
      if (c.value == U'“' || c.value == U'”') quoted = c.value == U'“';
      if (IsDigit(c.value) && !quoted) return false;
      if (c.value == U'，' || c.value == U',') ++commas;
      if (c.value == U'；' || c.value == U'：' || c.value == U':' || c.value == U'《') return false;
    }
    if (commas > 1) return false;
    const std::string_view rest = text_.substr(line.first_stop, line.end - line.first_stop);
    return SecondSentenceChars(rest) * 2 > chars * 3;
  }

  // Characters per sentence of what follows the lead.
  static size_t SecondSentenceChars(std::string_view rest) {
    size_t sentences = 0;
    size_t chars = 0;
    for (const CodePoint& c : CodePoints(rest)) {
      ++chars;
      if (c.value == U'。') ++sentences;
    }
    return sentences > 1 ? chars / (sentences - 1) : chars;
  }

  // Decides the group gathered so far.
  void Settle() {
    const size_t leads =
        std::count_if(paragraphs_.begin(), paragraphs_.end(), [](const Paragraph& p) { return p.lead; });
    bool neighbours = false;
    for (size_t i = 0; i + 1 < paragraphs_.size(); ++i) {
      neighbours |= paragraphs_[i].leaf == paragraphs_[i + 1].leaf && paragraphs_[i].lead && paragraphs_[i + 1].lead;
    }
    if (neighbours && leads >= kLeastParagraphs && leads * 5 >= paragraphs_.size() * 4) {
      for (const Paragraph& p : paragraphs_) {
        if (p.lead) Add(scan_.lines[p.line]);
      }
    } else {
      SettleLeaves();
    }
    paragraphs_.clear();
  }

  // The paragraphs under one heading.
  struct Leaf {
    size_t begin = 0;
    size_t end = 0;
    size_t leads = 0;
    bool all = false;  // but for a last paragraph behind three leads
  };

  void SettleLeaves() {
    std::vector<Leaf> leaves;
    for (size_t i = 0; i < paragraphs_.size(); ++i) {
      if (leaves.empty() || paragraphs_[leaves.back().begin].leaf != paragraphs_[i].leaf) leaves.push_back({i, i});
      leaves.back().end = i + 1;
      leaves.back().leads += paragraphs_[i].lead;
    }
    size_t alike = 0;
    for (Leaf& leaf : leaves) {
      const size_t count = leaf.end - leaf.begin;
      const bool closed = leaf.leads >= kLeastParagraphs && leaf.leads + 1 == count && !paragraphs_[leaf.end - 1].lead;
      leaf.all = leaf.leads >= 2 && (leaf.leads == count || closed);
      alike += leaf.all;
    }
    for (const Leaf& leaf : leaves) {
      if (!leaf.all || (leaf.leads < kLeastParagraphs && alike < 2)) continue;
      for (size_t i = leaf.begin; i < leaf.end; ++i) {
        if (paragraphs_[i].lead) Add(scan_.lines[paragraphs_[i].line]);
      }
    }
  }

  void Add(const Line& line) {
    Node node;
    node.kind = NodeKind::kLead;
    node.begin = node.marker_end = node.heading_begin = line.begin;
    node.heading_end = line.first_stop;
    out_.push_back(node);
  }

  std::string_view text_;
  const Scan& scan_;
  const std::vector<Node>& nodes_;
  std::vector<size_t> next_heading_;  // the first node at or behind a node that is no item
  std::vector<Paragraph> paragraphs_;
  size_t leaf_ = 0;
  std::vector<Node> out_;
};

}  // namespace

std::vector<Node> FindLeads(std::string_view text, const Scan& scan, const std::vector<Node>& nodes) {
  return LeadFinder(text, scan, nodes).Run();
}

}  // namespace duban
