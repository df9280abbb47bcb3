// SPDX-License-Identifier: Apache-2.0
// What a figure's words speak of when they do not say it: the object of the figure, clause or sentence before, or the
// heading. Heads as general as 合格率 or 总投资 take it as their topic, and hand it on to the next such head.
#include <algorithm>

#include "services/indicator/arithmetic.h"
#include "services/indicator/clause.h"
#include "services/indicator/fragment.h"
#include "services/indicator/label.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kShortRate = 4 * kHan;  // of a rate that says nothing alone
constexpr size_t kLongestTopic = 12 * kHan;
constexpr size_t kLongestObject = 10 * kHan;
constexpr size_t kLongestAct = 14 * kHan;  // of what was done, whole: its end may begin within a word
constexpr std::string_view kRate = "率";
constexpr std::string_view kCase = "件";
constexpr std::string_view kOf = "的";

}  // namespace

bool Labeller::OnlyHandles(std::string_view words) const {
  // 组织培训 is an event, 开展 alone and 组织开展 are none yet.
  const WordTable::Match event = words_.table().At(words, 0, Tag::kEvent);
  if (event && event.size + 2 * kHan <= words.size()) return false;
  return words_.table().Covers(words, Tag::kBare) && words_.table().At(words, 0, Tag::kNoun).size < words.size();
}

// A verb alone (起诉), which is of what the clause before speaks of. Two of them (组织培训) name their own object.
bool Labeller::OnlyActs(std::string_view words) const {
  return words.size() >= 2 * kHan && !OnlyHandles(words) &&
         words_.table().At(words, 0, Tag::kVerb).size == words.size() &&
         words_.table().At(words, 0, Tag::kNoun).size < words.size();
}

// 严惩诈骗犯罪，起诉86人: the clause before; else the figure before where it counts the same.
std::string Labeller::ObjectOfAct(const SentenceView& sentence, std::span<const Figure> figures, size_t i) const {
  std::string clause = Head(Shorten(ClauseBefore(sentence, figures[i])));
  if (clause.size() >= 3 * kHan) return clause;
  // 排查隐患320处，整改率99%，剩余3处: of the count before, where it counts the same.
  size_t k = i;
  while (k > 0 && figures[k - 1].quantity.kind() == v1::Quantity::PERCENT) --k;
  const bool alike = k > 0 && figures[k - 1].segment == figures[i].segment &&
                     SameUnit(figures[k - 1].quantity.unit(), figures[i].quantity.unit());
  return alike ? Antecedent(sentence, {}, figures, i) : std::string();
}

// 案件1683件，其中民事1042件、刑事629件: the sort of thing that the parts are of.
void Labeller::NameSort(std::span<Figure> figures, size_t i) const {
  Figure& figure = figures[i];
  if (!figure.in_part || figure.inherited || figure.label.empty() || figure.label.size() > 4 * kHan) return;
  size_t whole = i;
  while (whole > 0 && figures[whole].in_part) --whole;
  const Figure& total = figures[whole];
  if (total.in_part || !SameUnit(total.quantity.unit(), figure.quantity.unit())) return;
  const WordTable::Match sort = words_.table().Before(total.head, total.head.size(), Tag::kSort);
  if (!sort || words_.table().Before(figure.label, figure.label.size(), Tag::kSort)) return;
  const std::string_view noun = std::string_view(total.head).substr(total.head.size() - sort.size);
  if (!SharePair(noun, figure.label)) figure.label += noun;
}

// Whether `label` is a head that says nothing without its topic.
bool Labeller::NeedsTopic(const Figure& figure, std::string_view label) const {
  if (words_.table().At(label, 0, Tag::kGeneric).size == label.size()) return true;
  return figure.quantity.kind() == v1::Quantity::PERCENT && label.size() <= kShortRate && label.ends_with(kRate) &&
         !words_.table().In(label, Tag::kIncidence);
}

// `words` behind their topic; `words` alone where there is none.
std::string Labeller::Topical(const SentenceView& sentence, std::span<Figure> figures, size_t i,
                              std::string_view words) const {
  Figure& figure = figures[i];
  const std::string clause = ClauseBefore(sentence, figure);
  // 加强承诺制中的运用频率: what stands before 的.
  const size_t of = clause.rfind(kOf);
  const bool described = of != std::string::npos && of >= 2 * kHan && of <= kLongestTopic;
  const std::string object = described ? Head(std::string_view(clause).substr(0, of)) : Head(clause);
  const bool score_of = static_cast<bool>(words_.table().Before(words, words.size(), Tag::kMeasure));
  std::string topic;
  // 免费接种流感疫苗，接种率96%: what the same act was done to.
  const std::string_view act =
      words.ends_with(kRate) ? words.substr(0, words.size() - kRate.size()) : std::string_view();
  const size_t acted = act.size() >= 2 * kHan ? clause.rfind(act) : std::string::npos;
  if (acted != std::string::npos && acted + act.size() + 2 * kHan <= clause.size())
    topic = Head(std::string_view(clause).substr(acted + act.size()));
  const bool counts = figure.quantity.kind() == v1::Quantity::COUNT;
  // 办理案卷12件，开展案卷评查，合格率98%: what was done last.
  if (topic.empty() && words_.table().At(clause, 0, Tag::kVerb)) topic = object;
  for (size_t k = i; k-- > 0 && topic.empty() && figures[k].segment == figure.segment;) {
    const Figure& before = figures[k];
    if (before.direction != v1::Indicator::DIRECTION_UNSPECIFIED) continue;
    // 森林覆盖率63%，受益人口1.2万人: what a rate is of, no count need be of.
    if (counts && before.quantity.kind() == v1::Quantity::PERCENT) continue;
    topic = before.topic;
    const std::string_view label = before.label;
    const WordTable::Match rate = words_.table().Before(label, label.size(), Tag::kRate);
    if (rate && topic.empty()) topic = label.substr(0, label.size() - rate.size);
    // 纠纷调处率100%，成功率95%: a rate of three characters that no list names.
    if (!rate && topic.empty() && words_.table().At(words, 0, Tag::kRate).size == words.size() &&
        label.size() >= 5 * kHan && label.ends_with(kRate)) {
      topic = label.substr(0, label.size() - 3 * kHan);
      // 再犯罪率 is longer.
      if (words_.table().Before(topic, topic.size(), Tag::kFront)) topic.clear();
    }
    // A rate or a score is no thing that another could be of.
    // 按时办结率100%，满意率98%: how it was done is no topic.
    while (const WordTable::Match manner = words_.table().Before(topic, topic.size(), Tag::kManner)) {
      topic.resize(topic.size() - manner.size);
    }
    const bool score = static_cast<bool>(words_.table().Before(label, label.size(), Tag::kMeasure));
    const bool thing =
        before.quantity.kind() != v1::Quantity::PERCENT && before.quantity.kind() != v1::Quantity::DURATION;
    // 挽回损失86万元，群众满意度第二: no loss is satisfied.
    const bool apart = before.quantity.kind() == v1::Quantity::MONEY && score_of;
    if (!topic.empty() || score || !thing || apart) continue;
    // 办理建议156件、提案203件，满意率98%: of both, which no label can tell.
    const bool listed = k > 0 && figures[k - 1].clause == before.clause && figures[k - 1].head != before.head &&
                        figures[k - 1].quantity.kind() == before.quantity.kind();
    if (listed) break;
    topic = before.head;
  }
  const bool alone = i == 0 || figures[i - 1].segment != figure.segment;
  if (topic.empty() && alone) topic = object;
  if (topic.size() > kLongestTopic || SharePair(topic, words)) topic.clear();
  figure.topic = topic;
  if (!topic.empty()) figure.head = topic;
  return topic + std::string(words);
}

// The words of the clause before the figure's own that hold no figure.
std::string Labeller::ClauseBefore(const SentenceView& sentence, const Figure& figure) const {
  size_t end = figure.before.begin;
  for (size_t m = sentence.marks.size(); m-- > 0;) {
    const Mark& mark = sentence.marks[m];
    if (mark.pos >= figure.before.begin || mark.kind == Mark::kEnumeration || mark.kind == Mark::kClose) continue;
    if (mark.pos < figure.gap.begin) break;
    const Range clause = Strip({mark.pos + mark.size, end});
    end = mark.pos;
    if (View(text_, clause).size() >= 2 * kHan && clause.end <= figure.before.begin) {
      const std::string_view view = View(text_, clause);
      if (!words_.table().Covers(view, Tag::kBare | Tag::kVerb | Tag::kFront)) return Compose(clause);
    }
  }
  if (end <= figure.gap.begin) return {};
  const Range first = Strip({figure.gap.begin, end});
  return words_.table().Covers(View(text_, first), Tag::kBare | Tag::kVerb | Tag::kFront) ? std::string()
                                                                                          : Compose(first);
}

// Whether a figure may be of the thing that the sentence before was about: a thing and no act, counted alike.
bool Labeller::GoesOn(const Figure& figure) const {
  const WordTable& table = words_.table();
  const bool sort =
      static_cast<bool>(table.Before(last_head_, last_head_.size(), Tag::kSort | Tag::kNoun | Tag::kGeneral));
  const bool act = !sort && table.Before(last_head_, last_head_.size(), Tag::kVerb | Tag::kBare);
  if (act || last_head_.size() < (sort ? 2 * kHan : 3 * kHan)) return false;
  const v1::Quantity::Kind kind = figure.quantity.kind();
  if (kind == v1::Quantity::MONEY) return SameUnit(last_unit_, kCase) || last_unit_ == figure.quantity.unit();
  return kind != v1::Quantity::COUNT || SameUnit(last_unit_, figure.quantity.unit());
}

// 示范所 of 示范所创建率; empty if the label is no such rate.
std::string Labeller::ObjectOfRate(std::string_view label) const {
  if (!label.ends_with(kRate)) return {};
  label.remove_suffix(kRate.size());
  const WordTable::Match act = words_.table().Before(label, label.size(), Tag::kVerb | Tag::kBare);
  return act && act.size + 2 * kHan <= label.size() ? std::string(label.substr(0, label.size() - act.size))
                                                    : std::string();
}

std::string Labeller::Antecedent(const SentenceView& sentence, std::string_view heading,
                                 std::span<const Figure> figures, size_t i) const {
  const Figure& figure = figures[i];
  const bool money = figure.quantity.kind() == v1::Quantity::MONEY;
  const Figure* first = nullptr;
  for (size_t k = i; k-- > 0;) {
    if (figures[k].segment != figure.segment && first != nullptr) break;
    const v1::Quantity::Kind kind = figures[k].quantity.kind();
    const bool countable = kind == v1::Quantity::COUNT || kind == v1::Quantity::OTHER ||
                           (kind == v1::Quantity::MONEY && kind == figure.quantity.kind());
    if (figures[k].head.empty() || !countable || figures[k].direction != v1::Indicator::DIRECTION_UNSPECIFIED) continue;
    // 检查企业70家次，其中夜间12家次；立案9起: behind a semicolon, only what counts the same.
    const bool apart =
        figures[k].segment != figure.segment && !money && figure.quantity.kind() != v1::Quantity::PERCENT;
    if (apart && (figures[k].in_part || !SameUnit(figures[k].quantity.unit(), figure.quantity.unit()))) continue;
    // 纠纷1260件，其中邻里298件、其他96件: of the whole, not of the part before.
    if (figure.in_part && figures[k].in_part && !figures[k].inherited) continue;
    // 建调委会164个，调处纠纷3508宗，涉案金额3万元: of cases where there are any, else of the first thing.
    if (!money || SameUnit(figures[k].quantity.unit(), kCase)) return figures[k].head;
    first = &figures[k];
  }
  if (first != nullptr) return first->head;
  // 示范所创建率达80%，其中省级3个: what the rate is of.
  if (figure.in_part && i > 0 && figures[i - 1].quantity.kind() == v1::Quantity::PERCENT) {
    if (std::string object = ObjectOfRate(figures[i - 1].label); !object.empty()) return object;
  }
  const std::string before = ClauseBefore(sentence, figure);
  if (std::string clause = Head(before); !clause.empty()) return clause;
  // 开展营商环境法规规章规范性文件专项清理，废止5件: of an object too long for a label, its end.
  if (before.size() > kLongestObject && words_.table().At(before, 0, Tag::kVerb)) {
    const std::string_view act = std::string_view(before).substr(words_.table().At(before, 0, Tag::kVerb).size);
    return std::string(act.size() <= kLongestAct ? act : act.substr(act.size() - Boundary(act, kLongestObject)));
  }
  const bool opens =
      std::all_of(figures.begin(), figures.begin() + static_cast<std::ptrdiff_t>(i), [](const Figure& k) {
        return k.quantity.kind() == v1::Quantity::PERCENT || k.quantity.kind() == v1::Quantity::RANK;
      });
  if (opens && GoesOn(figure)) return last_head_;
  // A short heading without its generic words is the topic.
  std::string topic;
  for (size_t pos = 0; pos < heading.size();) {
    // A heading with figures is a title (2023年工作情况), not a topic.
    if (heading[pos] >= '0' && heading[pos] <= '9') return {};
    if (const WordTable::Match noise = words_.table().At(heading, pos, Tag::kHeadingNoise)) {
      pos += noise.size;
      continue;
    }
    topic += heading[pos++];
  }
  return topic.size() <= 8 * kHan ? topic : std::string();
}

// 相关文件: the noun as it was first named in the sentence.
std::string Labeller::Resolve(const SentenceView& sentence, const Figure& figure, std::string_view label) const {
  for (size_t pos = 0; pos + 2 * kHan < label.size(); ++pos) {
    const WordTable::Match anaphor = words_.table().At(label, pos, Tag::kAnaphor);
    if (!anaphor) continue;
    const std::string_view noun = label.substr(pos + anaphor.size);
    const std::string_view lead = text_.substr(sentence.range.begin, figure.before.begin - sentence.range.begin);
    const size_t at = noun.empty() ? std::string_view::npos : lead.rfind(noun);
    if (at == std::string_view::npos) return {};
    size_t begin = sentence.range.begin;
    for (const Mark& mark : sentence.marks) {
      if (mark.pos < sentence.range.begin + at) begin = mark.pos + mark.size;
    }
    const std::string named = Head(Compose(Strip({begin, sentence.range.begin + at + noun.size()})));
    return named.size() > noun.size() ? named : std::string();
  }
  return {};
}

// 示范社区 of 省级示范社区.
std::string Labeller::Ungraded(std::string_view object) const {
  return std::string(object.substr(words_.table().At(object, 0, Tag::kLevel).size));
}

}  // namespace duban
