// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/conflict.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>

#include "services/indicator/arithmetic.h"
#include "services/indicator/fragment.h"

namespace duban {
namespace {

using Tag = LabelWords::Tag;

constexpr std::string_view kColon = "：";
// A label of fewer bytes is too general to be the same thing in two places.
constexpr size_t kSpecific = 5 * kHan;

class ConflictFinder {
 public:
  ConflictFinder(std::string_view text, const v1::Outline& outline, std::span<const SentenceView> views,
                 std::span<const Figure> figures, std::span<const std::string_view> metrics, const LabelWords& words)
      : text_(text), outline_(outline), views_(views), figures_(figures), metrics_(metrics), words_(words) {}

  // One label, catalog metric, unit and year with two exact figures in two sentences that name the same scope and
  // period, and no other before them: 律师积极参与，办理案件120件 is of the lawyers alone.
  std::vector<Conflict> Find() {
    std::vector<Conflict> conflicts;
    std::unordered_map<std::string, int> first;
    for (size_t i = 0; i < figures_.size(); ++i) {
      const Figure& figure = figures_[i];
      if (metrics_[i].empty() || figure.aspect != v1::Indicator::ACTUAL || figure.inherited || figure.in_part ||
          figure.in_parentheses || figure.in_table)
        continue;
      if (figure.label.size() < kSpecific || !IsExact(figure.quantity) || figure.quantity.kind() == v1::Quantity::RANK)
        continue;
      if (figure.quantity.kind() == v1::Quantity::PERCENT) continue;
      const std::string key =
          fmt::format("{}\n{}\n{}\n{}", figure.label, figure.quantity.unit(), figure.year, Circumstance(figure));
      const auto [it, added] = first.emplace(key, static_cast<int>(i));
      if (added) continue;
      const Figure& other = figures_[it->second];
      if (other.sentence == figure.sentence || MayBeEqual(other.quantity, figure.quantity)) continue;
      if (!SameHeading(other, figure) || !IsUnscoped(it->second) || !IsUnscoped(static_cast<int>(i))) continue;
      conflicts.push_back({it->second, static_cast<int>(i)});
    }
    return conflicts;
  }

 private:
  // Whether no heading may set the two apart.
  bool SameHeading(const Figure& a, const Figure& b) const {
    const int one = views_[a.sentence].section;
    const int other = views_[b.sentence].section;
    if (one == other || one < 0 || other < 0) return true;
    const std::string& heading = outline_.sections(one).heading();
    const std::string& second = outline_.sections(other).heading();
    return heading.empty() || second.empty() || heading == second;
  }

  // Whether the figure's clause opens its sentence, and all before it in its paragraph are sentences that open with a
  // figure of the same circumstance: nothing else gives it a subject.
  bool IsUnscoped(int index) {
    if (unscoped_.empty()) FillUnscoped();
    return unscoped_[figures_[index].sentence] &&
           (index == 0 || figures_[index - 1].sentence != figures_[index].sentence);
  }

  void FillUnscoped() {
    unscoped_.resize(views_.size());
    std::string before;
    size_t next = 0;
    for (size_t s = 0; s < views_.size(); ++s) {
      while (next < figures_.size() && figures_[next].sentence < s) ++next;
      if (next == figures_.size()) return;
      const Figure& figure = figures_[next];
      const size_t begin = views_[s].range.begin;
      if (figure.sentence != s || figure.in_table || !Trim(text_, {begin, figure.before.begin}).empty()) continue;
      std::string own = Circumstance(figure);
      unscoped_[s] = OpensParagraph(begin) || (s > 0 && unscoped_[s - 1] && own == before &&
                                               Trim(text_, {views_[s - 1].range.end, begin}).empty());
      before = std::move(own);
    }
  }

  // Whether a paragraph begins at `pos` that no 东片区： on the line before opens.
  bool OpensParagraph(size_t pos) const {
    const size_t line = text_.rfind('\n', pos == 0 ? 0 : pos - 1);
    if (!Trim(text_, {line == std::string_view::npos ? 0 : line + 1, pos}).empty()) return false;
    const size_t last = text_.find_last_not_of(" \r\n", pos == 0 ? 0 : pos - 1);
    return pos == 0 || last == std::string_view::npos || !text_.substr(0, last + 1).ends_with(kColon);
  }

  // 1.2万件 in one place and 11988件 in another.
  static bool MayBeEqual(const v1::Quantity& a, const v1::Quantity& b) {
    const auto one = PrintedRange(a);
    const auto other = PrintedRange(b);
    return !one || !other || (one->low <= other->high && other->low <= one->high);
  }

  // Words of the figure's clause that its label left out, adverbs of number apart: scope and period.
  std::string Circumstance(const Figure& figure) const {
    const std::string_view before = text_.substr(figure.before.begin, figure.extent.begin - figure.before.begin);
    const size_t at = before.find(figure.label);
    std::string_view front = at == std::string_view::npos ? before : before.substr(0, at);
    std::string circumstance;
    for (size_t pos = 0; pos < front.size();) {
      const WordTable::Match back = words_.table().At(front, pos, Tag::kBack);
      if (back) {
        pos += back.size;
      } else {
        circumstance += front[pos++];
      }
    }
    return circumstance;
  }

  std::string_view text_;
  const v1::Outline& outline_;
  std::span<const SentenceView> views_;
  std::span<const Figure> figures_;
  std::span<const std::string_view> metrics_;
  const LabelWords& words_;
  std::vector<bool> unscoped_;  // by sentence; empty until needed
};

}  // namespace

std::vector<Conflict> FindConflicts(std::string_view text, const v1::Outline& outline,
                                    std::span<const SentenceView> views, std::span<const Figure> figures,
                                    std::span<const std::string_view> metrics, const LabelWords& words) {
  return ConflictFinder(text, outline, views, figures, metrics, words).Find();
}

}  // namespace duban
