// SPDX-License-Identifier: Apache-2.0
// The outline is made in passes, each linear: lines and whatever looks like an enumerator (scan), titles, which
// enumerators count (numbering), headings without number, the tree, the roles, text that leaves its section's role,
// then sentences and problems.

#include "services/segmentation/segmenter.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/segmentation/headings.h"
#include "services/segmentation/numbering.h"
#include "services/segmentation/paper.h"
#include "services/segmentation/problems.h"
#include "services/segmentation/roles.h"
#include "services/segmentation/rules.h"
#include "services/segmentation/sentences.h"
#include "services/segmentation/titles.h"
#include "services/segmentation/tree.h"
#include "services/segmentation/turns.h"
#include "services/segmentation/unnumbered.h"

namespace duban {
namespace {

constexpr uint32_t kShortestOpening = 20;  // characters

void Merge(std::vector<Node> more, std::vector<Node>* nodes) {
  const size_t middle = nodes->size();
  nodes->insert(nodes->end(), more.begin(), more.end());
  std::inplace_merge(nodes->begin(), nodes->begin() + static_cast<std::ptrdiff_t>(middle), nodes->end(),
                     [](const Node& a, const Node& b) { return a.begin < b.begin; });
}

// The running text before the first heading of each part, as a section of its own.
std::vector<Node> Openings(const Scan& scan, const std::vector<Node>& nodes) {
  std::vector<Node> openings;
  size_t next = 0;
  bool wanted = true;
  for (const Line& line : scan.lines) {
    for (; next < nodes.size() && nodes[next].begin < line.end; ++next) {
      wanted = nodes[next].kind == NodeKind::kTitle;
      if (!wanted && nodes[next].level == 5 && !openings.empty()) continue;
    }
    if (!wanted || line.chars < std::min(kShortestOpening, scan.body_chars) || line.first_stop == kNowhere) continue;
    if (next > 0 && nodes[next - 1].heading_end > line.begin) continue;
    Node node;
    node.kind = NodeKind::kOpening;
    node.level = 1;
    node.begin = node.marker_end = node.heading_begin = node.heading_end = line.begin;
    openings.push_back(node);
    wanted = false;
  }
  return openings;
}

void WriteSections(std::string_view text, const std::vector<Node>& nodes, v1::Outline* outline) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    v1::Section* section = outline->add_sections();
    section->set_id("s" + std::to_string(i + 1));
    if (node.parent >= 0) section->set_parent(outline->sections(node.parent).id());
    section->set_level(node.level);
    section->set_marker(std::string(TrimSpace(text.substr(node.begin, node.marker_end - node.begin))));
    const std::string_view heading = text.substr(node.heading_begin, node.heading_end - node.heading_begin);
    const bool broken = heading.find('\n') != std::string_view::npos;  // a title in two lines
    section->set_heading(broken ? WithoutSpace(heading) : std::string(TrimSpace(heading)));
    section->set_role(node.role);
    section->mutable_span()->set_begin(static_cast<int32_t>(node.begin));
    section->mutable_span()->set_end(static_cast<int32_t>(node.end));
    section->mutable_heading_span()->set_begin(static_cast<int32_t>(node.heading_begin));
    section->mutable_heading_span()->set_end(static_cast<int32_t>(node.heading_end));
  }
}

class LexiconSegmenter : public Segmenter {
 public:
  explicit LexiconSegmenter(std::unique_ptr<const Rules> rules) : owned_(std::move(rules)), rules_(*owned_) {}

  v1::Outline Segment(const v1::Document& document) const override {
    const Scan scan = ScanPaper(document.text(), rules_);
    const std::string_view text = std::string_view(document.text()).substr(0, scan.end);
    std::vector<Node> nodes = Headings(text, scan, document);
    const Years years = CompleteYears(text, nodes, {document.report_year(), document.plan_year()}, rules_);
    Merge(Openings(scan, nodes), &nodes);
    BuildTree(text, &nodes);
    AssignRoles(text, document, years, rules_, &nodes);
    if (std::vector<Node> turns = FindTurns(text, scan, nodes, years, rules_); !turns.empty()) {
      Merge(std::move(turns), &nodes);
      for (Node& node : nodes) {
        if (node.kind != NodeKind::kTurn) node.role = v1::Section::ROLE_UNSPECIFIED;
      }
      BuildTree(text, &nodes);
      AssignRoles(text, document, years, rules_, &nodes);
    }
    v1::Outline outline;
    WriteSections(text, nodes, &outline);
    AddSentences(text, scan, nodes, rules_, &outline);
    AddProblems(text, nodes, rules_, &outline);
    return outline;
  }

 private:
  std::vector<Node> Headings(std::string_view text, const Scan& scan, const v1::Document& document) const {
    std::vector<Node> nodes = FindTitles(text, scan, document, rules_);
    std::vector<size_t> breaks;
    for (const Node& title : nodes) breaks.push_back(title.begin);
    Merge(NumberedNodes(text, scan, ValidateNumbering(scan, breaks, rules_), rules_), &nodes);
    Merge(FindUnnumbered(text, scan, nodes, rules_), &nodes);
    // A heading ends where the next begins: 二是强化督导 【普法】 ….
    for (size_t i = 0; i + 1 < nodes.size(); ++i) {
      Node& node = nodes[i];
      if (node.heading_end <= nodes[i + 1].begin || nodes[i + 1].begin < node.heading_begin) continue;
      node.heading_end = nodes[i + 1].begin;
      while (node.heading_end > node.heading_begin) {
        const CodePoint last = DecodeBefore(text, node.heading_end);
        if (!IsSpace(last.value) && last.value != U'【') break;
        node.heading_end = last.offset;
      }
    }
    BuildTree(text, &nodes);
    Merge(FindLeads(text, scan, nodes), &nodes);
    return nodes;
  }

  const std::unique_ptr<const Rules> owned_;
  const Rules& rules_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Segmenter>> Segmenter::Create() {
  DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Rules> rules, Rules::Create());
  return std::make_unique<LexiconSegmenter>(std::move(rules));
}

}  // namespace duban
