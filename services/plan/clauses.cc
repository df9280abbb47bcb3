// SPDX-License-Identifier: Apache-2.0
#include "services/plan/clauses.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

// How far ahead a closing quote is looked for, in bytes: a quote left open must not swallow the text.
constexpr size_t kQuoteReach = 240;

bool EndsSentence(char32_t code) {
  return code == U'。' || code == U'！' || code == U'？' || code == U'!' || code == U'?';
}

bool EndsClause(char32_t code) {
  return EndsSentence(code) || code == U'，' || code == U',' || code == U'；' || code == U';' || code == U'：' ||
         code == U':' || code == U'\n';
}

bool ClosesQuote(char32_t code) {
  return code == U'”' || code == U'’' || code == U'」' || code == U'』' || code == U'》' || code == U'）' ||
         code == U')';
}

char32_t CloserOf(char32_t code) {
  switch (code) {
    case U'“':
      return U'”';
    case U'《':
      return U'》';
    case U'「':
      return U'」';
    default:
      return 0;
  }
}

bool BetweenDigits(std::string_view text, size_t position, size_t end) {
  return position > 0 && IsDigit(static_cast<unsigned char>(text[position - 1])) && position + 1 < end &&
         IsDigit(static_cast<unsigned char>(text[position + 1]));
}

// Behind the closer of the quote that opens at `position`; npos if it is not closed nearby on the line.
size_t BehindQuote(std::string_view text, size_t position, size_t end) {
  const CodePoint open = DecodeAt(text, position);
  const char32_t closer = CloserOf(open.value);
  if (closer == 0) return std::string_view::npos;
  const size_t limit = std::min(end, position + kQuoteReach);
  for (size_t at = position + open.size; at < limit;) {
    const CodePoint c = DecodeAt(text, at);
    if (c.value == U'\n') break;
    at += c.size;
    if (c.value == closer) return at;
  }
  return std::string_view::npos;
}

void Add(std::string_view text, Piece piece, std::vector<Piece>* out) {
  piece = Trimmed(text, piece);
  if (!piece.empty()) out->push_back(piece);
}

}  // namespace

Piece Trimmed(std::string_view text, Piece piece) {
  const std::string_view words = TrimSpace(piece.of(text));
  const size_t begin = words.empty() ? piece.begin : static_cast<size_t>(words.data() - text.data());
  return {begin, begin + words.size()};
}

size_t BehindHeading(std::string_view text, Piece range) {
  constexpr std::u32string_view kStops = U"。：:；;】";
  while (range.begin < range.end) {
    const CodePoint c = DecodeAt(text, range.begin);
    if (!IsSpace(c.value) && kStops.find(c.value) == std::u32string_view::npos) break;
    range.begin += c.size;
  }
  return range.begin;
}

bool TellsPart(std::string_view text, size_t whole_end, size_t part_begin) {
  constexpr size_t kMostBetween = 60;  // bytes
  constexpr size_t kMostBehind = 12;   // of 有, 至少有 and the like
  if (whole_end >= part_begin || part_begin > text.size() || part_begin - whole_end > kMostBetween) return false;
  for (size_t at = part_begin; at > whole_end && part_begin - at <= kMostBehind;) {
    const CodePoint c = DecodeBefore(text, at);
    if (EndsClause(c.value)) return false;
    at = c.offset;
    if (c.value != U'中') continue;
    if (at <= whole_end) return at == whole_end;  // 6家中的4家
    // 集中 and 其中 are other words.
    const char32_t before = DecodeBefore(text, at).value;
    return before != U'集' && before != U'其';
  }
  return false;
}

std::vector<Piece> Sentences(std::string_view text, Piece range) {
  std::vector<Piece> out;
  size_t begin = range.begin;
  for (size_t at = range.begin; at < range.end;) {
    const CodePoint c = DecodeAt(text, at);
    at += c.size;
    if (c.value == U'\n') {
      Add(text, {begin, at}, &out);
      begin = at;
    } else if (EndsSentence(c.value)) {
      while (at < range.end && ClosesQuote(DecodeAt(text, at).value)) at += DecodeAt(text, at).size;
      Add(text, {begin, at}, &out);
      begin = at;
    }
  }
  Add(text, {begin, range.end}, &out);
  return out;
}

std::vector<Piece> Clauses(std::string_view text, Piece range) {
  std::vector<Piece> out;
  size_t begin = range.begin;
  for (size_t at = range.begin; at < range.end;) {
    const CodePoint c = DecodeAt(text, at);
    if (const size_t behind = BehindQuote(text, at, range.end); behind != std::string_view::npos) {
      at = behind;
      continue;
    }
    if (EndsClause(c.value) && !(c.size == 1 && c.value != U'\n' && BetweenDigits(text, at, range.end))) {
      Add(text, {begin, at}, &out);
      begin = at + c.size;
    }
    at += c.size;
  }
  Add(text, {begin, range.end}, &out);
  return out;
}

}  // namespace duban
