// SPDX-License-Identifier: Apache-2.0
// How a figure is compared
//
// The first rule that applies decides, by the words of the figure's clause:
//   1. 增长5%, 较上年增加20件: a verb of change right in front of the figure (about, at least and the like may stand
//      between) makes it INCREASE_BY or DECREASE_BY, if the unit is a share or the clause compares with last year;
//      with a share, the changed thing may stand between too (压减审批时限30%). 提高到25% is a level, no change.
//   2. A bound behind the figure (以上, 以内), then the nearest one in front of it (不少于, 控制在, 压缩至).
//   3. The bound that the figure itself was read with.
//   4. Without any word: a place in an order AT_MOST; a share AT_LEAST, but AT_MOST where less is better (败诉率); a
//      time limit AT_MOST, any other duration AT_LEAST; things that are made once and counted (建成3个站点) EQUAL;
//      every other count and every sum AT_LEAST, since to do more keeps such a promise.
// The whole of a part is no promise by itself: 15个村中12个 promises 12.
// Clauses without a figure promise one in words: all of something (全覆盖), or a comparison with last year.

#include "services/plan/plan_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "common/text/utf8.h"
#include "services/plan/figures.h"

namespace duban {
namespace {

using v1::PlanTarget;
using v1::Quantity;

constexpr double kAll = 100;
constexpr char kPercent[] = "%";
constexpr size_t kLongestUnit = 12;  // bytes of that of a cell
constexpr size_t kNowhere = std::string_view::npos;

// A word of a set and its bytes.
struct Found {
  size_t begin = std::string_view::npos;
  size_t size = 0;
  bool ok() const { return begin != std::string_view::npos; }
};

// The last word of `words` in `text`.
Found FindLast(const WordSet& words, std::string_view text) {
  const size_t begin = words.FindLast(text);
  return {begin, words.MatchAt(text, begin)};
}

// Whether `text` is made of nothing but `words`.
bool MadeOf(const WordSet& words, std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t size = words.MatchAt(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

template <typename Which>
google::protobuf::RepeatedPtrField<std::string> AllWords(const PlanLexicon& lexicon, Which which) {
  google::protobuf::RepeatedPtrField<std::string> words;
  for (const auto& comparison : lexicon.comparison()) words.MergeFrom(which(comparison));
  return words;
}

PlanTarget& Add(std::string_view text, Piece words, PlanTarget::Comparator comparator, std::vector<PlanTarget>* out) {
  PlanTarget& target = out->emplace_back();
  target.set_comparator(comparator);
  target.set_text(std::string(words.of(text)));
  target.mutable_span()->set_begin(static_cast<int32_t>(words.begin));
  target.mutable_span()->set_end(static_cast<int32_t>(words.end));
  return target;
}

std::string YearBefore(int year) { return year == 0 ? "" : fmt::format("{}年", year - 1); }

bool IsNumberChar(char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }

bool IsShare(const Quantity& quantity) { return quantity.kind() == Quantity::PERCENT; }

}  // namespace

PlanTargetReader::PlanTargetReader(const PlanLexicon& lexicon)
    : before_(AllWords(lexicon, [](const auto& words) { return words.before(); })),
      behind_(AllWords(lexicon, [](const auto& words) { return words.behind(); })),
      growth_(lexicon.growth()),
      decline_(lexicon.decline()),
      filler_(lexicon.filler()),
      than_last_year_(lexicon.than_last_year()),
      last_year_(lexicon.last_year()),
      not_above_(lexicon.not_above()),
      not_below_(lexicon.not_below()),
      no_rise_(lexicon.no_rise()),
      no_fall_(lexicon.no_fall()),
      full_(lexicon.full()),
      lower_better_(lexicon.lower_better()),
      time_limit_(lexicon.time_limit()),
      thing_unit_(lexicon.thing_unit()),
      making_(lexicon.making()),
      behind_moved_(lexicon.behind_moved()) {
  for (const auto& words : lexicon.comparison()) {
    for (const std::string& word : words.before()) before_means_[word] = words.comparator();
    for (const std::string& word : words.behind()) behind_means_[word] = words.comparator();
  }
}

PlanTargetReader::Verdict PlanTargetReader::ByChange(std::string_view clause, size_t begin, size_t end,
                                                     const Quantity& quantity, std::string_view last_year) const {
  const Found growth = FindLast(growth_, clause.substr(0, begin)),
              decline = FindLast(decline_, clause.substr(0, begin));
  if (!growth.ok() && !decline.ok()) return {};
  const bool down = decline.ok() && (!growth.ok() || decline.begin > growth.begin);
  const Found& verb = down ? decline : growth;
  const size_t behind = verb.begin + verb.size;
  // 提高到25%, 缩短至3天: what follows is a level.
  if (before_.MatchAt(clause, verb.begin) > verb.size) return {};
  const std::string_view between = clause.substr(behind, begin - behind);
  if (!MadeOf(filler_, between)) {
    if (!down || !IsShare(quantity) || behind_moved_.Ends(between) || behind_moved_.Starts(between)) return {};
  }
  if (!IsShare(quantity) && FindThan(clause.substr(0, begin), last_year).begin == kNowhere) return {};
  return {down ? PlanTarget::DECREASE_BY : PlanTarget::INCREASE_BY, verb.begin, end};
}

PlanTargetReader::Verdict PlanTargetReader::ByBound(std::string_view clause, size_t begin, size_t end) const {
  const Found before = FindLast(before_, clause.substr(0, begin));
  if (const size_t size = behind_.MatchAt(clause, end); size != 0) {
    const size_t gap = before.begin + before.size;
    const bool joined = before.ok() && MadeOf(filler_, clause.substr(gap, begin - gap));
    return {behind_means_.at(std::string(clause.substr(end, size))), joined ? before.begin : begin, end + size};
  }
  if (!before.ok()) return {};
  return {before_means_.at(std::string(clause.substr(before.begin, before.size))), before.begin, end};
}

PlanTarget::Comparator PlanTargetReader::ByDefault(std::string_view clause, size_t begin,
                                                   const v1::Indicator& target) const {
  const Quantity& quantity = target.quantity();
  switch (quantity.kind()) {
    case Quantity::RANK:
      return PlanTarget::AT_MOST;
    case Quantity::DURATION:
      return time_limit_.ContainedIn(clause) ? PlanTarget::AT_MOST : PlanTarget::AT_LEAST;
    case Quantity::PERCENT:
      break;
    default:
      if (thing_unit_.MatchAt(quantity.unit(), 0) == quantity.unit().size() && !quantity.unit().empty() &&
          making_.ContainedIn(clause.substr(0, begin))) {
        return PlanTarget::EQUAL;
      }
  }
  const std::string_view label = target.label().empty() ? clause : std::string_view(target.label());
  return lower_better_.ContainedIn(label) ? PlanTarget::AT_MOST : PlanTarget::AT_LEAST;
}

PlanTargetReader::Verdict PlanTargetReader::Compare(std::string_view clause, size_t begin, size_t end,
                                                    const v1::Indicator& target, std::string_view last_year) const {
  Verdict verdict = ByChange(clause, begin, end, target.quantity(), last_year);
  if (verdict.comparator == PlanTarget::COMPARATOR_UNSPECIFIED) verdict = ByBound(clause, begin, end);
  if (verdict.comparator != PlanTarget::COMPARATOR_UNSPECIFIED) return verdict;
  switch (target.quantity().qualifier()) {
    case Quantity::AT_MOST:
      return {PlanTarget::AT_MOST, begin, end};
    case Quantity::AT_LEAST:
    case Quantity::OVER:
      return {PlanTarget::AT_LEAST, begin, end};
    default:
      return {ByDefault(clause, begin, target), begin, end};
  }
}

Piece PlanTargetReader::FindThan(std::string_view clause, std::string_view last_year) const {
  if (const size_t at = than_last_year_.Find(clause); at != kNowhere) {
    return {at, at + than_last_year_.MatchAt(clause, at)};
  }
  const size_t year = last_year.empty() ? kNowhere : clause.find(last_year);
  if (year == kNowhere || year == 0) return {kNowhere, kNowhere};
  const CodePoint than = DecodeBefore(clause, year);
  if (than.value != U'比' && than.value != U'较' && than.value != U'与') return {kNowhere, kNowhere};
  return {than.offset, year + last_year.size()};
}

PlanTargetReader::Verdict PlanTargetReader::AgainstLastYear(std::string_view clause, std::string_view last_year) const {
  for (const auto& [words, comparator] :
       {std::pair(&no_rise_, PlanTarget::NOT_ABOVE_LAST_YEAR), std::pair(&no_fall_, PlanTarget::NOT_BELOW_LAST_YEAR)}) {
    if (const size_t at = words->Find(clause); at != std::string_view::npos) {
      return {comparator, at, at + words->MatchAt(clause, at)};
    }
  }
  for (size_t at = 0; at < clause.size();) {
    // 不低于 is more than 低于.
    const size_t above = not_above_.MatchAt(clause, at), below = not_below_.MatchAt(clause, at);
    const size_t bound = std::max(above, below);
    const std::string_view behind_bound = clause.substr(at + bound);
    const bool by_number = !last_year.empty() && behind_bound.starts_with(last_year);
    const size_t year = bound == 0 ? 0 : by_number ? last_year.size() : last_year_.MatchAt(behind_bound, 0);
    if (year != 0) {
      return {above > below ? PlanTarget::NOT_ABOVE_LAST_YEAR : PlanTarget::NOT_BELOW_LAST_YEAR, at, at + bound + year};
    }
    at += std::max<size_t>(bound, DecodeAt(clause, at).size);
  }
  const Piece than = FindThan(clause, last_year);
  if (than.begin == kNowhere) return {};
  const size_t behind = than.end;
  const size_t up = growth_.Find(clause, behind), down = decline_.Find(clause, behind);
  if (up == down) return {};  // neither
  const bool falls = down < up;
  const WordSet& verbs = falls ? decline_ : growth_;
  const size_t verb = std::min(up, down);
  return {falls ? PlanTarget::NOT_ABOVE_LAST_YEAR : PlanTarget::NOT_BELOW_LAST_YEAR, than.begin,
          verb + verbs.MatchAt(clause, verb)};
}

// `words` is the clause from behind the figure before, whose bounds are its own.
void PlanTargetReader::AddFigure(std::string_view text, const v1::Indicator& indicator, std::string_view last_year,
                                 Piece* words, std::vector<PlanTarget>* out) const {
  const size_t begin = std::max(words->begin, static_cast<size_t>(indicator.span().begin()));
  const size_t end = std::clamp(static_cast<size_t>(std::max(indicator.span().end(), 0)), begin, words->end);
  const Verdict verdict = Compare(words->of(text), begin - words->begin, end - words->begin, indicator, last_year);
  PlanTarget& target = Add(text, {words->begin + verdict.begin, words->begin + verdict.end}, verdict.comparator, out);
  words->begin = end;
  target.set_indicator(indicator.id());
  target.set_value(indicator.quantity().value());
  target.set_unit(indicator.quantity().unit());
}

std::optional<v1::Indicator> PlanTargetReader::FigureOf(std::string_view text, Piece cell) const {
  const std::string_view words = cell.of(text);
  const auto begin = static_cast<size_t>(std::find_if(words.begin(), words.end(), IsNumberChar) - words.begin());
  size_t end = begin;
  std::string digits;
  for (; end < words.size() && IsNumberChar(words[end]); ++end) {
    if (words[end] != ',') digits += words[end];
  }
  double value = 0;
  const char* const digits_end = digits.data() + digits.size();
  const auto [read, error] = std::from_chars(digits.data(), digits_end, value);
  if (error != std::errc() || read != digits_end || !MadeOf(before_, words.substr(0, begin))) return std::nullopt;
  CodePoint next = DecodeAt(words, end);
  if (next.value == U'万' || next.value == U'亿') {
    value *= next.value == U'万' ? 1e4 : 1e8;
    end += next.size;
    next = DecodeAt(words, end);
  }
  // 2025 and 2025年 are years, 10月底前 a time.
  constexpr double kFirstYear = 1949, kLastYear = 2100;
  const bool year = end - begin == 4 && value >= kFirstYear && value < kLastYear;
  if (next.value == U'月' || (year && (end == words.size() || next.value == U'年'))) return std::nullopt;
  const bool share = next.value == U'%' || next.value == U'％';
  size_t unit_end = share ? end + next.size : end;
  while (!share && unit_end < words.size() && behind_.MatchAt(words, unit_end) == 0) {
    if (!IsHan(DecodeAt(words, unit_end).value)) return std::nullopt;
    unit_end += DecodeAt(words, unit_end).size;
  }
  if (!MadeOf(behind_, words.substr(unit_end)) || unit_end - end > kLongestUnit) return std::nullopt;
  v1::Indicator figure;
  figure.mutable_span()->set_begin(static_cast<int32_t>(cell.begin + begin));
  figure.mutable_span()->set_end(static_cast<int32_t>(cell.begin + unit_end));
  figure.mutable_quantity()->set_value(value);
  figure.mutable_quantity()->set_kind(share ? Quantity::PERCENT : Quantity::COUNT);
  figure.mutable_quantity()->set_unit(share ? std::string(kPercent) : std::string(words.substr(end, unit_end - end)));
  return figure;
}

std::vector<PlanTarget> PlanTargetReader::ReadCell(std::string_view text, Piece cell, Piece task,
                                                   const std::vector<const v1::Indicator*>& targets, int year) const {
  std::optional<v1::Indicator> figure;
  if (targets.empty()) figure = FigureOf(text, cell);
  if (!figure.has_value()) return Read(text, cell, targets, year);
  figure->set_label(std::string(task.of(text)));
  std::vector<PlanTarget> out;
  AddFigure(text, *figure, YearBefore(year), &cell, &out);
  return out;
}

std::vector<PlanTarget> PlanTargetReader::Read(std::string_view text, Piece item,
                                               const std::vector<const v1::Indicator*>& targets, int year) const {
  const std::string last_year = YearBefore(year);
  std::vector<PlanTarget> out;
  const auto add = [&](const Piece& clause, const Verdict& verdict) -> PlanTarget& {
    return Add(text, {clause.begin + verdict.begin, clause.begin + verdict.end}, verdict.comparator, &out);
  };
  size_t next = 0;
  for (const Piece& clause : Clauses(text, item)) {
    bool figure = false, share = false;
    Piece rest = clause;
    for (; next < targets.size() && static_cast<size_t>(targets[next]->span().begin()) < clause.end; ++next) {
      if (static_cast<size_t>(targets[next]->span().begin()) < clause.begin) continue;
      figure = true;
      if (next + 1 < targets.size() && IsWholeOf(text.substr(0, clause.end), *targets[next], *targets[next + 1]))
        continue;
      share |= IsShare(targets[next]->quantity());
      AddFigure(text, *targets[next], last_year, &rest, &out);
    }
    const std::string_view words = clause.of(text);
    if (const size_t full = full_.Find(words); !share && full != std::string_view::npos) {
      PlanTarget& target = add(clause, {PlanTarget::AT_LEAST, full, full + full_.MatchAt(words, full)});
      target.set_value(kAll);
      target.set_unit(kPercent);
    }
    if (figure) continue;
    const Verdict verdict = AgainstLastYear(words, last_year);
    if (verdict.comparator != PlanTarget::COMPARATOR_UNSPECIFIED) add(clause, verdict);
  }
  return out;
}

}  // namespace duban
