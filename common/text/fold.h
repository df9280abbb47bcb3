// SPDX-License-Identifier: Apache-2.0
// common/text/fold.h: full-width forms folded to ASCII, with the way back to the text as written.
//
//   FoldedText folded("办结１，２０３件（含旧存）");
//   folded.text();             // "办结1,203件(含旧存)"
//   folded.ToOriginal(6);      // 6: byte of １ in the text as written
//
// Folded are: full-width ASCII (digits, letters, ％ ， ： ； （ ） ！ ？ …), full-width ￥ ￡ ￠, spaces of any width
// (one blank each; tabs and line breaks stay), and invisible characters (zero-width, BOM, soft hyphen) fall out. Other
// punctuation (。 、 “ ” 《 》 —) and circled digits stay. A FoldedText is immutable: safe to read from any thread.
// Linear.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/utf8.h"

namespace duban {

// The folded form of one character; 0 if it falls out.
char32_t FoldCodePoint(char32_t c);

// The folded form alone, where no way back is needed. `text` must be valid UTF-8.
std::string Fold(std::string_view text);

class FoldedText {
 public:
  // `original` must be valid UTF-8; it is not kept.
  explicit FoldedText(std::string_view original);

  const std::string& text() const { return text_; }

  // The byte of the original that became byte `folded` of text(); folded == text().size() is the original's end.
  // Both must be code point boundaries. O(log n) in the number of folded characters.
  size_t ToOriginal(size_t folded) const;

  // The byte of text() that byte `original` of the original became, or where it would stand if it fell out.
  size_t ToFolded(size_t original) const;

 private:
  // From here on original - folded is constant.
  struct Step {
    size_t folded;
    size_t original;
  };

  std::string text_;
  std::vector<Step> steps_;
  size_t original_size_;
};

}  // namespace duban
