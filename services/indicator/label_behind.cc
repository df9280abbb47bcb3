// SPDX-License-Identifier: Apache-2.0
// Labels that stand elsewhere than right before the figure: 3家律师事务所, 重点任务（3727项）.
#include <algorithm>

#include "services/indicator/fragment.h"
#include "services/indicator/label.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kTogether = "共";
constexpr std::string_view kOf = "的";
constexpr std::string_view kTimes = "次";
constexpr std::string_view kAndSoOn = "等";
constexpr std::string_view kAbout = "对";
constexpr std::string_view kExcept = "除";
constexpr std::string_view kBut = "外";
constexpr size_t kLongestPredicate = 12 * kHan;

bool EndsWithJoint(std::string_view words) {
  return words.ends_with("、") || words.ends_with("和") || words.ends_with("与") || words.ends_with("及");
}

}  // namespace

// 3家律师事务所: a noun behind the unit. False if the label stands before the figure.
bool Labeller::LabelBehind(Range own, std::span<Figure> figures, size_t i) const {
  Figure& figure = figures[i];
  Range after = Trim(text_, figure.after);
  if (StartsAt(text_, after.begin, "的") && after.end - after.begin > kHan) after.begin += kHan;
  const std::string_view view = View(text_, after);
  const auto lead = view.empty() ? 0 : static_cast<unsigned char>(view.front());
  const v1::Quantity::Kind kind = figure.quantity.kind();
  const std::string_view before = View(text_, own);
  const bool bare =
      before.empty() || words_.table().Covers(before, Tag::kVerb | Tag::kBare | Tag::kFront | Tag::kResult);
  if (view.size() < 2 * kHan || (lead < 0x80 && lead <= ' ')) return false;
  // 控制在10%的市定目标之内: the goal of what stands before.
  if (kind == v1::Quantity::PERCENT && i > 0 && words_.table().In(view, Tag::kGoal)) return false;
  const bool counted =
      kind == v1::Quantity::COUNT || (kind == v1::Quantity::OTHER && StartsAt(text_, figure.after.begin, "的"));
  // 复议后92%的案件案结事了: what the share is of stands behind.
  const bool share_of = kind == v1::Quantity::PERCENT && StartsAt(text_, figure.extent.end, kOf) && !bare &&
                        !words_.table().In(before, Tag::kShare) && !words_.table().At(view, 0, Tag::kGoal);
  if (kind == v1::Quantity::RANK || (!counted && !before.empty() && !bare && !share_of)) return false;
  if (kind == v1::Quantity::PERCENT && before.size() > 2 * kHan && !share_of) return false;
  if (figure.aspect == v1::Indicator::BASELINE && i + 1 < figures.size() && figures[i + 1].to_level) return false;
  const WordTable::Match tail = words_.table().At(view, 0, Tag::kTail);
  const WordTable::Match keep = words_.table().At(view, 0, Tag::kKeep);
  if (tail && keep.size <= tail.size && text_.compare(figure.extent.end, 3, "的") != 0) return false;
  const WordTable::Match predicate = words_.table().At(view, 0, Tag::kPredicate);
  const WordTable::Match noun_word = words_.table().At(view, 0, Tag::kKeep | Tag::kLevel);
  if (predicate && (!bare || !before.empty()) && noun_word.size <= predicate.size) return false;
  // The verb before the figure, if any: at the front of its words or at their end.
  std::string verb;
  const std::string_view raw = View(text_, {figure.before.begin, figure.extent.begin});
  // 对120件, 对2022年办结的120份.
  const bool addressed = raw.ends_with(kAbout) || (raw.ends_with(kOf) && raw.find(kAbout) != raw.npos);
  // 除6处限期整改外均已到位.
  if (raw.ends_with(kExcept) && !view.starts_with(kBut))
    after.end = std::min(after.end, after.begin + std::min(view.find(kBut), view.size()));
  if (addressed) {
    verb.clear();
  } else if (bare || share_of) {
    verb = Compose(own);
  } else if (const WordTable::Match front = words_.table().At(before, 0, Tag::kVerb)) {
    verb = std::string(before.substr(0, front.size));
  } else if (const WordTable::Match end = words_.table().Before(before, before.size(), Tag::kVerb)) {
    verb = std::string(before.substr(before.size() - end.size));
  } else if (figure.quantity.unit() == kTimes && before.size() >= 2 * kHan) {
    // 调解节目3次在电视台播出: what did so.
    verb = Compose(own);
  }
  // 28家单位共办理案件300件, 500名农民工讨回工资300万元: what follows the noun belongs to the next figure.
  if (i + 1 < figures.size() && figures[i + 1].extent.begin == after.end) {
    for (size_t pos = after.begin; pos < after.end; ++pos) {
      // 法律服务所代理诉讼: not at 服务.
      const std::string_view rest = text_.substr(0, after.end);
      const WordTable::Match whole = words_.table().At(rest, pos, Tag::kKeep | Tag::kNoun);
      const WordTable::Match next_verb =
          words_.table().At(rest, pos, Tag::kVerb | Tag::kPredicate | Tag::kIntake | Tag::kRankScope);
      if (whole.size > next_verb.size && whole.size > kHan) pos += whole.size - 1;
      if (whole.size > next_verb.size || pos < after.begin + 2 * kHan) continue;
      if (!next_verb || (next_verb.size < 2 * kHan && text_.compare(pos, kHan, kTogether) != 0)) continue;
      after.end = pos;
      break;
    }
  }
  // 16个部门和长岭镇、石桥镇等8个乡镇: examples of the next figure are none of this one's name.
  const bool examples = i + 1 < figures.size() && figures[i + 1].clause == figure.clause &&
                        View(text_, {after.begin, figures[i + 1].extent.begin}).ends_with(kAndSoOn);
  if (examples) {
    for (size_t pos = after.begin + 2 * kHan; pos < after.end; ++pos) {
      if (!StartsAt(text_, pos, "和") && !StartsAt(text_, pos, "与") && !StartsAt(text_, pos, "、")) continue;
      after.end = pos;
      break;
    }
  }
  Range noun = Trim(text_, StripBack(text_, after, words_));
  if (noun.empty()) return false;
  std::string name = Compose(noun);
  name.resize(Boundary(name, kLongestLabel));
  figure.head = Head(name);
  if (verb.empty() && i > 0 && figures[i - 1].clause == figure.clause && Trim(text_, own).empty()) {
    // 新增3家机关与1家企业: the verb holds for the list.
    const WordTable::Match carried = words_.table().At(figures[i - 1].label, 0, Tag::kCarriedVerb);
    verb = figures[i - 1].label.substr(0, carried.size);
  }
  figure.label = verb + name + Predicate(figures, i);
  return true;
}

// 3个县市、12个部门开展督察: what the last of a list did, the others did, too.
std::string Labeller::Predicate(std::span<const Figure> figures, size_t i) const {
  size_t last = i;
  while (last + 1 < figures.size() && figures[last + 1].clause == figures[i].clause &&
         figures[last + 1].gap.begin == figures[last].extent.end && EndsWithJoint(View(text_, figures[last + 1].gap)) &&
         figures[last + 1].quantity.kind() == v1::Quantity::COUNT) {
    ++last;
  }
  const Range after = figures[last].after;
  if (last == i || (last + 1 < figures.size() && figures[last + 1].extent.begin == after.end)) return {};
  const std::string_view view = View(text_, after);
  for (size_t pos = 2 * kHan; pos < view.size(); ++pos) {
    const WordTable::Match word = words_.table().At(view, pos, Tag::kVerb | Tag::kPredicate);
    if (word.size < 2 * kHan || words_.table().At(view, pos, Tag::kNoun | Tag::kKeep).size > word.size) continue;
    const bool adverb = (word.tags & Tag::kVerb) == 0;
    const std::string predicate = Compose({after.begin + pos + (adverb ? word.size : 0), after.end});
    return predicate.size() <= kLongestPredicate ? predicate : std::string();
  }
  return {};
}

// The words before the parenthesis that a figure opens, from the last mark on.
Range Labeller::BeforeParenthesis(const SentenceView& sentence, const Figure& figure) const {
  auto open = std::lower_bound(sentence.marks.begin(), sentence.marks.end(), figure.extent.begin,
                               [](const Mark& mark, size_t pos) { return mark.pos < pos; });
  if (open == sentence.marks.begin() || (--open)->kind != Mark::kOpen || open->pos < figure.gap.begin) return {};
  size_t begin = figure.gap.begin;
  if (open != sentence.marks.begin()) begin = std::max(begin, std::prev(open)->pos + std::prev(open)->size);
  return {begin, open->pos};
}

}  // namespace duban
