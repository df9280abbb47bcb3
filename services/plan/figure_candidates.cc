// SPDX-License-Identifier: Apache-2.0
// Which figures of a report could answer a promised one at all: of the right year and region, no total of what they
// are a part of, no size of what was only partly done; also small numbers in characters, which are no indicators.

#include <algorithm>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"
#include "services/plan/figures.h"

namespace duban {
namespace {

// Whether a clause ends between two figures.
bool PartsClauses(std::string_view text, const v1::Indicator& one, const v1::Indicator& other) {
  const size_t begin = static_cast<size_t>(one.span().end()), end = static_cast<size_t>(other.span().begin());
  return begin < end && Clauses(text, {begin, end}).size() > 1;
}

}  // namespace

bool IsWholeOf(std::string_view text, const v1::Indicator& whole, const v1::Indicator& part) {
  const v1::Quantity &all = whole.quantity(), &some = part.quantity();
  return BareUnit(all.unit()) == BareUnit(some.unit()) && all.kind() != v1::Quantity::PERCENT &&
         all.value() >= some.value() &&
         TellsPart(text, static_cast<size_t>(std::max(whole.span().end(), 0)),
                   static_cast<size_t>(std::max(part.span().begin(), 0)));
}

std::string_view FigureMatcher::WordsBefore(const Passage& passage, const v1::Indicator& indicator) {
  const std::string_view text = passage.report->document().text();
  const std::vector<Piece> before =
      Clauses(text, {passage.sentence.begin, static_cast<size_t>(indicator.span().begin())});
  return before.empty() ? std::string_view() : before.back().of(text);
}

std::vector<FigureMatcher::Candidate> FigureMatcher::Candidates(const PassageIndex& index, int year) const {
  std::vector<Candidate> out;
  const auto& passages = index.passages();
  // Passages and indicators of one report both stand in order.
  const v1::Analysis* report = nullptr;
  int next = 0;
  for (int p = 0; p < static_cast<int>(passages.size()); ++p) {
    if (passages[p].report != report) {
      report = passages[p].report;
      next = 0;
    }
    const auto& indicators = report->indicators();
    const std::string_view text(report->document().text().data(), passages[p].sentence.end);
    const v1::Indicator *whole = nullptr, *part = nullptr;
    for (; next < indicators.size() && indicators[next].span().begin() < static_cast<int32_t>(text.size()); ++next) {
      const v1::Indicator& indicator = indicators[next];
      if (indicator.span().begin() < static_cast<int32_t>(passages[p].sentence.begin)) continue;
      if (next + 1 < indicators.size() && IsWholeOf(text, indicator, indicators[next + 1])) {
        whole = &indicator;
        part = &indicators[next + 1];
        continue;
      }
      if (indicator.aspect() != v1::Indicator::ACTUAL && indicator.aspect() != v1::Indicator::CHANGE) continue;
      if (year != 0 && indicator.year() != 0 && indicator.year() != year) continue;
      if (IsOfOthers(passages[p], indicator, year)) continue;
      const bool followed = next + 1 < indicators.size();
      if (followed && IsSize(text, indicator, indicators[next + 1])) continue;
      const bool is_part = part == &indicator;
      const bool of_part = part != nullptr && !is_part && !PartsClauses(text, *part, indicator);
      out.push_back({.indicator = &indicator,
                     .passage = p,
                     .part_year = passages[p].part_year || IsOfPartYear(passages[p], indicator),
                     .sum = followed && IsSum(text, indicator, indicators[next + 1]),
                     .part = of_part ? part : nullptr,
                     .whole = of_part || is_part ? whole : nullptr});
    }
    AddSpoken(passages[p], p, year, &out);
  }
  return out;
}

void FigureMatcher::AddSpoken(const Passage& passage, int p, int year, std::vector<Candidate>* out) const {
  constexpr std::u32string_view kNumerals = U"零一二三四五六七八九";
  constexpr std::u32string_view kOthers = U"十百千万亿第几数两零一二三四五六七八九";
  const std::string_view text = passage.text();
  for (const CodePoint& c : CodePoints(text)) {
    const size_t value = c.value == U'两' ? 2 : kNumerals.find(c.value);
    if (value == 0 || value == std::u32string_view::npos || c.offset == 0) continue;
    const char32_t before = DecodeBefore(text, c.offset).value;
    if (!IsHan(before) || kOthers.find(before) != std::u32string_view::npos) continue;
    const size_t unit = units_.MatchAt(text, c.offset + c.size), end = c.offset + c.size + unit;
    if (unit == 0 || (end < text.size() && !IsPunctuation(DecodeAt(text, end).value))) continue;
    const std::vector<Piece> clauses = Clauses(text, {0, c.offset});
    const int32_t begin = static_cast<int32_t>(passage.sentence.begin + c.offset);
    const bool read = !out->empty() && out->back().passage == p && out->back().indicator->span().end() > begin;
    if (clauses.empty() || read) continue;
    auto spoken = std::make_shared<v1::Indicator>();
    spoken->set_label(std::string(clauses.back().of(text)));
    spoken->set_aspect(v1::Indicator::ACTUAL);
    spoken->mutable_span()->set_begin(begin);
    spoken->mutable_span()->set_end(begin + static_cast<int32_t>(c.size + unit));
    spoken->mutable_quantity()->set_value(static_cast<double>(value));
    spoken->mutable_quantity()->set_unit(std::string(text.substr(end - unit, unit)));
    spoken->mutable_quantity()->set_kind(v1::Quantity::COUNT);
    if (IsOfOthers(passage, *spoken, year)) continue;
    const bool part_year = passage.part_year || IsOfPartYear(passage, *spoken);
    const v1::Indicator* indicator = spoken.get();
    out->push_back({.indicator = indicator, .passage = p, .part_year = part_year, .spoken = std::move(spoken)});
  }
}

bool FigureMatcher::IsOfOthers(const Passage& passage, const v1::Indicator& indicator, int year) const {
  const std::string_view clause = WordsBefore(passage, indicator);
  if (over_years_.ContainedIn(clause) || IsOfOtherYear(clause, year)) return true;
  if (indicator.quantity().kind() == v1::Quantity::RANK) return false;
  return std::any_of(scopes_.begin(), scopes_.end(), [&](const auto& scope) {
    return scope.level < passage.report->document().agency().level() && scope.words.Starts(clause) &&
           (!scope.beside || scope.own.ContainedIn(passage.text()));
  });
}

bool FigureMatcher::IsOfOtherYear(std::string_view clause, int year) const {
  constexpr std::string_view kYear = "年";
  constexpr std::string_view kSince = "自";
  constexpr size_t kDigits = 4;
  const size_t at = clause.find(kYear);
  if (year != 0 && at != std::string_view::npos && at >= kDigits) {
    const std::string_view digits = clause.substr(at - kDigits, kDigits);
    const bool opens = at == kDigits || !IsHan(DecodeBefore(clause, at - kDigits).value);
    const bool number = std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return IsDigit(c); });
    if (opens && number && at <= 2 * kDigits && std::stoi(std::string(digits)) != year) return true;
    const bool since = clause.substr(0, at - kDigits).ends_with(kSince);
    if (since && number && std::stoi(std::string(digits)) < year) return true;
  }
  const size_t last = last_year_.Find(clause);
  if (last == std::string_view::npos || (last > 0 && IsHan(DecodeBefore(clause, last).value))) return false;
  // 上年结转32件全部办结: what was left over is this year's to do.
  return handed_on_.MatchAt(clause, last + last_year_.MatchAt(clause, last)) == 0;
}

bool FigureMatcher::IsSum(std::string_view text, const v1::Indicator& indicator, const v1::Indicator& next) const {
  const size_t begin = static_cast<size_t>(indicator.span().begin());
  const size_t end = static_cast<size_t>(std::max(indicator.span().end(), indicator.span().begin()));
  const size_t behind = static_cast<size_t>(std::max(next.span().begin(), 0));
  if (behind <= end || behind > text.size() ||
      BareUnit(next.quantity().unit()) != BareUnit(indicator.quantity().unit()))
    return false;
  const std::vector<Piece> before = Clauses(text.substr(0, begin), {0, begin});
  return !before.empty() && sum_.ContainedIn(before.back().of(text)) &&
         this_year_.ContainedIn(text.substr(end, behind - end));
}

bool FigureMatcher::IsSize(std::string_view text, const v1::Indicator& indicator, const v1::Indicator& next) const {
  const size_t end = static_cast<size_t>(std::max(indicator.span().end(), 0));
  const size_t behind = static_cast<size_t>(std::max(next.span().begin(), 0));
  if (behind <= end || behind > text.size() || !SameUnit(indicator, next) ||
      indicator.quantity().kind() == v1::Quantity::PERCENT || indicator.quantity().value() < next.quantity().value()) {
    return false;
  }
  const std::string_view between = text.substr(end, behind - end);
  for (const CodePoint& c : CodePoints(between)) {
    if (IsPunctuation(c.value)) return false;
  }
  return done_.Ends(between) && !reader_.Read(between).places.empty();
}

bool FigureMatcher::IsOfPartYear(const Passage& passage, const v1::Indicator& indicator) const {
  constexpr std::string_view kSemicolon = "；";
  const std::string_view text = passage.report->document().text();
  std::string_view before =
      text.substr(passage.sentence.begin, static_cast<size_t>(indicator.span().begin()) - passage.sentence.begin);
  if (const size_t at = before.rfind(kSemicolon); at != std::string_view::npos) before.remove_prefix(at);
  const size_t part = part_year_.FindLast(before), whole = whole_year_.FindLast(before);
  return part != std::string_view::npos && (whole == std::string_view::npos || whole < part);
}

}  // namespace duban
