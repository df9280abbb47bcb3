// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/period.h"

#include <algorithm>
#include <array>

#include "services/indicator/clause.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

constexpr int kOldest = 1949;
constexpr int kLatest = 2100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kGround = "基础上";
// How far a year reaches in a list or a clause without end: time stays linear.
constexpr size_t kReach = 600;  // bytes
constexpr int kMostMarks = 200;
constexpr std::string_view kOf = "的";

// What may follow a date's number or its unit: the grammar of dates itself, a closed set, and so it is code; the words
// around dates are data.
constexpr std::array<std::string_view, 14> kDateUnits = {"年",   "月",   "日",   "季度", "个月", "半年", "旬",
                                                         "年度", "年底", "年末", "月底", "月末", "年初", "月份"};
constexpr std::array<std::string_view, 13> kDateTails = {"以来", "期间", "底", "末", "初", "度", "前",
                                                         "份",   "间",   "内", "至", "-",  "—"};

size_t NumberAt(std::string_view text, size_t pos) {
  size_t end = pos;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end - pos;
}

size_t LongestOf(std::string_view text, size_t pos, const std::string_view* words, size_t count) {
  size_t best = 0;
  for (size_t i = 0; i < count; ++i) {
    if (words[i].size() > best && StartsAt(text, pos, words[i])) best = words[i].size();
  }
  return best;
}

// 比2019年, 较2021年, 与2020年相比, 是2018年的, 在2020年基础上: the year is a point of comparison.
bool IsCompared(std::string_view text, size_t begin, size_t pos) {
  static constexpr std::array<std::string_view, 6> kBefore = {"比", "较", "与", "是", "为", "在"};
  for (std::string_view word : kBefore) {
    if (pos < begin + word.size() || !StartsAt(text, pos - word.size(), word)) continue;
    return (word == "比" || word == "较" || word == "是" || word == "与");
  }
  return false;
}

// 对2021年12月31日前印发的214件文件: the year of a thing that is dealt with now.
bool IsAttribute(std::string_view text, const SentenceView& sentence, Range year, const LabelWords& words) {
  if (!words.table().Before(text.substr(sentence.range.begin, year.begin - sentence.range.begin),
                            year.begin - sentence.range.begin, LabelWords::kAbout)) {
    return false;
  }
  const auto mark = std::lower_bound(sentence.marks.begin(), sentence.marks.end(), year.end,
                                     [](const Mark& m, size_t at) { return m.pos < at; });
  const size_t clause_end = mark == sentence.marks.end() ? sentence.range.end : mark->pos;
  const size_t of = text.substr(0, std::min(clause_end, year.end + kReach)).find(kOf, year.end);
  return of != std::string_view::npos && of > year.end;
}

// The end of what a year at `pos` speaks of: at the front of a clause it holds for the sentence (a named year) or the
// segment (去年), inside one for the clause only.
size_t ScopeEnd(std::string_view text, const SentenceView& sentence, Range year, bool named, const LabelWords& words) {
  const size_t pos = year.begin;
  const size_t year_end = year.end;
  const auto joins = [](const Mark& mark) { return mark.kind == Mark::kEnumeration; };
  const auto next = std::lower_bound(sentence.marks.begin(), sentence.marks.end(), pos,
                                     [](const Mark& mark, size_t at) { return mark.pos < at; });
  auto previous = next;
  for (int i = 0; i < kMostMarks && previous != sentence.marks.begin() && joins(*std::prev(previous)); ++i) --previous;
  size_t clause =
      previous == sentence.marks.begin() ? sentence.range.begin : std::prev(previous)->pos + std::prev(previous)->size;
  const auto far = [&](auto from) { return from + std::min<std::ptrdiff_t>(kMostMarks, sentence.marks.end() - from); };
  const auto end = std::find_if_not(next, far(next), joins);
  const size_t clause_end = end == sentence.marks.end() ? sentence.range.end : end->pos;
  const auto stop = std::find_if(
      end, far(end), [](const Mark& mark) { return mark.kind == Mark::kSemicolon || mark.kind == Mark::kStop; });
  const size_t segment_end = stop == sentence.marks.end() ? sentence.range.end : stop->pos;
  // 由2020年的4.1万人增长到5.9万人: the year of the first end only.
  if (words.table().Before(text, pos, LabelWords::kFrom) && text.compare(year_end, kOf.size(), kOf) == 0) {
    for (size_t at = year_end; at < clause_end; ++at) {
      if (words.table().At(text.substr(0, clause_end), at, LabelWords::kToLevel)) return at;
    }
    return clause_end;
  }
  // Scope and adverbs may stand before the year.
  while (clause < pos) {
    const WordTable::Match front = words.table().At(text.substr(0, pos), clause, LabelWords::kFront);
    const size_t blank = text[clause] == ' ' ? 1 : StartsAt(text, clause, "　") ? 3 : 0;
    if (!front && blank == 0 && !StartsAt(text, clause, "到") && !StartsAt(text, clause, "至")) break;
    clause += front ? front.size : blank != 0 ? blank : 3;
  }
  // 在上年增长15%的基础上又增长30%: the ground is of the year before, what was built on it is not.
  const size_t ground = text.substr(0, std::min(clause_end, pos + kReach)).find(kGround, pos);
  if (ground != std::string_view::npos) return ground;
  if (clause < pos) return clause_end;
  return named ? sentence.range.end : segment_end;
}

}  // namespace

int YearAt(std::string_view text, size_t pos) {
  if (NumberAt(text, pos) != 4 || (pos > 0 && (IsDigit(text[pos - 1]) || text[pos - 1] == '.'))) return 0;
  const int year =
      (text[pos] - '0') * 1000 + (text[pos + 1] - '0') * 100 + (text[pos + 2] - '0') * 10 + (text[pos + 3] - '0');
  return year >= kOldest && year <= kLatest ? year : 0;
}

size_t DateAt(std::string_view text, size_t pos) {
  const size_t start = pos;
  for (bool dated = false; pos < text.size();) {
    const size_t digits = NumberAt(text, pos);
    const size_t unit = LongestOf(text, pos + digits, kDateUnits.data(), kDateUnits.size());
    if (digits > 0 && unit > 0) {
      pos += digits + unit;
      dated = true;
      continue;
    }
    // 1-11月, 2021—2023年: a number and a dash before a number with a unit.
    if (digits > 0) {
      size_t dash = pos + digits;
      const size_t size = StartsAt(text, dash, "-") || StartsAt(text, dash, "~")    ? 1
                          : StartsAt(text, dash, "—") || StartsAt(text, dash, "至") ? 3
                                                                                    : 0;
      const size_t second = size > 0 ? NumberAt(text, dash + size) : 0;
      const size_t behind = dash + size + second;
      const size_t second_unit = second > 0 ? LongestOf(text, behind, kDateUnits.data(), kDateUnits.size()) : 0;
      if (second_unit == 0) break;
      pos = behind + second_unit;
      dated = true;
      continue;
    }
    if (dated) {
      const size_t tail = LongestOf(text, pos, kDateTails.data(), kDateTails.size());
      if (tail == 0) break;
      pos += tail;
      continue;
    }
    // 前11个月, 前三季度.
    if (StartsAt(text, pos, "前")) {
      const size_t number = NumberAt(text, pos + 3);
      const size_t front_unit =
          number > 0 ? LongestOf(text, pos + 3 + number, kDateUnits.data(), kDateUnits.size()) : 0;
      if (front_unit > 0) {
        pos += 3 + number + front_unit;
        dated = true;
        continue;
      }
      if (StartsAt(text, pos, "前三季度")) {
        pos += std::string_view("前三季度").size();
        dated = true;
        continue;
      }
    }
    break;
  }
  return pos - start;
}

std::vector<YearMention> FindYears(std::string_view text, const SentenceView& sentence, int base_year,
                                   const LabelWords& words) {
  std::vector<YearMention> years;
  const size_t end = sentence.range.end;
  size_t mark = 0;
  size_t quoted = 0;
  size_t compared = 0;       // the end of the last year that is a point of comparison
  std::vector<size_t> open;  // indices into years of the first mention inside each open parenthesis
  for (size_t pos = sentence.range.begin; pos < end;) {
    while (quoted < sentence.quoted.size() && sentence.quoted[quoted].end <= pos) ++quoted;
    if (quoted < sentence.quoted.size() && sentence.quoted[quoted].begin <= pos) {
      pos = sentence.quoted[quoted].end;
      continue;
    }
    while (mark < sentence.marks.size() && sentence.marks[mark].pos <= pos) {
      if (sentence.marks[mark].kind == Mark::kOpen) open.push_back(years.size());
      if (sentence.marks[mark].kind == Mark::kClose && !open.empty()) {
        for (size_t i = open.back(); i < years.size(); ++i)
          years[i].end = std::min(years[i].end, sentence.marks[mark].pos);
        open.pop_back();
      }
      ++mark;
    }
    const auto lead = static_cast<unsigned char>(text[pos]);
    if (IsDigit(text[pos])) {
      const int year = YearAt(text, pos);
      const size_t number = NumberAt(text, pos);
      const bool of_year = year != 0 && StartsAt(text, pos + 4, "年");
      const size_t behind = pos + (of_year ? DateAt(text, pos) : 0);
      // 较2020年、2021年: of both.
      const bool also = compared > 0 && compared + ListJointAt(text, compared) == pos;
      if (of_year && (also || IsCompared(text, sentence.range.begin, pos))) {
        compared = behind;
      } else if (of_year && !IsAttribute(text, sentence, {pos, behind}, words)) {
        // 2021年以来 reaches to the present; of 2019年至2022年 the last year counts.
        int last = year;
        for (size_t at = pos + 4; at < behind; ++at) {
          if (const int other = YearAt(text, at); other != 0) last = other;
        }
        if (text.substr(0, behind).ends_with("以来") && base_year != 0) last = base_year;
        years.push_back({pos, behind, ScopeEnd(text, sentence, {pos, behind}, true, words), last});
      }
      pos = of_year ? std::max(behind, pos + 4) : pos + std::max<size_t>(number, 1);
      continue;
    }
    if (lead < 0x80) {
      ++pos;
      continue;
    }
    constexpr uint64_t kTags =
        LabelWords::kLastYear | LabelWords::kThisYear | LabelWords::kNextYear | LabelWords::kBase | LabelWords::kKeep;
    if (const WordTable::Match match = words.table().At(text.substr(0, end), pos, kTags)) {
      const bool base = (match.tags & LabelWords::kBase) != 0 && (match.tags & LabelWords::kLastYear) == 0;
      if (!base && (match.tags & LabelWords::kKeep) == 0 && base_year != 0) {
        const int shift = (match.tags & LabelWords::kLastYear) != 0   ? -1
                          : (match.tags & LabelWords::kNextYear) != 0 ? 1
                                                                      : 0;
        years.push_back({pos, pos + match.size, ScopeEnd(text, sentence, {pos, pos + match.size}, false, words),
                         base_year + shift});
      }
      pos += match.size;
      continue;
    }
    pos += lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  }
  return years;
}

}  // namespace duban
