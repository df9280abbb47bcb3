// SPDX-License-Identifier: Apache-2.0
#include "services/plan/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "common/text/utf8.h"

namespace duban {
namespace {

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

std::string Day(int year, int month, int day) {
  if (year == 0 || month < 1 || month > 12) return "";
  const std::chrono::year_month_day_last last{std::chrono::year(year) /
                                              std::chrono::month(static_cast<unsigned>(month)) / std::chrono::last};
  const int last_day = static_cast<int>(static_cast<unsigned>(last.day()));
  return fmt::format("{:04}-{:02}-{:02}", year, month, day == 0 ? last_day : std::min(day, last_day));
}

// Whether digits stand at both sides of the mark at `at`.
bool BetweenDigits(std::string_view text, size_t at) {
  return at > 0 && at + 1 < text.size() && IsDigit(DecodeBefore(text, at).value) &&
         IsDigit(DecodeAt(text, at + 1).value);
}

// 2024.6.30, 2024-06-30 and 6/30 as 2024年6月30日 and 6月30日: the form of many cells.
std::string WithMarks(std::string_view cell) {
  constexpr std::string_view kMarks[] = {"年", "月", "日"};
  constexpr size_t kYearDigits = 4;
  const size_t first = cell.find_first_of(".-/");
  if (first == std::string_view::npos || cell.find_first_not_of("0123456789.-/") != std::string_view::npos) {
    return std::string(cell);
  }
  size_t next = first == kYearDigits ? 0 : 1;
  std::string out;
  for (size_t at = 0; at < cell.size(); ++at) {
    const bool mark = (cell[at] == '.' || cell[at] == '-' || cell[at] == '/') && BetweenDigits(cell, at);
    out += mark && next < std::size(kMarks) ? kMarks[next++] : cell.substr(at, 1);
  }
  if (next < std::size(kMarks)) out += kMarks[next];
  return out;
}

}  // namespace

DeadlineFinder::DeadlineFinder(const PlanLexicon& lexicon)
    : suffixes_(lexicon.due_suffix()), year_counts_(lexicon.year_count()) {
  for (const auto& phrase : lexicon.due()) phrases_.emplace_back(phrase.text(), phrase.month());
  for (const auto& part : lexicon.month_part()) month_parts_.emplace_back(part.text(), part.day());
  for (const auto& name : lexicon.relative_year()) relative_years_.emplace_back(name.text(), name.offset());
}

std::optional<int> DeadlineFinder::YearBefore(std::string_view text, size_t end, int year) const {
  constexpr std::string_view kYear = "年", kOrdinal = "第";
  std::string_view before = text.substr(0, end);
  if (before.ends_with(kOrdinal)) before.remove_suffix(kOrdinal.size());
  for (const auto& [words, offset] : relative_years_) {
    if (before.ends_with(words)) return year == 0 ? 0 : year + offset;
  }
  if (!before.ends_with(kYear)) return std::nullopt;
  size_t begin = 0;
  const std::optional<int> number = NumberBefore(before, before.size() - kYear.size(), &begin);
  return number && *number >= 1900 ? number : std::nullopt;
}

std::string DeadlineFinder::DueDate(std::string_view text, int year) const { return Latest(text, year, false); }

std::string DeadlineFinder::DueDateOfCell(std::string_view cell, int year) const {
  return Latest(WithMarks(TrimSpace(cell)), year, true);
}

std::string DeadlineFinder::Latest(std::string_view text, int year, bool bare) const {
  std::string latest;
  const std::string first = Day(year, 1, 1);
  const auto consider = [&](const std::string& day) {
    if (day >= first) latest = std::max(latest, day);
  };
  constexpr std::string_view kYear = "年";
  for (const auto& [words, month] : phrases_) {
    for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + words.size())) {
      // 2025年底: the 年 of the phrase is that of the number; 明年年底: it is not.
      const bool own_year = words.starts_with(kYear);
      std::optional<int> of = YearBefore(text, own_year ? at + kYear.size() : at, year);
      if (!of && own_year) of = YearBefore(text, at, year);
      if (!of && own_year && at > 0 && year_counts_.MatchAt(text, DecodeBefore(text, at).offset) != 0) continue;
      consider(Day(of.value_or(year), month, 0));
    }
  }
  constexpr std::string_view kMonth = "月", kDay = "日";
  for (size_t at = text.find(kMonth); at != std::string_view::npos; at = text.find(kMonth, at + kMonth.size())) {
    size_t begin = 0;
    const std::optional<int> month = NumberBefore(text, at, &begin);
    if (!month) continue;
    int day = 0;
    size_t behind = at + kMonth.size();
    for (const auto& [words, last] : month_parts_) {
      if (!text.substr(behind).starts_with(words)) continue;
      day = last;
      behind += words.size();
    }
    if (const size_t mark = text.find(kDay, behind); mark != std::string_view::npos && mark - behind <= 9) {
      size_t day_begin = 0;
      const std::optional<int> number = NumberBefore(text, mark, &day_begin);
      if (number && day_begin == behind) {
        day = *number;
        behind = mark + kDay.size();
      }
    }
    if (bare || suffixes_.MatchAt(text, behind) != 0)
      consider(Day(YearBefore(text, begin, year).value_or(year), *month, day));
  }
  return latest;
}

}  // namespace duban
