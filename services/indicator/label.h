// SPDX-License-Identifier: Apache-2.0
// services/indicator/label.h: what a figure measures, in words of its sentence.
//
//   Labeller labeller(text, words);
//   labeller.Label(sentence, {"人民调解", 7}, figures);
//   // 受理行政复议案件115宗，办结98宗  ->  受理行政复议案件, 行政复议案件办结
//
// Sentences are given in order; a Labeller remembers the last noun of its section. Linear. Not safe to share between
// threads.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "services/indicator/figure.h"
#include "services/indicator/label_lexicon.h"

namespace duban {

// Bytes of a label.
inline constexpr size_t kLongestLabel = 36 * 3;

class Labeller {
 public:
  // Both must outlive the labeller.
  Labeller(std::string_view text, const LabelWords& words) : text_(text), words_(words) {}

  // Sets label, head, inherited, in_part and of (for CHANGE, BASELINE and pairs) of `figures`: those of `sentence` in
  // order, with fragments and aspects. `of` counts within `figures`. `heading` is that of the section, for figures
  // whose own words have no object and whose sentence names none.
  void Label(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures);

 private:
  bool OpensPart(const SentenceView& sentence, const Figure& figure) const;
  bool LabelChange(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures, size_t i) const;
  Range NamesBefore(const SentenceView& sentence, const Figure& figure, size_t count) const;
  bool LabelPair(std::span<Figure> figures, size_t i) const;
  size_t LabelList(std::span<Figure> figures, size_t i);
  void LabelOwn(const SentenceView& sentence, std::string_view heading, std::span<Figure> figures, size_t i);
  bool LabelBehind(Range own, std::span<Figure> figures, size_t i) const;
  void LabelBare(const SentenceView& sentence, std::string_view heading, Range own, std::span<Figure> figures,
                 size_t i);

  Range WithoutField(Range range) const;
  std::string_view Ranked(const Figure& figure) const;
  Range BeforeParenthesis(const SentenceView& sentence, const Figure& figure) const;
  Range WithoutGround(Range subject) const;
  bool ShareFront(std::span<Figure> figures, size_t i) const;
  void CarryVerb(Range own, std::span<Figure> figures, size_t i) const;

  Range Strip(Range range) const;
  std::string Compose(Range range) const;
  std::string Head(std::string_view label) const;
  std::string Shorten(std::string label) const;
  std::string_view WithoutAgent(std::string_view label) const;
  std::string ObjectOfRate(std::string_view label) const;
  bool GoesOn(const Figure& figure) const;
  std::string Predicate(std::span<const Figure> figures, size_t i) const;
  std::string Ungraded(std::string_view object) const;
  std::string Antecedent(const SentenceView& sentence, std::string_view heading, std::span<const Figure> figures,
                         size_t i) const;
  bool OnlyHandles(std::string_view words) const;
  bool OnlyActs(std::string_view words) const;
  std::string ObjectOfAct(const SentenceView& sentence, std::span<const Figure> figures, size_t i) const;
  void NameSort(std::span<Figure> figures, size_t i) const;
  bool NeedsTopic(const Figure& figure, std::string_view label) const;
  std::string Topical(const SentenceView& sentence, std::span<Figure> figures, size_t i, std::string_view words) const;
  std::string ClauseBefore(const SentenceView& sentence, const Figure& figure) const;
  std::string Resolve(const SentenceView& sentence, const Figure& figure, std::string_view label) const;

  std::string_view text_;
  const LabelWords& words_;
  int section_ = -1;
  std::string last_head_;  // of the sentence before, in the same section
  std::string last_unit_;  // of the figure that it is the head of
};

}  // namespace duban
