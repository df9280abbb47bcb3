// SPDX-License-Identifier: Apache-2.0
// How commitments are found
//
// Only leaf sections hold commitments: what stands in front of a section's children announces them. A leaf with an
// enumerator of the lower levels (1., （1）, 一是) is one commitment as a whole, since its sentences say how. A leaf of
// the upper levels (一、, （一）, an unnumbered heading) is a theme, and each of its sentences that commits is one; if
// it consists of its heading alone, the heading is the commitment.
//
// A sentence commits if one of its clauses has a verb of action and neither doctrine nor slogan in it: "以…为指导，完善
// 机制" commits by its second clause, "奋力谱写新篇章" does not. A figure promised commits too. Verbs and words are
// data/plan_words.textproto.

#include "services/plan/plan_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/text/utf8.h"

namespace duban {
namespace {

// Levels from which on an enumerator marks a single commitment.
constexpr int kItemLevel = 3;

bool IsEnumeratedItem(const v1::Section& section) { return section.level() >= kItemLevel && !section.marker().empty(); }

Piece PieceOf(const v1::Span& span, size_t limit) {
  const auto clamp = [&](int32_t at) { return std::min(limit, static_cast<size_t>(std::max(at, 0))); };
  return {clamp(span.begin()), std::max(clamp(span.begin()), clamp(span.end()))};
}

// The first clause of `item` behind its marker.
std::string Title(std::string_view text, Piece item, const v1::Section& section) {
  const std::string& marker = section.marker();
  if (!marker.empty() && item.of(text).starts_with(marker)) item.begin += marker.size();
  const std::vector<Piece> clauses = Clauses(text, item);
  return clauses.empty() ? std::string() : std::string(clauses.front().of(text));
}

// All verbs of action.
google::protobuf::RepeatedPtrField<std::string> WithMaking(const PlanLexicon& lexicon) {
  auto verbs = lexicon.action();
  verbs.MergeFrom(lexicon.making());
  return verbs;
}

// Headings above, and down to, the sections of an outline.
class Outliner {
 public:
  explicit Outliner(const v1::Outline& outline) {
    for (const v1::Section& section : outline.sections()) {
      by_id_.emplace(section.id(), &section);
      if (!section.parent().empty()) parents_.insert(section.parent());
    }
  }

  bool IsLeaf(const v1::Section& section) const { return !parents_.contains(section.id()); }

  // Headings outermost first; that of `section` itself only where `with_own`.
  std::vector<std::string> Path(const v1::Section& section, bool with_own) const {
    std::vector<std::string> path;
    if (with_own) path.push_back(section.heading());
    // A parent stands before its child, so the walk ends; the bound guards against an outline that was not made here.
    const v1::Section* at = &section;
    for (size_t steps = 0; steps < by_id_.size() && !at->parent().empty(); ++steps) {
      const auto parent = by_id_.find(at->parent());
      if (parent == by_id_.end()) break;
      at = parent->second;
      path.push_back(at->heading());
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

 private:
  std::unordered_map<std::string, const v1::Section*> by_id_;
  std::unordered_set<std::string> parents_;
};

}  // namespace

PlanItemFinder::PlanItemFinder(const PlanLexicon& lexicon)
    : action_(WithMaking(lexicon)),
      making_(lexicon.making()),
      ideology_(lexicon.ideology()),
      slogan_(lexicon.slogan()),
      announcer_(lexicon.announcer()),
      opener_(lexicon.opener()),
      deadlines_(lexicon),
      units_(lexicon) {}

bool PlanItemFinder::CommitsClause(std::string_view clause, const WordSet& verbs) const {
  if (slogan_.ContainedIn(clause)) return false;
  return (ideology_.ContainedIn(clause) ? making_ : verbs).ContainedIn(clause);
}

bool PlanItemFinder::IsGeneralIdea(std::string_view sentence, std::string_view first_clause) const {
  constexpr std::string_view kYear = "年";
  const size_t year = first_clause.substr(0, std::min<size_t>(first_clause.size(), 16)).find(kYear);
  const bool opens =
      opener_.Starts(first_clause) || (year != std::string_view::npos && IsDigit(DecodeAt(first_clause, 0).value));
  return opens && (ideology_.ContainedIn(sentence) || slogan_.ContainedIn(sentence));
}

bool PlanItemFinder::Commits(std::string_view sentence) const {
  const std::vector<Piece> clauses = Clauses(sentence, {0, sentence.size()});
  if (clauses.empty() || announcer_.ContainedIn(sentence)) return false;
  if (sentence.ends_with("：") || sentence.ends_with(":")) return false;
  if (IsGeneralIdea(sentence, clauses.front().of(sentence))) return false;
  // Where doctrine is the matter of the sentence (and not its "以…为指导"), what follows is its effect, unless it makes
  // something.
  const std::string_view first = clauses.front().of(sentence);
  const bool doctrine = ideology_.ContainedIn(first) && !first.starts_with("以");
  const WordSet& verbs = doctrine ? making_ : action_;
  return std::any_of(clauses.begin(), clauses.end(),
                     [&](const Piece& c) { return CommitsClause(c.of(sentence), verbs); });
}

std::vector<Piece> PlanItemFinder::ItemsOf(std::string_view text, const v1::Section& section,
                                           const std::vector<size_t>& targets) const {
  const auto has_target = [&](const Piece& piece) {
    const auto first = std::lower_bound(targets.begin(), targets.end(), piece.begin);
    return first != targets.end() && *first < piece.end;
  };
  const Piece whole = Trimmed(text, PieceOf(section.span(), text.size()));
  if (whole.empty()) return {};
  if (IsEnumeratedItem(section)) {
    return action_.ContainedIn(whole.of(text)) || has_target(whole) ? std::vector<Piece>{whole} : std::vector<Piece>{};
  }
  Piece body{std::clamp(PieceOf(section.heading_span(), text.size()).end, whole.begin, whole.end), whole.end};
  body.begin = BehindHeading(text, body);
  std::vector<Piece> items;
  if (body.empty()) {
    if (Commits(whole.of(text))) items.push_back(whole);
    return items;
  }
  for (const Piece& sentence : Sentences(text, body)) {
    if (Commits(sentence.of(text)) || has_target(sentence)) items.push_back(sentence);
  }
  return items;
}

std::vector<v1::PlanItem> PlanItemFinder::Find(const v1::Document& document, const v1::Outline& outline,
                                               const v1::IndicatorSet& indicators) const {
  const std::string_view text = document.text();
  const Outliner outliner(outline);
  std::vector<v1::PlanItem> items;
  std::vector<size_t> targets;
  for (const v1::Indicator& indicator : indicators.indicators()) {
    if (indicator.aspect() == v1::Indicator::TARGET && indicator.span().begin() >= 0) {
      targets.push_back(static_cast<size_t>(indicator.span().begin()));
    }
  }
  // Items and indicators both come in order of the text, so one pass ties them.
  int next_indicator = 0;
  for (const v1::Section& section : outline.sections()) {
    if (section.role() != v1::Section::PLAN || !outliner.IsLeaf(section)) continue;
    for (const Piece& piece : ItemsOf(text, section, targets)) {
      v1::PlanItem& item = items.emplace_back();
      item.set_id(fmt::format("p{}", items.size()));
      item.set_document(document.name());
      item.set_title(Title(text, piece, section));
      item.set_section(section.id());
      const bool own = piece.begin == PieceOf(section.span(), text.size()).begin;
      if (own) item.set_marker(section.marker());
      item.mutable_span()->set_begin(static_cast<int32_t>(piece.begin));
      item.mutable_span()->set_end(static_cast<int32_t>(piece.end));
      item.set_text(std::string(piece.of(text)));
      item.set_year(document.plan_year());
      for (std::string& heading : outliner.Path(section, !own)) item.add_path(std::move(heading));
      item.set_responsible_unit(units_.ResponsibleUnit(piece.of(text)));
      item.set_due_date(deadlines_.DueDate(piece.of(text), document.plan_year()));
      while (next_indicator < indicators.indicators_size() &&
             indicators.indicators(next_indicator).span().begin() < item.span().begin()) {
        ++next_indicator;
      }
      for (; next_indicator < indicators.indicators_size() &&
             indicators.indicators(next_indicator).span().begin() < item.span().end();
           ++next_indicator) {
        const v1::Indicator& indicator = indicators.indicators(next_indicator);
        if (indicator.aspect() == v1::Indicator::TARGET) item.add_targets(indicator.id());
      }
    }
  }
  return items;
}

}  // namespace duban
