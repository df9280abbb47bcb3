// SPDX-License-Identifier: Apache-2.0
// How a change is told from a level
//
// The words before a figure are read from their end: particles (了, 约, 达), then 至 or 到, then a verb of change. A
// verb with 至 or 到 behind it states the level reached (增至), one without states the change (增长). Verbs with other
// uses (增加, 提高) count only beside a point of comparison (同比, 较上年) or before a percentage. What stands before
// the point of comparison is the change's own subject; where nothing does, the change speaks of the figure before it.
#include "services/indicator/aspect.h"

#include <utility>
#include <vector>

#include "services/indicator/arithmetic.h"
#include "services/indicator/comparison.h"
#include "services/indicator/fragment.h"
#include "services/indicator/period.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kPairReach = 48;  // bytes between 由 and its figure
constexpr std::string_view kOfYear = "年的";
constexpr std::string_view kOf = "的";
constexpr std::string_view kTimes = "倍";

class AspectReader {
 public:
  AspectReader(std::string_view text, const SentenceView& sentence, const AspectContext& context,
               const LabelWords& words)
      : text_(text),
        sentence_(sentence),
        context_(context),
        words_(words),
        years_(FindYears(text, sentence, context.base_year, words)) {}

  void Read(std::span<Figure> figures) {
    for (size_t i = 0; i < figures.size(); ++i) {
      Figure& figure = figures[i];
      Figure* previous = i > 0 ? &figures[i - 1] : nullptr;
      ReadYear(previous, &figure);
      if (ReadChange(previous, &figure)) {
        ReadSign(&figure);
        ReadGrowthOn(previous, &figure);
      } else {
        ReadLevel(previous, &figure);
      }
      ReadPlan(previous, &figure);
      // 不到总量的两成.
      const std::string_view own = View(text_, figure.before);
      if (figure.quantity.kind() == v1::Quantity::PERCENT && figure.quantity.qualifier() == v1::Quantity::EXACT &&
          own.ends_with(kOf) && words_.table().In(own, Tag::kShortOf)) {
        figure.quantity.set_qualifier(v1::Quantity::AT_MOST);
      }
      // 合格率达97%以上 is a bound in a plan, and more than 97% once reached.
      if (figure.aspect != v1::Indicator::TARGET && figure.bound_behind &&
          figure.quantity.qualifier() == v1::Quantity::AT_LEAST) {
        figure.quantity.set_qualifier(v1::Quantity::OVER);
      }
    }
  }

 private:
  bool Has(Range range, uint64_t tags) const { return !range.empty() && words_.table().In(View(text_, range), tags); }

  void ReadYear(const Figure* previous, Figure* figure) {
    figure->year = context_.base_year;
    for (const YearMention& mention : years_) {
      if (mention.begin >= figure->range.begin) break;
      if (mention.end <= figure->range.begin || IsShareOf(mention, *figure)) continue;
      figure->year = mention.year;
      figure->year_named = mention.begin >= figure->gap.begin || (previous != nullptr && previous->year_named);
    }
  }

  // 恢复到2019年的95%: a share of that year's figure; not 提高到2023年的95%.
  bool IsShareOf(const YearMention& year, const Figure& figure) const {
    if (figure.quantity.kind() != v1::Quantity::PERCENT || year.begin < figure.before.begin) return false;
    const std::string_view view = text_.substr(0, year.begin);
    const WordTable::Match to = words_.table().Before(view, view.size(), Tag::kToLevel);
    return to && year.begin >= figure.before.begin + to.size &&
           !words_.table().Before(view, view.size() - to.size, Tag::kUp | Tag::kDown) &&
           View(text_, {year.behind, figure.extent.begin}) == kOf;
  }

  // 上升到 of 上升到2023年的156件.
  Range WithoutYear(Range range) const {
    const std::string_view view = View(text_, range);
    if (!view.ends_with(kOfYear)) return range;
    size_t begin = view.size() - kOfYear.size();
    while (begin > 0 && view[begin - 1] >= '0' && view[begin - 1] <= '9') --begin;
    const bool reached =
        begin > 0 && begin + kOfYear.size() < view.size() && words_.table().Before(view, begin, Tag::kToLevel);
    return reached ? Range{range.begin, range.begin + begin} : range;
  }

  bool ReadChange(const Figure* previous, Figure* figure) {
    if (figure->quantity.kind() == v1::Quantity::RANK) return false;
    const bool percent = figure->quantity.kind() == v1::Quantity::PERCENT;
    const bool points = percent && figure->quantity.unit().find("点") != std::string::npos;
    Range rest = StripBackWords(text_, WithoutYear(figure->before), words_, Tag::kParticle);
    Comparison named = FindComparison(text_, figure->before, words_);
    const Range compared = named.range;
    // 与上年相比，行政诉讼案件减少8件: the clause before names the point of comparison.
    if (!named && previous == nullptr) named = FindComparison(text_, {figure->gap.begin, figure->before.begin}, words_);
    const v1::Indicator::Base base = named.base;
    const bool has_base = static_cast<bool>(named);
    std::string_view view = View(text_, rest);
    const WordTable::Match to = words_.table().Before(view, view.size(), Tag::kToLevel);
    if (to && words_.table().Before(view, view.size() - to.size, Tag::kUp | Tag::kDown)) {
      figure->to_level = true;
      return false;
    }
    // 由42项精简为31项, 由11个调整为15个: 为 behind a verb, where 由 opened the pair.
    if (previous != nullptr && previous->clause == figure->clause && OpensPair(*previous) &&
        Becomes(*previous, *figure) && previous->quantity.kind() == figure->quantity.kind()) {
      figure->to_level = true;
      return false;
    }
    // 是2018年15亿元的1.5倍.
    if (figure->quantity.unit() == kTimes && view == kOf && previous != nullptr && previous->earlier) {
      SetChange(v1::Indicator::UP, v1::Indicator::PREVIOUS_PERIOD, figure);
      return true;
    }
    // 是2018年的1.5倍.
    if (figure->quantity.unit() == kTimes && view.ends_with("的") && previous != nullptr &&
        words_.table().At(view, 0, Tag::kBack)) {
      SetChange(v1::Indicator::UP, v1::Indicator::PREVIOUS_PERIOD, figure);
      return true;
    }
    // 比2020年的8742件: the earlier figure itself.
    if (!compared.empty() && !percent && View(text_, {compared.end, figure->extent.begin}) == kOf) return false;
    if (IsEarlier(*figure)) return false;
    const WordTable::Match verb = words_.table().Before(view, view.size(), Tag::kUp | Tag::kDown);
    if (verb) {
      const bool weak = (verb.tags & Tag::kWeak) != 0;
      const bool alone = verb.size == view.size();
      const bool duration = figure->quantity.kind() == v1::Quantity::DURATION;
      const bool times = figure->quantity.unit() == kTimes;
      // 比上年分别多6件、少2件: one point of comparison for both.
      const bool listed = alone && previous != nullptr && previous->aspect == v1::Indicator::CHANGE &&
                          previous->clause == figure->clause && figure->before.begin == previous->extent.end;
      if (weak && !has_base && !percent && !times && !listed &&
          !(verb.size > 3 && (duration || (alone && previous != nullptr))))
        return false;
      SetChange((verb.tags & Tag::kDown) != 0 ? v1::Indicator::DOWN : v1::Indicator::UP, base, figure);
      rest.end -= verb.size;
    } else if (!compared.empty() &&
               (percent || compared.end + 6 >= figure->extent.begin || FollowedByChange(compared.end, figure))) {
      SetChange(v1::Indicator::UP, base, figure);
      if (!percent) rest.end = compared.begin;
    } else if (points && previous != nullptr && previous->aspect == v1::Indicator::CHANGE) {
      SetChange(previous->direction, previous->base, figure);
    } else if (previous != nullptr && previous->aspect == v1::Indicator::CHANGE && Joined(*previous, *figure)) {
      SetChange(previous->direction, previous->base, figure);
      return true;
    } else if (percent && previous != nullptr && IsSigned(*figure) && StripBack(text_, rest, words_).empty()) {
      // 受理案件80件（+5.2%）.
      SetChange(v1::Indicator::UP, base, figure);
    } else {
      return ReadOrdinal(figure);
    }
    figure->subject = ChangeSubject(text_, rest, compared, words_);
    return true;
  }

  static bool IsSigned(const Figure& figure) { return figure.plus || figure.quantity.value() < 0; }

  // 同比-3.1%: a decline by 3.1.
  static void ReadSign(Figure* figure) {
    if (figure->quantity.value() >= 0) return;
    figure->direction = v1::Indicator::DOWN;
    figure->quantity.set_value(-figure->quantity.value());
    figure->quantity.set_decimal(figure->quantity.decimal().substr(1));
  }

  // 比上年600件增长20%, （去年同期600件）, 较上年95%提高5个百分点, 上年同期受理600件: the earlier period's figure,
  // where no verb of change stands before it. A percentage behind 较上年 is one only where a verb of change follows.
  bool IsEarlier(const Figure& figure) const {
    const Comparison compared = FindComparison(text_, figure.before, words_);
    if (!compared || figure.quantity.unit() == kTimes) return false;
    const Range between = {compared.range.end, figure.extent.begin};
    const std::string_view words = View(text_, between);
    if (words_.table().In(words, Tag::kUp | Tag::kDown) || FollowedByChange(compared.range.end, &figure)) return false;
    if ((compared.tags & Tag::kGrowth) != 0) return false;
    if ((compared.tags & Tag::kLastYear) != 0) return true;
    const bool beside = words == kOf || StripBack(text_, between, words_).empty();
    const std::string_view behind = View(text_, Trim(text_, figure.after));
    const bool changes = static_cast<bool>(words_.table().At(behind, 0, Tag::kUp | Tag::kDown));
    return beside && (changes || figure.quantity.kind() != v1::Quantity::PERCENT);
  }

  // 上年600件, 上年为600件: nothing but the year before the figure.
  bool IsOfLastYear(const Figure& figure) const {
    const Range words = Trim(text_, figure.before);
    const WordTable::Match year = words_.table().At(View(text_, words), 0, Tag::kLastYear);
    if (!year || figure.direction != v1::Indicator::DIRECTION_UNSPECIFIED) return false;
    return StripBack(text_, {words.begin + year.size, words.end}, words_).empty();
  }

  // 比首次调查时（2021年）的71.9%提高14.5个百分点, 是2016年15.2亿元的1.63倍: the figure of the year that is named,
  // which what follows is held against.
  bool IsOfYear(const Figure& figure) const {
    const std::string_view own = View(text_, Trim(text_, figure.before));
    const std::string_view behind = View(text_, Trim(text_, figure.after));
    const int year = YearIn(text_, figure.before);
    if (year == 0 || year >= context_.base_year) return false;
    if (own.ends_with(kOf) && (StartsAt(own, 0, "比") || StartsAt(own, 0, "较")))
      return static_cast<bool>(words_.table().At(behind, 0, Tag::kUp | Tag::kDown));
    return behind == kOf && own.ends_with("年") && (StartsAt(own, 0, "是") || StartsAt(own, 0, "为"));
  }

  // Marks the earlier figure; the words before its point of comparison remain its own.
  void SetEarlier(Figure* figure) const {
    const Comparison compared = FindComparison(text_, figure->before, words_);
    figure->aspect = v1::Indicator::BASELINE;
    figure->earlier = true;
    const int named = YearIn(text_, compared || !IsOfYear(*figure) ? compared.range : figure->before);
    if (named != 0) {
      figure->year = named;
    } else if (figure->year == context_.base_year && figure->year != 0 &&
               compared.base != v1::Indicator::PREVIOUS_QUARTER) {
      --figure->year;
    }
    figure->before.end = compared ? compared.range.begin : figure->before.begin;
  }

  // The growth behind an earlier figure is that of the present one.
  void ReadGrowthOn(const Figure* previous, Figure* figure) const {
    if (previous == nullptr || !previous->earlier || figure->aspect != v1::Indicator::CHANGE) return;
    for (const YearMention& mention : years_) {
      if (mention.begin >= figure->range.begin) break;
      if (mention.begin >= figure->gap.begin) return;
    }
    figure->year = context_.base_year;
    if (figure->base == v1::Indicator::BASE_UNSPECIFIED && previous->base != v1::Indicator::BASE_UNSPECIFIED)
      figure->base = previous->base;
    if (figure->subject.empty() && previous->clause == figure->clause)
      figure->subject = StripBack(text_, StripFront(text_, previous->before, words_), words_);
  }

  // 比去年多办12件: a comparison whose verb of change is not next to the figure.
  bool FollowedByChange(size_t pos, const Figure* figure) const {
    return static_cast<bool>(words_.table().At(text_.substr(0, figure->extent.begin), pos, Tag::kUp | Tag::kDown));
  }

  // 提升3位: a place that moved.
  bool ReadOrdinal(Figure* figure) const {
    const std::string_view view = View(text_, figure->before);
    const WordTable::Match moved = words_.table().Before(view, view.size(), Tag::kMoved);
    if (!moved || !words_.table().Covers(figure->quantity.unit(), Tag::kMoved)) return false;
    SetChange((moved.tags & Tag::kDown) != 0 ? v1::Indicator::DOWN : v1::Indicator::UP, v1::Indicator::PREVIOUS_YEAR,
              figure);
    return true;
  }

  // 同比增长15%、21%, 48天缩短至19天: a figure that only a joint or a verb of change parts from the one before it.
  bool Joined(const Figure& previous, const Figure& figure) const {
    const auto growth = [](const v1::Quantity& quantity) {
      return quantity.kind() == v1::Quantity::PERCENT || quantity.unit() == kTimes;
    };
    if (previous.clause != figure.clause && !figure.to_level) return false;
    if (previous.quantity.kind() != figure.quantity.kind() && !(growth(previous.quantity) && growth(figure.quantity)))
      return false;
    Range between = StripBack(text_, {previous.extent.end, figure.extent.begin}, words_);
    if (figure.to_level)
      between = StripBackWords(text_, between, words_, Tag::kParticle | Tag::kToLevel | Tag::kUp | Tag::kDown);
    return Trim(text_, between).empty();
  }

  static void SetChange(v1::Indicator::Direction direction, v1::Indicator::Base base, Figure* figure) {
    figure->aspect = v1::Indicator::CHANGE;
    figure->direction = direction;
    figure->base = base;
  }

  // The two ends of 由A到B, and earlier figures given for comparison.
  void ReadLevel(Figure* previous, Figure* figure) {
    const bool earlier = figure->year < context_.base_year && figure->year != 0;
    if (previous != nullptr && previous->aspect != v1::Indicator::CHANGE && previous->clause >= figure->clause - 1 &&
        previous->quantity.kind() == figure->quantity.kind() && (figure->to_level || LevelReached(*figure)) &&
        (OpensPair(*previous) ||
         (figure->to_level && figure->before.begin == previous->extent.end && Joined(*previous, *figure)))) {
      previous->aspect = v1::Indicator::BASELINE;
      if (!previous->year_named || previous->year >= figure->year) {
        const int span = SpanBefore(previous->extent.begin);
        previous->year = figure->year == 0 ? 0 : figure->year - span;
      }
      figure->to_level = true;
    }
    if (earlier && (figure->in_parentheses || View(text_, figure->after).find("基础上") != std::string_view::npos)) {
      figure->aspect = v1::Indicator::BASELINE;
    }
    // 较上年的512件, 上年为512件.
    if (IsEarlier(*figure) || IsOfLastYear(*figure) || IsOfYear(*figure)) SetEarlier(figure);
  }

  // Years of the last span that is named before `pos` (五年来由A增至B); 1 if there is none.
  int SpanBefore(size_t pos) {
    if (!spans_read_) {
      spans_read_ = true;
      const std::string_view view = text_.substr(0, sentence_.range.end);
      for (size_t at = sentence_.range.begin; at < sentence_.range.end; ++at) {
        if (const WordTable::Match span = words_.table().At(view, at, Tag::kSpan)) spans_.push_back({at, span.value});
      }
    }
    int years = 1;
    for (const auto& [at, span] : spans_) {
      if (at < pos) years = span;
    }
    return years;
  }

  // 到23项, 至23项 without a verb of change.
  bool LevelReached(const Figure& figure) const {
    constexpr std::string_view kOrdinal = "第";
    std::string_view view = View(text_, StripBackWords(text_, figure.before, words_, Tag::kParticle));
    // 由第8位升至第3位.
    if (view.ends_with(kOrdinal)) view.remove_suffix(kOrdinal.size());
    const WordTable::Match to = words_.table().Before(view, view.size(), Tag::kToLevel);
    return to && view.substr(view.size() - to.size) != "为";
  }

  // 精简为, 调整为: a verb and 为, and nothing else; 降为, 变为 before the same unit (not 100人分为3组).
  bool Becomes(const Figure& previous, const Figure& figure) const {
    const std::string_view view = View(text_, Trim(text_, figure.before));
    const bool same = SameUnit(previous.quantity.unit(), figure.quantity.unit());
    return view.ends_with("为") && view.size() >= (same ? 2 : 3) * kHan && view.size() <= 5 * kHan;
  }

  // 由86项 / 从原来的86项 / 增至之前的 A.
  bool OpensPair(const Figure& figure) const {
    const std::string_view view = View(text_, figure.before);
    for (size_t at = view.size(); at > 0 && at + kPairReach > view.size(); --at) {
      if (words_.table().Before(view, at, Tag::kFrom)) return true;
    }
    return false;
  }

  void ReadPlan(const Figure* previous, Figure* figure) {
    const Range lead = {sentence_.range.begin, figure->extent.begin};
    if (context_.role == v1::Section::PLAN) {
      if (figure->aspect == v1::Indicator::BASELINE) return;
      const bool past = figure->year < context_.base_year && figure->year != 0;
      const bool changes = figure->direction != v1::Indicator::DIRECTION_UNSPECIFIED;
      if ((past || (!changes && Has(figure->before, Tag::kPresent) && figure->year <= context_.base_year))) {
        figure->aspect = v1::Indicator::BASELINE;
        if (!past && figure->year != 0) --figure->year;
        return;
      }
      figure->aspect = v1::Indicator::TARGET;
      return;
    }
    if (figure->aspect == v1::Indicator::BASELINE) return;
    const bool ahead = figure->year > context_.base_year && context_.base_year != 0;
    const bool gone = figure->year_named && figure->year < context_.base_year;
    const bool promised = (!gone && Has({std::max(lead.begin, figure->gap.begin), lead.end}, Tag::kPromise)) ||
                          (previous != nullptr && previous->aspect == v1::Indicator::TARGET &&
                           previous->segment == figure->segment && Has(lead, Tag::kPromise));
    const bool goal = Has(figure->after, Tag::kGoal) && figure->quantity.kind() == v1::Quantity::PERCENT &&
                      text_.compare(figure->extent.end, 3, "的") == 0;
    if (ahead || promised || goal || IsGoal(*figure)) figure->aspect = v1::Indicator::TARGET;
  }

  // 全年任务120场, 占全年任务120场: what was set, not what was done of it (完成全年任务120场, but
  // 完成任务120场的75%).
  bool IsGoal(const Figure& figure) const {
    const std::string_view view = View(text_, StripBackWords(text_, figure.before, words_, Tag::kParticle));
    const WordTable::Match share = words_.table().At(view, 0, Tag::kShare);
    const std::string_view goal = view.substr(share.size);
    const bool counted =
        figure.quantity.kind() != v1::Quantity::PERCENT && View(text_, Trim(text_, figure.after)) == kOf;
    if (counted && words_.table().Before(view, view.size(), Tag::kQuota)) return true;
    return goal.size() > 2 * kHan && figure.direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
           words_.table().Covers(goal, Tag::kGoal);
  }

  std::string_view text_;
  const SentenceView& sentence_;
  const AspectContext& context_;
  const LabelWords& words_;
  const std::vector<YearMention> years_;
  bool spans_read_ = false;
  std::vector<std::pair<size_t, int>> spans_;  // position and years
};

}  // namespace

void ReadAspects(std::string_view text, const SentenceView& sentence, const AspectContext& context,
                 const LabelWords& words, std::span<Figure> figures) {
  AspectReader(text, sentence, context, words).Read(figures);
}

}  // namespace duban
