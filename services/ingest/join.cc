// SPDX-License-Identifier: Apache-2.0
// When a line continues the one before
//
// Surely, even over an empty line: the first ends with a comma or an opening mark, or the second begins with a mark
// that no line begins with. Never: the first ends a sentence, the second begins an item, or the format says that it is
// whole. Between: pages whose text was wrapped at a width (most lines nearly as long as the longest, few of them ending
// a sentence) are joined where a line is full; on others a long line, which is no heading, that stops amid a sentence
// or number goes on in the next unless that is indented.
#include "services/ingest/join.h"

#include <algorithm>
#include <string_view>

#include "common/text/fold.h"

namespace duban {
namespace {

constexpr size_t kShortest = 20;         // code points that a line must have to be more than a heading
constexpr size_t kShortestBroken = 10;   // code points of a line whose last number goes on
constexpr size_t kLongestUnit = 6 * 3;   // bytes of a unit with its full stop
constexpr size_t kFirstStop = 600;       // bytes within which a paragraph has a full stop
constexpr size_t kSurelyNoHeading = 60;  // code points beyond which a line without any full stop is no heading
constexpr size_t kWidestWrap = 90;       // lines wrapped at a width are not longer

bool OneOf(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }

bool IsNumeral(char32_t c) { return IsDigit(c) || OneOf(c, U"一二三四五六七八九十百千万亿零〇两%．.％"); }

char32_t First(std::string_view line) { return DecodeAt(line, 0).value; }
char32_t Last(std::string_view line) { return DecodeBefore(line, line.size()).value; }

bool EndsSentence(std::string_view line) {
  char32_t last = Last(line);
  if (OneOf(last, U"”’）)》】」")) {
    const size_t inner = line.size() - DecodeBefore(line, line.size()).size;
    const char32_t before = DecodeBefore(line, inner).value;
    if (OneOf(before, U"。！？；")) last = before;
  }
  return OneOf(last, U"。！？；：!?;:…");
}

bool ContinuesSurely(std::string_view line, std::string_view next) {
  return OneOf(Last(line), U"，、（(《“‘〔,") || OneOf(First(next), U"，。、；：）》”’〕！？％,;)%");
}

struct Wrap {
  bool wrapped = false;
  size_t full = 0;  // code points from which on a line is full
};

Wrap FindWrap(const std::vector<PageLine>& lines, const std::vector<size_t>& sizes) {
  const size_t longest = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
  if (longest > kWidestWrap || longest < kShortest || lines.size() < 4) return {};
  size_t full = 0, cut = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (sizes[i] * 10 < longest * 8) continue;
    ++full;
    cut += !EndsSentence(TrimSpace(lines[i].text));
  }
  return {full >= 3 && cut * 2 > full, longest * 8 / 10};
}

bool Indented(const std::string& line) {
  return line.starts_with("　") || line.starts_with("  ") || line.starts_with('\t');
}

// Cells between tabs or runs of blanks.
bool HasCells(std::string_view line) {
  return line.find("  ") != std::string_view::npos || line.find('\t') != std::string_view::npos;
}

// What is known of a paragraph beside its text: looking through all of it for every line that might go on in it would
// be quadratic.
struct Paragraph {
  size_t size = 0;     // code points; in a wrapped text those of its last line
  bool cells = false;  // anywhere in it
};

// A number broken inside, or from its unit that ends the sentence.
bool BreaksNumber(std::string_view line, const Paragraph& known, std::string_view next) {
  if (known.cells || !IsNumeral(Last(line))) return false;
  if (IsNumeral(First(next))) return known.size >= kShortestBroken;
  return IsDigit(Last(line)) && EndsSentence(next) && next.size() <= kLongestUnit;
}

bool Continues(std::string_view line, const Paragraph& known, const PageLine& next, std::string_view next_text,
               const Wrap& wrap, const WordList& openers) {
  if (next.whole || BeginsItem(next_text) || LongestAt(next_text, 0, openers) > 0) return false;
  if (EndsSentence(line)) return OneOf(First(next_text), U"）》”’〕)");
  if (ContinuesSurely(line, next_text)) return true;
  if (next.blank_before > 0 || Indented(next.text)) return false;
  if (BreaksNumber(line, known, next_text)) return true;
  const std::string_view begin = line.substr(0, kFirstStop);
  if (HasCells(begin)) return false;
  if (wrap.wrapped) return known.size >= wrap.full;
  const bool item = BeginsItem(begin);
  return (known.size >= kSurelyNoHeading && !item) ||
         (known.size >= kShortest && begin.find("。") != std::string_view::npos);
}

size_t SkipNumerals(std::string_view line, size_t at) {
  for (CodePoint c = DecodeAt(line, at); c.size > 0 && (IsDigit(c.value) || OneOf(c.value, U"一二三四五六七八九十百"));
       c = DecodeAt(line, at)) {
    at += c.size;
  }
  return at;
}

}  // namespace

std::string Tidy(std::string_view text) {
  text = TrimSpace(text);
  std::string out;
  out.reserve(text.size());
  size_t run = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    // Invisible characters begin with C2, E2 or EF.
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= ' ' && byte != 0xC2 && byte != 0xE2 && byte != 0xEF) continue;
    const CodePoint c = DecodeAt(text, at);
    if (c.value == '\t' || (c.value >= ' ' && FoldCodePoint(c.value) != 0)) continue;
    out.append(text.substr(run, at - run));
    run = at + c.size;
    at = run - 1;
  }
  out.append(text.substr(run));
  return out;
}

bool BeginsItem(std::string_view line) {
  const char32_t first = First(line);
  if (OneOf(first, U"【①②③④⑤⑥⑦⑧⑨⑩●■◆★▲")) return true;
  if (line.starts_with("——")) return true;
  const bool bracket = first == U'（' || first == '(';
  size_t at = bracket || first == U'第' ? DecodeAt(line, 0).size : 0;
  const size_t digits = at;
  at = SkipNumerals(line, at);
  if (at == digits) return false;
  const char32_t mark = DecodeAt(line, at).value;
  if (bracket) return mark == U'）' || mark == ')';
  if (first == U'第') return OneOf(mark, U"部章节篇，、");
  if (mark == U'是') return true;
  // 1.2亿元 is a number.
  const size_t behind = at + DecodeAt(line, at).size;
  return mark == U'、' || (OneOf(mark, U".．") && !IsDigit(DecodeAt(line, behind).value));
}

void AppendLine(std::string_view next, std::string* line) {
  const bool letters = IsLatinLetter(Last(*line)) && IsLatinLetter(First(next));
  if (letters) line->push_back(' ');
  line->append(next);
}

std::vector<PageLine> JoinLines(const std::vector<PageLine>& lines, const WordList& openers) {
  std::vector<PageLine> joined;
  std::vector<size_t> sizes;
  sizes.reserve(lines.size());
  for (const PageLine& line : lines) sizes.push_back(CountCodePoints(TrimSpace(line.text)));
  const Wrap wrap = FindWrap(lines, sizes);
  Paragraph known;  // of joined.back()
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string text = Tidy(lines[i].text);
    if (text.empty()) continue;
    const bool open = !joined.empty() && !joined.back().whole;
    const bool cells = HasCells(text);
    if (open && Continues(joined.back().text, known, lines[i], text, wrap, openers)) {
      AppendLine(text, &joined.back().text);
      known = {wrap.wrapped ? sizes[i] : known.size + sizes[i], known.cells || cells};
      continue;
    }
    joined.push_back(lines[i]);
    joined.back().text = std::move(text);
    known = {sizes[i], cells};
  }
  return joined;
}

}  // namespace duban
