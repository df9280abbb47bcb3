// SPDX-License-Identifier: Apache-2.0
// How commitments are found
//
// Only leaf sections hold commitments: what stands in front of a section's children announces them. A leaf with an
// enumerator of the lower levels (1., （1）, 一是) is one commitment as a whole, since its sentences say how. A leaf of
// the upper levels (一、, （一）, an unnumbered heading) is a theme, and each of its sentences that commits is one; if
// it consists of its heading alone, or of one sentence, that is the commitment; with an enumerator (（四）修通河堤路)
// it needs no verb that is known.
//
// The rows of a task table (task_table.h) are commitments wherever they stand in a PLAN section: whoever fills in such
// a row commits to it.
//
// A sentence commits if one of its clauses has a verb of action and neither doctrine nor slogan in it: "以…为指导，完善
// 机制" commits by its second clause, "奋力谱写新篇章" does not. A figure promised commits too, also one against last
// year's (死亡人数不高于上年). Verbs and words are data/plan_words.textproto.

#include "services/plan/plan_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/text/utf8.h"
#include "services/plan/problem_links.h"

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
std::string Title(std::string_view text, Piece item, const std::string& marker) {
  if (!marker.empty() && item.of(text).starts_with(marker)) item.begin += marker.size();
  const std::vector<Piece> clauses = Clauses(text, item);
  return clauses.empty() ? std::string() : std::string(clauses.front().of(text));
}

// Whether a leaf says one thing only: its heading alone, or a sentence that a semicolon cuts.
bool IsOneSentence(std::string_view text, const Piece& whole, size_t heading_end, const Piece& body) {
  if (body.empty()) return true;
  const char32_t stop = DecodeAt(text, heading_end).value;
  return (stop == U'；' || stop == U';') && Sentences(text, whole).size() == 1;
}

v1::Span SpanOf(const Piece& piece) {
  v1::Span span;
  span.set_begin(static_cast<int32_t>(piece.begin));
  span.set_end(static_cast<int32_t>(piece.end));
  return span;
}

void AddMeasure(std::string_view text, const Piece& step, v1::PlanItem* item) {
  v1::PlanItem::Measure& measure = *item->add_measures();
  measure.set_text(std::string(step.of(text)));
  *measure.mutable_span() = SpanOf(step);
}

// The indicators of `targets`, which stand in order of the text, that begin in `piece`.
std::vector<const v1::Indicator*> Within(const std::vector<const v1::Indicator*>& targets, const Piece& piece) {
  const auto before = [](const v1::Indicator* target, size_t at) {
    return static_cast<size_t>(target->span().begin()) < at;
  };
  const auto first = std::lower_bound(targets.begin(), targets.end(), piece.begin, before);
  return {first, std::lower_bound(first, targets.end(), piece.end, before)};
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

PlanItemFinder::PlanItemFinder(const PlanLexicon& lexicon, const ThemeLexicon& themes, const TrackLexicon& track)
    : action_(WithMaking(lexicon)),
      making_(lexicon.making()),
      ideology_(lexicon.ideology()),
      slogan_(lexicon.slogan()),
      announcer_(lexicon.announcer()),
      opener_(lexicon.opener()),
      plan_title_(lexicon.plan_title()),
      topic_end_(lexicon.topic_end()),
      stance_(lexicon.stance()),
      deadlines_(lexicon),
      units_(lexicon),
      tables_(lexicon),
      wording_(lexicon),
      targets_(lexicon),
      themes_(themes),
      grams_(track),
      weights_(track),
      shortcomings_(lexicon.shortcoming()) {}

bool PlanItemFinder::CommitsClause(std::string_view clause, const WordSet& verbs) const {
  if (slogan_.ContainedIn(clause)) return false;
  return (ideology_.ContainedIn(clause) ? making_ : verbs).ContainedIn(clause);
}

bool PlanItemFinder::OpensPlan(std::string_view first_clause) const {
  constexpr std::string_view kYear = "年";
  const size_t year = first_clause.substr(0, std::min<size_t>(first_clause.size(), 16)).find(kYear);
  return opener_.Starts(first_clause) || (year != std::string_view::npos && IsDigit(DecodeAt(first_clause, 0).value));
}

bool PlanItemFinder::IsPlanTitle(std::string_view words) const {
  const std::vector<Piece> clauses = Clauses(words, {0, words.size()});
  if (clauses.size() != 1) return false;
  const std::string_view clause = clauses.front().of(words);
  return OpensPlan(clause) && plan_title_.Ends(clause);
}

bool PlanItemFinder::IsGeneralIdea(std::string_view sentence, std::string_view first_clause) const {
  return OpensPlan(first_clause) && (ideology_.ContainedIn(sentence) || slogan_.ContainedIn(sentence));
}

bool PlanItemFinder::Commits(std::string_view sentence) const {
  const std::vector<Piece> clauses = Clauses(sentence, {0, sentence.size()});
  if (clauses.empty() || announcer_.ContainedIn(sentence) || IsPlanTitle(sentence)) return false;
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

bool PlanItemFinder::CommitsAsItem(std::string_view words) const {
  const std::vector<Piece> clauses = Clauses(words, {0, words.size()});
  if (clauses.empty() || words.ends_with("：") || words.ends_with(":")) return false;
  const std::string_view first = clauses.front().of(words);
  if (announcer_.ContainedIn(words) || ideology_.ContainedIn(words) || slogan_.ContainedIn(words)) return false;
  if (OpensPlan(first) || stance_.Starts(first)) return false;
  return clauses.size() > 1 || (!plan_title_.Ends(first) && !topic_end_.Ends(first));
}

bool PlanItemFinder::PromisesFigure(std::string_view text, Piece piece, const Targets& targets) const {
  if (!Within(targets, piece).empty()) return true;
  const std::vector<v1::PlanTarget> in_words = targets_.Read(text, piece, {}, 0);
  return std::any_of(in_words.begin(), in_words.end(), [](const v1::PlanTarget& t) { return !t.has_value(); });
}

void PlanItemFinder::AddSentences(std::string_view text, Piece range, const Targets& targets,
                                  std::vector<Found>* items) const {
  for (const Piece& sentence : Sentences(text, range)) {
    if (Commits(sentence.of(text)) || PromisesFigure(text, sentence, targets))
      items->push_back({sentence, std::nullopt});
  }
}

std::vector<PlanItemFinder::Found> PlanItemFinder::ItemsOf(std::string_view text, const v1::Section& section,
                                                           const Targets& targets) const {
  const Piece whole = Trimmed(text, PieceOf(section.span(), text.size()));
  if (whole.empty()) return {};
  const std::vector<TaskTable> tables = tables_.Find(text, whole);
  if (IsEnumeratedItem(section) && tables.empty() && !IsPlanTitle(section.heading())) {
    // 三是以更严标准建强队伍 commits by being enumerated; doctrine and slogans do not.
    const bool said = ideology_.ContainedIn(whole.of(text)) || slogan_.ContainedIn(whole.of(text));
    if (said && !action_.ContainedIn(whole.of(text)) && !PromisesFigure(text, whole, targets)) return {};
    return {{whole, std::nullopt}};
  }
  const size_t heading_end = std::clamp(PieceOf(section.heading_span(), text.size()).end, whole.begin, whole.end);
  Piece body{heading_end, whole.end};
  body.begin = BehindHeading(text, body);
  std::vector<Found> items;
  const bool enumerated = !section.marker().empty();
  if (body.empty() || (enumerated && IsOneSentence(text, whole, heading_end, body))) {
    Piece words = whole;
    if (words.of(text).starts_with(section.marker())) words.begin += section.marker().size();
    const bool commits = Commits(words.of(text)) || (enumerated && CommitsAsItem(words.of(text)));
    if (commits || PromisesFigure(text, words, targets)) items.push_back({whole, std::nullopt});
    return items;
  }
  for (const TaskTable& table : tables) {
    AddSentences(text, {body.begin, table.range.begin}, targets, &items);
    for (const TaskRow& row : table.rows) {
      // The number is the row's marker where it stands next to the words.
      const bool numbered = !row.number.empty() && row.number.end < row.words.begin &&
                            TrimSpace(text.substr(row.number.end, row.words.begin - row.number.end)).size() <= 1;
      items.push_back({{numbered ? row.number.begin : row.words.begin, row.words.end}, row});
    }
    body.begin = std::max(body.begin, table.range.end);
  }
  AddSentences(text, body, targets, &items);
  return items;
}

void PlanItemFinder::DescribeRow(std::string_view text, const TaskRow& row, const Targets& targets,
                                 v1::PlanItem* item) const {
  for (const Piece& cell : row.measures) {
    for (v1::PlanTarget& target : targets_.Read(text, cell, Within(targets, cell), item->year()))
      *item->add_plan_targets() = std::move(target);
    for (const Piece& step : Clauses(text, cell)) AddMeasure(text, step, item);
  }
  for (v1::PlanTarget& target :
       targets_.ReadCell(text, row.target, row.task, Within(targets, row.target), item->year()))
    *item->add_plan_targets() = std::move(target);
  if (!row.unit.empty()) item->set_responsible_unit(std::string(row.unit.of(text)));
  if (!row.partners.empty()) {
    const std::vector<std::string> partners = units_.Split(row.partners.of(text));
    item->mutable_cooperating_units()->Assign(partners.begin(), partners.end());
  }
  if (std::string day = deadlines_.DueDateOfCell(row.due.of(text), item->year()); !day.empty()) item->set_due_date(day);
}

void PlanItemFinder::Describe(std::string_view text, const Found& found, const Targets& targets,
                              v1::PlanItem* item) const {
  Piece words = found.row.has_value() ? found.row->task : found.piece;
  if (!item->marker().empty() && words.of(text).starts_with(item->marker())) words.begin += item->marker().size();
  for (v1::PlanTarget& target : targets_.Read(text, words, Within(targets, words), item->year()))
    *item->add_plan_targets() = std::move(target);
  for (const Piece& clause : Clauses(text, words)) {
    const Act act = wording_.Read(clause.of(text));
    if (act.action.empty()) continue;
    item->set_action(std::string(act.action));
    // 受理案件不少于620件: the figure is no part of what is done.
    const size_t begin = static_cast<size_t>(act.object.data() - text.data());
    size_t end = begin + act.object.size();
    for (const v1::PlanTarget& target : item->plan_targets()) {
      const auto at = static_cast<size_t>(target.span().begin());
      if (at > begin && at < end && static_cast<size_t>(target.span().end()) >= end) end = at;
    }
    item->set_object(std::string(Trimmed(text, {begin, end}).of(text)));
    break;
  }
  for (const Piece& step : wording_.Measures(text, words)) AddMeasure(text, step, item);
  const std::string_view promise = found.piece.of(text);
  Units units = units_.Find(promise);
  item->set_responsible_unit(units.responsible);
  for (std::string& unit : units.cooperating) item->add_cooperating_units(std::move(unit));
  item->set_due_date(deadlines_.DueDate(promise, item->year()));
  if (found.row.has_value()) DescribeRow(text, *found.row, targets, item);
  std::vector<std::string> metrics;
  for (const v1::Indicator* target : targets) {
    item->add_targets(target->id());
    if (!target->metric().empty()) metrics.push_back(target->metric());
  }
  item->set_theme(themes_.Find(item->title(), promise, {item->path().begin(), item->path().end()}, metrics));
}

std::vector<v1::PlanItem> PlanItemFinder::Find(const v1::Document& document, const v1::Outline& outline,
                                               const v1::IndicatorSet& indicators) const {
  const std::string_view text = document.text();
  const Outliner outliner(outline);
  const ProblemLinker problems(grams_, shortcomings_, weights_, text, outline.problems());
  std::vector<v1::PlanItem> items;
  Targets targets;
  for (const v1::Indicator& indicator : indicators.indicators()) {
    if (indicator.aspect() == v1::Indicator::TARGET && indicator.span().begin() >= 0) targets.push_back(&indicator);
  }
  for (const v1::Section& section : outline.sections()) {
    if (section.role() != v1::Section::PLAN || !outliner.IsLeaf(section)) continue;
    for (const Found& found : ItemsOf(text, section, targets)) {
      const Piece& piece = found.piece;
      v1::PlanItem& item = items.emplace_back();
      item.set_id(fmt::format("p{}", items.size()));
      item.set_document(document.name());
      item.set_section(section.id());
      const bool own = piece.begin == PieceOf(section.span(), text.size()).begin;
      if (own) item.set_marker(section.marker());
      if (found.row.has_value() && piece.begin < found.row->words.begin) {
        item.set_marker(std::string(found.row->number.of(text)));
      }
      item.set_title(found.row.has_value() ? Title(text, found.row->task, "") : Title(text, piece, item.marker()));
      *item.mutable_span() = SpanOf(piece);
      item.set_text(std::string(piece.of(text)));
      item.set_year(document.plan_year());
      for (std::string& heading : outliner.Path(section, !own)) item.add_path(std::move(heading));
      Describe(text, found, Within(targets, piece), &item);
      item.set_problem(problems.Find(item.text()));
    }
  }
  return items;
}

}  // namespace duban
