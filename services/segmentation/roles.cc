// SPDX-License-Identifier: Apache-2.0
// How a role is found
//
// The words of a heading, then its years, then the section around it, then its neighbour before, then the words of its
// sentences. Of several cues in a heading the one that ends last decides, because a Chinese noun phrase ends with its
// head: 2023年工作计划完成情况 is work done. A heading that is a statement (聚焦突出问题，推进专项整治) holds the same words
// by chance; therefore below level 1 only labels, short and without comma, decide against the section around them.

#include "services/segmentation/roles.h"

#include <algorithm>
#include <set>

#include "common/text/utf8.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

using Role = v1::Section::Role;
using v1::Section;

constexpr size_t kLongestLabel = 28;   // characters
constexpr size_t kGap = 12 * 3;        // bytes that * of a pattern may stand for
constexpr size_t kSampleBytes = 1500;  // of a section's text, where its words are counted

struct Match {
  size_t begin = 0;
  size_t end = 0;
  const segmentation::RoleLexicon::Cue* cue = nullptr;
};

// The last occurrence of `pattern` in `heading`, which must end it if `at_end`.
bool FindPattern(std::string_view heading, std::string_view pattern, bool at_end, Match* match) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    const size_t at = at_end ? (heading.ends_with(pattern) ? heading.size() - pattern.size() : std::string_view::npos)
                             : heading.rfind(pattern);
    if (at == std::string_view::npos) return false;
    match->begin = at;
    match->end = at + pattern.size();
    return true;
  }
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  const size_t tail_at = heading.rfind(tail);
  if (tail_at == std::string_view::npos || tail_at < head.size()) return false;
  const size_t head_at = heading.rfind(head, tail_at - head.size());
  if (head_at == std::string_view::npos || tail_at - head_at - head.size() > kGap) return false;
  match->begin = head_at;
  match->end = tail_at + tail.size();
  return !at_end || match->end == heading.size();
}

// Without 等, brackets and punctuation behind the last word.
std::string_view WithoutTail(std::string_view heading) {
  heading = TrimSpace(heading);
  for (const std::string_view close : {std::string_view("）"), std::string_view(")")}) {
    if (!heading.ends_with(close)) continue;
    const size_t open = heading.rfind(close == ")" ? "(" : "（");
    if (open != std::string_view::npos && open > 0) heading = heading.substr(0, open);
  }
  while (!heading.empty()) {
    const CodePoint c = DecodeBefore(heading, heading.size());
    if (!IsPunctuation(c.value) && !IsSpace(c.value) && c.value != U'等') break;
    heading = heading.substr(0, c.offset);
  }
  return heading;
}

HeadingRole RoleOfYears(std::string_view heading, const Years& years, const Rules& rules) {
  HeadingRole out;
  const std::vector<int> named = YearsIn(heading, rules);
  if (named.empty() || (years.report == 0 && years.plan == 0) || years.report == years.plan) return out;
  const int last = *std::max_element(named.begin(), named.end());
  if (years.plan != 0 && last >= years.plan) {
    out.role = Section::PLAN;
  } else if (years.report != 0 && last > years.report) {
    out.role = Section::PLAN;
  } else if (years.report != 0 && last <= years.report) {
    out.role = Section::ACHIEVEMENT;
  }
  out.several = named.size() > 1 && named.front() != named.back();
  return out;
}

bool Conjoined(std::string_view between, const Rules& rules) {
  return between.empty() || HoldsAny(between, rules.roles().conjunctions());
}

}  // namespace

HeadingRole RoleOfWords(std::string_view heading, const Years& years, const Rules& rules) {
  heading = WithoutTail(heading);
  std::vector<Match> matches;
  for (const auto& cue : rules.roles().cues()) {
    for (const std::string& pattern : cue.pattern()) {
      Match match;
      match.cue = &cue;
      if (FindPattern(heading, pattern, cue.at_end(), &match)) matches.push_back(match);
    }
  }
  HeadingRole from_years = RoleOfYears(heading, years, rules);
  if (matches.empty()) return from_years;
  const auto best = std::max_element(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    if (a.end != b.end) return a.end < b.end;
    if (a.begin != b.begin) return a.begin > b.begin;
    return a.cue->strong() < b.cue->strong();
  });
  HeadingRole out;
  out.role = best->cue->role();
  if (out.role == Section::NONE) return from_years;  // work on problems: the words tell no role
  if (best->cue->weak() && from_years.role != Section::ROLE_UNSPECIFIED) return from_years;
  const bool label = CountCodePoints(heading) <= kLongestLabel && heading.find("，") == std::string_view::npos &&
                     heading.find(',') == std::string_view::npos;
  out.strong = best->cue->strong() && label;
  out.weak = best->cue->weak();
  for (const Match& match : matches) {
    const Role role = match.cue->role();
    if (role == out.role || role == Section::NONE || match.end > best->begin) continue;
    if (!Conjoined(heading.substr(match.end, best->begin - match.end), rules)) continue;
    if (out.role == Section::OVERVIEW) {
      out.role = role;
    } else if (role != Section::OVERVIEW) {
      out.several = true;
    }
  }
  // 2024年总体要求和主要目标 is the plan's; an opening is only what speaks of nothing else.
  return out;
}

Years CompleteYears(std::string_view text, const std::vector<Node>& nodes, Years years, const Rules& rules) {
  if (years.report != 0 && years.plan != 0) return years;
  std::set<int> done;
  std::set<int> to_come;
  for (const Node& node : nodes) {
    if (node.level > 1) continue;
    const std::string_view words = text.substr(node.heading_begin, node.heading_end - node.heading_begin);
    const std::vector<int> named = YearsIn(words, rules);
    const HeadingRole role = RoleOfWords(words, {}, rules);
    for (int year : named) {
      if (role.role == Section::PLAN && (!role.several || year == named.back())) {
        to_come.insert(year);
      } else if (role.role != Section::ROLE_UNSPECIFIED) {
        done.insert(year);
      }
    }
  }
  if (years.report == 0 && !done.empty()) years.report = *done.rbegin();
  if (years.plan == 0 && !to_come.empty()) years.plan = *to_come.rbegin();
  if (years.plan == 0 && years.report != 0) years.plan = years.report + 1;
  if (years.report == 0 && years.plan != 0) years.report = years.plan - 1;
  return years;
}

namespace {

class RoleAssigner {
 public:
  RoleAssigner(std::string_view text, std::string_view title, const Years& years, const Rules& rules,
               std::vector<Node>* nodes)
      : text_(text), years_(years), rules_(rules), nodes_(*nodes) {
    const HeadingRole role = RoleOfWords(title, years, rules);
    if (role.role == Section::PLAN && !role.several) document_ = Section::PLAN;
  }

  void Run() {
    previous_.assign(nodes_.size() + 1, Section::ROLE_UNSPECIFIED);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      if (node.role == Section::ROLE_UNSPECIFIED) node.role = RoleFor(i);
      if (node.kind != NodeKind::kOpening && node.kind != NodeKind::kTurn) {
        previous_[static_cast<size_t>(node.parent + 1)] = node.role;
      }
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].level == 0) nodes_[i].role = RoleOfPart(i);
    }
  }

 private:
  std::string_view Heading(const Node& node) const {
    return text_.substr(node.heading_begin, node.heading_end - node.heading_begin);
  }

  Role RoleFor(size_t i) {
    const Node& node = nodes_[i];
    if (node.kind == NodeKind::kOpening) return RoleOfOpening(i);
    const Role around = node.parent < 0 ? document_ : nodes_[static_cast<size_t>(node.parent)].role;
    const bool open = around == Section::ROLE_UNSPECIFIED || around == Section::NONE;
    if (node.level == 5 || node.kind == NodeKind::kLead || node.kind == NodeKind::kBullet) {
      return open ? RoleOfText(node) : around;
    }
    const HeadingRole words = RoleOfWords(Heading(node), years_, rules_);
    if (node.level == 0) return words.several ? Section::NONE : words.role;
    if (words.role != Section::ROLE_UNSPECIFIED) {
      // A part's title sets the tone; the headings of its first level say what differs.
      const bool first_level = node.parent < 0 || nodes_[static_cast<size_t>(node.parent)].level == 0;
      if (open || words.strong || (first_level && !words.weak && around != Section::PLAN)) return words.role;
    }
    if (around == Section::ACHIEVEMENT && Top(node)) return AfterNeighbour(node, around);
    return open ? AfterNeighbour(node, Section::ROLE_UNSPECIFIED) : around;
  }

  bool Top(const Node& node) const { return node.parent < 0 || nodes_[static_cast<size_t>(node.parent)].level == 0; }

  // Without words of its own a section goes on with what its neighbour began; after the shortcomings comes the plan.
  Role AfterNeighbour(const Node& node, Role otherwise) const {
    const Role before = previous_[static_cast<size_t>(node.parent + 1)];
    if (before == Section::PROBLEM) return RoleOfText(node);
    if (before == Section::PLAN || before == Section::ACHIEVEMENT) return before;
    return otherwise == Section::ROLE_UNSPECIFIED ? RoleOfText(node) : otherwise;
  }

  // By the words of its sentences: work done unless those of work to come prevail.
  Role RoleOfText(const Node& node) const {
    const size_t size = std::min(node.end > node.begin ? node.end - node.begin : 0, kSampleBytes);
    const std::string_view sample = text_.substr(node.begin, size);
    return Count(sample, rules_.roles().future()) > 2 * Count(sample, rules_.roles().past()) ? Section::PLAN
                                                                                              : Section::ACHIEVEMENT;
  }

  template <typename Words>
  static size_t Count(std::string_view text, const Words& words) {
    size_t count = 0;
    for (const std::string& word : words) {
      for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) ++count;
    }
    return count;
  }

  Role RoleOfOpening(size_t i) const {
    for (size_t k = i + 1; k < nodes_.size(); ++k) {
      if (nodes_[k].level == 0 && nodes_[i].parent < 0) return Section::NONE;  // a notice in front
      if (nodes_[k].level <= 3 && nodes_[k].kind != NodeKind::kTurn) return Section::OVERVIEW;
    }
    const Role around = nodes_[i].parent < 0 ? document_ : nodes_[static_cast<size_t>(nodes_[i].parent)].role;
    if (around == Section::ACHIEVEMENT || around == Section::PLAN) return around;
    return RoleOfText(nodes_[i]);
  }

  // A part is for what its sections are for; NONE if that is more than one thing. Shortcomings belong to a summary.
  Role RoleOfPart(size_t i) const {
    bool has[Section::Role_ARRAYSIZE] = {};
    for (size_t k = i + 1; k < nodes_.size() && nodes_[k].level > 0; ++k) has[nodes_[k].role] = true;
    const bool done = has[Section::ACHIEVEMENT] || has[Section::PROBLEM];
    if (done && has[Section::PLAN]) return Section::NONE;
    if (nodes_[i].role == Section::NONE) return Section::NONE;
    if (has[Section::PLAN]) return Section::PLAN;
    if (done) return Section::ACHIEVEMENT;
    return nodes_[i].role == Section::ROLE_UNSPECIFIED ? Section::NONE : nodes_[i].role;
  }

  std::string_view text_;
  const Years years_;
  const Rules& rules_;
  std::vector<Node>& nodes_;
  Role document_ = Section::ROLE_UNSPECIFIED;
  std::vector<Role> previous_;  // of the last child, per parent + 1
};

}  // namespace

void AssignRoles(std::string_view text, std::string_view document_title, const Years& years, const Rules& rules,
                 std::vector<Node>* nodes) {
  RoleAssigner(text, document_title, years, rules, nodes).Run();
}

}  // namespace duban
