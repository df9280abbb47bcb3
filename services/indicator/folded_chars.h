// SPDX-License-Identifier: Apache-2.0
// services/indicator/folded_chars.h: a text as an array of folded characters without white space, for rules that look
// around a place.
//
//   FoldedChars chars("１，２００ 件");
//   chars[1];                  // ','
//   chars.gap(5);              // kBlank: white space stood before 件
//   chars.offset(5);           // 16: byte of 件 in the text as written
//
// Folding is that of common/text/fold.h. Characters beyond U+FFFF become U+FFFD. Immutable: safe to read from any
// thread. Linear to build.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace duban {

class FoldedChars {
 public:
  // What white space stood before a character, from none to what parts paragraphs and cells.
  enum Gap : uint8_t {
    kNone,
    kBlank,      // blanks
    kLineBreak,  // one line break, perhaps with a blank
    kBreak,      // an empty line, an indented line, a tab, three blanks or more
  };

  // `text` must be valid UTF-8 of less than 4 GiB; it is not kept.
  explicit FoldedChars(std::string_view text);

  size_t size() const { return size_; }

  // The character at `index`; 0 before the beginning (index wraps) and from size() on.
  char16_t operator[](size_t index) const { return index < size_ ? chars_[index] : u'\0'; }

  // The white space before chars[index]; kBreak at the beginning and at the end.
  Gap gap(size_t index) const { return index < size_ ? gaps_[index] : kBreak; }

  // Byte of the text as written at which chars[index] begins; behind the last character for index == size().
  size_t offset(size_t index) const { return offsets_[index]; }

  // Byte behind chars[index - 1]: the end of a range that ends at `index`. `index` > 0.
  size_t end_offset(size_t index) const;

 private:
  void Append(char16_t c, size_t offset, size_t width, Gap gap);

  size_t size_ = 0;
  std::vector<char16_t> chars_;
  std::vector<Gap> gaps_;
  std::vector<uint32_t> offsets_;
  std::vector<uint8_t> widths_;
};

}  // namespace duban
