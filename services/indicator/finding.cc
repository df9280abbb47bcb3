// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/finding.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <unordered_map>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr size_t kHan = 3;
// A label of fewer bytes is too general to be the same thing in two places.
constexpr size_t kSpecific = 5 * kHan;

class FindingFinder {
 public:
  FindingFinder(std::string_view text, std::span<const Figure> figures, std::span<const std::string_view> metrics,
                std::span<const Link> links, const LabelWords& words)
      : text_(text), figures_(figures), metrics_(metrics), links_(links), words_(words) {}

  std::vector<v1::Finding> Find() {
    for (const Link& link : links_) {
      if (link.type == v1::Relation::RATE && !link.computed) CheckRate(link);
      if (link.type == v1::Relation::PART) CheckPart(link);
      if (link.type == v1::Relation::CHANGE) CheckChange(link);
    }
    FindConflicts();
    return std::move(findings_);
  }

 private:
  void Add(v1::Finding::Type type, std::initializer_list<int> members, double reported, double computed,
           std::string message) {
    v1::Finding& finding = findings_.emplace_back();
    finding.set_type(type);
    finding.set_message(std::move(message));
    for (int member : members) finding.add_indicators(IndicatorId(member));
    finding.set_reported(reported);
    finding.set_computed(computed);
  }

  // The rate's stem names the numerator word for word, and nothing else in the sentence could be meant.
  void CheckRate(const Link& link) {
    if (link.second < 0) return;
    if (link.first < 0) return CheckShare(link);
    const Figure& rate = figures_[link.subject];
    const Figure& numerator = figures_[link.first];
    const Figure& denominator = figures_[link.second];
    if (!IsExact(rate.quantity) || !IsExact(numerator.quantity) || !IsExact(denominator.quantity)) return;
    if (denominator.quantity.value() <= 0) return;
    if (!link.named) return;
    const double computed = 100 * numerator.quantity.value() / denominator.quantity.value();
    if (AgreesAsPrinted(rate.quantity.decimal(), computed)) return;
    Add(v1::Finding::RATE_MISMATCH, {link.subject, link.first, link.second}, rate.quantity.value(), computed,
        fmt::format("{} is printed as {}; {} of {} is {:.2f}%", rate.label, rate.quantity.text(),
                    numerator.quantity.text(), denominator.quantity.text(), computed));
  }

  // 占已办结案件的97% of 11 cases: no whole number of cases gives the rate.
  void CheckShare(const Link& link) {
    const Figure& rate = figures_[link.subject];
    const Figure& whole = figures_[link.second];
    if (rate.label.find("占") == std::string::npos || !IsExact(rate.quantity) || !IsExact(whole.quantity)) return;
    if (WholeNumberGives(rate.quantity.decimal(), whole.quantity.value())) return;
    const double part = std::round(rate.quantity.value() * whole.quantity.value() / 100);
    const double computed = 100 * part / whole.quantity.value();
    Add(v1::Finding::RATE_MISMATCH, {link.subject, link.second}, rate.quantity.value(), computed,
        fmt::format("{} is printed as {}; of {} no whole number gives that, the nearest is {} ({:.2f}%)", rate.label,
                    rate.quantity.text(), whole.quantity.text(), part, computed));
  }

  void CheckPart(const Link& link) {
    const Figure& part = figures_[link.subject];
    const Figure& whole = figures_[link.first];
    if (!SameUnit(part.quantity.unit(), whole.quantity.unit()) || !IsExact(part.quantity) || !IsExact(whole.quantity))
      return;
    if (part.quantity.value() <= whole.quantity.value()) return;
    Add(v1::Finding::PART_EXCEEDS_WHOLE, {link.subject, link.first}, part.quantity.value(), whole.quantity.value(),
        fmt::format("{} {} is given as a part of {} {}", part.label, part.quantity.text(), whole.label,
                    whole.quantity.text()));
  }

  // 办结874件（2024年为512件），增长70.7%: the growth against the earlier figure that is printed beside it.
  void CheckChange(const Link& link) {
    const Figure& change = figures_[link.subject];
    const Figure& of = figures_[link.first];
    // 年均增长6.9%: of the years between, not of both ends.
    if (words_.table().In(View(text_, change.before), Tag::kAnnual)) return;
    if (change.quantity.unit() != "%" || !IsExact(change.quantity) || !IsExact(of.quantity)) return;
    for (int k = std::max(0, link.first - 1); k < link.subject; ++k) {
      const Figure& earlier = figures_[k];
      if (earlier.aspect != v1::Indicator::BASELINE || earlier.sentence != of.sentence || earlier.label != of.label)
        continue;
      if (!IsExact(earlier.quantity) || earlier.quantity.value() <= 0 ||
          !SameUnit(earlier.quantity.unit(), of.quantity.unit()))
        continue;
      const double growth = 100 * (of.quantity.value() / earlier.quantity.value() - 1);
      const double computed = change.direction == v1::Indicator::DOWN ? -growth : growth;
      if (AgreesAsPrinted(change.quantity.decimal(), computed)) return;
      Add(v1::Finding::CHANGE_MISMATCH, {link.subject, link.first, k}, change.quantity.value(), computed,
          fmt::format("{} is printed as changed by {}; from {} to {} is {:.2f}%", of.label, change.quantity.text(),
                      earlier.quantity.text(), of.quantity.text(), growth));
      return;
    }
  }

  // One label, catalog metric, unit and year with two exact figures in two sentences that name the same scope and
  // period.
  void FindConflicts() {
    std::unordered_map<std::string, int> first;
    for (size_t i = 0; i < figures_.size(); ++i) {
      const Figure& figure = figures_[i];
      if (metrics_[i].empty() || figure.aspect != v1::Indicator::ACTUAL || figure.inherited || figure.in_part ||
          figure.in_parentheses || figure.in_table)
        continue;
      if (figure.label.size() < kSpecific || !IsExact(figure.quantity) || figure.quantity.kind() == v1::Quantity::RANK)
        continue;
      if (figure.quantity.kind() == v1::Quantity::PERCENT) continue;
      const std::string key =
          fmt::format("{}\n{}\n{}\n{}", figure.label, figure.quantity.unit(), figure.year, Circumstance(figure));
      const auto [it, added] = first.emplace(key, static_cast<int>(i));
      if (added) continue;
      const Figure& other = figures_[it->second];
      if (other.sentence == figure.sentence || other.quantity.value() == figure.quantity.value()) continue;
      Add(v1::Finding::CONFLICTING_FIGURES, {it->second, static_cast<int>(i)}, figure.quantity.value(),
          other.quantity.value(),
          fmt::format("{} is {} in one place and {} in another", figure.label, other.quantity.text(),
                      figure.quantity.text()));
    }
  }

  // Words of the figure's clause that its label left out, adverbs of number apart: scope and period.
  std::string Circumstance(const Figure& figure) const {
    const std::string_view before = text_.substr(figure.before.begin, figure.extent.begin - figure.before.begin);
    const size_t at = before.find(figure.label);
    std::string_view front = at == std::string_view::npos ? before : before.substr(0, at);
    std::string circumstance;
    for (size_t pos = 0; pos < front.size();) {
      const WordTable::Match back = words_.table().At(front, pos, Tag::kBack);
      if (back) {
        pos += back.size;
      } else {
        circumstance += front[pos++];
      }
    }
    return circumstance;
  }

  std::string_view text_;
  std::span<const Figure> figures_;
  std::span<const std::string_view> metrics_;
  std::span<const Link> links_;
  const LabelWords& words_;
  std::vector<v1::Finding> findings_;
};

}  // namespace

std::vector<v1::Finding> FindFindings(std::string_view text, std::span<const Figure> figures,
                                      std::span<const std::string_view> metrics, std::span<const Link> links,
                                      const LabelWords& words) {
  return FindingFinder(text, figures, metrics, links, words).Find();
}

}  // namespace duban
