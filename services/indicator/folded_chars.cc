// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/folded_chars.h"

#include <algorithm>

#include "common/text/fold.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

// The blanks that a line may begin with before it counts as indented, and that a row may hold before they part cells.
constexpr int kIndent = 2;
constexpr int kCell = 3;

// Adds up white space between two characters.
class GapCounter {
 public:
  void Add(char16_t space) {
    if (space == u'\n')
      ++lines_, blanks_ = 0;
    else if (space == u'\t')
      tab_ = true;
    else if (space != u'\r')
      ++blanks_;
  }

  FoldedChars::Gap Take() {
    FoldedChars::Gap gap = FoldedChars::kNone;
    if (lines_ > 1 || tab_ || blanks_ >= kCell || (lines_ == 1 && blanks_ >= kIndent))
      gap = FoldedChars::kBreak;
    else if (lines_ == 1)
      gap = FoldedChars::kLineBreak;
    else if (blanks_ > 0)
      gap = FoldedChars::kBlank;
    *this = GapCounter();
    return gap;
  }

 private:
  int lines_ = 0;
  int blanks_ = 0;
  bool tab_ = false;
};

}  // namespace

FoldedChars::FoldedChars(std::string_view text) {
  const size_t most = text.size() + 1;
  chars_.reserve(most);
  gaps_.reserve(most);
  offsets_.reserve(most);
  widths_.reserve(most);
  GapCounter counter;
  counter.Add(u'\t');
  bool spaced = true;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (size_t i = 0; i < text.size();) {
    char32_t c = bytes[i];
    size_t width = 1;
    if (c >= 0xE4 && c <= 0xE9 && i + 2 < text.size()) {  // Ideographs: nothing to fold.
      c = ((c & 0x0F) << 12) | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F);
      width = 3;
    } else if (c >= 0x80) {
      const CodePoint point = DecodeAt(text, i);
      width = point.size;
      c = FoldCodePoint(point.value);
      if (c > 0xFFFF) c = kReplacementCharacter;
    }
    if (c == 0 || c <= u' ') {
      // U+3000 is as wide as two blanks.
      if (c != 0) counter.Add(static_cast<char16_t>(c));
      if (c == u' ' && width == 3) counter.Add(u' ');
      spaced = true;
    } else {
      Append(static_cast<char16_t>(c), i, width, spaced ? counter.Take() : kNone);
      spaced = false;
    }
    i += width;
  }
  size_ = chars_.size();
  offsets_.push_back(static_cast<uint32_t>(size_ == 0 ? 0 : end_offset(size_)));
}

void FoldedChars::Append(char16_t c, size_t offset, size_t width, Gap gap) {
  chars_.push_back(c);
  gaps_.push_back(gap);
  offsets_.push_back(static_cast<uint32_t>(offset));
  widths_.push_back(static_cast<uint8_t>(width));
}

size_t FoldedChars::end_offset(size_t index) const { return offsets_[index - 1] + widths_[index - 1]; }

}  // namespace duban
