// SPDX-License-Identifier: Apache-2.0
#include "services/plan/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

// The longest name of a unit, in bytes: what is longer is a sentence.
constexpr size_t kLongestUnit = 90;

// The number of digits or Chinese numerals that ends right before `end`: 6, 12, 2025, 十一, 二十; nullopt if there is
// none. Its first byte goes to `begin`.
std::optional<int> NumberBefore(std::string_view text, size_t end, size_t* begin) {
  constexpr std::u32string_view kNumerals = U"〇一二三四五六七八九";
  constexpr int kMostDigits = 4;
  int value = 0, place = 1;
  size_t at = end;
  for (int i = 0; i < kMostDigits && at > 0; ++i) {
    const CodePoint c = DecodeBefore(text, at);
    if (c.value == U'十') {
      // 十 alone is 10; a digit in front of it, read next, replaces the 10 by its own tens.
      value += 10;
      place = -10;
    } else if (const size_t numeral = kNumerals.find(c.value); numeral != std::u32string_view::npos) {
      value += place == -10 ? (static_cast<int>(numeral) - 1) * 10 : static_cast<int>(numeral) * place;
      place = place == -10 ? 100 : place * 10;
    } else if (IsDigit(c.value)) {
      value += static_cast<int>(c.value >= U'０' ? c.value - U'０' : c.value - U'0') * place;
      place *= 10;
    } else {
      break;
    }
    at = c.offset;
  }
  if (at == end) return std::nullopt;
  *begin = at;
  return value;
}

// The year that stands right before `end`, as in 2025年; `fallback` if none does.
int YearBefore(std::string_view text, size_t end, int fallback) {
  constexpr std::string_view kYear = "年";
  if (end < kYear.size() || text.substr(end - kYear.size(), kYear.size()) != kYear) return fallback;
  size_t begin = 0;
  const std::optional<int> year = NumberBefore(text, end - kYear.size(), &begin);
  return year && *year >= 1900 ? *year : fallback;
}

std::string Day(int year, int month, int day) {
  if (year == 0 || month < 1 || month > 12) return "";
  const std::chrono::year_month_day_last last{std::chrono::year(year) /
                                              std::chrono::month(static_cast<unsigned>(month)) / std::chrono::last};
  const int last_day = static_cast<int>(static_cast<unsigned>(last.day()));
  return fmt::format("{:04}-{:02}-{:02}", year, month, day == 0 ? last_day : std::min(day, last_day));
}

}  // namespace

DeadlineFinder::DeadlineFinder(const PlanLexicon& lexicon) : suffixes_(lexicon.due_suffix()) {
  for (const auto& phrase : lexicon.due()) phrases_.emplace_back(phrase.text(), phrase.month());
}

std::string DeadlineFinder::DueDate(std::string_view text, int year) const {
  std::string latest;
  const auto consider = [&](std::string day) { latest = std::max(latest, day); };
  for (const auto& [words, month] : phrases_) {
    for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + words.size())) {
      // 2025年底: the 年 of the phrase is that of the number.
      constexpr std::string_view kYear = "年";
      const size_t end = words.starts_with(kYear) ? at + kYear.size() : at;
      consider(Day(YearBefore(text, end, year), month, 0));
    }
  }
  constexpr std::string_view kMonth = "月", kDay = "日";
  for (size_t at = text.find(kMonth); at != std::string_view::npos; at = text.find(kMonth, at + kMonth.size())) {
    size_t begin = 0;
    const std::optional<int> month = NumberBefore(text, at, &begin);
    if (!month) continue;
    int day = 0;
    size_t behind = at + kMonth.size();
    if (const size_t mark = text.find(kDay, behind); mark != std::string_view::npos && mark - behind <= 9) {
      size_t day_begin = 0;
      const std::optional<int> number = NumberBefore(text, mark, &day_begin);
      if (number && day_begin == behind) {
        day = *number;
        behind = mark + kDay.size();
      }
    }
    if (suffixes_.MatchAt(text, behind) != 0) consider(Day(YearBefore(text, begin, year), *month, day));
  }
  return latest;
}

UnitFinder::UnitFinder(const PlanLexicon& lexicon)
    : labels_(lexicon.unit_label()),
      verbs_(lexicon.unit_verb()),
      no_verbs_(lexicon.no_unit_verb()),
      suffixes_(lexicon.unit_suffix()) {}

std::string UnitFinder::ResponsibleUnit(std::string_view text) const {
  if (const size_t label = labels_.Find(text); label != std::string_view::npos) {
    size_t begin = label + labels_.MatchAt(text, label);
    const char32_t colon = begin < text.size() ? DecodeAt(text, begin).value : 0;
    if (colon == U'：' || colon == U':') {
      begin += DecodeAt(text, begin).size;
      constexpr std::u32string_view kStops = U"。；;，,）)】\n";
      size_t end = begin;
      while (end < text.size() && kStops.find(DecodeAt(text, end).value) == std::u32string_view::npos) {
        end += DecodeAt(text, end).size;
      }
      const Piece unit = Trimmed(text, {begin, end});
      if (!unit.empty()) return std::string(unit.of(text));
    }
  }
  for (size_t verb = verbs_.Find(text); verb != std::string_view::npos; verb = verbs_.Find(text, verb + 3)) {
    if (no_verbs_.MatchAt(text, verb) != 0) continue;
    constexpr std::u32string_view kOpeners = U"由，,。；;（(：:\n";
    size_t begin = verb;
    while (begin > 0 && verb - begin < kLongestUnit) {
      const CodePoint previous = DecodeBefore(text, begin);
      if (kOpeners.find(previous.value) != std::u32string_view::npos) break;
      begin = previous.offset;
    }
    const std::string_view unit = text.substr(begin, verb - begin);
    if (unit.size() < kLongestUnit && suffixes_.Ends(unit)) return std::string(unit);
  }
  return "";
}

}  // namespace duban
