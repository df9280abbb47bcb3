// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/worded_rate.h"

#include <string>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kRate = "率";

// Whether the figure's own words are `act`, perhaps with words of handling before it: 合格, 完成整改, not 不合格.
bool Does(std::string_view text, const Figure& figure, const RateWords::Act& act, const LabelWords& words) {
  const std::string_view own = View(text, StripBack(text, StripFront(text, figure.before, words), words));
  const RateWords::Act done = words.rates().ActOf(own);
  if (done.group != act.group) return false;
  const std::string_view rest = own.substr(0, own.size() - done.size);
  if (words.table().Before(rest, rest.size(), Tag::kNegation)) return false;
  return rest.empty() || words.table().Covers(rest, Tag::kBare | Tag::kFront);
}

// Whether a count that the rate may leave out stands between its parts and it.
bool IsApart(const FigureRows& rows, int whole, int part, size_t i) {
  for (auto k = static_cast<size_t>(whole) + 1; k < i; ++k) {
    if (static_cast<int>(k) != part && rows[k].quantity.kind() == v1::Quantity::COUNT) return true;
  }
  return false;
}

}  // namespace

std::string_view RateStem(const Figure& rate) {
  std::string_view label = rate.label;
  label.remove_prefix(rate.topic.size());
  const size_t at = label.rfind(kRate);
  return at == std::string_view::npos ? std::string_view() : label.substr(0, at);
}

std::optional<Link> WordedRate(std::string_view text, const FigureRows& rows, size_t begin, size_t i,
                               const LabelWords& words) {
  const std::string_view stem = RateStem(rows[i]);
  const RateWords::Act act = words.rates().ActOf(stem);
  if (act.group == 0) return std::nullopt;
  const int part = rows.LastCount(begin, i, [&](const Figure& figure) {
    return figure.segment == rows[i].segment && Does(text, figure, act, words);
  });
  if (part < 0) return std::nullopt;
  const int whole = rows.LastCount(begin, static_cast<size_t>(part), [&](const Figure& figure) {
    return figure.segment == rows[i].segment && SameUnit(figure.quantity.unit(), rows[part].quantity.unit()) &&
           figure.quantity.value() >= rows.Value(part) && figure.quantity.value() > 0 &&
           words.rates().NamesWhole(act, figure.label) && !Does(text, figure, act, words);
  });
  if (whole < 0) return std::nullopt;
  const std::string_view of = stem.substr(0, stem.size() - act.size);
  const bool same =
      of.empty() || words.table().Covers(of, Tag::kBare) || rows[whole].label.find(of) != std::string::npos;
  Link link = {v1::Relation::RATE, static_cast<int>(i), part, whole, false, false};
  link.computed = AgreesAsPrinted(rows[i].quantity.decimal(), 100 * rows.Value(part) / rows.Value(whole));
  link.named = same && !IsApart(rows, whole, part, i);
  return link;
}

}  // namespace duban
