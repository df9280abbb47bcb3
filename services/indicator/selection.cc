// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/selection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/indicator/clause.h"
#include "services/indicator/comparison.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

// A quotation longer than this is speech, a shorter one a name.
constexpr size_t kLongestName = 40 * kHan;
constexpr double kLargestStructure = 30;
constexpr std::string_view kPiece = "个";
constexpr std::string_view kOf = "的";

bool IsLarge(std::string_view number) { return number.ends_with("万") || number.ends_with("亿"); }

class Selector {
 public:
  Selector(std::string_view text, const SentenceView& sentence, const LabelWords& words)
      : text_(text), sentence_(sentence), words_(words) {}

  bool Measures(const FoundQuantity& found, const Figure* previous, const FoundQuantity* next) const {
    const v1::Quantity& quantity = found.quantity;
    const auto begin = static_cast<size_t>(quantity.span().begin());
    if (Named(begin) || Threshold(found, next) || PartOfRatio(found) || HasNoDirection(found)) return false;
    if (IsField(found, next)) return false;
    const v1::Quantity::Kind kind = quantity.kind();
    if (kind == v1::Quantity::RANK || kind == v1::Quantity::MONEY || kind == v1::Quantity::PERCENT) return true;
    if (SharesUnit(found, next)) return true;
    if (found.bare) return BareCounts(found, previous);
    if (Moved(found, previous)) return true;
    if (found.descriptive || words_.table().Covers(quantity.unit(), Tag::kNoUnit)) {
      // 平均年龄48.5岁 is a measure, 65岁 an age.
      const std::string_view before = Before(found);
      // 平均年龄38.6岁，较上年下降2.3岁.
      const bool moved = previous != nullptr && previous->quantity.unit() == quantity.unit() &&
                         words_.table().Before(before, before.size(), Tag::kUp | Tag::kDown);
      return moved || NamesMeasure(found) || (kind == v1::Quantity::DURATION && InClause(found, Tag::kDuration));
    }
    if (kind == v1::Quantity::DURATION) return InClause(found, Tag::kDuration | Tag::kCompare);
    return !Structural(found);
  }

  // 分别提升3.1和1.2个百分点, 3.1个、1.2个百分点, 提高3.1个和下降1.2个百分点: the unit stands behind the last.
  bool SharesUnit(const FoundQuantity& found, const FoundQuantity* next) const {
    if (next == nullptr || next->bare || next->quantity.kind() != v1::Quantity::PERCENT || found.chinese) return false;
    if (!found.bare && found.quantity.unit() != kPiece) return false;
    const auto begin = static_cast<size_t>(found.quantity.span().end());
    std::string_view joint = text_.substr(begin, next->extent_begin - begin);
    if (const WordTable::Match verb = words_.table().Before(joint, joint.size(), Tag::kUp | Tag::kDown))
      joint.remove_suffix(verb.size);
    return joint == "和" || joint == "、" || joint == "与" || joint == "及";
  }

  // Whether the words before the number name a measure: 律师万人比为5.2.
  bool NamesMeasure(const FoundQuantity& found) const {
    const std::string_view rest = WithoutParticles(Before(found));
    return static_cast<bool>(words_.table().Before(rest, rest.size(), Tag::kMeasure));
  }

 private:
  // 优良天数310天，比去年增加7天; 平均年龄40岁，较2023年下降2.3岁: what a measure grew by.
  bool Moved(const FoundQuantity& found, const Figure* previous) const {
    if (previous == nullptr || previous->quantity.unit() != found.quantity.unit()) return false;
    const std::string_view rest = WithoutParticles(Before(found));
    if (!words_.table().Before(rest, rest.size(), Tag::kUp | Tag::kDown)) return false;
    const size_t begin = ClauseBegin(found);
    return static_cast<bool>(FindComparison(text_, {begin, found.extent_begin}, words_));
  }

  std::string_view Before(const FoundQuantity& found) const {
    return text_.substr(sentence_.range.begin, found.extent_begin - sentence_.range.begin);
  }

  std::string_view Behind(const FoundQuantity& found) const {
    return text_.substr(found.extent_end, sentence_.range.end - found.extent_end);
  }

  bool Named(size_t pos) const {
    const auto it = std::upper_bound(sentence_.quoted.begin(), sentence_.quoted.end(), pos,
                                     [](size_t p, const Range& quoted) { return p < quoted.begin; });
    if (it == sentence_.quoted.begin()) return false;
    const Range& quoted = *std::prev(it);
    return pos < quoted.end && quoted.end - quoted.begin <= kLongestName;
  }

  std::string_view WithoutParticles(std::string_view before) const {
    while (const WordTable::Match particle =
               words_.table().Before(before, before.size(), Tag::kParticle | Tag::kToLevel)) {
      before.remove_suffix(particle.size);
    }
    return before;
  }

  // Where the clause that holds the quantity ends.
  size_t ClauseEnd(const FoundQuantity& found) const {
    auto mark = std::lower_bound(sentence_.marks.begin(), sentence_.marks.end(), found.extent_end,
                                 [](const Mark& m, size_t pos) { return m.pos < pos; });
    while (mark != sentence_.marks.end() && mark->kind == Mark::kEnumeration) ++mark;
    return mark == sentence_.marks.end() ? sentence_.range.end : mark->pos;
  }

  // Where the words right behind it end, at the next mark of any kind.
  size_t PhraseEnd(const FoundQuantity& found) const {
    const auto mark = std::lower_bound(sentence_.marks.begin(), sentence_.marks.end(), found.extent_end,
                                       [](const Mark& m, size_t pos) { return m.pos < pos; });
    return mark == sentence_.marks.end() ? sentence_.range.end : mark->pos;
  }

  // Where it begins.
  size_t ClauseBegin(const FoundQuantity& found) const {
    auto mark = std::lower_bound(sentence_.marks.begin(), sentence_.marks.end(), found.extent_begin,
                                 [](const Mark& m, size_t pos) { return m.pos < pos; });
    while (mark != sentence_.marks.begin() && std::prev(mark)->kind == Mark::kEnumeration) --mark;
    return mark == sentence_.marks.begin() ? sentence_.range.begin : std::prev(mark)->pos + std::prev(mark)->size;
  }

  // Whether a word with one of `tags` stands in the clause around the quantity.
  bool InClause(const FoundQuantity& found, uint64_t tags) const {
    const size_t begin = ClauseBegin(found);
    const size_t end = ClauseEnd(found);
    // 不少于8小时: the bound is such a word, too.
    const auto number = static_cast<size_t>(found.quantity.span().begin());
    return words_.table().In(text_.substr(begin, number - begin), tags) ||
           words_.table().In(text_.substr(found.extent_end, end - found.extent_end), tags);
  }

  // The rest of 12.3:45.6:42.1, shares that no unit and no label tells apart.
  bool PartOfRatio(const FoundQuantity& found) const {
    const std::string_view before = Before(found);
    if (before.size() < 4) return false;
    const bool colon = before.back() == ':' || before.ends_with("：");
    const char digit = before[before.size() - (before.back() == ':' ? 2 : 4)];
    return colon && digit >= '0' && digit <= '9';
  }

  // 同比±5%: a form that nobody filled in.
  bool HasNoDirection(const FoundQuantity& found) const {
    const std::string_view before = Before(found);
    return found.either_way && words_.table().Before(before, before.size(), Tag::kBase | Tag::kUp | Tag::kDown);
  }

  // 10亿元以上 of 10亿元以上项目5个: a bound that tells which things are counted.
  bool Threshold(const FoundQuantity& found, const FoundQuantity* next) const {
    if (!found.bound_behind || next == nullptr || next->extent_begin <= found.extent_end) return false;
    const auto mark = std::lower_bound(sentence_.marks.begin(), sentence_.marks.end(), found.extent_end,
                                       [](const Mark& m, size_t pos) { return m.pos < pos; });
    if (mark != sentence_.marks.end() && mark->pos < next->extent_begin) return false;
    // 投资5000万元以上的5个.
    const bool described = text_.substr(found.extent_end, next->extent_begin - found.extent_end) == kOf &&
                           next->quantity.kind() == v1::Quantity::COUNT && found.quantity.kind() != v1::Quantity::COUNT;
    return described || next->extent_begin - found.extent_end >= 2 * kHan;
  }

  // 14个 of 在全市14个县区中排第2名: among how many the place is.
  bool IsField(const FoundQuantity& found, const FoundQuantity* next) const {
    if (next == nullptr || next->quantity.kind() != v1::Quantity::RANK || found.quantity.kind() != v1::Quantity::COUNT)
      return false;
    const std::string_view before = Before(found);
    if (!words_.table().Before(before, before.size(), Tag::kLevel | Tag::kRankScope)) return false;
    Range between = {found.extent_end, next->extent_begin};
    if (ClauseEnd(found) < between.end || words_.table().In(View(text_, between), Tag::kHonour)) return false;
    between = StripBackWords(text_, between, words_, Tag::kRankScope);
    const size_t size = View(text_, between).size();
    return size >= 2 * kHan && size <= 8 * kHan;
  }

  bool BareCounts(const FoundQuantity& found, const Figure* previous) const {
    // 3.2万脱贫人口: a large number right before what it counts.
    const std::string& text = found.quantity.text();
    const bool large = IsLarge(text);
    const std::string_view behind = Behind(found);
    if (large && !found.chinese && behind.size() >= 2 * kHan && static_cast<unsigned char>(behind[0]) >= 0xE4)
      return true;
    const std::string_view before = Before(found);
    const std::string_view rest = WithoutParticles(before);
    if (words_.table().Before(rest, rest.size(), Tag::kMeasure)) return !behind.empty();
    if (previous == nullptr || rest.size() == before.size()) return false;
    const bool reached = words_.table().Before(rest, rest.size(), Tag::kUp | Tag::kDown) ||
                         static_cast<size_t>(rest.size()) + sentence_.range.begin == previous->extent.end;
    return reached && found.extent_begin - previous->extent.end <= 8 * kHan;
  }

  // Whether a verb of announcing opens the clause or stands right before the quantity.
  bool Announced(const FoundQuantity& found) const {
    const std::string_view before = Before(found);
    if (words_.table().Before(before, before.size(), Tag::kAnnounce)) return true;
    const size_t begin = ClauseBegin(found) - sentence_.range.begin;
    return words_.table().At(before, begin, Tag::kAnnounce).size >= 2 * kHan;
  }

  // 三个方面, 提出10条措施, 一个: a count that tells how something is built, or an article.
  bool Structural(const FoundQuantity& found) const {
    const double value = found.quantity.value();
    const std::string_view before = Before(found);
    const std::string_view behind = Behind(found);
    const bool exact = found.quantity.qualifier() == v1::Quantity::EXACT;
    if (found.chinese && value <= 1 && exact) return true;
    if (value > kLargestStructure) return false;
    size_t noun = 0;
    // 健全制度13项，解决问题: the next clause tells nothing of it.
    const size_t phrase = PhraseEnd(found) - found.extent_end;
    for (size_t pos = 0; pos < phrase && pos <= 4 * kHan && noun == 0; pos += kHan) {
      if (const WordTable::Match match = words_.table().At(behind, pos, Tag::kStructure); match.size >= 2 * kHan)
        noun = pos + 1;
      if (static_cast<unsigned char>(behind[pos]) < 0xE3) break;
    }
    if (!found.chinese) return noun != 0 && Announced(found);
    if (!exact || value >= 20) return false;
    if (noun != 0) return true;
    // 五个单位均获得优秀: honours of as many.
    const std::string_view clause = behind.substr(0, ClauseEnd(found) - found.extent_end);
    if (value > 1 && words_.table().In(clause, Tag::kHonour)) return false;
    return !words_.table().Before(before, before.size(), Tag::kResult | Tag::kVerb);
  }

  std::string_view text_;
  const SentenceView& sentence_;
  const LabelWords& words_;
};

Figure ToFigure(std::string_view text, const FoundQuantity& found) {
  Figure figure;
  figure.quantity = found.quantity;
  figure.range = {static_cast<size_t>(found.quantity.span().begin()), static_cast<size_t>(found.quantity.span().end())};
  figure.extent = {std::min(found.extent_begin, figure.range.begin), std::max(found.extent_end, figure.range.end)};
  // An amount ends with its last unit: 3小时30分.
  const bool amount = figure.quantity.kind() == v1::Quantity::MONEY || figure.quantity.kind() == v1::Quantity::DURATION;
  const std::string& unit = figure.quantity.unit();
  const size_t at =
      unit.empty() || amount ? std::string_view::npos : text.substr(0, figure.range.end).find(unit, found.numeral_end);
  figure.unit_end = at == std::string_view::npos ? figure.range.end : at + unit.size();
  figure.chinese = found.chinese;
  figure.bare_number = found.bare;
  figure.descriptive = found.descriptive;
  figure.plus = found.plus;
  figure.bound_behind = found.bound_behind;
  return figure;
}

}  // namespace

std::vector<Figure> SelectFigures(std::string_view text, const SentenceView& sentence,
                                  std::span<const FoundQuantity> found, const LabelWords& words) {
  const Selector selector(text, sentence, words);
  std::vector<Figure> figures;
  for (size_t i = 0; i < found.size(); ++i) {
    const FoundQuantity& quantity = found[i];
    const Figure* previous = figures.empty() ? nullptr : &figures.back();
    const FoundQuantity* next = i + 1 < found.size() ? &found[i + 1] : nullptr;
    if (!selector.Measures(quantity, previous, next)) continue;
    const bool named = selector.NamesMeasure(quantity);
    Figure figure = ToFigure(text, quantity);
    if (selector.SharesUnit(quantity, next)) {
      figure.quantity.set_unit(next->quantity.unit());
      figure.quantity.set_kind(v1::Quantity::PERCENT);
    } else if (figure.bare_number && figure.quantity.unit().empty() && IsLarge(figure.quantity.text())) {
      figure.quantity.set_kind(v1::Quantity::COUNT);
    } else if (figure.bare_number && figure.quantity.unit().empty() && named) {
      figure.quantity.set_kind(v1::Quantity::OTHER);
    } else if (figure.bare_number && figure.quantity.unit().empty() && previous != nullptr &&
               previous->extent.end + 8 * kHan >= figure.extent.begin) {
      figure.quantity.set_unit(previous->quantity.unit());
      figure.quantity.set_kind(previous->quantity.kind());
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace duban
