// SPDX-License-Identifier: Apache-2.0
// How decimal numbers are believed
//
// 1.5 at the beginning of a line is a figure more often than a heading. The numbers must run on without a gap:
// behind 1.2 stands 1.2.1, 1.3 or 2, and nothing else counts. A number of one part stands before a blank and heads a
// line without a full stop; it may also be an enumerator that counts anyhow (1.). A number of more parts stands before
// a blank, or heads a short line. All that fits counts only if two numbers of two parts do.

#include "services/segmentation/decimals.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "common/text/utf8.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

constexpr size_t kDeepest = 3;
constexpr int kLargest = 30;
constexpr uint32_t kLongestHeading = 36;
constexpr int kArabicLevel = 3;  // of 1.
constexpr int kDeepestLevel = 4;

struct Decimal {
  std::array<int, kDeepest> parts = {};
  size_t depth = 0;
  size_t end = 0;  // of the number
};

// The number that begins a line; depth 0 if none does.
Decimal DecimalAt(std::string_view words) {
  Decimal out;
  size_t at = 0;
  while (out.depth < kDeepest) {
    int value = 0;
    const size_t begin = at;
    for (CodePoint c = DecodeAt(words, at); c.size > 0 && IsDigit(c.value) && value <= kLargest;
         c = DecodeAt(words, at)) {
      value = value * 10 + static_cast<int>(c.value < 0x80 ? c.value - '0' : c.value - 0xFF10);
      at += c.size;
    }
    if (at == begin || value == 0 || value > kLargest) break;
    out.parts[out.depth++] = value;
    out.end = at;
    const CodePoint dot = DecodeAt(words, at);
    if (dot.value != '.' && dot.value != U'．') break;
    at += dot.size;
  }
  return out.end == at ? out : Decimal{};
}

class DecimalFinder {
 public:
  DecimalFinder(std::string_view text, const Rules& rules, Scan* scan) : text_(text), rules_(rules), scan_(*scan) {}

  void Run() {
    const int arabic = rules_.SeriesOf("arabic");
    size_t next = 0;
    for (uint32_t i = 0; i < scan_.lines.size(); ++i) {
      while (next < scan_.candidates.size() && scan_.candidates[next].line < i) ++next;
      const bool numbered = next < scan_.candidates.size() && scan_.candidates[next].line == i &&
                            scan_.candidates[next].place == Place::kLineStart && !scan_.candidates[next].doubtful;
      if (!numbered) {
        Try(i);
      } else if (scan_.candidates[next].series == arabic) {
        last_ = {{scan_.candidates[next].number}, 1, 0};
        bare_ = false;
      }
    }
    if (deep_ < 2) return;
    // 2.1 as it stands is no 2. before a 1.
    const auto is_decimal = [this](const Candidate& c) {
      const auto at = [](const Candidate& decimal, size_t begin) { return decimal.begin < begin; };
      const auto found = std::lower_bound(found_.begin(), found_.end(), c.begin, at);
      return c.doubtful && found != found_.end() && found->begin == c.begin;
    };
    std::erase_if(scan_.candidates, is_decimal);
    const size_t middle = scan_.candidates.size();
    scan_.candidates.insert(scan_.candidates.end(), found_.begin(), found_.end());
    std::inplace_merge(scan_.candidates.begin(), scan_.candidates.begin() + static_cast<std::ptrdiff_t>(middle),
                       scan_.candidates.end(),
                       [](const Candidate& a, const Candidate& b) { return a.begin < b.begin; });
  }

 private:
  void Try(uint32_t i) {
    const Line& line = scan_.lines[i];
    const std::string_view words = text_.substr(line.begin, line.end - line.begin);
    const Decimal decimal = DecimalAt(words);
    if (decimal.depth == 0 || !GoesOn(decimal) || !Heads(line, words, decimal)) return;
    if (decimal.depth == 1) bare_ = true;
    last_ = decimal;
    deep_ += decimal.depth == 2;
    Candidate found;
    found.begin = line.begin;
    found.end = line.begin + decimal.end;
    found.line = i;
    found.series =
        static_cast<int16_t>(rules_.SeriesOf(rules_.outline().decimal_series(static_cast<int>(decimal.depth) - 1)));
    const int level = static_cast<int>(decimal.depth) + (bare_ ? 0 : kArabicLevel - 1);
    found.level = static_cast<int8_t>(std::min(level, kDeepestLevel));
    found.number = static_cast<int16_t>(decimal.parts[decimal.depth - 1]);
    found.place = Place::kLineStart;
    found.sure = true;
    found_.push_back(found);
  }

  // Whether a number comes next behind the last one.
  bool GoesOn(const Decimal& next) const {
    if (last_.depth == 0) return next.depth == 1 && next.parts[0] == 1;
    if (next.depth > last_.depth + 1) return false;
    const size_t same = next.depth - 1;
    if (!std::equal(next.parts.begin(), next.parts.begin() + same, last_.parts.begin())) return false;
    return next.parts[same] == (next.depth > last_.depth ? 1 : last_.parts[same] + 1);
  }

  bool Heads(const Line& line, std::string_view words, const Decimal& decimal) const {
    const std::string_view behind = words.substr(decimal.end);
    const std::string_view rest = TrimSpace(behind);
    if (rest.empty() || behind.find('\t') != std::string_view::npos) return false;
    const bool figure = StartsWithAny(rest, rules_.outline().decimal_not_before()) ||
                        (IsDigit(DecodeAt(rest, 0).value) && YearsIn(rest, rules_).empty());
    const bool ends_with_figure = IsDigit(line.last) || rest.ends_with('%');
    if (figure || ends_with_figure || IsPunctuation(DecodeAt(rest, 0).value)) return false;
    const bool blank = rest.size() < behind.size();
    const bool heading = line.first_stop == kNowhere && line.chars <= kLongestHeading && !IsPunctuation(line.last);
    return decimal.depth == 1 ? blank && heading : blank || heading;
  }

  std::string_view text_;
  const Rules& rules_;
  Scan& scan_;
  std::vector<Candidate> found_;
  Decimal last_;
  bool bare_ = false;  // the last number of one part has no mark behind it
  size_t deep_ = 0;    // numbers of two parts
};

}  // namespace

void AddDecimals(std::string_view text, const Rules& rules, Scan* scan) { DecimalFinder(text, rules, scan).Run(); }

}  // namespace duban
