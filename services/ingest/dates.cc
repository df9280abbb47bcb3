// SPDX-License-Identifier: Apache-2.0
// A date is year, mark, month, mark, day. Numbers are ASCII digits or Chinese numerals (digit strings for the year, up
// to 31 for month and day); marks are 年 月 日 or one of - / . between all three.
#include "services/ingest/dates.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr std::string_view kYear = "年";

int ChineseDigit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'○':
    case U'零':
    case U'Ｏ':
    case U'0':
      return 0;
    case U'一':
      return 1;
    case U'二':
      return 2;
    case U'三':
      return 3;
    case U'四':
      return 4;
    case U'五':
      return 5;
    case U'六':
      return 6;
    case U'七':
      return 7;
    case U'八':
      return 8;
    case U'九':
      return 9;
    default:
      return -1;
  }
}

// Four digits at *at, ASCII or Chinese; 0 if there are none. Moves *at behind them.
int ReadYear(std::string_view text, size_t* at) {
  size_t p = *at;
  int year = 0;
  const bool ascii = p < text.size() && text[p] >= '0' && text[p] <= '9';
  for (int i = 0; i < 4; ++i) {
    const CodePoint c = DecodeAt(text, p);
    const int digit = c.value >= '0' && c.value <= '9' ? static_cast<int>(c.value - '0')
                      : ascii                          ? -1
                                                       : ChineseDigit(c.value);
    if (c.size == 0 || digit < 0) return 0;
    year = year * 10 + digit;
    p += c.size;
  }
  if (year < 1990 || year > 2099) return 0;
  *at = p;
  return year;
}

}  // namespace

int ReadSmall(std::string_view text, size_t* at) {
  size_t p = *at;
  int value = 0;
  if (p < text.size() && text[p] >= '0' && text[p] <= '9') {
    for (int i = 0; i < 2 && p < text.size() && text[p] >= '0' && text[p] <= '9'; ++i)
      value = value * 10 + text[p++] - '0';
  } else {
    for (CodePoint c = DecodeAt(text, p); c.size > 0; c = DecodeAt(text, p)) {
      const int digit = ChineseDigit(c.value);
      if (c.value == U'十' && value < 10) {
        value = value == 0 ? 10 : value * 10;
      } else if (digit > 0 && value % 10 == 0) {
        value += digit;
      } else {
        break;
      }
      p += c.size;
    }
  }
  if (value < 1 || value > 31) return 0;
  *at = p;
  return value;
}

bool IsRangeDash(char32_t c) { return std::u32string_view(U"-—–~～至到").find(c) != std::u32string_view::npos; }

namespace {

void SkipBlanks(std::string_view text, size_t* at) {
  while (*at < text.size() && text[*at] == ' ') ++*at;
}

bool ReadMark(std::string_view text, size_t* at, std::string_view han, char* mark) {
  SkipBlanks(text, at);
  if (text.compare(*at, han.size(), han) == 0 && (*mark == 0 || *mark == 'h')) {
    *mark = 'h';
    *at += han.size();
  } else if (*at < text.size() && (text[*at] == '-' || text[*at] == '/' || text[*at] == '.') &&
             (*mark == 0 || *mark == text[*at])) {
    *mark = text[(*at)++];
  } else {
    return false;
  }
  SkipBlanks(text, at);
  return *at < text.size();
}

int DaysOf(int year, int month) {
  const auto days = std::chrono::year(year) / static_cast<unsigned>(month) / std::chrono::last;
  return static_cast<int>(static_cast<unsigned>(days.day()));
}

// The date that begins at *at; moves *at behind it. Empty if there is none.
std::string ReadDate(std::string_view text, size_t* at) {
  size_t p = *at;
  char mark = 0;
  const int year = ReadYear(text, &p);
  if (year == 0 || !ReadMark(text, &p, kYear, &mark)) return "";
  const int month = ReadSmall(text, &p);
  if (month == 0 || month > 12 || !ReadMark(text, &p, "月", &mark)) return "";
  const int day = ReadSmall(text, &p);
  if (day == 0 || day > DaysOf(year, month) || (mark != 'h' && p < text.size() && text[p] >= '0' && text[p] <= '9'))
    return "";
  *at = p;
  SkipBlanks(text, &p);
  if (mark == 'h' && text.compare(p, 3, "日") == 0) *at = p + 3;
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

bool DigitBefore(std::string_view text, size_t offset) {
  return offset > 0 && text[offset - 1] >= '0' && text[offset - 1] <= '9';
}

// Whether the year at `offset` ends a span of several years: 2021-2025年, 2021至2025年.
bool EndsSpan(std::string_view text, size_t offset, int year) {
  const CodePoint dash = DecodeBefore(text, offset);
  if (dash.size == 0 || !IsRangeDash(dash.value)) return false;
  size_t end = dash.offset;
  while (end > 0 && DecodeBefore(text, end).value == dash.value) end = DecodeBefore(text, end).offset;
  if (text.substr(0, end).ends_with(kYear)) end -= kYear.size();
  size_t begin = end < 4 ? end : end - 4;
  const int first = begin < end ? ReadYear(text, &begin) : 0;
  return first != 0 && year - first > 1;
}

}  // namespace

DateMention FindDateMention(std::string_view text) {
  for (const CodePoint& c : CodePoints(text)) {
    if (DigitBefore(text, c.offset)) continue;
    size_t at = c.offset;
    if (std::string date = ReadDate(text, &at); !date.empty()) return {std::move(date), c.offset, at};
  }
  return {};
}

std::string WholeDate(std::string_view text) {
  text = TrimSpace(text);
  size_t at = 0;
  std::string date = text.empty() ? "" : ReadDate(text, &at);
  return at == text.size() ? date : "";
}

std::vector<YearMention> FindYears(std::string_view text, const WordList& words) {
  std::vector<YearMention> years;
  for (CodePoint c = DecodeAt(text, 0); c.size > 0;) {
    size_t at = c.offset;
    const int year = DigitBefore(text, at) ? 0 : ReadYear(text, &at);
    if (year != 0) {
      SkipBlanks(text, &at);
      if (const size_t size = LongestAt(text, at, words); size > 0 && !EndsSpan(text, c.offset, year)) {
        at += size;
        years.push_back({year, c.offset, at - c.offset});
      }
    }
    c = DecodeAt(text, std::max(at, c.offset + c.size));
  }
  return years;
}

}  // namespace duban
