// SPDX-License-Identifier: Apache-2.0
// How a label is found
//
// 1. A change (同比增长5%) takes the label of what changed: its own subject, else the figure before it; 分别 deals a
//    list of changes to as many figures before. Both ends of 由A到B take the words before 由 (label_list.cc).
// 2. 甲、乙分别办理10件、20件 deals the names to the figures (label_list.cc).
// 3. Else the figure's own words before it, stripped of scope, time and adverbs. Where they are only a verb (引进,
//    共有) and a noun follows the unit (3家律师事务所), verb and noun together.
// 4. Own words that are only handling (办结, 调解成功) or a grade (市级) take the object of the figure before; without
//    one, that of the clause before, the sentence before or the heading.
#include "services/indicator/label.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/text/utf8.h"
#include "services/indicator/clause.h"
#include "services/indicator/fragment.h"
#include "services/indicator/numeral_signs.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kLongList = 16 * kHan;  // a label that lists examples before 等 is cut down beyond this
constexpr size_t kLongestHead = 10 * kHan;
constexpr size_t kLongWord = 3 * kHan;
constexpr size_t kShortRank = 4 * kHan;
constexpr size_t kLongAct = 12 * kHan;  // a label that may tell who did what
constexpr size_t kShortAct = 6 * kHan;  // what is left of it
constexpr size_t kShortThing = 4 * kHan;
constexpr std::string_view kOf = "的";
constexpr std::string_view kRate = "率";
constexpr std::string_view kEnumeration = "、";
constexpr size_t kShortPer = 4 * kHan;

// A digit or a sign of Chinese numerals.
bool IsNumeralAt(std::string_view text, size_t pos) {
  const auto c = static_cast<char16_t>(DecodeAt(text, pos).value);
  return IsAsciiDigit(c) || IsNumeralSign(c);
}

// Where the short parenthesis that ends `words` opens; npos if there is none.
size_t LastParenthesis(std::string_view words) {
  if (!words.ends_with(')') && !words.ends_with("）")) return std::string_view::npos;
  const size_t open = std::max(words.rfind('(') + 1, words.rfind("（") + 1);
  if (open <= 1 || words.size() - open > 8 * kHan) return std::string_view::npos;
  return open - 1;
}

}  // namespace

Range Labeller::Strip(Range range) const {
  return Trim(text_, StripFront(text_, StripBack(text_, range, words_), words_));
}

// The words of a range, without parentheses and blanks. A short parenthesis at the end tells alike things apart
// (编制（统管）) and stays.
std::string Labeller::Compose(Range range) const {
  std::string label;
  int depth = 0;
  const size_t last = LastParenthesis(View(text_, range));
  for (size_t pos = range.begin; pos < range.end;) {
    const bool open = text_[pos] == '(' || StartsAt(text_, pos, "（");
    const bool close = text_[pos] == ')' || StartsAt(text_, pos, "）");
    const auto lead = static_cast<unsigned char>(text_[pos]);
    const size_t size = std::min<size_t>(lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2, range.end - pos);
    if (pos - range.begin == last) return label.append(text_, pos, range.end - pos);
    depth += open;
    if (depth == 0 && lead > ' ' && !StartsAt(text_, pos, "　")) label.append(text_, pos, size);
    if (close && depth > 0) --depth;
    pos += size;
  }
  return label;
}

// The object of a label: without the verbs of handling at both ends. Of a long one, what stands behind its last verb.
std::string Labeller::Head(std::string_view label) const {
  if (words_.table().At(label, 0, Tag::kNoun).size == label.size()) return std::string(label);
  // 规范性文件开展清理: what it was done to.
  const bool done = static_cast<bool>(words_.table().Before(label, label.size(), Tag::kVerb | Tag::kBare));
  for (size_t pos = 2 * kHan; done && pos < label.size(); ++pos) {
    const WordTable::Match event = words_.table().At(label, pos, Tag::kEvent);
    if (event && pos + event.size < label.size()) label = label.substr(0, pos);
  }
  if (label.size() > kLongestHead) {
    size_t object = 0;
    for (size_t pos = 0; pos < label.size();) {
      const WordTable::Match verb = words_.table().At(label, pos, Tag::kVerb | Tag::kIntake);
      if (verb.size >= 2 * kHan && pos + verb.size + 2 * kHan <= label.size()) object = pos + verb.size;
      pos += verb ? verb.size : 1;
    }
    label.remove_prefix(object);
  }
  if (label.size() > kLongestHead) {
    // 以政府为被告的行政诉讼案件: what is described, without the description.
    const size_t of = label.rfind(kOf);
    if (of != std::string_view::npos && of + kOf.size() + 2 * kHan <= label.size())
      label.remove_prefix(of + kOf.size());
  }
  const auto whole = label;
  while (true) {
    const WordTable::Match match = words_.table().At(label, 0, Tag::kBare | Tag::kVerb);
    if (!match || match.size >= label.size() || words_.table().Covers(label.substr(match.size), Tag::kGeneral)) break;
    if (words_.table().At(label, 0, Tag::kKeep).size > match.size) break;
    label.remove_prefix(match.size);
  }
  while (true) {
    const WordTable::Match match = words_.table().Before(label, label.size(), Tag::kBare);
    if (!match || match.size >= label.size()) break;
    // 司法建议 is no 司法.
    if (words_.table().Before(label, label.size(), Tag::kNoun).size > match.size) break;
    label.remove_suffix(match.size);
  }
  // 、变更、确认违法和: the rest of a list of handling is no object.
  if (label.starts_with(kEnumeration)) return {};
  if (words_.table().Covers(label, Tag::kBare | Tag::kVerb | Tag::kFront)) return {};
  if (label.size() > kLongestHead || label.size() < 2 * kHan)
    return whole.size() <= kLongestHead ? std::string(label) : std::string();
  return std::string(label);
}

void Labeller::Label(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures) {
  if (sentence.section != section_) {
    section_ = sentence.section;
    last_head_.clear();
  }
  int part_segment = -1;
  bool part_inside = false;  // 其中 stands in a parenthesis
  for (size_t i = 0; i < figures.size();) {
    Figure& figure = figures[i];
    // 其中 holds for the rest of its segment, or of its parenthesis.
    if (part_segment != figure.segment || (part_inside && !figure.in_parentheses)) part_segment = -1;
    const bool opens = OpensPart(sentence, figure);
    figure.in_part = opens || part_segment >= 0;
    if (opens) part_inside = figure.in_parentheses;
    if (figure.in_part) part_segment = figure.segment;
    if (LabelChange(sentence, heading, figures, i) || LabelPair(figures, i)) {
      ++i;
      continue;
    }
    if (const size_t dealt = LabelList(figures, i); dealt > 0) {
      for (size_t k = i + 1; k < i + dealt; ++k) figures[k].in_part = figure.in_part;
      i += dealt;
      continue;
    }
    LabelOwn(sentence, heading, figures, i);
    ++i;
  }
  // 跃升五个名次获得第四名: the place that moved stands behind.
  for (size_t i = 0; i + 1 < figures.size(); ++i) {
    const bool moved = figures[i].direction != v1::Indicator::DIRECTION_UNSPECIFIED && figures[i].of < 0 &&
                       words_.table().Covers(figures[i].quantity.unit(), Tag::kMoved);
    if (moved && figures[i + 1].quantity.kind() == v1::Quantity::RANK && figures[i + 1].clause == figures[i].clause)
      figures[i].of = static_cast<int>(i) + 1;
  }
  // 由15天压缩至8天，提速46.7%: the time went down.
  for (Figure& figure : figures) {
    const bool time = figure.of >= 0 && figures[figure.of].quantity.kind() == v1::Quantity::DURATION;
    if (time && figure.direction == v1::Indicator::UP && words_.table().In(View(text_, figure.before), Tag::kFaster))
      figure.direction = v1::Indicator::DOWN;
  }
  // What the next sentence goes on about is the last thing that was not a part of another.
  for (const Figure& figure : figures) {
    // A rate is of something, and no thing itself.
    const bool rate = figure.quantity.kind() == v1::Quantity::PERCENT && figure.topic.empty();
    if (figure.head.empty() || figure.in_part || rate) continue;
    last_head_ = figure.head;
    last_unit_ = figure.quantity.unit();
  }
}

// 发布甲、乙、丙等宣传材料: verb and noun, without the examples. A label that is still long loses its front, where
// circumstances stand.
std::string Labeller::Shorten(std::string label) const {
  const size_t and_so_on = label.size() > kLongList ? label.rfind("等") : std::string::npos;
  if (and_so_on != std::string::npos && and_so_on + 3 * kHan <= label.size() && and_so_on > 2 * kHan) {
    const std::string_view examples = std::string_view(label).substr(0, and_so_on);
    if (examples.find("、") != std::string_view::npos || examples.find("》") != std::string_view::npos) {
      const WordTable::Match verb = words_.table().At(label, 0, Tag::kVerb);
      return label.substr(0, verb.size) + label.substr(and_so_on + kHan);
    }
  }
  if (label.size() <= kLongestLabel) return label;
  size_t cut = label.size() - kLongestLabel;
  while (cut < label.size() && (static_cast<unsigned char>(label[cut]) & 0xC0) == 0x80) ++cut;
  return label.substr(cut);
}

// Whether 其中 stands at the front of a clause between the figure before and this one.
bool Labeller::OpensPart(const SentenceView& sentence, const Figure& figure) const {
  const auto opens = [&](size_t pos) {
    const Range rest = Trim(text_, {pos, figure.extent.begin});
    return static_cast<bool>(words_.table().At(text_.substr(0, rest.end), rest.begin, Tag::kPart));
  };
  if (opens(figure.gap.begin)) return true;
  const auto before = [](const Mark& mark, size_t pos) { return mark.pos < pos; };
  const auto first = std::lower_bound(sentence.marks.begin(), sentence.marks.end(), figure.gap.begin, before);
  const auto last = std::lower_bound(first, sentence.marks.end(), figure.gap.end, before);
  return std::any_of(first, last,
                     [&](const Mark& mark) { return mark.kind != Mark::kEnumeration && opens(mark.pos + mark.size); });
}

// 市法院向行政机关发出司法建议: a long label without who did it, from the verb on.
std::string_view Labeller::WithoutAgent(std::string_view label) const {
  if (label.size() <= kLongAct || words_.table().At(label, 0, Tag::kVerb)) return label;
  for (size_t pos = 3 * kHan; pos + kShortAct <= label.size(); ++pos) {
    const WordTable::Match verb = words_.table().At(label, pos, Tag::kVerb | Tag::kIntake);
    if (verb.size < 2 * kHan) continue;
    size_t end = pos;  // of the agent: 中心共受理, 工作站全年接待
    while (const WordTable::Match back = words_.table().Before(label, end, Tag::kBack)) end -= back.size;
    if (words_.table().Before(label, end, Tag::kAgent)) return label.substr(pos);
  }
  return label;
}

// What a place behind `figure` is of: 败诉率 of 败诉率低于全省平均水平.
std::string_view Labeller::Ranked(const Figure& figure) const {
  const std::string_view label = figure.label;
  for (size_t pos = 2 * kHan; pos < label.size(); ++pos) {
    if (words_.table().At(label, pos, Tag::kCompare)) return label.substr(0, pos);
  }
  return label;
}

void Labeller::LabelBare(const SentenceView& sentence, std::string_view heading, Range own, std::span<Figure> figures,
                         size_t i) {
  Figure& figure = figures[i];
  const std::string words = Compose(own);
  const bool acts = OnlyActs(words);
  const std::string object = acts ? ObjectOfAct(sentence, figures, i) : Antecedent(sentence, heading, figures, i);
  figure.inherited = true;
  figure.head = object;
  if (words_.table().Covers(words, Tag::kLevel) && i > 0 && !figures[i - 1].label.empty()) {
    // 省级8家、市级30家: the grade replaces the one before.
    const std::string& whole = figures[i - 1].label;
    for (size_t pos = 0; pos < whole.size(); ++pos) {
      const WordTable::Match level = words_.table().At(whole, pos, Tag::kLevel);
      if (!level) continue;
      figure.label = whole.substr(0, pos) + words + whole.substr(pos + level.size);
      return;
    }
  }
  const Range after = Trim(text_, StripBack(text_, figure.after, words_));
  if (acts && words_.table().At(View(text_, after), 0, Tag::kToLevel) && View(text_, after).size() > kShortThing) {
    // 选派45人到医院进修: the verb is of the people counted.
    figure.label = words + Compose(after);
    figure.label.resize(Boundary(figure.label, kLongestLabel));
    figure.head.clear();
    return;
  }
  const bool rate = words.size() >= kLongWord && words.ends_with(kRate);
  const bool rank = figure.quantity.kind() == v1::Quantity::RANK && i > 0 && figures[i - 1].segment == figure.segment;
  // 突破千亿元大关，达1012亿元: the same thing once more.
  const bool beside = i > 0 && Trim(text_, figure.gap).empty();
  const bool again = words.empty() && i > 0 && !figures[i - 1].label.empty() &&
                     figures[i - 1].direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
                     (beside || (figures[i - 1].quantity.kind() == figure.quantity.kind() &&
                                 figures[i - 1].quantity.unit() == figure.quantity.unit()));
  const bool share =
      i > 0 && words_.table().At(words, 0, Tag::kShare) && figure.quantity.kind() == v1::Quantity::PERCENT;
  if (again) {
    figure.label = figures[i - 1].label;
    figure.head = figures[i - 1].head;
  } else if (share) {
    figure.label = figures[i - 1].label + words;
  } else if (rate) {
    figure.label = NeedsTopic(figure, words) ? Topical(sentence, figures, i, words) : words;
  } else if (rank) {
    // 生产总值286亿元，总量居第4位、增速居第2位: each place is of the amount.
    size_t of = i - 1;
    while (!words.empty() && of > 0 && figures[of].quantity.kind() == v1::Quantity::RANK &&
           figures[of - 1].segment == figure.segment) {
      --of;
    }
    figure.label = std::string(Ranked(figures[of])) + (figures[of].clause == figure.clause ? std::string() : words);
  } else if (words.empty() && i > 0 && (object.empty() || object == figures[i - 1].head)) {
    figure.label = figures[i - 1].label;
  } else {
    const bool graded = static_cast<bool>(words_.table().Before(words, words.size(), Tag::kLevel));
    // 去年受理案件320件，今年受理412件: the same once more.
    figure.label = !words.empty() && object.find(words) != std::string::npos ? object
                   : SharePair(words, object)                                ? words
                   : graded                                                  ? words + Ungraded(object)
                   : acts                                                    ? words + object
                                                                             : object + words;
  }
}

// 满意率在全市14个县区中: without the number that the place is among.
Range Labeller::WithoutField(Range range) const {
  const std::string_view view = View(text_, range);
  for (size_t pos = 0; pos < view.size(); ++pos) {
    const WordTable::Match scope = words_.table().At(view, pos, Tag::kLevel);
    const size_t number = pos + scope.size;
    if (scope && number < view.size() && IsNumeralAt(view, number)) return {range.begin, range.begin + pos};
  }
  return range;
}

void Labeller::LabelOwn(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures, size_t i) {
  Figure& figure = figures[i];
  Range range = figure.before;
  // 由86项: the words before 由 name both ends.
  if (figure.aspect == v1::Indicator::BASELINE) {
    const std::string_view view = View(text_, range);
    for (size_t pos = view.size(); pos-- > 0;) {
      if (!words_.table().At(view, pos, Tag::kFrom)) continue;
      if (pos > 0) range.end = range.begin + pos;
      break;
    }
  } else if (figure.to_level) {
    range = StripBackWords(text_, range, words_, Tag::kParticle);
    range = StripBackWords(text_, range, words_, Tag::kToLevel | Tag::kUp | Tag::kDown);
  }
  const bool rank = figure.quantity.kind() == v1::Quantity::RANK;
  if (rank) {
    const Range subject = StripBackWords(text_, WithoutField(range), words_, Tag::kRankScope);
    if (i > 0 || !Strip(subject).empty()) range = subject;
  }
  Range own = Strip(range);
  // 重点任务（3727项）、问题短板（98项）: the name stands before the parenthesis.
  if (own.empty() && figure.in_parentheses) own = Strip(BeforeParenthesis(sentence, figure));
  const std::string_view view = View(text_, own);
  if (LabelBehind(own, figures, i)) return;
  // 律师不足10人的县减少至5个: the figure before tells which.
  const bool described = i > 0 && figures[i - 1].extent.end == figure.before.begin && view.size() <= kShortThing &&
                         StartsAt(text_, figure.before.begin, kOf) && !view.empty() &&
                         figures[i - 1].quantity.kind() != v1::Quantity::PERCENT;
  if (described) {
    figure.label = Compose({StripFront(text_, figures[i - 1].before, words_).begin, own.end});
    figure.head = Compose(own);
    return;
  }
  const bool graded = words_.table().Before(view, view.size(), Tag::kLevel) &&
                      words_.table().Covers(view, Tag::kBare | Tag::kVerb | Tag::kLevel);
  if (view.empty() || graded || words_.table().At(view, 0, Tag::kShare) || OnlyHandles(view) || OnlyActs(view)) {
    LabelBare(sentence, heading, own, figures, i);
    return;
  }
  const bool to_goal = i > 0 && words_.table().At(view, 0, Tag::kGoal) && figures[i - 1].clause == figure.clause &&
                       figures[i - 1].quantity.kind() == figure.quantity.kind();
  if (to_goal) {
    // 距95%的目标还差1.2个百分点: of what the goal is of.
    figure.label = figures[i - 1].label;
    figure.head = figures[i - 1].head;
    return;
  }
  figure.label = std::string(WithoutAgent(Compose(own)));
  const WordTable::Match per = words_.table().At(view, 0, Tag::kPer);
  const std::string_view of_what = view.substr(per.size);
  if (per && view.size() <= kShortPer && (of_what.size() < 2 * kHan || OnlyHandles(of_what))) {
    // 每月不少于1次: per what is said here, of what before; 日均办件120件 says both.
    std::string thing = i > 0 ? figures[i - 1].label : ClauseBefore(sentence, figure);
    if (i > 0 && words_.table().At(thing, 0, Tag::kPer)) thing = figures[i - 1].head;
    // 培训执法人员216人次，人均培训40学时 trains no one twice.
    const bool said = !of_what.empty() && thing.find(of_what) != std::string::npos;
    figure.label = said ? std::string(view.substr(0, per.size)) + thing : figure.label + thing;
    figure.head = std::move(thing);
    return;
  }
  if (i > 0 && words_.table().At(view, 0, Tag::kCompare)) figure.label.insert(0, figures[i - 1].label);
  figure.head = Head(figure.label);
  const Range after = Trim(text_, StripBack(text_, figure.after, words_));
  const WordTable::Match use = words_.table().At(View(text_, after), 0, Tag::kVerb);
  if (figure.quantity.kind() == v1::Quantity::MONEY && use && View(text_, after).size() >= use.size + 2 * kHan &&
      words_.table().At(figure.label, 0, Tag::kGeneric).size == figure.label.size()) {
    // 投资2400万元建设堤防工程: what the money is for stands behind.
    figure.label += Compose(after);
    figure.label.resize(Boundary(figure.label, kLongestLabel));
    return;
  }
  if (NeedsTopic(figure, figure.label)) {
    figure.label = Topical(sentence, figures, i, figure.label);
    return;
  }
  if (std::string named = Resolve(sentence, figure, figure.label); !named.empty()) figure.head = named;
  figure.label = Shorten(std::move(figure.label));
  // 抽检甲、乙等重点产品120批次: the object without its examples.
  if (figure.head.empty()) figure.head = Head(figure.label);
  if (rank && figure.label.size() <= kShortRank) {
    // 在案卷评查中，我局得分第一: the clause before tells where; 增长7%，增速居第2位: the figure before tells of what.
    const bool follows = i > 0 && figures[i - 1].segment == figure.segment;
    const std::string of = follows ? std::string(Ranked(figures[i - 1])) : ClauseBefore(sentence, figure);
    // 3项指标居全市前三 names them once; 综合排名 is of nothing else.
    const bool measure =
        figure.label.size() >= kShortRank && words_.table().Before(figure.label, figure.label.size(), Tag::kMeasure);
    if (of.find(figure.label) != std::string::npos) {
      figure.label = of;
    } else if (!measure) {
      figure.label.insert(0, of);
    }
  }
  if (!ShareFront(figures, i)) CarryVerb(own, figures, i);
  NameSort(figures, i);
}

}  // namespace duban
