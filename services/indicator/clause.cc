// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/clause.h"

#include <algorithm>
#include <array>
#include <optional>

namespace duban {
namespace {

struct Sign {
  std::string_view text;
  Mark::Kind kind;
};

constexpr std::array<Sign, 16> kSigns = {{{"，", Mark::kComma},
                                          {"；", Mark::kSemicolon},
                                          {"：", Mark::kColon},
                                          {"。", Mark::kStop},
                                          {"！", Mark::kStop},
                                          {"？", Mark::kStop},
                                          {"、", Mark::kEnumeration},
                                          {"（", Mark::kOpen},
                                          {"）", Mark::kClose},
                                          {"——", Mark::kComma},
                                          {"…", Mark::kComma},
                                          {"【", Mark::kOpen},
                                          {"】", Mark::kColon},
                                          {"〔", Mark::kOpen},
                                          {"〕", Mark::kClose},
                                          {"│", Mark::kComma}}};

struct Pair {
  std::string_view open;
  std::string_view close;
};

constexpr std::array<Pair, 6> kPairs = {
    {{"“", "”"}, {"《", "》"}, {"「", "」"}, {"『", "』"}, {"‘", "’"}, {"〈", "〉"}}};

std::optional<Mark::Kind> AsciiMark(char c) {
  switch (c) {
    case ',':
      return Mark::kComma;
    case ';':
      return Mark::kSemicolon;
    case ':':
      return Mark::kColon;
    case '!':
    case '?':
    case '\n':
      return Mark::kStop;
    case '\t':
    case '|':
      return Mark::kComma;
    case '(':
      return Mark::kOpen;
    case ')':
      return Mark::kClose;
    default:
      return std::nullopt;
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The lead bytes of the multi-byte signs and quotation marks: E2 (“ ” ‘ ’ — …, │), E3 (。 、 《 》 「 」 【 】), EF
// (full-width).
bool MayBeSign(unsigned char lead) { return lead == 0xE2 || lead == 0xE3 || lead == 0xEF; }

// The end of the quotation that opens at `pos`, or 0.
size_t QuotationEnd(std::string_view text, size_t pos, size_t end) {
  for (const Pair& pair : kPairs) {
    if (text.compare(pos, pair.open.size(), pair.open) != 0) continue;
    const size_t close = text.substr(0, end).find(pair.close, pos);
    return close == std::string_view::npos ? 0 : close + pair.close.size();
  }
  return 0;
}

constexpr size_t kMostFigures = 128;
constexpr size_t kLongestPiece = 16 << 10;

// Behind the last comma, semicolon or stop of `gap`, else its end.
size_t CutIn(std::string_view text, Range gap) {
  for (size_t pos = gap.end; pos-- > gap.begin;) {
    if (text[pos] == ',' || text[pos] == ';' || text[pos] == '\n') return pos + 1;
    for (const Sign& sign : kSigns) {
      const bool cuts = sign.kind == Mark::kComma || sign.kind == Mark::kSemicolon || sign.kind == Mark::kStop;
      if (cuts && pos + sign.text.size() <= gap.end && text.compare(pos, sign.text.size(), sign.text) == 0)
        return pos + sign.text.size();
    }
  }
  return gap.end;
}

bool Separates(Mark::Kind kind) { return kind != Mark::kEnumeration && kind != Mark::kClose; }

}  // namespace

SentenceView ReadSentence(std::string_view text, Range range) {
  SentenceView view;
  view.range = range;
  for (size_t pos = range.begin; pos < range.end;) {
    const auto lead = static_cast<unsigned char>(text[pos]);
    if (lead < 0x80) {
      const std::optional<Mark::Kind> kind = AsciiMark(text[pos]);
      const bool in_number = kind && (text[pos] == ',' || text[pos] == ':') && pos > range.begin &&
                             pos + 1 < range.end && IsDigit(text[pos - 1]) && IsDigit(text[pos + 1]);
      if (kind && !in_number) view.marks.push_back({pos, 1, *kind});
      ++pos;
      continue;
    }
    if (!MayBeSign(lead)) {
      pos += lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
      continue;
    }
    if (const size_t end = QuotationEnd(text, pos, range.end); end != 0) {
      view.quoted.push_back({pos, end});
      pos = end;
      continue;
    }
    size_t size = 3;
    for (const Sign& sign : kSigns) {
      if (text.compare(pos, sign.text.size(), sign.text) != 0) continue;
      size = sign.text.size();
      view.marks.push_back({pos, size, sign.kind});
      break;
    }
    pos += size;
  }
  return view;
}

std::vector<size_t> PieceEnds(std::string_view text, Range sentence, std::span<const Range> figures) {
  std::vector<size_t> ends;
  size_t begin = sentence.begin;
  size_t held = 0;
  for (size_t i = 0; i < figures.size(); ++i) {
    if (i > 0 && (held == kMostFigures || figures[i].begin - begin > kLongestPiece)) {
      begin = CutIn(text, {figures[i - 1].end, figures[i].begin});
      ends.push_back(begin);
      held = 0;
    }
    ++held;
  }
  ends.push_back(sentence.end);
  return ends;
}

void FillFragments(const SentenceView& sentence, std::span<Figure> figures) {
  int clause = 0;
  int segment = 0;
  int depth = 0;
  size_t next = 0;
  size_t start = sentence.range.begin;        // of the words of the figure to come
  size_t before_open = sentence.range.begin;  // what start was when the innermost parenthesis opened
  size_t previous_end = sentence.range.begin;
  bool figure_in_parentheses = false;
  for (Figure& figure : figures) {
    for (; next < sentence.marks.size() && sentence.marks[next].pos < figure.extent.begin; ++next) {
      const Mark& mark = sentence.marks[next];
      if (mark.pos < previous_end) continue;
      const size_t behind = mark.pos + mark.size;
      if (mark.kind == Mark::kOpen) {
        if (depth++ == 0) before_open = start;
        figure_in_parentheses = false;
        start = behind;
      } else if (mark.kind == Mark::kClose) {
        depth = std::max(0, depth - 1);
        // Words before a parenthesis without figures still belong to the figure behind it.
        start = figure_in_parentheses || depth > 0 ? behind : before_open;
      } else if (Separates(mark.kind)) {
        start = behind;
        if (mark.kind == Mark::kStop) depth = 0;
        segment += mark.kind == Mark::kSemicolon || mark.kind == Mark::kStop;
        ++clause;
      }
    }
    figure.gap = {previous_end, figure.extent.begin};
    figure.before = {std::min(start, figure.extent.begin), figure.extent.begin};
    figure.clause = clause;
    figure.segment = segment;
    figure.in_parentheses = depth > 0;
    figure_in_parentheses = depth > 0;
    start = previous_end = figure.extent.end;
    if (depth > 0) before_open = figure.extent.end;
  }
  size_t stop = sentence.range.end;
  for (size_t i = figures.size(); i-- > 0;) {
    Figure& figure = figures[i];
    const auto mark = std::lower_bound(sentence.marks.begin(), sentence.marks.end(), figure.extent.end,
                                       [](const Mark& m, size_t pos) { return m.pos < pos; });
    // A parenthesis behind the unit (县（市、区）) does not end the words that follow.
    auto end = mark;
    while (end != sentence.marks.end() && end->kind == Mark::kOpen && end->pos < stop) {
      const auto close = std::find_if(end, sentence.marks.end(), [](const Mark& m) { return m.kind == Mark::kClose; });
      if (close == sentence.marks.end() || close->pos >= stop || end->pos == figure.extent.end) break;
      end = std::next(close);
    }
    const size_t behind = figure.unit_end < figure.range.end ? figure.unit_end : figure.extent.end;
    figure.after = {behind, std::min(stop, end == sentence.marks.end() ? stop : end->pos)};
    stop = figure.extent.begin;
  }
}

}  // namespace duban
