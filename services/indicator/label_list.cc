// SPDX-License-Identifier: Apache-2.0
// Labels that figures take from one another: changes, the two ends of 由A到B, names dealt by 分别.
#include <algorithm>
#include <vector>

#include "services/indicator/arithmetic.h"
#include "services/indicator/comparison.h"
#include "services/indicator/fragment.h"
#include "services/indicator/label.h"
#include "services/indicator/name_list.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kPercent = "%";
constexpr std::string_view kRate = "率";
constexpr std::string_view kIn = "在";
constexpr std::string_view kGround = "基础";
constexpr std::string_view kEnumeration = "、";
constexpr std::string_view kNumber = "数";

// Whether the characters of `subject` stand in `label`, in their order: 投票量 in 投票总量.
bool Names(std::string_view subject, std::string_view label) {
  size_t at = 0;
  for (size_t pos = 0; pos < subject.size(); pos += kHan) {
    at = label.find(subject.substr(pos, kHan), at);
    if (at == std::string_view::npos) return false;
    at += kHan;
  }
  return subject.size() >= 2 * kHan;
}

}  // namespace

bool Labeller::LabelChange(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures,
                           size_t i) const {
  Figure& figure = figures[i];
  // 比2020年的8742件 speaks of the figure before it, as does an earlier figure in parentheses.
  const bool compared = figure.earlier && i > 0 && Strip(figure.before).empty();
  const bool baseline =
      figure.aspect == v1::Indicator::BASELINE && !figure.to_level && (figure.in_parentheses || compared);
  const bool change = figure.direction != v1::Indicator::DIRECTION_UNSPECIFIED;
  if (!change && !baseline) return false;
  // How many of this run of changes stand behind 分别, and which of them this is.
  figure.subject = WithoutGround(figure.subject);
  size_t first = i;
  // 分别增长4%、下降2%: with verbs of their own, but one point of comparison.
  const auto continues = [&](size_t before, size_t k) {
    const bool alike = figures[k].direction == figures[before].direction ||
                       (figures[k].base == v1::Indicator::BASE_UNSPECIFIED && figures[k].direction != 0);
    return change && figures[before].direction != v1::Indicator::DIRECTION_UNSPECIFIED && alike &&
           figures[before].clause == figures[k].clause && figures[k].subject.empty();
  };
  while (first > 0 && continues(first - 1, first)) --first;
  size_t last = i;
  while (last + 1 < figures.size() && continues(last, last + 1)) ++last;
  const size_t run = last - first + 1;
  // 较2020年、2021年分别提高: one thing, dealt to points of comparison.
  const bool dealt = run > 1 && words_.table().In(View(text_, figures[first].before), Tag::kRespective) &&
                     FindComparison(text_, figures[first].before, words_).periods == 1;
  const auto states = [&](size_t k) {
    // 受理1356件（其中结转86件），增加126件: not of what a parenthesis adds.
    const bool aside = figures[k].in_parentheses && !figure.in_parentheses && k > 0;
    // 比法定时限少6天 is itself a difference.
    const std::string_view own = View(text_, figures[k].before);
    const bool difference = (StartsAt(own, 0, "比") || StartsAt(own, 0, "较")) &&
                            words_.table().Before(own, own.size(), Tag::kUp | Tag::kDown);
    return figures[k].direction == v1::Indicator::DIRECTION_UNSPECIFIED && !aside && !difference &&
           !(figures[k].aspect == v1::Indicator::BASELINE && !figures[k].to_level);
  };
  Range things_dealt = figures[first].subject;
  if (dealt && things_dealt.empty()) things_dealt = NamesBefore(sentence, figures[first], run);
  if (dealt && !things_dealt.empty()) {
    const std::string subject = Compose(things_dealt);
    const std::vector<std::string_view> names = ListNames(subject, run, words_);
    figure.label = names.empty() ? subject : DealNames(names, words_)[i - first];
    std::string_view thing = figure.label;
    if (thing.ends_with(kNumber) && thing.size() > 2 * kHan) thing.remove_suffix(kNumber.size());
    for (size_t k = 0; k < first; ++k) {
      if (states(k) && SharePair(figures[k].label, thing) && figures[k].label.find(thing) != std::string::npos)
        figure.of = static_cast<int>(k);
    }
    return true;
  }
  if (!figure.subject.empty() && change) {
    figure.label = Compose(figure.subject);
    // 增长8%，高于全市平均2个百分点: what is compared stands before.
    const bool compares = words_.table().At(figure.label, 0, Tag::kCompare) && figure.label.size() > 2 * kHan;
    if (i > 0 && (compares || words_.table().Covers(figure.label, Tag::kBare)))
      figure.label.insert(0, figures[i - 1].label);
    for (size_t k = compares ? 0 : i; k-- > 0;) {
      if (states(k) && !figures[k].label.empty() &&
          (Names(figure.label, figures[k].label) || figure.label.find(figures[k].label) != std::string::npos)) {
        figure.of = static_cast<int>(k);
        break;
      }
    }
    return true;
  }
  // 收入分别达到3万元、2万元，增长5%和7%: as many changes as figures in the list before are dealt without 分别.
  const bool listed =
      run > 1 && first >= run && figures[first - run].clause == figures[first - 1].clause && states(first - run);
  // 起诉268件391人: two counts of one thing take one change where there are as many changes as things.
  const auto again = [&](size_t k) {
    return k + 1 < first && states(k) && states(k + 1) && figures[k].label == figures[k + 1].label &&
           figures[k].clause == figures[k + 1].clause && Trim(text_, figures[k + 1].gap).empty();
  };
  const bool percent = figure.quantity.unit() == kPercent;
  size_t things = 0;
  size_t amounts = 0;
  for (size_t k = first; run > 1 && k-- > 0 && figures[k].segment == figures[first].segment;) {
    things += states(k) && !again(k);
    amounts += states(k) && !again(k) && figures[k].quantity.unit() != kPercent;
  }
  // 拆违36处，罚没856万元，同比增长18%、下降5%: as many changes as there are things.
  size_t skip = dealt || listed || (run > 1 && things == run) ? last - i : 0;
  const bool by_thing = dealt && things >= run;
  // 受理320件，审结310件，结案率97%，分别上升8%、7%: rates grow by points.
  const bool by_amount = dealt && percent && amounts >= run;
  // 收入12亿元，为预算的103%，增长6%: the growth is of the amount, not of its share.
  const auto share = [&](size_t k) {
    return percent && k > 0 && k + 1 == i && states(k - 1) && figures[k].quantity.unit() == kPercent &&
           figures[k - 1].segment == figures[k].segment && figures[k - 1].quantity.unit() != kPercent &&
           words_.table().At(View(text_, StripFront(text_, figures[k].before, words_)), 0, Tag::kShare);
  };
  for (size_t k = run > 1 ? first : i; k-- > 0;) {
    if (!states(k) || (by_thing && again(k)) || share(k)) continue;
    if (by_amount && figures[k].quantity.unit() == kPercent) continue;
    if (skip-- > 0) continue;
    figure.of = static_cast<int>(k);
    figure.label = figures[k].label;
    figure.head = figures[k].head;
    return true;
  }
  if (!change) return false;
  // 在上年增长15%的基础上又增长30%: nothing but changes.
  if (i > 0 && figures[i - 1].direction != v1::Indicator::DIRECTION_UNSPECIFIED) {
    figure.label = figures[i - 1].label;
  } else {
    figure.label = Antecedent(sentence, heading, figures, i);
  }
  return !figure.label.empty();
}

// 起数、人数“双下降”，分别下降18%和33%: the clause before that of the figure, if it lists `count` names and no figure.
Range Labeller::NamesBefore(const SentenceView& sentence, const Figure& figure, size_t count) const {
  Range clause = {figure.gap.begin, figure.before.begin};
  for (const Mark& mark : sentence.marks) {
    if (mark.pos + mark.size >= clause.end) break;
    if (mark.pos >= clause.begin && mark.kind != Mark::kEnumeration) clause.begin = mark.pos + mark.size;
  }
  clause = Trim(text_, clause);
  for (const Range& quoted : sentence.quoted) {
    if (quoted.end == clause.end && quoted.begin > clause.begin) clause.end = quoted.begin;
  }
  clause = Strip(clause);
  return ListNames(View(text_, clause), count, words_).empty() ? Range{} : clause;
}

// 经费在连续四年下降的基础上, 经费在上年: without what the growth is built on.
Range Labeller::WithoutGround(Range subject) const {
  const std::string_view view = View(text_, subject);
  const WordTable::Match year = words_.table().Before(view, view.size(), Tag::kLastYear);
  const size_t in = view.rfind(kIn);
  if (in == std::string_view::npos) return subject;
  const bool ground =
      view.find(kGround, in) != std::string_view::npos || (year && in + kIn.size() + year.size == view.size());
  return ground ? Trim(text_, {subject.begin, subject.begin + in}) : subject;
}

// 由86项压减至23项: the second end speaks of what the first does.
bool Labeller::LabelPair(std::span<Figure> figures, size_t i) const {
  Figure& figure = figures[i];
  if (!figure.to_level || i == 0 || figures[i - 1].aspect != v1::Indicator::BASELINE) return false;
  figure.label = figures[i - 1].label;
  figure.head = figures[i - 1].head;
  return true;
}

// 甲、乙分别办理10件、20件: labels figures[i] and those dealt with it, and answers how many; 0 if this is no such list.
size_t Labeller::LabelList(std::span<Figure> figures, size_t i) {
  const std::string_view before = View(text_, figures[i].before);
  // 分别 and a verb may stand between names and figure.
  size_t at = std::string_view::npos;
  size_t size = 0;
  for (size_t pos = 0; pos < before.size(); pos += kHan) {
    if (const WordTable::Match match = words_.table().At(before, pos, Tag::kRespective)) {
      at = pos;
      size = match.size;
    }
    if (static_cast<unsigned char>(before[pos]) < 0x80) pos -= kHan - 1;
  }
  const bool plain = at == std::string_view::npos;
  if (!plain && before.substr(at, size) == "均") return 0;
  const bool each = !plain && before.substr(at, size) == "各";
  size_t count = 1;
  while (i + count < figures.size() && figures[i + count].clause == figures[i].clause &&
         Strip(figures[i + count].before).empty() &&
         figures[i + count].direction == v1::Indicator::DIRECTION_UNSPECIFIED) {
    ++count;
  }
  if (count < 2) return 0;
  const size_t names_end = plain ? figures[i].before.end : figures[i].before.begin + at;
  const std::string subject = Compose(Strip({figures[i].before.begin, names_end}));
  const std::string verb =
      plain ? std::string() : Compose(Strip({figures[i].before.begin + at + size, figures[i].before.end}));
  const std::vector<std::string_view> names = ListNames(subject, count, words_);
  const std::span<const Figure> list = figures.subspan(i, count);
  const bool alike = std::all_of(list.begin(), list.end(), [&](const Figure& figure) {
    return SameUnit(figure.quantity.unit(), list.front().quantity.unit());
  });
  // 公证、鉴定1200件、350件: without 分别 only as many names as figures, and not where each is of both (86户126人).
  const bool both =
      !alike && std::any_of(list.begin() + 1, list.end(), [&](const Figure& figure) { return figure.gap.empty(); });
  if ((plain && both) || ((plain || each) && names.empty())) return 0;
  const std::vector<std::string> dealt =
      alike ? DealNames(names, words_) : std::vector<std::string>(names.begin(), names.end());
  // 甲、乙10件、20件，分别占5%和10%: the names are those of the figures before.
  const bool earlier = subject.empty() && i >= count && figures[i - count].clause == figures[i - 1].clause &&
                       (i == count || figures[i - count - 1].clause != figures[i - count].clause);
  if (!earlier && names.empty() && subject.empty()) return 0;
  std::string_view shared;
  if (!names.empty()) shared = names[0].substr(0, words_.table().At(names[0], 0, Tag::kVerb).size);
  for (size_t k = 0; k < count; ++k) {
    Figure& figure = figures[i + k];
    if (earlier) {
      figure.label = figures[i - count + k].label + verb;
    } else if (!names.empty()) {
      // 办理公证、鉴定: the verb holds for the list.
      const bool led = k == 0 || names[k].ends_with(kRate) || words_.table().At(names[k], 0, Tag::kVerb);
      figure.label = std::string(led ? std::string_view() : shared) + dealt[k] + verb;
    } else {
      figure.label = subject + verb;
    }
    figure.head = Head(figure.label);
  }
  return count;
}

// 县级试点联合项目2个、单独项目5个: a name as long as the end of the one before, with the same noun, stands in its
// place.
bool Labeller::ShareFront(std::span<Figure> figures, size_t i) const {
  Figure& figure = figures[i];
  const std::string_view gap = View(text_, figure.gap);
  if (i == 0 || figures[i - 1].clause != figure.clause || !gap.starts_with(kEnumeration)) return false;
  const std::string_view whole = figures[i - 1].label;
  const size_t size = figure.label.size();
  if (size < 3 * kHan || size > 6 * kHan || size % kHan != 0 || whole.size() < size + 4 * kHan) return false;
  const std::string_view front = whole.substr(0, whole.size() - size);
  const bool alike = whole.substr(whole.size() - 2 * kHan) == std::string_view(figure.label).substr(size - 2 * kHan);
  if (!alike || words_.table().Covers(front, Tag::kVerb | Tag::kBare) ||
      Boundary(whole, front.size()) != front.size() || words_.table().At(figure.label, 0, Tag::kVerb | Tag::kLevel)) {
    return false;
  }
  // 法律援助工作站9个、部门工作站3个: not within 援助.
  for (size_t pos = 0; pos < front.size(); ++pos) {
    if (words_.table().At(whole, pos, Tag::kKeep | Tag::kNoun | Tag::kHead | Tag::kSort).size > front.size() - pos)
      return false;
  }
  figure.label.insert(0, front);
  return true;
}

// 新增公职律师5人，执业律师9人; 建成公园1个、长廊3处: the verb holds for the list.
void Labeller::CarryVerb(Range own, std::span<Figure> figures, size_t i) const {
  Figure& figure = figures[i];
  if (i == 0 || figures[i - 1].segment != figure.segment || figures[i - 1].aspect != figure.aspect) return;
  const Figure& previous = figures[i - 1];
  const WordTable::Match carried = words_.table().At(previous.label, 0, Tag::kCarriedVerb);
  if (!carried || previous.quantity.kind() != figure.quantity.kind() || figure.clause > previous.clause + 1) return;
  if (words_.table().At(figure.label, 0, Tag::kVerb | Tag::kBare | Tag::kPer)) return;
  if (words_.stocks().In(View(text_, figure.before), Tag::kBack)) return;
  // Behind a comma only what is alike: the same unit and noun, and no verb (达, 突破) of its own.
  const bool alike = previous.quantity.unit() == figure.quantity.unit() &&
                     SharePair(std::string_view(previous.label).substr(carried.size), figure.label) &&
                     own.end == figure.extent.begin;
  if (figure.clause == previous.clause || alike) figure.label.insert(0, previous.label.substr(0, carried.size));
}

}  // namespace duban
