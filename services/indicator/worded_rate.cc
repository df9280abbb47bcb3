// SPDX-License-Identifier: Apache-2.0
// How words tie a rate to its parts
//
// The rate says what was done (合格 of 案卷合格率); the numerator's own words say just that (合格, 优秀案卷), adverbs
// of manner apart; the denominator is the nearest count before it of what that may be done with (抽查 …, by the table
// of rates) or of what it was due for (应签约 …). 占全部事项1800件的75% names its denominator itself.
// Without a numerator, the only count of the clause before may be the denominator (抽检5630批次，合格率98.4%).
#include "services/indicator/worded_rate.h"

#include <algorithm>
#include <string>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kRate = "率";
constexpr std::string_view kOf = "的";

// An act with the words around it: 按时, , 办结, 工单.
struct Done {
  std::string_view manner, front, act, back;
  int32_t group = 0;  // of RateWords; 0 for an act of no rule, which is then all but the manner
};

class WordedRateFinder {
 public:
  WordedRateFinder(std::string_view text, const FigureRows& rows, size_t begin, size_t i, const LabelWords& words)
      : text_(text), rows_(rows), begin_(begin), i_(i), words_(words) {}

  std::optional<Link> FindShare() const {
    if (i_ < begin_ + 2 || View(text_, rows_[i_].gap) != kOf || !IsCount(rows_[i_ - 2])) return std::nullopt;
    // 占全年任务120场的75%: also of what was set.
    const bool set =
        rows_[i_ - 1].aspect == v1::Indicator::TARGET && rows_[i_ - 1].quantity.kind() == v1::Quantity::COUNT;
    if (!set && !IsCount(rows_[i_ - 1])) return std::nullopt;
    if (const std::optional<Link> reached = set ? OfTarget() : std::nullopt) return reached;
    const std::string_view own = View(text_, StripFront(text_, rows_[i_ - 1].before, words_));
    const int part = static_cast<int>(i_) - 2;
    if (!words_.table().At(own, 0, Tag::kShare) || !MayHold(rows_[i_ - 1], part)) return std::nullopt;
    return ToLink(part, part + 1, true);
  }

  std::optional<Link> FindOfWhole() const {
    const std::string_view stem = RateStem(rows_[i_]);
    if (i_ == begin_ || stem.size() < 2 * kHan) return std::nullopt;
    const Done rate = Read(stem);
    const Figure& whole = rows_[i_ - 1];
    const bool right_before = whole.segment == rows_[i_].segment && whole.clause + 1 == rows_[i_].clause;
    const bool only = i_ == begin_ + 1 || rows_[i_ - 2].clause != whole.clause;
    if (rate.group == 0 || !rate.back.empty() || !right_before || !only || !IsCount(whole)) return std::nullopt;
    // A full rate says nothing about who is counted, nor does what is about so many; of several rates (帮教率99%，
    // 安置率97%) each may be of something else.
    const bool several = i_ + 1 < rows_.size() && IsRate(rows_[i_ + 1]) &&
                         rows_[i_ + 1].sentence == rows_[i_].sentence && rows_[i_ + 1].segment == rows_[i_].segment;
    if (several || rows_.Value(i_) >= 100 || !IsExact(whole.quantity)) return std::nullopt;
    // 组织90人参加考试: what befell them stands behind.
    const std::string_view behind = View(text_, whole.after);
    const RateWords::Act act = {0, rate.act.size(), rate.group};
    const bool named =
        words_.rates().NamesWhole(act, View(text_, whole.before)) || words_.rates().NamesWhole(act, behind);
    if (!named || Holds(whole, rate.act) || behind.find(rate.act) != std::string_view::npos) return std::nullopt;
    return Link{v1::Relation::RATE, static_cast<int>(i_), -1, static_cast<int>(i_) - 1};
  }

  std::optional<Link> FindRate() const {
    const std::string_view stem = RateStem(rows_[i_]);
    if (stem.size() < 2 * kHan) return std::nullopt;
    const Done rate = Read(stem);
    if (!rate.back.empty()) return std::nullopt;
    const int part = rows_.LastCount(begin_, i_, [&](const Figure& figure) {
      const Done done = Read(OwnWords(figure));
      return figure.segment == rows_[i_].segment && SameAct(done, rate) && IsHandling(done.front);
    });
    if (part < 0) return std::nullopt;
    const Done done = Read(OwnWords(rows_[part]));
    const int whole = rows_.LastCount(begin_, static_cast<size_t>(part), [&](const Figure& figure) {
      return MayHold(figure, part) && (done.back.empty() || Holds(figure, done.back)) &&
             (IsDue(figure.label, rate.act) || IsBefallen(figure, rate));
    });
    if (whole < 0) return std::nullopt;
    const bool same = IsHandling(rate.front) || Holds(rows_[whole], rate.front);
    return ToLink(part, whole, same && done.manner == rate.manner);
  }

 private:
  // 受理330件，占年度任务300件的110%: what was reached may be more than what was to be.
  std::optional<Link> OfTarget() const {
    const auto part = static_cast<int>(i_) - 2;
    const Figure& target = rows_[i_ - 1];
    if (target.quantity.value() <= 0 || !SameUnit(target.quantity.unit(), rows_[part].quantity.unit()))
      return std::nullopt;
    const Link link = ToLink(part, part + 1, true);
    return link.computed ? std::optional<Link>(link) : std::nullopt;
  }

  std::string_view OwnWords(const Figure& figure) const {
    return View(text_, StripBack(text_, StripFront(text_, figure.before, words_), words_));
  }

  Done Read(std::string_view words) const {
    size_t manner = 0;
    while (const WordTable::Match word = words_.table().At(words, manner, Tag::kManner)) manner += word.size;
    const std::string_view rest = words.substr(manner);
    const RateWords::Act act = words_.rates().ActIn(rest);
    if (act.group == 0) return {words.substr(0, manner), {}, rest, {}, 0};
    return {words.substr(0, manner), rest.substr(0, act.begin), rest.substr(act.begin, act.size),
            rest.substr(act.begin + act.size), act.group};
  }

  static bool SameAct(const Done& a, const Done& b) { return a.group == b.group && (a.group != 0 || a.act == b.act); }

  // Whether the words before an act add nothing: not those of 不予受理.
  bool IsHandling(std::string_view words) const {
    if (words_.table().Before(words, words.size(), Tag::kNegation)) return false;
    return words.empty() || words_.table().Covers(words, Tag::kBare | Tag::kFront);
  }

  static bool Holds(const Figure& figure, std::string_view words) {
    return figure.label.find(words) != std::string::npos;
  }

  // Whether a count of the rate's segment may be the whole of that at `part`.
  bool MayHold(const Figure& figure, int part) const {
    return figure.segment == rows_[i_].segment && SameThings(figure.quantity.unit(), rows_[part].quantity.unit()) &&
           figure.quantity.value() > 0 && figure.quantity.value() >= rows_.Value(part);
  }

  // 应签约法律顾问的村: what the act was due for.
  bool IsDue(std::string_view label, std::string_view act) const {
    for (size_t pos = 0; pos + act.size() < label.size(); ++pos) {
      const WordTable::Match due = words_.table().At(label, pos, Tag::kDue);
      if (due && StartsAt(label, pos + due.size, act)) return true;
    }
    return false;
  }

  // Whether the figure is of what the rate's act may befall, and not of the act itself.
  bool IsBefallen(const Figure& figure, const Done& rate) const {
    const RateWords::Act act = {0, rate.act.size(), rate.group};
    return words_.rates().NamesWhole(act, figure.label) && !SameAct(Read(OwnWords(figure)), rate);
  }

  // Whether a count that the rate may leave out stands between its parts and it.
  bool IsApart(int part, int whole) const {
    for (auto k = static_cast<size_t>(std::min(part, whole)) + 1; k < i_; ++k) {
      const bool own = static_cast<int>(k) == part || static_cast<int>(k) == whole;
      if (!own && rows_[k].quantity.kind() == v1::Quantity::COUNT) return true;
    }
    return false;
  }

  Link ToLink(int part, int whole, bool same) const {
    Link link = {v1::Relation::RATE, static_cast<int>(i_), part, whole};
    link.computed = AgreesAsPrinted(rows_[i_].quantity.decimal(), 100 * rows_.Value(part) / rows_.Value(whole));
    link.named = same && SameUnit(rows_[part].quantity.unit(), rows_[whole].quantity.unit()) && !IsApart(part, whole);
    // 办结150件当年新收案件: of some.
    const std::string_view behind = View(text_, Trim(text_, rows_[part].after));
    link.scoped = link.named && (behind.empty() || Holds(rows_[whole], behind));
    return link;
  }

  std::string_view text_;
  const FigureRows& rows_;
  const size_t begin_;
  const size_t i_;
  const LabelWords& words_;
};

}  // namespace

std::string_view RateStem(const Figure& rate) {
  std::string_view label = rate.label;
  label.remove_prefix(rate.topic.size());
  const size_t at = label.rfind(kRate);
  return at == std::string_view::npos ? std::string_view() : label.substr(0, at);
}

std::optional<Link> WordedRate(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                               const LabelWords& words) {
  const WordedRateFinder finder(text, rows, begin, i, words);
  const std::optional<Link> share = finder.FindShare();
  return share ? share : finder.FindRate();
}

std::optional<Link> RateOfWhole(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                                const LabelWords& words) {
  return WordedRateFinder(text, rows, begin, i, words).FindOfWhole();
}

}  // namespace duban
