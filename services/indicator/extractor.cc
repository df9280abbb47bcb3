// SPDX-License-Identifier: Apache-2.0
// Sentences with figures are read one by one: punctuation (clause.h), which quantities count (selection.h), aspect and
// year (aspect.h), label (label.h). Relations and findings then look at all figures. Sentences without figures are
// never looked at again.
#include "services/indicator/extractor.h"

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "services/indicator/aspect.h"
#include "services/indicator/catalog.h"
#include "services/indicator/clause.h"
#include "services/indicator/finding.h"
#include "services/indicator/fragment.h"
#include "services/indicator/label.h"
#include "services/indicator/quantity.h"
#include "services/indicator/relation.h"
#include "services/indicator/selection.h"
#include "services/indicator/severity.h"
#include "services/indicator/table.h"

namespace duban {
namespace {

Range ToRange(const v1::Span& span) { return {static_cast<size_t>(span.begin()), static_cast<size_t>(span.end())}; }

void SetSpan(Range range, v1::Span* span) {
  span->set_begin(static_cast<int32_t>(range.begin));
  span->set_end(static_cast<int32_t>(range.end));
}

// A sentence of the outline and the section that holds it.
struct PlacedSentence {
  Range range;
  int section = -1;
};

std::vector<PlacedSentence> PlaceSentences(const v1::Document& document, const v1::Outline& outline) {
  std::unordered_map<std::string_view, int> sections;
  for (int i = 0; i < outline.sections_size(); ++i) sections.emplace(outline.sections(i).id(), i);
  std::vector<PlacedSentence> sentences;
  sentences.reserve(outline.sentences_size());
  for (const v1::Sentence& sentence : outline.sentences()) {
    const auto section = sections.find(sentence.section());
    sentences.push_back({ToRange(sentence.span()), section == sections.end() ? -1 : section->second});
  }
  if (!sentences.empty()) return sentences;
  // Text without an outline: each line is a sentence.
  const std::string& text = document.text();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) sentences.push_back({{begin, end}, -1});
    begin = end + 1;
  }
  return sentences;
}

// The innermost sections that hold places of a text, asked from its beginning to its end. Linear over all of them.
class SectionCursor {
 public:
  explicit SectionCursor(const v1::Outline& outline) : outline_(outline) {}

  // Index of the section that holds `pos`, which is no smaller than the one asked before; -1 for none.
  int At(size_t pos) {
    while (next_ < outline_.sections_size() && ToRange(outline_.sections(next_).span()).begin <= pos) {
      open_.push_back(next_++);
    }
    while (!open_.empty() && ToRange(outline_.sections(open_.back()).span()).end <= pos) open_.pop_back();
    return open_.empty() ? -1 : open_.back();
  }

 private:
  const v1::Outline& outline_;
  int next_ = 0;
  std::vector<int> open_;
};

class LexiconExtractor : public Extractor {
 public:
  LexiconExtractor(std::unique_ptr<const UnitLexicon> units, LabelWords words, HistoryWords history,
                   std::shared_ptr<const Catalog> catalog)
      : units_(std::move(units)),
        words_(std::move(words)),
        history_(std::move(history)),
        catalog_(std::move(catalog)) {}

  v1::IndicatorSet Extract(const v1::Document& document, const v1::Outline& outline) const override {
    const std::string& text = document.text();
    const std::vector<FoundQuantity> found = ScanQuantities(text, *units_, NumeralScope::kAll);
    std::vector<SentenceView> views;
    std::vector<Figure> figures;
    Labeller labeller(text, words_);
    v1::Section::Role unsaid = v1::Section::ROLE_UNSPECIFIED;
    const std::vector<Table> tables = FindTables(text, *units_, words_, BaseYear(document, &unsaid));
    SectionCursor cursor(outline);
    const auto add_table = [&](const Table& t) {
      AddTable(t, outline, cursor.At(t.range.begin), document.plan_year(), &views, &figures);
    };
    size_t table = 0;
    size_t next = 0;
    for (PlacedSentence sentence : PlaceSentences(document, outline)) {
      // What stands in a table is read by its columns.
      while (table < tables.size() && tables[table].range.end <= sentence.range.begin) add_table(tables[table++]);
      if (table < tables.size() && tables[table].range.begin < sentence.range.end) {
        if (sentence.range.begin >= tables[table].range.begin) continue;
        sentence.range.end = tables[table].range.begin;
      }
      const auto begins = [&](size_t i) { return static_cast<size_t>(found[i].quantity.span().begin()); };
      while (next < found.size() && begins(next) < sentence.range.begin) ++next;
      const size_t first = next;
      while (next < found.size() && begins(next) < sentence.range.end) ++next;
      size_t end = next;
      // 附表2 and 项目 on the next line are no quantity.
      while (end > first && static_cast<size_t>(found[end - 1].quantity.span().end()) > sentence.range.end) --end;
      if (end == first) continue;
      ReadPieces(document, outline, sentence, std::span(found).subspan(first, end - first), &labeller, &views,
                 &figures);
    }
    while (table < tables.size()) add_table(tables[table++]);
    v1::IndicatorSet set;
    std::vector<std::string_view> metrics;
    metrics.reserve(figures.size());
    for (const Figure& figure : figures) {
      const v1::Metric* metric = FindMetric(figure, figures, metrics);
      metrics.push_back(metric == nullptr ? std::string_view() : metric->id());
      AddIndicator(outline, views[figure.sentence], figure, metrics.back(), &set);
    }
    const std::vector<Link> links = FindRelations(text, figures, words_);
    for (const Link& link : links) *set.add_relations() = ToRelation(link);
    for (v1::Finding& finding : FindFindings(text, outline, views, figures, metrics, links, words_, history_)) {
      finding.set_severity(SeverityOf(finding));
      *set.add_findings() = std::move(finding);
    }
    return set;
  }

 private:
  // A sentence that is too long is read in pieces, each as if it were a sentence: its figures are evidenced by it.
  void ReadPieces(const v1::Document& document, const v1::Outline& outline, const PlacedSentence& sentence,
                  std::span<const FoundQuantity> found, Labeller* labeller, std::vector<SentenceView>* views,
                  std::vector<Figure>* figures) const {
    std::vector<Range> ranges;
    for (const FoundQuantity& quantity : found) ranges.push_back(ToRange(quantity.quantity.span()));
    size_t from = 0;
    size_t begin = sentence.range.begin;
    for (const size_t end : PieceEnds(document.text(), sentence.range, ranges)) {
      size_t to = from;
      while (to < found.size() && ranges[to].begin < end) ++to;
      SentenceView view = ReadSentence(document.text(), {begin, end});
      view.section = sentence.section;
      ReadFigures(document, outline, view, found.subspan(from, to - from), labeller, figures, views->size());
      views->push_back(std::move(view));
      from = to;
      begin = end;
    }
  }

  void ReadFigures(const v1::Document& document, const v1::Outline& outline, const SentenceView& view,
                   std::span<const FoundQuantity> found, Labeller* labeller, std::vector<Figure>* all,
                   size_t index) const {
    const std::string& text = document.text();
    std::vector<Figure> figures = SelectFigures(text, view, found, words_);
    if (figures.empty()) return;
    FillFragments(view, figures);
    AspectContext context;
    std::string_view heading;
    if (view.section >= 0) {
      context.role = outline.sections(view.section).role();
      heading = outline.sections(view.section).heading();
    }
    context.base_year = BaseYear(document, &context.role);
    ReadAspects(text, view, context, words_, figures);
    labeller->Label(view, heading, figures);
    const int offset = static_cast<int>(all->size());
    for (Figure& figure : figures) {
      figure.sentence = index;
      if (figure.of >= 0) figure.of += offset;
      all->push_back(std::move(figure));
    }
  }

  // The figures of a table in `section`, -1 for none; those of a plan are its targets.
  static void AddTable(const Table& table, const v1::Outline& outline, int section, int plan_year,
                       std::vector<SentenceView>* views, std::vector<Figure>* figures) {
    const bool plan = section >= 0 && outline.sections(section).role() == v1::Section::PLAN;
    const size_t first_view = views->size();
    const int offset = static_cast<int>(figures->size());
    for (const Range& row : table.rows) views->push_back({.range = row, .section = section, .marks = {}, .quoted = {}});
    for (Figure figure : table.figures) {
      figure.sentence += first_view;
      if (figure.of >= 0) figure.of += offset;
      if (plan && !figure.year_named) figure.year = plan_year;
      if (plan) figure.aspect = figure.year < plan_year ? v1::Indicator::BASELINE : v1::Indicator::TARGET;
      figures->push_back(std::move(figure));
    }
  }

  // The metric of a label; that of a part together with its whole's, which must not lie in another theme.
  const v1::Metric* FindMetric(const Figure& figure, const std::vector<Figure>& figures,
                               const std::vector<std::string_view>& metrics) const {
    const bool any_unit = figure.aspect == v1::Indicator::CHANGE;
    const v1::Metric* own = catalog_->Find(figure.label, figure.quantity, any_unit);
    if (own == nullptr && figure.quantity.kind() == v1::Quantity::MONEY) return FindAmount(figure, figures, metrics);
    if (!figure.in_part || metrics.empty()) return own;
    size_t whole = metrics.size() - 1;
    while (whole > 0 && figures[whole].in_part && figures[whole - 1].sentence == figure.sentence) --whole;
    if (figures[whole].in_part || figures[whole].sentence != figure.sentence) return own;
    const v1::Metric* joint = catalog_->Find(figures[whole].label + figure.label, figure.quantity, any_unit);
    if (joint != nullptr && joint->id() != metrics[whole]) return joint;
    const std::string_view theme = metrics[whole].substr(0, metrics[whole].find('.') + 1);
    return own != nullptr && (theme.empty() || own->id().starts_with(theme)) ? own : nullptr;
  }

  // The metric of an amount whose own label does not tell what it belongs to (挽回经济损失): that of the same label
  // behind one of an earlier figure of the sentence, which alone does not mean it, in the theme that the sentence named
  // last.
  const v1::Metric* FindAmount(const Figure& figure, const std::vector<Figure>& figures,
                               const std::vector<std::string_view>& metrics) const {
    std::string_view theme;
    for (size_t i = metrics.size(); i > 0 && figures[i - 1].sentence == figure.sentence; --i) {
      const std::string_view earlier = metrics[i - 1];
      if (earlier.empty()) continue;
      if (theme.empty()) theme = earlier.substr(0, earlier.find('.') + 1);
      if (!earlier.starts_with(theme)) return nullptr;
      const v1::Metric* joint = catalog_->Find(figures[i - 1].label + figure.label, figure.quantity);
      if (joint == nullptr || joint == catalog_->Find(figures[i - 1].label, figure.quantity)) continue;
      if (joint->id().starts_with(theme)) return joint;
    }
    return nullptr;
  }

  // The year that 今年 means. A paper that is nothing but a plan is one where the outline says nothing else.
  static int BaseYear(const v1::Document& document, v1::Section::Role* role) {
    const bool unsaid = *role == v1::Section::ROLE_UNSPECIFIED || *role == v1::Section::NONE;
    if (unsaid && document.report_year() == 0 && document.plan_year() != 0) *role = v1::Section::PLAN;
    if (*role == v1::Section::PLAN) return document.plan_year() != 0 ? document.plan_year() : document.report_year();
    if (document.report_year() != 0) return document.report_year();
    return document.plan_year() != 0 ? document.plan_year() - 1 : 0;
  }

  static void AddIndicator(const v1::Outline& outline, const SentenceView& view, const Figure& figure,
                           std::string_view metric, v1::IndicatorSet* set) {
    v1::Indicator* indicator = set->add_indicators();
    indicator->set_id(IndicatorId(set->indicators_size() - 1));
    indicator->set_label(figure.label);
    indicator->set_metric(std::string(metric));
    indicator->set_aspect(figure.aspect);
    indicator->set_year(figure.year);
    if (view.section >= 0) indicator->set_section(outline.sections(view.section).id());
    SetSpan(figure.range, indicator->mutable_span());
    SetSpan(view.range, indicator->mutable_sentence());
    *indicator->mutable_quantity() = figure.quantity;
    indicator->mutable_quantity()->clear_span();
    indicator->set_direction(figure.direction);
    indicator->set_base(figure.base);
  }

  const std::unique_ptr<const UnitLexicon> units_;
  const LabelWords words_;
  const HistoryWords history_;
  const std::shared_ptr<const Catalog> catalog_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Extractor>> Extractor::Create() {
  DUBAN_ASSIGN_OR_RETURN(std::shared_ptr<const Catalog> catalog, Catalog::Create());
  return Create(std::move(catalog));
}

absl::StatusOr<std::unique_ptr<const Extractor>> Extractor::Create(std::shared_ptr<const Catalog> catalog) {
  DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const UnitLexicon> units, UnitLexicon::Create());
  DUBAN_ASSIGN_OR_RETURN(LabelWords words, LabelWords::Create());
  DUBAN_ASSIGN_OR_RETURN(HistoryWords history, HistoryWords::Create());
  return std::make_unique<LexiconExtractor>(std::move(units), std::move(words), std::move(history), std::move(catalog));
}

}  // namespace duban
