// SPDX-License-Identifier: Apache-2.0
// How a share finds its whole
//
// The words behind 占 name it (占已办结案件), in the sentence or, if its print agrees to the decimals, in those before.
// Words as general as 总数, or none, leave arithmetic: a count of the sentence before that gives a share to its
// decimals, or one further up that gives every share of a list (分别占62.1%、37.2%).
#include "services/indicator/share_rate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr double kFarOff = 3;  // points by which a share may differ from that of its pair
constexpr size_t kMostShares = 12;
constexpr std::string_view kShareOf = "占";

class ShareFinder {
 public:
  ShareFinder(std::string_view text, const FigureRows& rows, const LabelWords& words)
      : text_(text), rows_(rows), words_(words) {}

  // 占已办结案件的97%: the words behind 占 name the denominator.
  std::optional<Link> Find(size_t begin, size_t i) const {
    const std::string& label = rows_[i].label;
    const size_t at = label.rfind(kShareOf);
    if (at == std::string::npos) return std::nullopt;
    const std::string of = WithoutGeneral(std::string_view(label).substr(at + kShareOf.size()));
    // 占已办案件的97% alone speaks of the figure before it.
    const int part = i > begin && IsCount(rows_[i - 1]) && OpensShare(text_, rows_[i]) ? static_cast<int>(i - 1) : -1;
    // 三地合计占收案总量的74.8%: of a sum that is not printed.
    const std::string_view subject = SubjectOfShare(text_, rows_[i], words_);
    if (words_.table().Before(subject, subject.size(), Tag::kBack).size >= 2 * kHan) return std::nullopt;
    for (size_t k = part >= 0 ? i - 1 : i; k-- > begin;) {
      if (!IsCount(rows_[k]) || !SharePair(of, rows_[k].label)) continue;
      // 代办项目87个，新项目19个，占工业项目的54%: of other projects.
      if (part >= 0 &&
          (rows_.Value(k) <= 0 || std::abs(100 * rows_.Value(i - 1) / rows_.Value(k) - rows_.Value(i)) > kFarOff))
        continue;
      return Link{v1::Relation::RATE, static_cast<int>(i), part, static_cast<int>(k)};
    }
    if (std::optional<Link> link = FindBefore(begin, i, part, of)) return link;
    if (part < 0) return std::nullopt;
    return Link{v1::Relation::RATE, static_cast<int>(i), part, -1};
  }

 private:
  // The count of [begin, i) that a dealt share names: 民事案件 of 民事案件占总数.
  int NumeratorOfShare(size_t begin, size_t i) const {
    const std::string_view label = rows_[i].label;
    const size_t at = label.rfind(kShareOf);
    if (at == std::string_view::npos || at == 0) return -1;
    return rows_.LastCount(begin, i, [&](const Figure& figure) { return figure.label == label.substr(0, at); });
  }

  // 受理486件。民事、刑事案件分别为302件和181件，分别占总数的62.1%、37.2%: a count of the sentences before that gives
  // all shares of a list, or a single one that has decimals and stands in the sentence before or is named (`of`).
  std::optional<Link> FindBefore(size_t begin, size_t i, int part, std::string_view of) const {
    std::vector<std::pair<size_t, int>> shares;  // with their numerators
    bool decimals = false;
    const auto take = [&](size_t k, int numerator) {
      shares.emplace_back(k, numerator);
      decimals |= rows_[k].quantity.decimal().find('.') != std::string::npos;
    };
    if (part >= 0) {
      take(i, part);
    } else {
      size_t first = i;
      const auto beside = [&](size_t k) { return IsRate(rows_[k]) && rows_[k].clause == rows_[i].clause; };
      while (first > begin && beside(first - 1)) --first;
      for (size_t k = first;
           k < rows_.size() && rows_[k].sentence == rows_[i].sentence && beside(k) && shares.size() <= kMostShares; ++k)
        take(k, NumeratorOfShare(begin, k));
      if (shares.size() < 2 || shares.size() > kMostShares) return std::nullopt;
    }
    const bool named = shares.size() == 1 && of.size() >= 2 * kHan;
    const size_t reach = begin > FigureRows::kReach ? begin - FigureRows::kReach : 0;
    const int whole = rows_.LastCount(
        shares.size() > 1 || named ? reach : rows_.SentenceBefore(begin), begin, [&](const Figure& figure) {
          return (!named || SharePair(of, figure.label)) &&
                 std::all_of(shares.begin(), shares.end(), [&](const std::pair<size_t, int>& share) {
                   return share.second >= 0 && figure.quantity.value() >= rows_.Value(share.second) &&
                          figure.quantity.value() > 0 &&
                          SameUnit(figure.quantity.unit(), rows_[share.second].quantity.unit()) &&
                          AgreesAsPrinted(rows_[share.first].quantity.decimal(),
                                          100 * rows_.Value(share.second) / figure.quantity.value());
                 });
        });
    double sum = 0;
    for (const auto& [share, numerator] : shares) sum += numerator < 0 ? 0 : rows_.Value(numerator);
    if (whole < 0 || (!decimals && sum != rows_.Value(whole))) return std::nullopt;
    const int numerator = part >= 0 ? part : NumeratorOfShare(begin, i);
    return Link{v1::Relation::RATE, static_cast<int>(i), numerator, whole, true};
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

  std::string_view text_;
  const FigureRows& rows_;
  const LabelWords& words_;
};

}  // namespace

bool OpensShare(std::string_view text, const Figure& rate) {
  return StartsAt(text, Trim(text, rate.before).begin, kShareOf);
}

std::string_view SubjectOfShare(std::string_view text, const Figure& rate, const LabelWords& words) {
  const std::string_view own = View(text, Trim(text, rate.before));
  const size_t at = own.find(kShareOf);
  if (at == std::string_view::npos || words.table().Covers(own.substr(0, at), Tag::kRespective)) return {};
  return own.substr(0, at);
}

std::optional<Link> ShareRate(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                              const LabelWords& words) {
  return ShareFinder(text, rows, words).Find(begin, i);
}

}  // namespace duban
