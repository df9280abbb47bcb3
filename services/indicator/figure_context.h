// SPDX-License-Identifier: Apache-2.0
// services/indicator/figure_context.h: what stands around a numeral and says that it is no figure: names, formulas,
// dates, labels, enumerators. Pure functions over a text and the rules; indices count characters of `chars`.

#pragma once

#include <cstddef>

#include "services/indicator/folded_chars.h"
#include "services/indicator/numeral.h"
#include "services/indicator/numeral_signs.h"
#include "services/indicator/unit_lexicon.h"

namespace duban {

bool IsAsciiLetter(char16_t c);
bool IsHanChar(char16_t c);

// Whether a clause ends before chars[at]: the end, a line break, or punctuation there.
bool EndsClause(const FoldedChars& chars, size_t at);

// Whether a sentence or line begins at chars[at].
bool BeginsSentence(const FoldedChars& chars, size_t at);

// Whether one of `words` stands at `at`, or ends there for EndsWithAny.
bool StandsAny(const FoldedChars& chars, size_t at, const UnitLexicon::Words& words);
bool EndsWithAny(const FoldedChars& chars, size_t at, const UnitLexicon::Words& words);

// The end of the name or idiom that holds chars[at]; `at` if none does.
size_t NameEnd(const FoldedChars& chars, const UnitLexicon& units, size_t at);

// The end of the bracketed words that begin at `at` (a title in 《》, a short name in quotes) if no figure can stand in
// them; else at + 1.
size_t BracketEnd(const FoldedChars& chars, size_t at);

// The end of the run of digits, letters and operators that holds chars[at], e.g. of 1+3+X.
size_t TokenEnd(const FoldedChars& chars, size_t at);

// Whether a numeral at [begin, end) is part of a code, formula or masked number: COVID-19, 1+3+X, 7×24, 3*.
bool IsPartOfToken(const FoldedChars& chars, size_t begin, size_t end);

// 1900 to 2099 in four digits.
bool IsYearLike(const Numeral& numeral);

// The end of the date or clock time that begins with `numeral` at `begin`; `begin` if it is none.
size_t DateEnd(const FoldedChars& chars, const UnitLexicon& units, size_t begin, const Numeral& numeral);

// Whether a bare numeral at `begin` is a label, an enumerator, a hotline, a version, and not a figure.
bool IsBareLabel(const FoldedChars& chars, const UnitLexicon& units, size_t begin, const Numeral& numeral);

}  // namespace duban
