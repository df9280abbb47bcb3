// SPDX-License-Identifier: Apache-2.0
// How a role is found
//
// The words of a heading, then its years, then the section around it, then its neighbour before, then the words of its
// sentences. Of several cues in a heading the one that ends last decides, because a Chinese noun phrase ends with its
// head: 2023年工作计划完成情况 is work done. A heading that is a statement (聚焦突出问题，推进专项整治) holds the same
// words by chance; therefore below level 1 only labels, short and without comma, decide against the section around
// them.

#include "services/segmentation/roles.h"

#include <algorithm>
#include <set>

#include "common/text/utf8.h"
#include "services/segmentation/headings.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

using Role = v1::Section::Role;
using v1::Section;

constexpr size_t kLongestLabel = 28;   // characters
constexpr size_t kSampleBytes = 1500;  // of a section's text, where its words are counted

// Without 等, brackets and punctuation behind the last word.
std::string_view WithoutTail(std::string_view heading) {
  heading = WithoutNote(TrimSpace(heading));
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

// Whether a heading is a name for its section and no statement.
bool IsLabel(std::string_view heading) {
  return CountCodePoints(heading) <= kLongestLabel && heading.find("，") == std::string_view::npos &&
         heading.find(',') == std::string_view::npos;
}

// Removes the cues that lie in phrases about work (补齐短板), and those phrases; of a statement also what stands
// neither at its beginning nor at its end.
void DropHidden(std::string_view heading, bool label, std::vector<CueMatch>* matches) {
  std::vector<CueMatch> kept;
  for (const CueMatch& match : *matches) {
    if (match.cue->role() == Section::NONE) continue;
    if (!label && match.begin > 0 && match.end < heading.size()) continue;
    const bool hidden = std::any_of(matches->begin(), matches->end(), [&](const CueMatch& other) {
      return other.cue->role() == Section::NONE && other.begin < match.end && match.begin < other.end;
    });
    if (!hidden) kept.push_back(match);
  }
  matches->swap(kept);
}

bool Conjoined(std::string_view between, const Rules& rules) {
  return between.empty() || HoldsAny(between, rules.roles().conjunctions());
}

// The match that ends last; a weak one gives way to another that it is joined to (问题及建议).
CueMatch BestOf(std::string_view heading, const std::vector<CueMatch>& matches, const Rules& rules) {
  const auto later = [](const CueMatch& a, const CueMatch& b) {
    if (a.end != b.end) return a.end < b.end;
    if (a.begin != b.begin) return a.begin > b.begin;
    return a.cue->strong() < b.cue->strong();
  };
  const CueMatch best = *std::max_element(matches.begin(), matches.end(), later);
  if (!best.cue->weak()) return best;
  for (const CueMatch& match : matches) {
    if (match.cue->weak() || match.end > best.begin) continue;
    if (Conjoined(heading.substr(match.end, best.begin - match.end), rules)) return match;
  }
  return best;
}

HeadingRole RoleOf(std::string_view heading, bool label, const Years& years, const Rules& rules) {
  std::vector<CueMatch> matches = rules.cues().Find(heading);
  HeadingRole from_years = RoleOfYears(heading, years, rules);
  DropHidden(heading, label, &matches);
  if (matches.empty()) return from_years;
  const CueMatch best = BestOf(heading, matches, rules);
  if (best.cue->weak() && from_years.role != Section::ROLE_UNSPECIFIED) return from_years;
  HeadingRole out;
  out.role = best.cue->role();
  out.strong = best.cue->strong() && label;
  out.weak = best.cue->weak();
  out.dated = from_years.role == out.role;
  for (const CueMatch& match : matches) {
    const Role role = match.cue->role();
    if (role == out.role || match.end > best.begin) continue;
    if (!Conjoined(heading.substr(match.end, best.begin - match.end), rules)) continue;
    if (out.role == Section::OVERVIEW) {  // 2024年总体目标和主要任务: an opening speaks of nothing else
      out.role = role;
    } else if (role != Section::OVERVIEW) {
      out.several = true;
    }
  }
  return out;
}

}  // namespace

HeadingRole RoleOfWords(std::string_view heading, const Years& years, const Rules& rules) {
  heading = WithoutTail(heading);
  return RoleOf(heading, IsLabel(heading), years, rules);
}

HeadingRole RoleOfTitle(std::string_view title, const Years& years, const Rules& rules) {
  return RoleOf(WithoutTail(title), /*label=*/true, years, rules);
}

Years CompleteYears(std::string_view text, const std::vector<Node>& nodes, Years years, const Rules& rules) {
  if (years.report != 0 && years.plan != 0) return years;
  std::set<int> done;
  std::set<int> to_come;
  for (const Node& node : nodes) {
    if (node.level > 1) continue;
    const std::string_view words = text.substr(node.heading_begin, node.heading_end - node.heading_begin);
    const std::vector<int> named = YearsIn(words, rules);
    const HeadingRole role =
        node.kind == NodeKind::kTitle ? RoleOfTitle(words, {}, rules) : RoleOfWords(words, {}, rules);
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
  RoleAssigner(std::string_view text, const v1::Document& document, const Years& years, const Rules& rules,
               std::vector<Node>* nodes)
      : text_(text), years_(years), rules_(rules), nodes_(*nodes) {
    const HeadingRole role = RoleOfTitle(document.title(), years, rules);
    if (!role.several && (role.role == Section::PLAN || role.role == Section::ACHIEVEMENT)) document_ = role.role;
    if (document.kind() == v1::Document::PLAN) document_ = Section::PLAN;
    if (document.kind() == v1::Document::SUMMARY) document_ = Section::ACHIEVEMENT;
    reports_ = role.several || document.report_year() != 0;
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
    for (size_t i = nodes_.size(); i-- > 0;) {
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
    // Headings below an opening, for want of others above them, are not its own.
    int parent = node.parent;
    if (parent >= 0 && node.kind == NodeKind::kNumbered && node.level < 5 &&
        nodes_[static_cast<size_t>(parent)].kind == NodeKind::kOpening) {
      parent = nodes_[static_cast<size_t>(parent)].parent;
    }
    Role around = parent < 0 ? document_ : nodes_[static_cast<size_t>(parent)].role;
    if (around == Section::NONE) around = Section::ROLE_UNSPECIFIED;
    const bool open = around == Section::ROLE_UNSPECIFIED;
    if (node.level == 5 || node.kind == NodeKind::kLead) return open ? AfterNeighbour(node) : around;
    const HeadingRole words = node.kind == NodeKind::kTitle ? RoleOfTitle(Heading(node), years_, rules_)
                                                            : RoleOfWords(Heading(node), years_, rules_);
    nodes_[i].several = words.several;
    if (node.level == 0) return words.several || Transmits(i) ? Section::NONE : words.role;
    if (words.role != Section::ROLE_UNSPECIFIED && (open || Overrules(words, around, IsTop(node)))) return words.role;
    return open || (around == Section::ACHIEVEMENT && IsTop(node)) ? AfterNeighbour(node) : around;
  }

  bool IsTop(const Node& node) const { return node.parent < 0 || nodes_[static_cast<size_t>(node.parent)].level == 0; }

  // Whether a heading's words weigh more than the role of what is around it. A part's title only sets the tone for its
  // first level.
  static bool Overrules(const HeadingRole& words, Role around, bool top) {
    if (around == Section::PLAN && words.role == Section::ACHIEVEMENT) return words.dated || (top && words.strong);
    if (around == Section::PROBLEM && words.role == Section::ACHIEVEMENT) return false;
    return words.strong || (top && !words.weak && around != Section::PLAN);
  }

  // Without words of its own a section goes on with what its neighbour began; after the shortcomings comes the plan.
  Role AfterNeighbour(const Node& node) const {
    switch (previous_[static_cast<size_t>(node.parent + 1)]) {
      case Section::PROBLEM:
        return TextLeans(node, rules_.roles().past(), rules_.roles().future()) ? Section::ACHIEVEMENT : Section::PLAN;
      case Section::PLAN:
        return Section::PLAN;
      case Section::ACHIEVEMENT:
        return Section::ACHIEVEMENT;
      default:
        return RoleOfText(node);
    }
  }

  // What the title of a part says of it; where that is nothing, what the document's says.
  Role RoleOfTitles(int part) const {
    const Role own = part < 0 ? Section::ROLE_UNSPECIFIED : nodes_[static_cast<size_t>(part)].role;
    if (own == Section::PLAN || own == Section::ACHIEVEMENT) return own;
    return own == Section::NONE ? Section::ROLE_UNSPECIFIED : document_;
  }

  // Work done, unless nothing says that the document reports and the words of work to come prevail.
  Role RoleOfText(const Node& node) const {
    if (const Role titles = RoleOfTitles(node.parent); titles != Section::ROLE_UNSPECIFIED) return titles;
    if (reports_) return Section::ACHIEVEMENT;
    return TextLeans(node, rules_.roles().future(), rules_.roles().past()) ? Section::PLAN : Section::ACHIEVEMENT;
  }

  // Whether the beginning of a section's text has more than twice as many of `these` words as of `those`.
  template <typename Words>
  bool TextLeans(const Node& node, const Words& these, const Words& those) const {
    const size_t size = std::min(node.end > node.begin ? node.end - node.begin : 0, kSampleBytes);
    const std::string_view sample = text_.substr(node.begin, size);
    return Count(sample, these) > 2 * Count(sample, those);
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
      const bool notice = nodes_[i].parent < 0 || Transmits(static_cast<size_t>(nodes_[i].parent));
      if (nodes_[k].level == 0 && notice) return Section::NONE;
      if (nodes_[k].level == 0 || (nodes_[k].kind == NodeKind::kTurn && nodes_[k].role == Section::PLAN)) break;
      if (nodes_[k].level <= 3 && nodes_[k].kind != NodeKind::kTurn) return Section::OVERVIEW;
    }
    return RoleOfTitles(nodes_[i].parent) == Section::PLAN ? Section::PLAN : Section::ACHIEVEMENT;
  }

  // The title of a notice (关于印发…的通知) above the titles of what it brings.
  bool Transmits(size_t i) const {
    if (nodes_[i].kind != NodeKind::kTitle || !HoldsAny(Heading(nodes_[i]), rules_.roles().transmittals()))
      return false;
    const size_t next = NextHeading(i);
    return next < nodes_.size() && nodes_[next].level == 0;
  }

  // The first section with a heading behind node i.
  size_t NextHeading(size_t i) const {
    size_t k = i + 1;
    while (k < nodes_.size() && (nodes_[k].kind == NodeKind::kOpening || nodes_[k].kind == NodeKind::kTurn)) ++k;
    return k;
  }

  // A part is for what its sections are for; NONE if that is more than one thing. Shortcomings belong to a summary. A
  // title directly above parts (第一部分) is for what they are for. Later parts have their roles already.
  Role RoleOfPart(size_t i) const {
    if (nodes_[i].role == Section::NONE) return Section::NONE;
    const size_t first = NextHeading(i);
    const bool above = nodes_[i].kind == NodeKind::kTitle && first < nodes_.size() && nodes_[first].level == 0 &&
                       (first == i + 1 || nodes_[first].kind != NodeKind::kTitle);
    bool has[Section::Role_ARRAYSIZE] = {};
    for (size_t k = i + 1; k < nodes_.size() && (above || nodes_[k].level > 0); ++k) {
      if (above && k > first && nodes_[k].kind == NodeKind::kTitle && nodes_[first].kind != NodeKind::kTitle) break;
      if (nodes_[k].kind != NodeKind::kTurn) has[nodes_[k].role] = true;
    }
    const bool done = has[Section::ACHIEVEMENT] || has[Section::PROBLEM];
    if (done && has[Section::PLAN]) return Section::NONE;
    if (has[Section::PLAN]) return Section::PLAN;
    if (done) return has[Section::ACHIEVEMENT] ? Section::ACHIEVEMENT : Section::PROBLEM;
    if (nodes_[i].role != Section::ROLE_UNSPECIFIED) return nodes_[i].role;
    // A paper that is one table has no section below its title.
    return nodes_.size() == 1 && document_ == Section::PLAN ? document_ : Section::NONE;
  }

  std::string_view text_;
  const Years years_;
  const Rules& rules_;
  std::vector<Node>& nodes_;
  Role document_ = Section::ROLE_UNSPECIFIED;  // of the paper as a whole, where it has one
  bool reports_ = false;                       // it speaks of work done, among others
  std::vector<Role> previous_;                 // of the last child, per parent + 1
};

}  // namespace

void AssignRoles(std::string_view text, const v1::Document& document, const Years& years, const Rules& rules,
                 std::vector<Node>* nodes) {
  RoleAssigner(text, document, years, rules, nodes).Run();
}

}  // namespace duban
