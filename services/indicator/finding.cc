// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/finding.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "services/indicator/arithmetic.h"
#include "services/indicator/change_check.h"
#include "services/indicator/conflict.h"
#include "services/indicator/figure_rows.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kShare = "占";
constexpr std::string_view kRate = "率";
constexpr uint64_t kActs = Tag::kOutcome | Tag::kHandled | Tag::kSuccess;
constexpr std::string_view kOpen = "（";
constexpr std::string_view kOpenNarrow = "(";

class FindingFinder {
 public:
  FindingFinder(std::string_view text, const v1::Outline& outline, std::span<const SentenceView> views,
                std::span<const Figure> figures, std::span<const std::string_view> metrics, std::span<const Link> links,
                const LabelWords& words, const HistoryWords& history)
      : text_(text),
        outline_(outline),
        views_(views),
        figures_(figures),
        metrics_(metrics),
        links_(links),
        words_(words),
        history_(history) {}

  std::vector<v1::Finding> Find() {
    for (const Link& link : links_) {
      if (link.type == v1::Relation::RATE && !link.computed) CheckRate(link);
      if (link.type == v1::Relation::PART) CheckPart(link);
      if (link.type == v1::Relation::CHANGE) AddChange(link);
    }
    AddConflicts();
    return std::move(findings_);
  }

 private:
  void Add(v1::Finding::Type type, const std::vector<int>& members, double reported, double computed,
           std::string message) {
    v1::Finding& finding = findings_.emplace_back();
    finding.set_type(type);
    finding.set_message(std::move(message));
    for (int member : members) finding.add_indicators(IndicatorId(member));
    finding.set_reported(reported);
    finding.set_computed(computed);
  }

  // A rate is held against a denominator that its words name: as the stem's numerator does (relation.h), behind 占, or
  // through the numerator's words.
  void CheckRate(Link link) {
    const Figure& rate = figures_[link.subject];
    if (!IsExact(rate.quantity) || !IsPrintedPercent(rate.quantity)) return;
    // A count that the rate's words name, or that the numerator's words tie: 审结100件，调解成功40件，调解成功率52% may
    // be of others.
    bool tied = link.named;
    if (!tied && TiesWhole(link)) {
      link.second = link.first - 1;
      tied = true;
    }
    if (link.second < 0 && link.first > 0 && figures_[link.first - 1].sentence == rate.sentence &&
        figures_[link.first - 1].quantity.kind() == v1::Quantity::COUNT) {
      link.second = link.first - 1;
    }
    if (link.second < 0 || !IsExact(figures_[link.second].quantity)) return;
    if (tied ? !SameScope(link) : !IsShareOf(rate, figures_[link.second])) return;
    if (IsQualified(rate) || IsQualified(figures_[link.second])) return;
    if (link.first >= 0 && IsQualified(figures_[link.first])) return;
    const bool part_given = link.first >= 0 && IsExact(figures_[link.first].quantity);
    if (part_given && (tied || IsSolePart(link)) && !GoesOn(link)) CheckQuotient(link);
    if (!part_given) CheckPossible(link);
  }

  // Whether the numerator's words tie the rate behind it to the count before it:
  // 调解纠纷3180件，调解成功3116件，成功率98% does what the one did with the success that the rate has;
  // 收集线索48条，办结46条，办结率95.8% is of what was to be done.
  bool TiesWhole(const Link& link) const {
    if (link.first < 1 || link.subject != link.first + 1) return false;
    const Figure& part = figures_[link.first];
    const Figure& whole = figures_[link.first - 1];
    if (whole.sentence != part.sentence || whole.segment != figures_[link.subject].segment || whole.in_part ||
        part.in_part || whole.aspect != v1::Indicator::ACTUAL || whole.quantity.kind() != v1::Quantity::COUNT ||
        !SameUnit(whole.quantity.unit(), part.quantity.unit())) {
      return false;
    }
    const std::string_view own = View(text_, StripBack(text_, StripFront(text_, part.before, words_), words_));
    std::string_view stem = View(text_, StripFront(text_, figures_[link.subject].before, words_));
    stem = stem.substr(0, std::min(stem.rfind(kRate), stem.size()));
    if (stem.size() < 2 * kHan || !own.ends_with(stem)) return false;
    const std::string_view act = own.substr(0, own.size() - stem.size());
    if (act.size() >= 2 * kHan) return whole.label.find(act) != std::string::npos;
    return act.empty() && words_.table().Covers(stem, Tag::kHandled) && IsFirstOfUnit(link.first - 1);
  }

  // 办结率95%（不含未到期案件）: whether a parenthesis behind the figure may say of what it is.
  bool IsQualified(const Figure& figure) const {
    return StartsAt(text_, figure.extent.end, kOpen) || StartsAt(text_, figure.extent.end, kOpenNarrow);
  }

  // Whether rate and numerator speak of the whole and nothing less: beyond the whole's words they say but what was
  // done. Not so 农民工案件办结率, 当年新收案件办结150件.
  bool SameScope(const Link& link) const {
    const Figure& rate = figures_[link.subject];
    if (link.first < 0) return false;
    for (int k = std::min(link.first, link.second) + 1; k <= link.subject; ++k) {
      if (!FollowsInWords(k) && (k == link.first || k == link.second || k == link.subject)) return false;
    }
    if (link.scoped) return true;
    const auto words = [&](const Figure& figure) {
      return std::string(View(text_, figure.before)) + std::string(View(text_, figure.after));
    };
    const std::string whole = words(figures_[link.second]);
    const std::string_view before = View(text_, rate.before);
    const std::string_view stem = before.substr(0, std::min(before.rfind(kRate), before.size()));
    const auto only_acts = [&](const std::string& rest) {
      return rest.empty() ||
             (words_.table().Covers(rest, Tag::kBare | kActs) && !words_.table().In(rest, Tag::kIntake));
    };
    const std::string own = Beyond(words(figures_[link.first]), whole);
    // 负责人出庭38件，出庭应诉率.
    const std::string_view act = stem.substr(0, 2 * kHan);
    if (stem.size() == 4 * kHan && own.ends_with(act) && words_.table().Covers(act, Tag::kOutcome)) return true;
    return only_acts(Beyond(stem, whole)) && only_acts(own);
  }

  // 回访500人，满意450人，满意率98%，基本满意40人; 审结120件，胜诉100件，胜诉率90.9%，撤诉10件: whether a count right
  // behind the rate, added to the part or taken off the whole, gives it.
  bool GoesOn(const Link& link) const {
    const Figure& rate = figures_[link.subject];
    const size_t next = static_cast<size_t>(link.subject) + 1;
    if (next >= figures_.size() || figures_[next].sentence != rate.sentence || !IsCount(figures_[next])) return false;
    if (!SameUnit(figures_[next].quantity.unit(), figures_[link.first].quantity.unit())) return false;
    const double part = figures_[link.first].quantity.value();
    const double whole = figures_[link.second].quantity.value();
    const double more = figures_[next].quantity.value();
    return AgreesAsPrinted(rate.quantity.decimal(), 100 * (part + more) / whole) ||
           (more < whole && AgreesAsPrinted(rate.quantity.decimal(), 100 * part / (whole - more)));
  }

  // Whether no clause without a figure stands between a figure and the one before it.
  bool FollowsInWords(int index) const {
    return index > 0 && Trim(text_, {figures_[index - 1].after.end, figures_[index].before.begin}).empty();
  }

  // The acts and characters of `words` that are not in `whole`, adverbs of number apart.
  std::string Beyond(std::string_view words, std::string_view whole) const {
    std::string rest;
    for (size_t pos = 0; pos < words.size();) {
      const WordTable::Match word = words_.table().At(words, pos, Tag::kBack | kActs);
      const std::string_view next = words.substr(pos, word ? word.size : kHan);
      if ((word.tags & Tag::kBack) == 0 && whole.find(next) == std::string_view::npos) rest += next;
      pos += next.size();
    }
    return rest;
  }

  // Whether no figure before it in its sentence has its unit.
  bool IsFirstOfUnit(int index) const {
    for (int k = index - 1; k >= 0 && figures_[k].sentence == figures_[index].sentence; --k) {
      if (SameUnit(figures_[k].quantity.unit(), figures_[index].quantity.unit())) return false;
    }
    return true;
  }

  // Whether the words behind 占 are in the denominator's label, in order, general nouns at their end apart: 占已办案件
  // of 已办结复议案件, not 占全市已办案件.
  bool IsShareOf(const Figure& rate, const Figure& whole) const {
    const size_t at = rate.label.rfind(kShare);
    const std::string_view before = View(text_, rate.before);
    // 约占, 近占.
    const size_t written = std::min(before.rfind(kShare), before.size());
    if (at == std::string::npos || words_.table().Before(before, written, Tag::kBack)) return false;
    const Range behind = {at + kShare.size(), rate.label.size()};
    const std::string_view of = View(rate.label, StripBackWords(rate.label, behind, words_, LabelWords::kGeneral));
    size_t found = 0;
    for (size_t pos = 0; pos + kHan <= of.size(); pos += kHan) {
      found = whole.label.find(of.substr(pos, kHan), found);
      if (found == std::string::npos) return false;
      found += kHan;
    }
    return of.size() >= 2 * kHan;
  }

  // Whether what stands before 占 is of the sort that the denominator counts: 和解案件占, not 涉案金额占.
  bool IsOfSort(const Figure& rate, const Figure& whole) const {
    const std::string_view before = View(text_, rate.before);
    const Range own = StripBack(before, {0, std::min(before.rfind(kShare), before.size())}, words_);
    const WordTable::Match sort = words_.table().Before(before, own.end, Tag::kSort);
    return sort && whole.label.find(before.substr(own.end - sort.size, sort.size)) != std::string::npos;
  }

  // Whether the numerator is of the denominator's unit and no third count stands between that the rate may speak of.
  bool IsSolePart(const Link& link) const {
    if (link.first < link.second) return false;
    for (int k = link.second + 1; k < link.subject; ++k) {
      if (k != link.first && figures_[k].quantity.kind() == v1::Quantity::COUNT) return false;
    }
    return SameUnit(figures_[link.first].quantity.unit(), figures_[link.second].quantity.unit());
  }

  void CheckQuotient(const Link& link) {
    const Figure& rate = figures_[link.subject];
    const Figure& part = figures_[link.first];
    const Figure& whole = figures_[link.second];
    const auto above = PrintedRange(part.quantity);
    const auto below = PrintedRange(whole.quantity);
    if (!above || !below || below->low <= 0) return;
    const ValueRange range = {100 * above->low / below->high, 100 * above->high / below->low};
    if (AgreesAsPrinted(rate.quantity.decimal(), range)) return;
    const double computed = 100 * part.quantity.value() / whole.quantity.value();
    Add(v1::Finding::RATE_MISMATCH, {link.subject, link.first, link.second}, rate.quantity.value(), computed,
        fmt::format("{} is printed as {}; {} of {} is {:.2f}%", rate.label, rate.quantity.text(), part.quantity.text(),
                    whole.quantity.text(), computed));
  }

  // 占已办结案件的97% of 11 cases.
  void CheckPossible(const Link& link) {
    const Figure& rate = figures_[link.subject];
    const Figure& whole = figures_[link.second];
    if (!IsOfSort(rate, whole)) return;
    const double out_of = whole.quantity.value();
    const auto range = PrintedRange(whole.quantity);
    if (!range || range->low != range->high || out_of != std::floor(out_of)) return;
    if (WholeNumberGives(rate.quantity.decimal(), out_of)) return;
    const double part = std::min(out_of, std::round(rate.quantity.value() * out_of / 100));
    const double computed = 100 * part / out_of;
    Add(v1::Finding::IMPOSSIBLE_RATE, {link.subject, link.second}, rate.quantity.value(), computed,
        fmt::format("{} is printed as {}; of {} no whole number gives that, the nearest is {} ({:.2f}%)", rate.label,
                    rate.quantity.text(), whole.quantity.text(), part, computed));
  }

  void CheckPart(const Link& link) {
    const Figure& part = figures_[link.subject];
    const Figure& whole = figures_[link.first];
    if (!SameUnit(part.quantity.unit(), whole.quantity.unit()) || !IsExact(part.quantity) || !IsExact(whole.quantity))
      return;
    if (part.label.empty() || !IsOnlyWhole(link)) return;
    const auto part_range = PrintedRange(part.quantity);
    const auto whole_range = PrintedRange(whole.quantity);
    if (!part_range || !whole_range || part_range->low <= whole_range->high) return;
    Add(v1::Finding::PART_EXCEEDS_WHOLE, {link.subject, link.first}, part.quantity.value(), whole.quantity.value(),
        fmt::format("{} {} is given as a part of {} {}", part.label, part.quantity.text(), whole.label,
                    whole.quantity.text()));
  }

  // Whether the whole stands right before 其中 (with no ； between), or no other count of the sentence before the part
  // has its unit: 处分2人，谈话提醒80人，问责率1%，其中党员10人.
  bool IsOnlyWhole(const Link& link) const {
    const Figure& part = figures_[link.subject];
    int opening = link.subject;
    while (figures_[opening].in_part && opening > link.first + 1) --opening;
    if (opening == link.first + 1 && figures_[link.first].segment == figures_[opening].segment) return true;
    for (int k = link.subject - 1; k >= 0 && figures_[k].sentence == part.sentence; --k) {
      if (k == link.first || figures_[k].in_part || figures_[k].quantity.kind() != v1::Quantity::COUNT) continue;
      if (SameUnit(figures_[k].quantity.unit(), part.quantity.unit())) return false;
    }
    return true;
  }

  void AddChange(const Link& link) {
    const std::optional<ChangeMismatch> mismatch = CheckChange(text_, figures_, link, words_, history_);
    if (!mismatch) return;
    Add(v1::Finding::CHANGE_MISMATCH, mismatch->members, figures_[link.subject].quantity.value(), mismatch->computed,
        mismatch->message);
  }

  // One thing with two figures.
  void AddConflicts() {
    for (const Conflict& conflict : FindConflicts(text_, outline_, views_, figures_, metrics_, words_)) {
      const v1::Quantity& first = figures_[conflict.first].quantity;
      const v1::Quantity& second = figures_[conflict.second].quantity;
      Add(v1::Finding::CONFLICTING_FIGURES, {conflict.first, conflict.second}, second.value(), first.value(),
          fmt::format("{} is {} in one place and {} in another", figures_[conflict.second].label, first.text(),
                      second.text()));
    }
  }

  std::string_view text_;
  const v1::Outline& outline_;
  std::span<const SentenceView> views_;
  std::span<const Figure> figures_;
  std::span<const std::string_view> metrics_;
  std::span<const Link> links_;
  const LabelWords& words_;
  const HistoryWords& history_;
  std::vector<v1::Finding> findings_;
};

}  // namespace

std::vector<v1::Finding> FindFindings(std::string_view text, const v1::Outline& outline,
                                      std::span<const SentenceView> views, std::span<const Figure> figures,
                                      std::span<const std::string_view> metrics, std::span<const Link> links,
                                      const LabelWords& words, const HistoryWords& history) {
  return FindingFinder(text, outline, views, figures, metrics, links, words, history).Find();
}

}  // namespace duban
