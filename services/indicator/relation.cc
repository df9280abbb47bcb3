// SPDX-License-Identifier: Apache-2.0
// How a rate finds its parts
//
// Numerator and denominator are sought among the counts of the same sentence before the rate, in the same unit. First
// words decide: what the rate says was done is what the numerator did, and the denominator is what it may be done with
// (worded_rate.h). Then a pair whose quotient prints as the rate is taken, the nearest first. Where none does, fewer
// words must do: the stem of the rate (调解成功 of 调解成功率) names the numerator, a figure of intake (受理, 排查) the
// denominator. A rate found by words may be wrong, and finding.cc says so only where they leave no doubt.
#include "services/indicator/relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/indicator/arithmetic.h"
#include "services/indicator/figure_rows.h"
#include "services/indicator/fragment.h"
#include "services/indicator/part_relation.h"
#include "services/indicator/share_rate.h"
#include "services/indicator/worded_rate.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr double kRough = 5;   // the same of 近七成
constexpr double kFarOff = 3;  // points by which a rate may differ from that of its pair

class RelationFinder {
 public:
  RelationFinder(std::string_view text, std::span<const Figure> figures, const LabelWords& words)
      : text_(text), figures_(text, figures), words_(words) {}

  std::vector<Link> Find() {
    for (size_t begin = 0; begin < figures_.size();) {
      size_t end = begin + 1;
      while (end < figures_.size() && figures_[end].sentence == figures_[begin].sentence) ++end;
      const size_t rates = links_.size();
      for (size_t i = begin; i < end; ++i) {
        if (IsRate(figures_[i])) FindRate(begin, i);
        if (figures_[i].aspect == v1::Indicator::CHANGE && figures_[i].of >= 0) {
          AddChange(i);
        }
      }
      const size_t parts = links_.size();
      AddParts(text_, figures_, {begin, end}, words_, &links_);
      CompleteShares(rates, parts);
      begin = end;
    }
    return std::move(links_);
  }

 private:
  void FindRate(size_t begin, size_t i) {
    const Figure& rate = figures_[i];
    begin = std::max(begin, i > FigureRows::kReach ? i - FigureRows::kReach : 0);
    if (!IsExact(rate.quantity) && rate.quantity.qualifier() != v1::Quantity::OVER) return FindRough(begin, i);
    const std::string& printed = rate.quantity.decimal();
    if (FindWorded(begin, i)) return;
    // 100% of a pair of equal figures says little; only neighbours in words may claim it.
    if (figures_.Value(i) > 0 && figures_.Value(i) < 100 && FindComputed(begin, i)) return;
    if (FindRest(begin, i, printed) || FindAcross(begin, i, printed)) return;
    const size_t links = links_.size();
    if (!FindShare(begin, i)) FindNamed(begin, i);
    if (links_.size() > links) return;
    if (const std::optional<Link> link = RateOfWhole(text_, figures_, begin, i, words_)) links_.push_back(*link);
  }

  // 整治率近七成, 占化解总数的近三分之一: a pair in words that gives about that.
  void FindRough(size_t begin, size_t i) {
    const std::optional<Link> link = WordedRate(text_, figures_, begin, i, words_);
    if (!link) {
      if (OpensShare(text_, figures_[i]) && i > begin) FindShare(begin, i);
      return;
    }
    const double computed = 100 * figures_.Value(link->first) / figures_.Value(link->second);
    if (link->named && std::abs(computed - figures_.Value(i)) < kRough) links_.push_back(*link);
  }

  bool FindShare(size_t begin, size_t i) {
    const std::optional<Link> link = ShareRate(text_, figures_, begin, i, words_);
    if (link) links_.push_back(*link);
    return link.has_value();
  }

  // 发现问题50个，整改45个，整改率90%. A pair in words that does not give the rate is its pair where they leave no
  // doubt and no other whole gives it.
  bool FindWorded(size_t begin, size_t i) {
    const std::optional<Link> link = WordedRate(text_, figures_, begin, i, words_);
    if (!link || (!link->computed && (!link->named || FindWhole(begin, i, link->first) >= 0))) return false;
    links_.push_back(*link);
    return true;
  }

  // 审结902件。纠错46件，纠错率5.1%: the numerator by its name, the denominator in the sentence before by arithmetic.
  bool FindAcross(size_t begin, size_t i, std::string_view printed) {
    const std::string_view stem = RateStem(figures_[i]);
    const size_t first = stem.size() < 2 * kHan || figures_.Value(i) <= 0 || figures_.Value(i) >= 100
                             ? begin
                             : figures_.SentenceBefore(begin);
    if (first == begin || printed.find('.') == std::string_view::npos) return false;
    const std::string_view act = stem.substr(stem.size() - 2 * kHan);
    const int n = figures_.LastCount(begin, i, [&](const Figure& figure) {
      return figure.label.find(act) != std::string::npos && !IsUndone(figure, stem);
    });
    if (n < 0) return false;
    const int d = figures_.LastCount(first, begin, [&](const Figure& figure) {
      return SameUnit(figure.quantity.unit(), figures_[n].quantity.unit()) &&
             figure.quantity.value() >= figures_.Value(n) && figure.quantity.value() > 0 &&
             AgreesAsPrinted(printed, 100 * figures_.Value(n) / figure.quantity.value());
    });
    if (d < 0) return false;
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), n, d, true});
    return true;
  }

  // Whether the figure counts what the rate of `stem` leaves out: 未办结30件 beside 办结率, not beside 未办结率.
  bool IsUndone(const Figure& figure, std::string_view stem) const {
    const auto undone = [&](std::string_view words, std::string_view act) {
      const size_t at = words.rfind(act);
      return at != std::string_view::npos && words_.table().Before(words, at, Tag::kNegation);
    };
    if (stem.size() < 2 * kHan) return false;
    const std::string_view own = View(text_, figure.before);
    for (size_t end = stem.size(); end >= 2 * kHan; end -= kHan) {
      const std::string_view act = stem.substr(end - 2 * kHan, 2 * kHan);
      if (undone(own, act) && !undone(stem, act)) return true;
    }
    return false;
  }

  // 抽检2150批次，不合格41批次，合格率98.1%: the rest of the figure of failures.
  bool FindRest(size_t begin, size_t i, std::string_view printed) {
    const std::string_view stem = RateStem(figures_[i]);
    if (stem.size() < 2 * kHan || figures_.Value(i) <= 0 || figures_.Value(i) >= 100) return false;
    const int n = figures_.LastCount(begin, i, [&](const Figure& figure) { return IsUndone(figure, stem); });
    if (n < 0) return false;
    const int d = figures_.LastCount(begin, static_cast<size_t>(n), [&](const Figure& figure) {
      return SameUnit(figure.quantity.unit(), figures_[n].quantity.unit()) &&
             figure.quantity.value() > figures_.Value(n) &&
             AgreesAsPrinted(printed, 100 - 100 * figures_.Value(n) / figure.quantity.value());
    });
    if (d < 0) return false;
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), -1, d});
    return true;
  }

  // 其中县本级344件，占40%: a share of what its numerator is a part of. `rates` and `parts`: where those of the
  // sentence begin.
  void CompleteShares(size_t rates, size_t parts) {
    for (size_t k = parts; k < links_.size(); ++k) {
      const Link part = links_[k];
      for (size_t r = rates; r < parts; ++r) {
        Link& link = links_[r];
        if (link.type != v1::Relation::RATE || link.first != part.subject || link.second >= 0) continue;
        const double whole = figures_.Value(part.first);
        link.computed = whole > 0 && AgreesAsPrinted(figures_[link.subject].quantity.decimal(),
                                                     100 * figures_.Value(part.subject) / whole);
        if (link.computed) link.second = part.first;
      }
    }
  }

  bool FindComputed(size_t begin, size_t i) {
    const std::string_view subject = SubjectOfShare(text_, figures_[i], words_);
    for (size_t n = i; n-- > begin;) {
      if (!subject.empty() && !SharePair(subject, figures_[n].label)) continue;
      if (!IsCount(figures_[n]) || IsUndone(figures_[n], RateStem(figures_[i]))) continue;
      const int d = FindWhole(begin, i, static_cast<int>(n));
      if (d < 0) continue;
      links_.push_back({v1::Relation::RATE, static_cast<int>(i), static_cast<int>(n), d, true});
      return true;
    }
    return false;
  }

  // The nearest count of [begin, i) out of which that at `part` prints as the rate at `i`; -1 if there is none.
  int FindWhole(size_t begin, size_t i, int part) const {
    const std::string_view stem = RateStem(figures_[i]);
    // 检查1200辆次，超载36辆，超载率3%: what the rate names may be counted by times.
    const bool named =
        stem.size() >= 2 * kHan && figures_[part].label.find(stem.substr(stem.size() - 2 * kHan)) != std::string::npos;
    return figures_.LastCount(begin, i, [&](const Figure& figure) {
      const double value = figure.quantity.value();
      const std::string& unit = figure.quantity.unit();
      return &figure != &figures_[part] && value >= figures_.Value(part) && value > 0 &&
             (SameUnit(figures_[part].quantity.unit(), unit) ||
              (named && SameThings(figures_[part].quantity.unit(), unit))) &&
             AgreesAsPrinted(figures_[i].quantity.decimal(), 100 * figures_.Value(part) / value);
    });
  }

  // What the words of a rate did: its last pair of characters, or an act before it that ends the stem of rates
  // (出庭 of 出庭应诉率).
  int Numerator(std::string_view stem, size_t begin, size_t i, std::string_view* act) const {
    for (size_t end = stem.size(); end >= 2 * kHan; end -= kHan) {
      *act = stem.substr(end - 2 * kHan, 2 * kHan);
      if (end < stem.size() && !words_.table().Covers(*act, Tag::kOutcome)) continue;
      const int found = figures_.LastCount(begin, i, [&](const Figure& figure) {
        // 调解组织98个 were not mediated.
        const bool taken_in = end < stem.size() && words_.table().In(figure.label, Tag::kIntake | Tag::kNoun);
        return !taken_in && figure.label.find(*act) != std::string::npos && !IsUndone(figure, stem);
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
    const int denominator = figures_.LastCount(begin, i, [](const Figure&) { return true; });
    if (denominator < 0 || figures_[denominator].segment != figures_[i].segment ||
        figures_[denominator].label.find(stem.substr(stem.size() - 2 * kHan)) != std::string::npos ||
        !words_.table().In(figures_[denominator].label, Tag::kHandled)) {
      return false;
    }
    for (size_t k = denominator + 1; k < i; ++k) {
      if (!IsRate(figures_[k])) return false;
    }
    links_.push_back({v1::Relation::RATE, static_cast<int>(i), -1, denominator});
    return true;
  }

  // 调解纠纷200件，成功196件，成功率98%: what was tried stands right before its success, or before the rate.
  int Attempted(std::string_view stem, std::string_view act, int numerator, size_t begin, size_t i) const {
    if (!words_.table().Covers(act, Tag::kSuccess)) return -1;
    const size_t end = numerator < 0 ? i : static_cast<size_t>(numerator);
    const int tried = figures_.LastCount(begin, end, [](const Figure&) { return true; });
    if (tried < 0 || figures_[tried].segment != figures_[i].segment || figures_[tried].in_part) return -1;
    const Figure& figure = figures_[tried];
    const bool least = numerator < 0 || (figures_.Value(numerator) <= figure.quantity.value() &&
                                         SameUnit(figures_[numerator].quantity.unit(), figure.quantity.unit()));
    const std::string_view trial = stem.substr(0, stem.size() - act.size());
    const bool named = words_.table().In(figure.label, Tag::kOutcome) || SharePair(trial, figure.label);
    const bool again = figure.label.find(act) != std::string::npos;
    return least && named && !again ? tried : -1;
  }

  void FindNamed(size_t begin, size_t i) {
    const std::string_view stem = RateStem(figures_[i]);
    if (stem.size() < 2 * kHan) return;
    std::string_view act;
    const int numerator = Numerator(stem, begin, i, &act);
    if (numerator < 0 && FindIncidence(begin, i, stem)) return;
    const double least = numerator < 0 ? 0 : figures_.Value(numerator);
    int denominator = figures_.LastCount(begin, i, [&](const Figure& figure) {
      return (numerator < 0 || &figure != &figures_[numerator]) && figure.quantity.value() >= least &&
             words_.table().In(figure.label, Tag::kIntake);
    });
    denominator = std::max(denominator, Attempted(stem, act, numerator, begin, i));
    // 覆盖率100% beside 98个村: a full rate says nothing about who is counted.
    if (figures_.Value(i) >= 100 && denominator < 0) return;
    if ((numerator < 0 || denominator < 0) && !words_.table().In(act, Tag::kOutcome)) return;
    if (numerator < 0 && denominator < 0) return;
    Link link = {v1::Relation::RATE, static_cast<int>(i), numerator, denominator};
    if (numerator >= 0 && denominator >= 0) {
      const bool same = SameUnit(figures_[numerator].quantity.unit(), figures_[denominator].quantity.unit());
      const std::string_view whole = stem.substr(stem.size() - std::min(stem.size(), 4 * kHan));
      const bool worded = figures_[numerator].label.find(whole) != std::string::npos || !stem.ends_with(act);
      const bool sure = same && worded && Adjoins(numerator, denominator, i);
      link.named = sure && words_.table().In(figures_[denominator].label, Tag::kIntake);
      // A pair that does not give the rate is its pair only where words leave no doubt.
      const double computed =
          figures_.Value(denominator) > 0 ? 100 * figures_.Value(numerator) / figures_.Value(denominator) : 0;
      const bool off = !same || (!sure && std::abs(computed - figures_.Value(i)) > kFarOff);
      // 变更登记3042户、注销登记611户，电子登记率96%: not even the numerator is of the rate.
      if (off && !worded && computed < figures_.Value(i)) return;
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
    links_.push_back({stock ? v1::Relation::RATE : v1::Relation::CHANGE, static_cast<int>(i), of, -1});
  }

  std::string_view text_;
  const FigureRows figures_;
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
