// SPDX-License-Identifier: Apache-2.0
// How the whole of parts is found
//
// 其中 opens parts of the count before it; of several counts, of the nearest that has room for them, and there one with
// an object of its own goes before what was done with it (结案). Counts in a parenthesis that add up to the figure
// before them, and what a clearing of papers did with them (废止60件), are parts without 其中.
#include "services/indicator/part_relation.h"

#include <algorithm>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

// A part is so many times larger than what cannot be its whole.
constexpr double kSlip = 2;

class PartFinder {
 public:
  PartFinder(std::string_view text, const FigureRows& rows, const LabelWords& words, std::vector<Link>* links)
      : text_(text), rows_(rows), words_(words), links_(links) {}

  void Find(size_t begin, size_t end) {
    for (size_t i = begin; i < end;) {
      if (!rows_[i].in_part) {
        FindDisposal(begin, i);
        i = std::max(i + 1, FindInside(begin, i, end));
        continue;
      }
      size_t last = i;
      while (last + 1 < end && rows_[last + 1].in_part && rows_[last + 1].segment == rows_[i].segment) ++last;
      const int whole = i == begin ? WholeBefore(begin, last) : Whole(begin, i, last);
      if (whole >= 0) AddParts(whole, i, last);
      if (whole >= 0) last = FindRest(whole, i, last, end);
      i = last + 1;
    }
  }

 private:
  // 其中，县本级344件，占40%；乡镇516件，占60%: what stands behind a semicolon is a part as well if it makes up the
  // whole together with those before. Answers the last part.
  size_t FindRest(int whole, size_t first, size_t last, size_t end) {
    double rest = rows_.Value(static_cast<size_t>(whole));
    const auto alike = [&](size_t k) {
      return IsCount(rows_[k]) && SameUnit(rows_[k].quantity.unit(), rows_[first].quantity.unit());
    };
    for (size_t k = first; k <= last; ++k) rest -= alike(k) ? rows_.Value(k) : 0;
    size_t to = last + 1;
    for (; to < end && rest > 0; ++to) rest -= alike(to) ? rows_.Value(to) : 0;
    if (!alike(first) || rest != 0 || to == last + 1) return last;
    for (size_t k = last + 1; k < to; ++k) {
      if (alike(k)) links_->push_back({v1::Relation::PART, static_cast<int>(k), whole});
    }
    return to - 1;
  }

  // 在册331人（缓刑312人、假释19人）: counts in a parenthesis that make up the figure before it. Answers the first
  // figure behind them; 0 if [i, …) is no such list.
  size_t FindInside(size_t begin, size_t i, size_t end) {
    const auto inside = [&](size_t k) {
      return k < end && rows_[k].in_parentheses && !rows_[k].in_part && IsCount(rows_[k]) &&
             SameUnit(rows_[k].quantity.unit(), rows_[i].quantity.unit());
    };
    if (i == begin || !inside(i) || inside(i - 1) || !IsCount(rows_[i - 1])) return 0;
    size_t last = i;
    double sum = rows_.Value(i);
    while (inside(last + 1) && rows_[last + 1].segment == rows_[i].segment) sum += rows_.Value(++last);
    const v1::Quantity& whole = rows_[i - 1].quantity;
    if (last == i || sum != whole.value() || !SameUnit(whole.unit(), rows_[i].quantity.unit())) return 0;
    AddParts(static_cast<int>(i - 1), i, last);
    return last + 1;
  }

  // 受理案件4126件，…。其中，欠薪案件1033件: the whole of parts that open a sentence.
  int WholeBefore(size_t begin, size_t last) const {
    const size_t from = rows_.SentenceBefore(begin);
    if (const int equal = EqualToSum(from, begin, last); equal >= 0) return equal;
    const int same = rows_.LastCount(from, begin, [&](const Figure& figure) {
      return !figure.in_part && figure.label == rows_[begin].label && figure.quantity.value() >= rows_.Value(begin);
    });
    if (same >= 0) return same;
    const auto may_hold = [&](const Figure& figure) {
      return !figure.in_part && SameUnit(figure.quantity.unit(), rows_[begin].quantity.unit()) &&
             figure.quantity.value() >= rows_.Value(begin);
    };
    const int named = rows_.LastCount(from, begin, [&](const Figure& figure) {
      return may_hold(figure) && SharePair(figure.label, rows_[begin].label);
    });
    if (named >= 0) return named;
    // 新收申请860件。其中，县本级344件: the only count of its unit.
    const int only = rows_.LastCount(from, begin, [&](const Figure& figure) { return may_hold(figure); });
    const int other = only < 0 ? -1 : rows_.LastCount(from, static_cast<size_t>(only), [&](const Figure& figure) {
      return SameUnit(figure.quantity.unit(), rows_[begin].quantity.unit());
    });
    return other < 0 ? only : -1;
  }

  // 受理90件，办结80件。其中劳动争议50件、婚姻家庭40件: the nearest count of [from, i) that several parts [i, last] of
  // one unit make up; -1 if there is none.
  int EqualToSum(size_t from, size_t i, size_t last) const {
    const std::string& unit = rows_[i].quantity.unit();
    double sum = 0;
    int parts = 0;
    for (size_t k = i; k <= last; ++k) {
      if (!IsCount(rows_[k]) || !SameUnit(rows_[k].quantity.unit(), unit)) continue;
      sum += rows_.Value(k);
      ++parts;
    }
    if (parts < 2) return -1;
    return rows_.LastCount(from, i, [&](const Figure& figure) {
      return !figure.in_part && figure.quantity.value() == sum && SameUnit(figure.quantity.unit(), unit);
    });
  }

  // The count before the parts [i, last].
  int Whole(size_t begin, size_t i, size_t last) const {
    const bool count = IsCount(rows_[i]);
    if (const int equal = EqualToSum(begin, i, last); equal >= 0 && rows_[equal].segment == rows_[i].segment)
      return equal;
    if (count) {
      // 立案486件，移送6件，其中食品类203件、价格类31件: the nearest that has room for them; parts of many units have
      // none to be told by.
      double sum = 0;
      bool same = true;
      for (size_t k = i; k <= last; ++k) {
        if (!IsCount(rows_[k])) continue;
        same &= SameUnit(rows_[k].quantity.unit(), rows_[i].quantity.unit());
        sum += rows_.Value(k);
      }
      const auto holds = [&](const Figure& figure, double least) {
        return !figure.in_part && figure.segment == rows_[i].segment && figure.quantity.value() >= least &&
               SameUnit(figure.quantity.unit(), rows_[i].quantity.unit());
      };
      const auto near = static_cast<int>(i) - 1;
      // A part a little larger than its whole is a slip that finding.cc tells of.
      const bool crowded =
          near >= static_cast<int>(begin) && IsCount(rows_[near]) && !holds(rows_[near], rows_.Value(i) / kSlip);
      if (same && crowded) {
        // What has an object of its own goes before what was done with it.
        for (const double least : {sum, rows_.Value(i)}) {
          int whole = rows_.LastCount(begin, i,
                                      [&](const Figure& figure) { return !figure.inherited && holds(figure, least); });
          if (whole < 0) whole = rows_.LastCount(begin, i, [&](const Figure& figure) { return holds(figure, least); });
          if (whole >= 0) return whole;
        }
      }
    }
    // Rates and amounts in between: 其中 speaks of the main figure, not of the last: of the first that none behind it
    // exceeds (新收400件，审结430件，结案率95.6%，其中判决300件), if it has room.
    // 化解1957件，化解率97%，其中上门化解641件: behind a rate and its growth, of what the rate is of.
    size_t rate = i;
    while (rate > begin && rows_[rate - 1].direction != v1::Indicator::DIRECTION_UNSPECIFIED) --rate;
    if (rate > begin && count && rows_[rate - 1].quantity.kind() == v1::Quantity::PERCENT && !rows_[rate - 1].in_part) {
      const int near = rows_.LastCount(begin, i, [&](const Figure& figure) {
        return figure.segment == rows_[i].segment && SameUnit(figure.quantity.unit(), rows_[i].quantity.unit());
      });
      if (near >= 0 && !rows_[near].in_part && rows_.Value(near) >= rows_.Value(i)) return near;
    }
    const bool between = i > begin && count && !IsCount(rows_[i - 1]) && !rows_[i - 1].in_part;
    int main = -1;
    for (size_t k = begin; between && k < i; ++k) {
      if (!IsCount(rows_[k]) || rows_[k].in_part || rows_[k].segment != rows_[i].segment ||
          !SameUnit(rows_[k].quantity.unit(), rows_[i].quantity.unit()))
        continue;
      if (main < 0 || rows_.Value(k) > rows_.Value(main)) main = static_cast<int>(k);
    }
    if (main >= 0) return rows_.Value(main) >= rows_.Value(i) ? main : -1;
    for (size_t k = i; k-- > begin;) {
      if (IsCount(rows_[k]) && !rows_[k].in_part) return static_cast<int>(k);
      if (rows_[k].quantity.kind() == v1::Quantity::MONEY && rows_[i].quantity.kind() == v1::Quantity::MONEY)
        return static_cast<int>(k);
    }
    return -1;
  }

  void AddParts(int whole, size_t first, size_t last) {
    const v1::Quantity& total = rows_[whole].quantity;
    double sum = 0;
    for (size_t k = first; k <= last; ++k) sum += IsCount(rows_[k]) ? rows_.Value(k) : 0;
    // Parts that make up the whole are parts whatever their units.
    const bool complete = sum == total.value();
    for (size_t k = first; k <= last; ++k) {
      const Figure& part = rows_[k];
      if (part.direction != v1::Indicator::DIRECTION_UNSPECIFIED || part.aspect != rows_[whole].aspect) continue;
      const bool same = part.quantity.kind() == total.kind() &&
                        (complete || k == first || SameUnit(part.quantity.unit(), total.unit()));
      // 100个，其中县级1个、村居级120个: of one list, so a slip.
      const bool listed = part.clause == rows_[first].clause && !part.inherited &&
                          SameUnit(part.quantity.unit(), total.unit()) && rows_.Value(k) <= kSlip * total.value();
      const bool fits = k == first || listed || part.quantity.value() <= total.value();
      // 其中今年受理912件，法官人均结案40件: so much per judge is no part.
      if (words_.table().In(part.label, Tag::kPer)) continue;
      // 隐患320处，其中重大12处，已整改318处: more than there were, so what was done about them is no part.
      if (sum > total.value() && part.inherited && part.clause != rows_[first].clause) continue;
      if (same && fits && SameSort(part.quantity, total, complete)) {
        links_->push_back({v1::Relation::PART, static_cast<int>(k), whole, -1});
      }
    }
  }

  static bool SameSort(const v1::Quantity& part, const v1::Quantity& whole, bool complete) {
    return complete || SameUnit(part.unit(), whole.unit());
  }

  // 梳理文件268件，废止60件: parts by their verb.
  void FindDisposal(size_t begin, size_t i) {
    const Figure& figure = rows_[i];
    if (!IsCount(figure) || i == begin || !figure.inherited) return;
    const Range own = Trim(text_, figure.before);
    if (!words_.table().Covers(View(text_, own), Tag::kDisposal)) return;
    for (size_t k = i; k-- > begin;) {
      if (!IsCount(rows_[k]) || rows_[k].inherited) continue;
      if (SameUnit(figure.quantity.unit(), rows_[k].quantity.unit()) && figure.quantity.value() <= rows_.Value(k)) {
        links_->push_back({v1::Relation::PART, static_cast<int>(i), static_cast<int>(k), -1});
      }
      return;
    }
  }

  std::string_view text_;
  const FigureRows& rows_;
  const LabelWords& words_;
  std::vector<Link>* links_;
};

}  // namespace

void AddParts(std::string_view text, const FigureRows& rows, Range sentence, const LabelWords& words,
              std::vector<Link>* links) {
  PartFinder(text, rows, words, links).Find(sentence.begin, sentence.end);
}

}  // namespace duban
