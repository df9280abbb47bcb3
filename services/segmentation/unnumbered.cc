// SPDX-License-Identifier: Apache-2.0
// How a line is told to be a heading
//
// It is short, ends without punctuation, and stands between a line that ends a sentence (or another heading) and
// running text. A first piece of a paragraph broken into lines looks the same, but then most lines end without
// punctuation: in such a text only lines much shorter than the others count. Cells of flattened tables are followed by
// other short lines.

#include "services/segmentation/unnumbered.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/segmentation/headings.h"
#include "services/segmentation/roles.h"
#include "services/segmentation/titles.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

constexpr uint32_t kLongestLine = 36;
constexpr uint32_t kLongestLabelLine = 20;
constexpr uint32_t kLongestLooseLine = 16;
constexpr uint32_t kLongestBracket = 25;

class UnnumberedFinder {
 public:
  UnnumberedFinder(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Rules& rules)
      : text_(text), scan_(scan), rules_(rules), taken_(scan.lines.size(), false), title_(scan.lines.size(), false) {
    size_t line = 0;
    for (const Node& node : nodes) {
      titled_ |= node.kind == NodeKind::kTitle;
      numbered_ |= node.kind == NodeKind::kNumbered && node.level < 5;
      while (line + 1 < scan.lines.size() && scan.lines[line].end <= node.begin) ++line;
      for (size_t i = line; i < scan.lines.size() && scan.lines[i].begin < std::max(node.heading_end, node.begin + 1);
           ++i) {
        taken_[i] = true;
        title_[i] = node.kind == NodeKind::kTitle;
      }
    }
    for (size_t i = 0; i < taken_.size() && head_ == kNowhere; ++i) {
      if (taken_[i] || IsBody(scan, scan.lines[i])) head_ = i;
    }
    size_t open_lines = 0;
    for (const Line& line_of : scan.lines) {
      open_lines += line_of.chars > kLongestLine / 2 && line_of.first_stop == kNowhere && !EndsSentence(line_of);
      longest_ = std::max(longest_, line_of.chars);
    }
    wrapped_ = open_lines * 3 > scan.lines.size() && longest_ < 80;
  }

  std::vector<Node> Run() {
    AddBrackets();
    AddBullets();
    loose_ = !numbered_ && HoldsLabelLine();
    for (size_t i = 0; i < scan_.lines.size(); ++i) {
      if (!taken_[i] && IsHeadingLine(i)) AddLine(i);
    }
    std::sort(out_.begin(), out_.end(), [](const Node& a, const Node& b) { return a.begin < b.begin; });
    return std::move(out_);
  }

 private:
  bool EndsSentence(const Line& line) const { return rules_.ClassOf(line.last) & (Rules::kStop | Rules::kComma); }

  bool IsSentence(const Line& line) const {
    return line.first_stop != kNowhere && (rules_.ClassOf(line.last) & Rules::kEnd);
  }

  std::string_view Words(size_t i) const {
    return text_.substr(scan_.lines[i].begin, scan_.lines[i].end - scan_.lines[i].begin);
  }

  bool IsHeadingLine(size_t i) const {
    const Line& line = scan_.lines[i];
    if (i + 1 >= scan_.lines.size() || line.first_stop != kNowhere) return false;
    if (IsLabelLine(i)) return PrecededWell(i) || i < head_;
    if (i < head_ || IsRow(i)) return false;
    if (line.chars < 4 || line.chars > (wrapped_ ? longest_ * 2 / 3 : kLongestLine) || line.han < 3) return false;
    if (line.han * 2 < line.chars || EndsSentence(line)) return false;
    // 3.5万人受益 is a figure, 2024年重点工作 is none.
    if (IsDigit(line.first) && YearsIn(Words(i), rules_).empty()) return false;
    if (!IsHan(line.first) && line.first != U'“' && line.first != U'《' && !IsDigit(line.first)) return false;
    if (IsPunctuation(line.last) && !(rules_.ClassOf(line.last) & Rules::kCloser)) return false;
    const auto& lexicon = rules_.outline();
    if (StartsWithAny(Words(i), lexicon.not_heading()) || HoldsAny(Words(i), lexicon.not_in_title())) return false;
    if (HoldsAny(Words(i), lexicon.furniture())) return false;
    // 云溪县司法局 below a title tells whose paper it is.
    if (i > 0 && title_[i - 1] && EndsWithAny(Words(i), lexicon.signature_endings())) return false;
    return PrecededWell(i) && FollowedWell(i);
  }

  // Whether one of the lines is a label in a paper without numbers: its other headings are lines, too.
  bool HoldsLabelLine() const {
    for (size_t i = 0; i + 1 < scan_.lines.size(); ++i) {
      if (!taken_[i] && scan_.lines[i].first_stop == kNowhere && IsLabelLine(i)) return true;
    }
    return false;
  }

  // 存在的问题, also with a colon, directly above text; above the paper itself only where it has no title.
  bool IsLabelLine(size_t i) const {
    const Line& line = scan_.lines[i];
    if (line.chars > kLongestLabelLine || (i < head_ && (titled_ || i + 1 != head_))) return false;
    const bool colon = line.last == U'：' || line.last == U':';
    if (!colon && EndsSentence(line)) return false;
    if (!taken_[i + 1] && scan_.lines[i + 1].first_stop == kNowhere) return false;
    return RoleOfWords(Words(i), {}, rules_).strong && !HoldsAny(Words(i), rules_.outline().furniture());
  }

  // A row of a table: cells with tabs or wide blanks between them. One wide blank may also stand behind an enumerator.
  bool IsRow(size_t i) const {
    if (i >= scan_.lines.size() || taken_[i] || scan_.lines[i].first_stop != kNowhere) return false;
    const std::string_view words = Words(i);
    size_t gaps = 0;
    for (size_t at = 0; at < words.size();) {
      const CodePoint c = DecodeAt(words, at);
      size_t end = at + c.size;
      if (rules_.ClassOf(c.value) & Rules::kBlank) {
        while (end < words.size() && (rules_.ClassOf(DecodeAt(words, end).value) & Rules::kBlank)) {
          end += DecodeAt(words, end).size;
        }
        if (c.value == U'\t') return true;
        gaps += end > at + 1;
      }
      at = end;
    }
    return gaps > 1;
  }

  bool PrecededWell(size_t i) const {
    if (i == 0 || taken_[i - 1] || IsRow(i - 1)) return true;
    const Line& before = scan_.lines[i - 1];
    return (rules_.ClassOf(before.last) & Rules::kStop) ||
           ((rules_.ClassOf(before.last) & Rules::kCloser) && before.first_stop != kNowhere);
  }

  bool FollowedWell(size_t i) const {
    const Line& next = scan_.lines[i + 1];
    const bool short_body = loose_ && scan_.lines[i].chars <= kLongestLooseLine && IsSentence(next);
    if (short_body && next.chars > scan_.lines[i].chars) return true;
    if (loose_ && IsRow(i + 1) && IsRow(i + 2)) return true;
    return taken_[i + 1] || (next.chars >= 24 && next.chars > scan_.lines[i].chars && next.first_stop != kNowhere);
  }

  void AddLine(size_t i) {
    Node node;
    node.kind = NodeKind::kLine;
    node.begin = node.marker_end = node.heading_begin = scan_.lines[i].begin;
    node.heading_end = scan_.lines[i].end;
    if (EndsSentence(scan_.lines[i])) node.heading_end = DecodeBefore(text_, node.heading_end).offset;
    node.label = RoleOfWords(Words(i), {}, rules_).strong;
    out_.push_back(node);
    taken_[i] = true;
  }

  void AddBrackets() {
    for (const Bracket& bracket : scan_.brackets) {
      const std::string_view inner = text_.substr(bracket.inner_begin, bracket.inner_end - bracket.inner_begin);
      const Line& line = scan_.lines[bracket.line];
      const size_t chars = CountCodePoints(inner);
      if (chars < 2 || chars > kLongestBracket || HoldsAny(inner, rules_.outline().furniture())) continue;
      const bool body =
          line.end > bracket.end + 30 || (line.end == bracket.end && bracket.line + 1 < scan_.lines.size() &&
                                          IsBody(scan_, scan_.lines[bracket.line + 1]));
      if (!body) continue;
      Node node;
      node.kind = NodeKind::kBracket;
      node.begin = node.marker_end = node.heading_begin = bracket.inner_begin;
      node.heading_end = bracket.inner_end;
      out_.push_back(node);
      taken_[bracket.line] = true;
    }
  }

  // Two lines with the same bullet, or one below the other, and no numbered heading between them make a list.
  void AddBullets() {
    size_t last = kNowhere;
    std::string_view last_bullet;
    bool last_added = false;
    for (size_t i = head_ == kNowhere ? 0 : head_; i < scan_.lines.size(); ++i) {
      if (taken_[i]) {
        last = kNowhere;
        continue;
      }
      const std::string_view bullet = BulletOf(i);
      if (bullet.empty()) continue;
      if (last != kNowhere && (bullet == last_bullet || last + 1 == i)) {
        if (!last_added) AddBullet(last, last_bullet);
        AddBullet(i, bullet);
        last_added = true;
      } else {
        last_added = false;
      }
      last = i;
      last_bullet = bullet;
    }
  }

  std::string_view BulletOf(size_t i) const {
    const std::string_view words = Words(i);
    for (const std::string& bullet : rules_.outline().bullets()) {
      if (words.starts_with(bullet) && scan_.lines[i].chars >= 6) return words.substr(0, bullet.size());
    }
    return {};
  }

  void AddBullet(size_t i, std::string_view bullet) {
    Node node;
    node.kind = NodeKind::kBullet;
    node.level = 5;
    node.begin = scan_.lines[i].begin;
    node.marker_end = node.heading_begin = node.begin + bullet.size();
    for (CodePoint c = DecodeAt(text_, node.heading_begin); rules_.ClassOf(c.value) & Rules::kBlank;
         c = DecodeAt(text_, node.heading_begin)) {
      node.heading_begin += c.size;
    }
    node.heading_end = ClauseEnd(text_, node.heading_begin, scan_.lines[i].end);
    out_.push_back(node);
    taken_[i] = true;
  }

  std::string_view text_;
  const Scan& scan_;
  const Rules& rules_;
  std::vector<bool> taken_;  // lines that hold a heading
  std::vector<bool> title_;  // lines that hold a title
  bool titled_ = false;
  bool numbered_ = false;   // it has numbered headings
  bool loose_ = false;      // short lines above short sentences are headings
  size_t head_ = kNowhere;  // the first line of the paper itself
  uint32_t longest_ = 0;
  bool wrapped_ = false;  // paragraphs are broken into lines
  std::vector<Node> out_;
};

}  // namespace

std::vector<Node> FindUnnumbered(std::string_view text, const Scan& scan, const std::vector<Node>& nodes,
                                 const Rules& rules) {
  return UnnumberedFinder(text, scan, nodes, rules).Run();
}

}  // namespace duban
