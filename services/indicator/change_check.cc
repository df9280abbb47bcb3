// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/change_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kPoints = "点";
constexpr size_t kBehind = 48;  // bytes behind the last figure of a sentence that may speak of it

class ChangeCheck {
 public:
  ChangeCheck(std::string_view text, std::span<const Figure> figures, const Link& link, const LabelWords& words)
      : text_(text), figures_(figures), link_(link), words_(words) {}

  std::optional<ChangeMismatch> Run(const HistoryWords& history) const {
    if (!IsExact(Change().quantity) || !IsExact(Of().quantity) || Of().label.empty()) return std::nullopt;
    const std::string_view words = text_.substr(Change().before.begin, Change().before.end - Change().before.begin);
    // 年均增长6.9%: of the years between, not of both ends.
    if (words_.table().In(words, Tag::kAnnual)) return std::nullopt;
    // 由15天压缩至8天，提速46.7%: by how much faster may be of the speed.
    if (Of().quantity.kind() == v1::Quantity::DURATION && words_.table().In(words, Tag::kFaster)) return std::nullopt;
    if (history.IsReal(Of().label, Around())) return std::nullopt;
    const int earlier = Earlier();
    if (IsPrintedPercent(Change().quantity)) {
      if (earlier >= 0) return Growth(earlier);
      const int amount = Amount();
      return amount >= 0 && IsSole() ? GrowthBy(amount) : std::nullopt;
    }
    const bool points = Change().quantity.unit().ends_with(kPoints) && IsPrintedPercent(Of().quantity);
    return points && earlier >= 0 ? Points(earlier) : std::nullopt;
  }

 private:
  const Figure& Change() const { return figures_[link_.subject]; }
  const Figure& Of() const { return figures_[link_.first]; }

  // The words between what changed and the change, and those behind it up to the next figure: 增长5.1%（扣除价格因素）.
  std::string_view Around() const {
    const size_t begin = std::min(Of().extent.end, Change().extent.begin);
    const size_t next = static_cast<size_t>(link_.subject) + 1;
    const size_t stop = next < figures_.size() && figures_[next].sentence == Change().sentence
                            ? std::max(figures_[next].extent.begin, Change().extent.end)
                            : Change().extent.end + kBehind;
    return text_.substr(begin, stop - begin);
  }

  bool IsEarlier(int index) const {
    const Figure& figure = figures_[index];
    const bool yearly = Change().base == v1::Indicator::PREVIOUS_YEAR || Change().base == v1::Indicator::SAME_PERIOD;
    return figure.aspect == v1::Indicator::BASELINE && figure.sentence == Of().sentence && figure.label == Of().label &&
           IsExact(figure.quantity) && figure.quantity.value() > 0 &&
           SameUnit(figure.quantity.unit(), Of().quantity.unit()) &&
           // 由2021年的800件上升到1000件，同比增长10%: not over 2021.
           !(yearly && figure.year != Of().year - 1);
  }

  // The figure of the period before that is printed before the change or in a parenthesis right behind it; -1 if none
  // is.
  int Earlier() const {
    for (int k = std::max(0, link_.first - 1); k < link_.subject; ++k) {
      if (IsEarlier(k)) return k;
    }
    const int behind = link_.subject + 1;
    const bool aside = behind < static_cast<int>(figures_.size()) && figures_[behind].in_parentheses &&
                       !Change().in_parentheses && figures_[behind].year_named;
    return aside && !figures_[behind].in_part && IsEarlier(behind) ? behind : -1;
  }

  // The change by a count that stands right before or behind this one by a percentage, against the same period; -1 if
  // none does.
  int Amount() const {
    for (const int k : {link_.subject - 1, link_.subject + 1}) {
      if (k < 0 || k >= static_cast<int>(figures_.size())) continue;
      const Figure& figure = figures_[k];
      if (figure.aspect != v1::Indicator::CHANGE || figure.of != link_.first || figure.direction != Change().direction)
        continue;
      const Figure& later = figures_[std::max(k, link_.subject)];
      const bool same =
          figure.base == Change().base || (later.base == v1::Indicator::BASE_UNSPECIFIED && IsBare(later));
      if (same && IsExact(figure.quantity) && SameUnit(figure.quantity.unit(), Of().quantity.unit())) return k;
    }
    return -1;
  }

  // Whether what changed is the only count of its unit before the change: 受理500件，审结480件，同比增加50件，增长11.1%
  // may be of either, 律师所20家，其中合伙所12家，增加2家，增长11.1% is of the whole.
  bool IsSole() const {
    for (int k = link_.subject - 1; k >= 0 && figures_[k].sentence == Of().sentence; --k) {
      const bool other = k != link_.first && figures_[k].aspect == v1::Indicator::ACTUAL;
      if (other && SameUnit(figures_[k].quantity.unit(), Of().quantity.unit())) return false;
    }
    return !Of().in_part;
  }

  // 增长30%: nothing but a verb of change before the figure.
  bool IsBare(const Figure& figure) const {
    const std::string_view words = View(text_, Trim(text_, figure.before));
    return words_.table().Covers(words, Tag::kUp | Tag::kDown | Tag::kParticle);
  }

  // A mismatch unless the printed change lies in `range`; all in the sign of growth.
  std::optional<ChangeMismatch> Unless(ValueRange range, double computed, int against, std::string message) const {
    const bool down = Change().direction == v1::Indicator::DOWN;
    if (AgreesAsPrinted(Change().quantity.decimal(), down ? ValueRange{-range.high, -range.low} : range))
      return std::nullopt;
    return ChangeMismatch{
        {link_.subject, link_.first, against},
        down ? -computed : computed,
        fmt::format("{} is printed as changed by {}; {}", Of().label, Change().quantity.text(), message)};
  }

  std::optional<ChangeMismatch> Growth(int earlier) const {
    const v1::Quantity& from = figures_[earlier].quantity;
    const auto now = PrintedRange(Of().quantity);
    const auto before = PrintedRange(from);
    if (!now || !before || before->low <= 0) return std::nullopt;
    const double growth = 100 * (Of().quantity.value() / from.value() - 1);
    return Unless({100 * (now->low / before->high - 1), 100 * (now->high / before->low - 1)}, growth, earlier,
                  fmt::format("from {} to {} is {:.2f}%", from.text(), Of().quantity.text(), growth));
  }

  std::optional<ChangeMismatch> GrowthBy(int amount) const {
    const v1::Quantity& by = figures_[amount].quantity;
    const auto now = PrintedRange(Of().quantity);
    const auto change = PrintedRange(by);
    if (!now || !change || change->low < 0) return std::nullopt;
    const double sign = Change().direction == v1::Indicator::DOWN ? -1 : 1;
    // Growth by an amount rises with the amount and falls with what it led to.
    const auto growth = [&](double present, double added) { return 100 * sign * added / (present - sign * added); };
    if (now->low - sign * change->high <= 0 || now->low - sign * change->low <= 0) return std::nullopt;
    const double ends[] = {growth(now->low, change->low), growth(now->low, change->high),
                           growth(now->high, change->low), growth(now->high, change->high)};
    const double computed = growth(Of().quantity.value(), by.value());
    return Unless({*std::min_element(ends, ends + 4), *std::max_element(ends, ends + 4)}, computed, amount,
                  fmt::format("by {} to {} is {:.2f}%", by.text(), Of().quantity.text(), computed));
  }

  std::optional<ChangeMismatch> Points(int earlier) const {
    const v1::Quantity& from = figures_[earlier].quantity;
    const auto now = PrintedRange(Of().quantity);
    const auto before = PrintedRange(from);
    if (!now || !before || !IsPrintedPercent(from)) return std::nullopt;
    const double points = Of().quantity.value() - from.value();
    return Unless({now->low - before->high, now->high - before->low}, points, earlier,
                  fmt::format("from {} to {} is {:.2f}", from.text(), Of().quantity.text(), points));
  }

  std::string_view text_;
  std::span<const Figure> figures_;
  const Link& link_;
  const LabelWords& words_;
};

}  // namespace

std::optional<ChangeMismatch> CheckChange(std::string_view text, std::span<const Figure> figures, const Link& link,
                                          const LabelWords& words, const HistoryWords& history) {
  return ChangeCheck(text, figures, link, words).Run(history);
}

}  // namespace duban
