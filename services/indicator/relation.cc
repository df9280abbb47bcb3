// SPDX-License-Identifier: Apache-2.0
// How a rate finds its parts
//
// Numerator and denominator are sought among the counts of the same sentence before the rate, in the same unit. A pair
// whose quotient prints as the rate is taken, the nearest first. Where none does, words decide: the stem of the rate
// (调解成功 of 调解成功率) names the numerator, a figure of intake (受理, 排查) the denominator; a rate so found may be
// wrong, and finding.cc says so only where the words leave no doubt.
#include "services/indicator/relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kHan = 3;
constexpr size_t kReach = 24;           // figures before a rate among which its parts are sought
constexpr size_t kBetween = 60 * kHan;  // between the last figure of a sentence and one that goes on about it
constexpr double kFarOff = 3;           // points by which a rate may differ from that of its pair
constexpr std::string_view kShareOf = "占";
constexpr std::string_view kNot = "不";

bool IsCount(const Figure& figure) {
  return figure.quantity.kind() == v1::Quantity::COUNT && figure.direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
         figure.aspect == v1::Indicator::ACTUAL;
}

bool IsRate(const Figure& figure) {
  return figure.quantity.kind() == v1::Quantity::PERCENT && figure.direction == v1::Indicator::DIRECTION_UNSPECIFIED &&
         figure.aspect == v1::Indicator::ACTUAL && figure.quantity.unit().find("点") == std::string::npos &&
         !figure.quantity.has_value_high();
}

class RelationFinder {
 public:
  RelationFinder(std::string_view text, std::span<const Figure> figures, const LabelWords& words)
      : text_(text), figures_(figures), words_(words) {}

  std::vector<Link> Find() {
    for (size_t begin = 0; begin < figures_.size();) {
      size_t end = begin + 1;
      while (end < figures_.size() && figures_[end].sentence == figures_[begin].sentence) ++end;
      for (size_t i = begin; i < end; ++i) {
        if (IsRate(figures_[i])) FindRate(begin, i);
        if (figures_[i].aspect == v1::Indicator::CHANGE && figures_[i].of >= 0) {
          AddChange(i);
        }
      }
      FindParts(begin, end);
      begin = end;
    }
    return std::move(links_);
  }

 private:
  double Value(size_t i) const { return figures_[i].quantity.value(); }

  void FindRate(size_t begin, size_t i) {
    const Figure& rate = figures_[i];
    begin = std::max(begin, i > kReach ? i - kReach : 0);
    if (!IsExact(rate.quantity) && rate.quantity.qualifier() != v1::Quantity::OVER) return;
    const std::string& printed = rate.quantity.decimal();
    // 100% of a pair of equal figures says little; only neighbours in words may claim it.
    if (Value(i) > 0 && Value(i) < 100 && FindComputed(begin, i, printed)) return;
    if (FindRest(begin, i, printed) || FindAcross(begin, i, printed)) return;
    if (!FindShare(begin, i)) FindNamed(begin, i);
  }

  // Where the figures of the sentence before `begin` start; `begin` if it is not the sentence right before in the
  // paragraph.
  size_t SentenceBefore(size_t begin) const {
    if (begin == 0) return begin;
    const size_t end = figures_[begin - 1].extent.end;
    const std::string_view between = text_.substr(end, figures_[begin].extent.begin - end);
    if (between.size() > kBetween || between.find('\n') != std::string_view::npos) return begin;
    size_t first = begin - 1;
    while (first > 0 && begin - first < kReach && figures_[first - 1].sentence == figures_[begin - 1].sentence) --first;
    return first;
  }

  // 审结902件。纠错46件，纠错率5.1%: the numerator by its name, the denominator in the sentence before by arithmetic.
  bool FindAcross(size_t begin, size_t i, std::string_view printed) {
    const std::string_view stem = Stem(figures_[i]);
    const size_t first = stem.size() < 2 * kHan || Value(i) <= 0 || Value(i) >= 100 ? begin : SentenceBefore(begin);
    if (first == begin || printed.find('.') == std::string_view::npos) return false;
    const std::string_view act = stem.substr(stem.size() - 2 * kHan);
    const int n =
        LastCount(begin, i, [&](const Figure& figure) { return figure.label.find(act) != std::string::npos; });
    if (n < 0) return false;
    const int d = LastCount(first, begin, [&](const Figure& figure) {
      return SameUnit(figure.quantity.unit(), figures_[n].quantity.unit()) && figure.quantity.value() >= Value(n) &&
             figure.quantity.value() > 0 && AgreesAsPrinted(printed, 100 * Value(n) / figure.quantity.value());
    });
    if (d < 0) return false;
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), n, d, true, false});
    return true;
  }

  // 抽检2150批次，不合格41批次，合格率98.1%: the rest of the figure of failures.
  bool FindRest(size_t begin, size_t i, std::string_view printed) {
    const std::string_view stem = Stem(figures_[i]);
    if (stem.size() < 2 * kHan || Value(i) <= 0 || Value(i) >= 100) return false;
    const std::string failed = fmt::format("{}{}", kNot, stem.substr(stem.size() - 2 * kHan));
    const int n =
        LastCount(begin, i, [&](const Figure& figure) { return figure.label.find(failed) != std::string::npos; });
    if (n < 0) return false;
    const int d = LastCount(begin, static_cast<size_t>(n), [&](const Figure& figure) {
      return SameUnit(figure.quantity.unit(), figures_[n].quantity.unit()) && figure.quantity.value() > Value(n) &&
             AgreesAsPrinted(printed, 100 - 100 * Value(n) / figure.quantity.value());
    });
    if (d < 0) return false;
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), -1, d, false, false});
    return true;
  }

  bool FindComputed(size_t begin, size_t i, std::string_view printed) {
    for (size_t n = i; n-- > begin;) {
      if (!IsCount(figures_[n])) continue;
      for (size_t d = i; d-- > begin;) {
        if (d == n || !IsCount(figures_[d]) || Value(d) < Value(n) || Value(d) == 0) continue;
        if (!SameUnit(figures_[n].quantity.unit(), figures_[d].quantity.unit())) continue;
        if (!AgreesAsPrinted(printed, 100 * Value(n) / Value(d))) continue;
        links_.push_back(
            {v1::Relation::RATE, static_cast<int>(i), static_cast<int>(n), static_cast<int>(d), true, false});
        return true;
      }
    }
    return false;
  }

  // The words of a rate without 率: what its numerator did.
  std::string_view Stem(const Figure& rate) const {
    std::string_view label = rate.label;
    label.remove_prefix(rate.topic.size());
    const size_t at = label.rfind("率");
    return at == std::string_view::npos ? std::string_view() : label.substr(0, at);
  }

  // The last count of [begin, end) for which `holds`; -1 if there is none.
  template <typename Holds>
  int LastCount(size_t begin, size_t end, const Holds& holds) const {
    for (size_t k = end; k-- > begin;) {
      if (IsCount(figures_[k]) && holds(figures_[k])) return static_cast<int>(k);
    }
    return -1;
  }

  // What the words of a rate did: its last pair of characters, or an act before it that ends the stem of rates
  // (出庭 of 出庭应诉率).
  int Numerator(std::string_view stem, size_t begin, size_t i, std::string_view* act) const {
    for (size_t end = stem.size(); end >= 2 * kHan; end -= kHan) {
      *act = stem.substr(end - 2 * kHan, 2 * kHan);
      if (end < stem.size() && !words_.table().Covers(*act, Tag::kOutcome)) continue;
      const int found = LastCount(begin, i, [&](const Figure& figure) {
        const bool taken_in = end < stem.size() && words_.table().In(figure.label, Tag::kIntake);
        return !taken_in && figure.label.find(*act) != std::string::npos;
      });
      if (found >= 0) return found;
    }
    *act = stem.substr(stem.size() - 2 * kHan);
    return -1;
  }

  // The denominator of a rate stands before its numerator, and nothing that the rate may leave out between.
  bool Adjoins(int numerator, int denominator, size_t i) const {
    if (numerator < denominator) return false;
    for (auto k = static_cast<size_t>(denominator) + 1; k < i; ++k) {
      if (static_cast<int>(k) != numerator && figures_[k].quantity.kind() == v1::Quantity::COUNT) return false;
    }
    return true;
  }

  // 办结案件1988宗，被诉率0.1%: of what was handled, where nothing says how many.
  bool FindIncidence(size_t begin, size_t i, std::string_view stem) {
    if (!words_.table().Before(stem, stem.size(), Tag::kIncidence)) return false;
    const int denominator = LastCount(begin, i, [](const Figure&) { return true; });
    if (denominator < 0 || figures_[denominator].segment != figures_[i].segment ||
        figures_[denominator].label.find(stem.substr(stem.size() - 2 * kHan)) != std::string::npos ||
        !words_.table().In(figures_[denominator].label, Tag::kHandled)) {
      return false;
    }
    for (size_t k = denominator + 1; k < i; ++k) {
      if (!IsRate(figures_[k])) return false;
    }
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), -1, denominator, false, false});
    return true;
  }

  // 调解纠纷200件，成功196件，成功率98%: what was tried stands right before its success, or before the rate.
  int Attempted(std::string_view stem, std::string_view act, int numerator, size_t begin, size_t i) const {
    if (!words_.table().Covers(act, Tag::kSuccess)) return -1;
    const size_t end = numerator < 0 ? i : static_cast<size_t>(numerator);
    const int tried = LastCount(begin, end, [](const Figure&) { return true; });
    if (tried < 0 || figures_[tried].segment != figures_[i].segment || figures_[tried].in_part) return -1;
    const Figure& figure = figures_[tried];
    const bool least = numerator < 0 || (Value(numerator) <= figure.quantity.value() &&
                                         SameUnit(figures_[numerator].quantity.unit(), figure.quantity.unit()));
    const std::string_view trial = stem.substr(0, stem.size() - act.size());
    const bool named = words_.table().In(figure.label, Tag::kOutcome) || SharePair(trial, figure.label);
    const bool again = figure.label.find(act) != std::string::npos;
    return least && named && !again ? tried : -1;
  }

  void FindNamed(size_t begin, size_t i) {
    const std::string_view stem = Stem(figures_[i]);
    if (stem.size() < 2 * kHan) return;
    std::string_view act;
    const int numerator = Numerator(stem, begin, i, &act);
    if (numerator < 0 && FindIncidence(begin, i, stem)) return;
    const double least = numerator < 0 ? 0 : Value(numerator);
    int denominator = LastCount(begin, i, [&](const Figure& figure) {
      return (numerator < 0 || &figure != &figures_[numerator]) && figure.quantity.value() >= least &&
             words_.table().In(figure.label, Tag::kIntake);
    });
    denominator = std::max(denominator, Attempted(stem, act, numerator, begin, i));
    // 覆盖率100% beside 98个村: a full rate says nothing about who is counted.
    if (Value(i) >= 100 && denominator < 0) return;
    if ((numerator < 0 || denominator < 0) && !words_.table().In(act, Tag::kOutcome)) return;
    if (numerator < 0 && denominator < 0) return;
    Link link = {v1::Relation::RATE, static_cast<int>(i), numerator, denominator, false, false};
    if (numerator >= 0 && denominator >= 0) {
      const bool same = SameUnit(figures_[numerator].quantity.unit(), figures_[denominator].quantity.unit());
      const std::string_view whole = stem.substr(stem.size() - std::min(stem.size(), 4 * kHan));
      const bool worded = figures_[numerator].label.find(whole) != std::string::npos || !stem.ends_with(act);
      link.named = same && worded && Adjoins(numerator, denominator, i);
      // A pair that does not give the rate is its pair only where words leave no doubt.
      const double computed = Value(denominator) > 0 ? 100 * Value(numerator) / Value(denominator) : 0;
      const bool off = !same || (!link.named && std::abs(computed - Value(i)) > kFarOff);
      // 变更登记3042户、注销登记611户，电子登记率96%: not even the numerator is of the rate.
      if (off && !worded && computed < Value(i)) return;
      if (off) link.second = -1;
    }
    links_.push_back(link);
  }

  // 新增律师7人，律师增长率20%: the growth is of the stock, of which the additions are the numerator.
  void AddChange(size_t i) {
    const int of = figures_[i].of;
    const std::string& label = figures_[of].label;
    const WordTable::Match added = words_.table().At(label, 0, Tag::kCarriedVerb);
    const bool stock =
        added && !figures_[i].subject.empty() && figures_[i].label == std::string_view(label).substr(added.size);
    links_.push_back({stock ? v1::Relation::RATE : v1::Relation::CHANGE, static_cast<int>(i), of, -1, false, false});
  }

  // 占已办结案件的97%: the words behind 占 name the denominator.
  bool FindShare(size_t begin, size_t i) {
    const std::string& label = figures_[i].label;
    const size_t at = label.rfind(kShareOf);
    if (at == std::string::npos) return false;
    const std::string of = WithoutGeneral(std::string_view(label).substr(at + kShareOf.size()));
    // 占已办案件的97% alone speaks of the figure before it.
    const Range own = Trim(text_, figures_[i].before);
    const int part = i > begin && IsCount(figures_[i - 1]) && text_.compare(own.begin, kShareOf.size(), kShareOf) == 0
                         ? static_cast<int>(i - 1)
                         : -1;
    for (size_t k = part >= 0 ? i - 1 : i; k-- > begin;) {
      if (!IsCount(figures_[k]) || !SharePair(of, figures_[k].label)) continue;
      // 代办项目87个，新项目19个，占工业项目的54%: of other projects.
      if (part >= 0 && (Value(k) <= 0 || std::abs(100 * Value(i - 1) / Value(k) - Value(i)) > kFarOff)) continue;
      links_.push_back({v1::Relation::RATE, static_cast<int>(i), part, static_cast<int>(k), false, false});
      return true;
    }
    if (part < 0) return false;
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), part, -1, false, false});
    return true;
  }

  std::string WithoutGeneral(std::string_view words) const {
    std::string rest;
    for (size_t pos = 0; pos < words.size();) {
      const WordTable::Match general = words_.table().At(words, pos, Tag::kGeneral);
      if (general) {
        pos += general.size;
      } else {
        rest += words[pos++];
      }
    }
    return rest;
  }

  void FindParts(size_t begin, size_t end) {
    for (size_t i = begin; i < end;) {
      if (!figures_[i].in_part) {
        FindDisposal(begin, i);
        ++i;
        continue;
      }
      size_t last = i;
      while (last + 1 < end && figures_[last + 1].in_part && figures_[last + 1].segment == figures_[i].segment) ++last;
      const int whole = i == begin ? WholeBefore(begin) : Whole(begin, i, last);
      if (whole >= 0) AddParts(whole, i, last);
      i = last + 1;
    }
  }

  // 受理案件4126件，…。其中，欠薪案件1033件: the whole of parts that open a sentence.
  int WholeBefore(size_t begin) const {
    return LastCount(SentenceBefore(begin), begin, [&](const Figure& figure) {
      return !figure.in_part && SameUnit(figure.quantity.unit(), figures_[begin].quantity.unit()) &&
             figure.quantity.value() >= Value(begin) && SharePair(figure.label, figures_[begin].label);
    });
  }

  // The count before the parts [i, last].
  int Whole(size_t begin, size_t i, size_t last) const {
    const bool count = IsCount(figures_[i]);
    if (count) {
      // 立案486件，移送6件，其中食品类203件、价格类31件: the nearest that has room for them; parts of many units have
      // none to be told by.
      double sum = 0;
      bool same = true;
      for (size_t k = i; k <= last; ++k) {
        if (!IsCount(figures_[k])) continue;
        same &= SameUnit(figures_[k].quantity.unit(), figures_[i].quantity.unit());
        sum += Value(k);
      }
      const auto holds = [&](const Figure& figure, double least) {
        return !figure.in_part && figure.segment == figures_[i].segment && figure.quantity.value() >= least &&
               SameUnit(figure.quantity.unit(), figures_[i].quantity.unit());
      };
      const auto near = static_cast<int>(i) - 1;
      const bool crowded =
          near >= static_cast<int>(begin) && IsCount(figures_[near]) && !holds(figures_[near], Value(i));
      if (same && crowded) {
        // What has an object of its own goes before what was done with it.
        for (const double least : {sum, Value(i)}) {
          int whole =
              LastCount(begin, i, [&](const Figure& figure) { return !figure.inherited && holds(figure, least); });
          if (whole < 0) whole = LastCount(begin, i, [&](const Figure& figure) { return holds(figure, least); });
          if (whole >= 0) return whole;
        }
      }
    }
    // Rates and amounts in between: 其中 speaks of the main figure, not of the last.
    const bool main = i > begin && count && !IsCount(figures_[i - 1]) && !figures_[i - 1].in_part;
    if (main) {
      for (size_t k = begin; k < i; ++k) {
        if (IsCount(figures_[k]) && figures_[k].segment == figures_[i].segment) return static_cast<int>(k);
      }
    }
    for (size_t k = i; k-- > begin;) {
      if (IsCount(figures_[k]) && !figures_[k].in_part) return static_cast<int>(k);
      if (figures_[k].quantity.kind() == v1::Quantity::MONEY && figures_[i].quantity.kind() == v1::Quantity::MONEY)
        return static_cast<int>(k);
    }
    return -1;
  }

  void AddParts(int whole, size_t first, size_t last) {
    const v1::Quantity& total = figures_[whole].quantity;
    double sum = 0;
    for (size_t k = first; k <= last; ++k) sum += IsCount(figures_[k]) ? Value(k) : 0;
    // Parts that make up the whole are parts whatever their units.
    const bool complete = sum == total.value();
    for (size_t k = first; k <= last; ++k) {
      const Figure& part = figures_[k];
      if (part.direction != v1::Indicator::DIRECTION_UNSPECIFIED || part.aspect != figures_[whole].aspect) continue;
      const bool same = part.quantity.kind() == total.kind() &&
                        (complete || k == first || SameUnit(part.quantity.unit(), total.unit()));
      const bool fits = k == first || part.quantity.value() <= total.value();
      if (same && fits && SameSort(part.quantity, total, complete)) {
        links_.push_back({v1::Relation::PART, static_cast<int>(k), whole, -1, false, false});
      }
    }
  }

  static bool SameSort(const v1::Quantity& part, const v1::Quantity& whole, bool complete) {
    return complete || SameUnit(part.unit(), whole.unit());
  }

  // 梳理文件268件，废止60件: parts by their verb.
  void FindDisposal(size_t begin, size_t i) {
    const Figure& figure = figures_[i];
    if (!IsCount(figure) || i == begin || !figure.inherited) return;
    const Range own = Trim(text_, figure.before);
    if (!words_.table().Covers(View(text_, own), Tag::kDisposal)) return;
    for (size_t k = i; k-- > begin;) {
      if (!IsCount(figures_[k]) || figures_[k].inherited) continue;
      if (SameUnit(figure.quantity.unit(), figures_[k].quantity.unit()) && figure.quantity.value() <= Value(k)) {
        links_.push_back({v1::Relation::PART, static_cast<int>(i), static_cast<int>(k), -1, false, false});
      }
      return;
    }
  }

  std::string_view text_;
  std::span<const Figure> figures_;
  const LabelWords& words_;
  std::vector<Link> links_;
};

}  // namespace

std::vector<Link> FindRelations(std::string_view text, std::span<const Figure> figures, const LabelWords& words) {
  return RelationFinder(text, figures, words).Find();
}

std::string IndicatorId(int index) { return fmt::format("i{}", index + 1); }

v1::Relation ToRelation(const Link& link) {
  v1::Relation relation;
  relation.set_type(link.type);
  switch (link.type) {
    case v1::Relation::RATE:
      relation.set_rate(IndicatorId(link.subject));
      if (link.first >= 0) relation.set_numerator(IndicatorId(link.first));
      if (link.second >= 0) relation.set_denominator(IndicatorId(link.second));
      break;
    case v1::Relation::CHANGE:
      relation.set_change(IndicatorId(link.subject));
      relation.set_of(IndicatorId(link.first));
      break;
    default:
      relation.set_part(IndicatorId(link.subject));
      relation.set_whole(IndicatorId(link.first));
      break;
  }
  return relation;
}

}  // namespace duban
