// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/figure_context.h"

#include <algorithm>
#include <string_view>

#include "common/text/utf8.h"

namespace duban {
namespace {

// Longest quoted words that count as a name, longest title in 《》.
constexpr size_t kLongestName = 30;
constexpr size_t kLongestTitle = 100;
// How far before its numeral a name may begin.
constexpr size_t kNameLead = 4;

// Operators of formulas and masks.
bool IsOperator(char16_t c) {
  constexpr std::u16string_view kOperators = u"+×*_#@=^\\&✕";
  return kOperators.find(c) != kOperators.npos;
}

bool Joined(const FoldedChars& chars, size_t at) { return chars.gap(at) == FoldedChars::kNone; }

size_t DigitRun(const FoldedChars& chars, size_t at) {
  size_t count = 0;
  while (IsAsciiDigit(chars[at + count]) && (count == 0 || Joined(chars, at + count))) ++count;
  return count;
}

bool IsYearAt(const FoldedChars& chars, size_t at) {
  if (DigitRun(chars, at) != 4) return false;
  return (chars[at] == u'1' && chars[at + 1] == u'9') || (chars[at] == u'2' && chars[at + 1] == u'0');
}

// Behind a year: further years (2021—2025, 2021、2022) or month and day (-03-01, .3.1).
size_t YearTail(const FoldedChars& chars, size_t end) {
  constexpr std::u16string_view kBetweenYears = u"-–—~至到、和及,";
  constexpr std::u16string_view kInDate = u"-/.";
  size_t at = end;
  while (chars[at] != 0 && kBetweenYears.find(chars[at]) != kBetweenYears.npos && IsYearAt(chars, at + 1)) at += 5;
  while (chars[at] != 0 && kInDate.find(chars[at]) != kInDate.npos) {
    const size_t run = DigitRun(chars, at + 1);
    if (run == 0 || run > 2) break;
    at += 1 + run;
  }
  return at;
}

// HH:MM or HH:MM:SS behind the hour.
size_t ClockEnd(const FoldedChars& chars, size_t end) {
  size_t at = end;
  while (chars[at] == u':' && DigitRun(chars, at + 1) == 2 && chars[at + 1] < u'6') at += 3;
  return at;
}

bool HasWordShortlyBefore(const FoldedChars& chars, const PhraseTable& table, size_t at, size_t reach) {
  for (size_t k = 0; k <= reach && k < at; ++k) {
    if (table.Match(chars, at - k)) return true;
    if (EndsClause(chars, at - k - 1)) return false;
  }
  return false;
}

}  // namespace

bool IsAsciiLetter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }
bool IsHanChar(char16_t c) { return IsHan(c); }

bool EndsClause(const FoldedChars& chars, size_t at) {
  return at >= chars.size() || chars.gap(at) >= FoldedChars::kLineBreak || IsPunctuation(chars[at]);
}

bool BeginsSentence(const FoldedChars& chars, size_t at) {
  if (at == 0 || chars.gap(at) >= FoldedChars::kLineBreak) return true;
  constexpr std::u16string_view kEnds = u"。；！？;!?";
  return kEnds.find(chars[at - 1]) != kEnds.npos;
}

bool StandsAny(const FoldedChars& chars, size_t at, const UnitLexicon::Words& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::u16string& word) {
    size_t k = 0;
    while (k < word.size() && chars[at + k] == word[k]) ++k;
    return k == word.size();
  });
}

bool EndsWithAny(const FoldedChars& chars, size_t at, const UnitLexicon::Words& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::u16string& word) {
    return at >= word.size() && chars.gap(at) != FoldedChars::kBreak && StandsAny(chars, at - word.size(), {word});
  });
}

size_t NameEnd(const FoldedChars& chars, const UnitLexicon& units, size_t at) {
  size_t end = at;
  for (size_t k = 0; k < kNameLead && k <= at; ++k) {
    const PhraseTable::Hit hit = units.tables().names.Match(chars, at - k);
    if (hit.length > k) end = std::max(end, at - k + hit.length);
  }
  return end;
}

size_t BracketEnd(const FoldedChars& chars, size_t at) {
  constexpr std::u16string_view kOpening = u"“‘「《<\"";
  constexpr std::u16string_view kClosing = u"”’」》>\"";
  const size_t kind = kOpening.find(chars[at]);
  const size_t longest = chars[at] == u'《' ? kLongestTitle : kLongestName;
  for (size_t i = at + 1; i < chars.size() && i - at <= longest && chars.gap(i) != FoldedChars::kBreak; ++i) {
    if (chars[i] == kClosing[kind]) {
      // “100%” and “两个100%” state a figure.
      const bool figure = chars[i - 1] == u'%';
      return figure ? at + 1 : i + 1;
    }
    if (chars[i] == u'。' && chars[at] != u'《') break;
  }
  return at + 1;
}

size_t TokenEnd(const FoldedChars& chars, size_t at) {
  constexpr std::u16string_view kInner = u".:-/·";
  const auto in_token = [&](size_t i) {
    return IsAsciiDigit(chars[i]) || IsAsciiLetter(chars[i]) || IsOperator(chars[i]);
  };
  size_t end = at + 1;
  while (end < chars.size() && Joined(chars, end)) {
    const bool inner = kInner.find(chars[end]) != kInner.npos && in_token(end + 1) && Joined(chars, end + 1);
    if (!in_token(end) && !inner) break;
    ++end;
  }
  return end;
}

bool IsPartOfToken(const FoldedChars& chars, size_t begin, size_t end) {
  if (begin > 0 && Joined(chars, begin)) {
    const char16_t before = chars[begin - 1];
    if (IsAsciiLetter(before) || IsOperator(before) || before == u'/' || before == u'·') return true;
    if (before == u'-' && begin > 1 && (IsAsciiLetter(chars[begin - 2]) || IsAsciiDigit(chars[begin - 2]))) return true;
  }
  if (end < chars.size() && chars.gap(end) <= FoldedChars::kBlank) {
    const char16_t behind = chars[end];
    if (IsOperator(behind)) return true;
    if (Joined(chars, end) && IsAsciiLetter(behind)) return true;
    const bool inner = behind == u'.' || behind == u'·' || behind == u'/' || behind == u'-';
    if (inner && (IsAsciiLetter(chars[end + 1]) || (behind != u'-' && IsAsciiDigit(chars[end + 1])))) return true;
  }
  return false;
}

bool IsYearLike(const Numeral& numeral) {
  const int length = numeral.chinese ? numeral.signs : numeral.digits;
  return length == 4 && numeral.magnitude == 0 && !numeral.decimal && !numeral.grouped &&
         numeral.fraction == Numeral::Fraction::kNone && numeral.value >= Decimal::Create(1900) &&
         numeral.value < Decimal::Create(2100);
}

size_t DateEnd(const FoldedChars& chars, const UnitLexicon& units, size_t begin, const Numeral& numeral) {
  if (IsYearLike(numeral)) {
    size_t end = YearTail(chars, numeral.end);
    if (chars[end] == u'年') return end + 1;
    if (end > numeral.end) return end;
    const bool since =
        chars[end] == u'起' && (units.tables().year_words.Match(chars, begin) || BeginsSentence(chars, begin));
    return since ? end + 1 : begin;
  }
  // 2023.03.01 reads as the decimal 2023.03.
  if (numeral.decimal && IsYearAt(chars, begin) && chars[begin + 4] == u'.' && chars[numeral.end] == u'.') {
    return YearTail(chars, begin + 4);
  }
  if (!numeral.chinese && numeral.digits <= 2 && !numeral.decimal && numeral.magnitude == 0 &&
      numeral.value < Decimal::Create(25)) {
    const size_t end = ClockEnd(chars, numeral.end);
    if (end > numeral.end && !HasWordShortlyBefore(chars, units.tables().ratio_words, begin, 4)) return end;
  }
  return begin;
}

bool IsBareLabel(const FoldedChars& chars, const UnitLexicon& units, size_t begin, const Numeral& numeral) {
  const size_t end = numeral.end;
  const auto& tables = units.tables();
  const bool own_line =
      (begin == 0 || chars.gap(begin) >= FoldedChars::kLineBreak) && chars.gap(end) >= FoldedChars::kLineBreak;
  if (numeral.chinese) {
    if (own_line) return numeral.signs < 2;
    if (BeginsSentence(chars, begin) && tables.enumerator_behind.Match(chars, end)) return true;
    if (begin > 0 && chars[begin - 1] == u'(' && chars[end] == u')') return true;
    if (MagnitudeOf(chars[begin]) > 1 && !numeral.inexact && numeral.fraction == Numeral::Fraction::kNone) return true;
    return numeral.fraction == Numeral::Fraction::kNone && !numeral.decimal &&
           (numeral.signs < 2 || (numeral.magnitude == 0 && numeral.signs < 4));
  }
  if (IsYearLike(numeral)) return true;
  if (numeral.digits > 8 && !numeral.grouped && !numeral.decimal && numeral.magnitude == 0) return true;
  if (chars[begin] == u'0' && IsAsciiDigit(chars[begin + 1])) return true;
  // A version: 2.0.
  if (numeral.decimal && numeral.value.IsWhole() && numeral.magnitude == 0 && !own_line) return true;
  const PhraseTable::Hit hotline = tables.hotlines.Match(chars, begin);
  if (hotline.length > 0 && begin + hotline.length == end) return true;
  const size_t label_end = begin > 0 && (chars[begin - 1] == u':' || chars[begin - 1] == u'(') ? begin - 1 : begin;
  if (label_end > 0 && tables.number_labels.Match(chars, label_end)) return true;
  if (numeral.digits > 2 || numeral.magnitude > 0) return false;
  const char16_t behind = chars[end];
  if (begin > 0 && chars[begin - 1] == u'(' && behind == u')') return true;
  constexpr std::u16string_view kMarks = u".、)";
  return BeginsSentence(chars, begin) && behind != 0 && kMarks.find(behind) != kMarks.npos && !own_line;
}

}  // namespace duban
