// SPDX-License-Identifier: Apache-2.0
// How titles are told
//
// A title line ends with the word for the kind of paper (总结, 要点), holds no sentence, and has text below it. Above
// the first running text there is one title: the page's own if it stands there as a line, else the last that looks like
// one (a column of the site, 工作计划, often stands above). Further down only a line with a year is the title of a
// part; what has none is a heading (unnumbered.h). A paper that is one table (某局2024年任务分解表) has no running text
// above it; its title is the last line above the table that ends like one.

#include "services/segmentation/titles.h"

#include <algorithm>
#include <string>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/segmentation/headings.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

constexpr uint32_t kLongestTitle = 60;
constexpr uint32_t kShortestHeadTitle = 6;  // 政府工作报告, but not the column 年度报告

std::string_view TextOf(std::string_view text, const Line& line) {
  return text.substr(line.begin, line.end - line.begin);
}

std::string Squeezed(std::string_view text) { return Fold(WithoutSpace(text)); }

class TitleFinder {
 public:
  TitleFinder(std::string_view text, const Scan& scan, const v1::Document& document, const Rules& rules)
      : text_(text), scan_(scan), rules_(rules), title_(Squeezed(document.title())) {
    numbered_.assign(scan.lines.size(), false);
    for (const Candidate& c : scan.candidates) {
      if (c.place == Place::kLineStart) numbered_[c.line] = true;
    }
  }

  std::vector<Node> Run() {
    const size_t head = HeadEnd();
    const size_t table = TableBegin(head);
    if (table == head || !AddTableTitle(table)) AddHeadTitle(head);
    for (size_t i = next_free_ > 0 ? next_free_ : head; i < scan_.lines.size(); ++i) {
      if (LooksLikeTitle(i) && HasYear(i) && HasBodyBelow(i) && !IsMainTitle(i)) Add(i, i);
    }
    return std::move(out_);
  }

 private:
  bool HasYear(size_t i) const { return !YearsIn(TextOf(text_, scan_.lines[i]), rules_).empty(); }

  // Pages often print the title twice.
  bool IsMainTitle(size_t i) const {
    return !out_.empty() &&
           Squeezed(TextOf(text_, scan_.lines[i])) ==
               Squeezed(text_.substr(out_.front().begin, out_.front().heading_end - out_.front().begin));
  }

  // The first line of running text or with an enumerator.
  size_t HeadEnd() const {
    size_t i = 0;
    while (i < scan_.lines.size() && !IsBody(scan_, scan_.lines[i]) && !numbered_[i]) ++i;
    return i;
  }

  // The first of two rows of cells above line `end`; `end` if there are none.
  size_t TableBegin(size_t end) const {
    const auto is_row = [this](const Line& line) {
      const std::string_view words = TextOf(text_, line);
      const bool bars = words.starts_with('|') && std::count(words.begin(), words.end(), '|') >= 3;
      return bars || std::count(words.begin(), words.end(), '\t') >= 2;
    };
    for (size_t i = 0; i + 1 < end; ++i) {
      if (is_row(scan_.lines[i]) && is_row(scan_.lines[i + 1])) return i;
    }
    return end;
  }

  bool AddTableTitle(size_t table) {
    for (size_t i = table; i-- > 0;) {
      if (LooksLikeTitle(i, rules_.outline().table_title_endings()) && HasYear(i)) return Add(i, i), true;
    }
    return false;
  }

  bool LooksLikeTitle(size_t i) const { return LooksLikeTitle(i, rules_.outline().title_endings()); }

  template <typename Endings>
  bool LooksLikeTitle(size_t i, const Endings& endings) const {
    const Line& line = scan_.lines[i];
    const std::string_view words = TextOf(text_, line);
    if (numbered_[i] || line.chars < 4 || line.chars > kLongestTitle || line.first_stop != kNowhere) return false;
    const auto& lexicon = rules_.outline();
    return !HoldsAny(words, lexicon.not_in_title()) && !StartsWithAny(words, lexicon.not_heading()) &&
           EndsWithAny(WithoutNote(words), endings);
  }

  bool HasBodyBelow(size_t i) const {
    for (size_t j = i + 1; j < scan_.lines.size() && j <= i + 6; ++j) {
      if (IsBody(scan_, scan_.lines[j]) || numbered_[j]) return true;
    }
    return false;
  }

  // The page's title as one line of the head or as two.
  bool AddGivenTitle(size_t head) {
    if (title_.size() < 12) return false;
    for (size_t i = 0; i < head; ++i) {
      const std::string words = Squeezed(TextOf(text_, scan_.lines[i]));
      if (words.size() < 12 || !title_.starts_with(words)) continue;
      if (words == title_) return Add(i, i), true;
      if (i + 1 < head && words + Squeezed(TextOf(text_, scan_.lines[i + 1])) == title_) return Add(i, i + 1), true;
    }
    return false;
  }

  // Where the page gave no title: the longest line of the head that looks like one and has a year, else the last one.
  void AddHeadTitle(size_t head) {
    if (head == scan_.lines.size() || AddGivenTitle(head)) return;
    size_t best = kNowhere;
    for (size_t i = 0; i < head; ++i) {
      if (!LooksLikeTitle(i) || (!HasYear(i) && scan_.lines[i].chars < kShortestHeadTitle)) continue;
      const bool longer = best == kNowhere || scan_.lines[i].chars >= scan_.lines[best].chars;
      if (best == kNowhere || HasYear(i) > HasYear(best) || (HasYear(i) == HasYear(best) && longer)) best = i;
    }
    if (best == kNowhere) return AddInlineTitle(head);
    const bool joined = best > 0 && StartsWithAny(TextOf(text_, scan_.lines[best]), rules_.roles().conjunctions()) &&
                        !numbered_[best - 1];
    Add(joined ? best - 1 : best, best);
  }

  // A text without line breaks: 2022年工作总结 一、主要举措 （一）….
  void AddInlineTitle(size_t head) {
    const Line& line = scan_.lines[head];
    for (const Candidate& c : scan_.candidates) {
      if (c.line != head || c.number != 1 || c.level > 1) continue;
      const std::string_view words = TrimSpace(text_.substr(line.begin, c.begin - line.begin));
      const auto& lexicon = rules_.outline();
      if (c.place == Place::kBlank && CountCodePoints(words) <= kLongestTitle && !YearsIn(words, rules_).empty() &&
          !HoldsAny(words, lexicon.not_in_title()) && EndsWithAny(WithoutNote(words), lexicon.title_endings())) {
        Add(head, head);
        out_.back().heading_end = line.begin + words.size();
      }
      return;
    }
  }

  void Add(size_t first, size_t last) {
    Node node;
    node.kind = NodeKind::kTitle;
    node.level = 0;
    node.begin = node.marker_end = node.heading_begin = scan_.lines[first].begin;
    node.heading_end = scan_.lines[last].end;
    out_.push_back(node);
    next_free_ = last + 1;
  }

  std::string_view text_;
  const Scan& scan_;
  const Rules& rules_;
  std::string title_;
  std::vector<bool> numbered_;
  std::vector<Node> out_;
  size_t next_free_ = 0;
};

}  // namespace

bool IsBody(const Scan& scan, const Line& line) { return line.chars >= scan.body_chars && line.first_stop != kNowhere; }

std::vector<Node> FindTitles(std::string_view text, const Scan& scan, const v1::Document& document,
                             const Rules& rules) {
  return TitleFinder(text, scan, document, rules).Run();
}

}  // namespace duban
