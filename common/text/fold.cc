// SPDX-License-Identifier: Apache-2.0
// The way back is a list of steps, one behind each character whose folded form has another size: between two steps both
// texts run in parallel. A text in plain UTF-8 has one step, one that is all full-width has as many as characters.
#include "common/text/fold.h"

#include <algorithm>

namespace duban {

char32_t FoldCodePoint(char32_t c) {
  if (c < 0x80) return c;
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  if (c < 0x2000) return c == 0xAD ? 0 : c == 0xA0 || c == 0x1680 ? ' ' : c;
  switch (c) {
    case 0x3000:
    case 0x202F:
    case 0x205F:
      return ' ';
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x2060:
    case 0xFEFF:
      return 0;
    case 0xFFE0:
      return 0xA2;
    case 0xFFE1:
      return 0xA3;
    case 0xFFE5:
      return 0xA5;
    default:
      return c >= 0x2000 && c <= 0x200A ? ' ' : c;
  }
}

namespace {

// Whether a byte begins characters some of which fold: U+0080 to 00BF, 1000 to 3FFF and F000 to FFFF.
bool MayFold(char byte) {
  const auto b = static_cast<unsigned char>(byte);
  return b == 0xC2 || (b >= 0xE1 && b <= 0xE3) || b == 0xEF;
}

// Calls on_run(run) for text that stays and on_character(c, folded) for each character that changes, in order.
template <typename OnRun, typename OnCharacter>
void Walk(std::string_view text, OnRun on_run, OnCharacter on_character) {
  size_t run = 0;
  for (size_t at = 0; at < text.size();) {
    if (!MayFold(text[at])) {
      ++at;
      continue;
    }
    const CodePoint c = DecodeAt(text, at);
    const char32_t folded = FoldCodePoint(c.value);
    if (folded != c.value) {
      on_run(text.substr(run, at - run));
      on_character(c, folded);
      run = at + c.size;
    }
    at += c.size;
  }
  on_run(text.substr(run));
}

}  // namespace

std::string Fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Walk(
      text, [&](std::string_view run) { out.append(run); },
      [&](const CodePoint&, char32_t folded) {
        if (folded != 0) AppendUtf8(folded, &out);
      });
  return out;
}

FoldedText::FoldedText(std::string_view original) : steps_{{0, 0}}, original_size_(original.size()) {
  text_.reserve(original.size());
  Walk(
      original, [&](std::string_view run) { text_.append(run); },
      [&](const CodePoint& c, char32_t folded) {
        const size_t before = text_.size();
        if (folded != 0) AppendUtf8(folded, &text_);
        if (text_.size() - before != c.size) steps_.push_back({text_.size(), c.offset + c.size});
      });
}

size_t FoldedText::ToOriginal(size_t folded) const {
  if (folded >= text_.size()) return original_size_;
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), folded,
                                     [](size_t offset, const Step& step) { return offset < step.folded; });
  const Step& step = *(next - 1);
  return step.original + (folded - step.folded);
}

size_t FoldedText::ToFolded(size_t original) const {
  if (original >= original_size_) return text_.size();
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), original,
                                     [](size_t offset, const Step& step) { return offset < step.original; });
  const Step& step = *(next - 1);
  const size_t folded = step.folded + (original - step.original);
  return next == steps_.end() ? folded : std::min(folded, next->folded);
}

}  // namespace duban
