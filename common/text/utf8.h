// SPDX-License-Identifier: Apache-2.0
// common/text/utf8.h: UTF-8 checked, read code point by code point, and the classes of characters that Chinese text is
// made of.
//
//   if (!IsValidUtf8(bytes)) ...
//   for (const CodePoint& c : CodePoints(text)) {   // text valid
//     if (IsHan(c.value)) Use(text.substr(c.offset, c.size));
//   }
//
// All functions are pure; safe to call from any thread. Offsets are bytes.

#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace duban {

// One code point of a text and where it stands.
struct CodePoint {
  char32_t value = 0;
  size_t offset = 0;  // of its first byte
  size_t size = 0;    // bytes; 0 only behind the end of the text
};

// What stands for bytes that are no character.
inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// Length of the longest prefix that is whole, well-formed code points (no surrogates, nothing overlong, at most
// U+10FFFF). Linear.
size_t ValidUtf8Prefix(std::string_view text);

// Whether all of `text` is well-formed UTF-8.
inline bool IsValidUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }

// DecodeAt for all but the commonest forms.
CodePoint DecodeRareAt(std::string_view text, size_t offset);

// The code point that begins at `offset`; {0, offset, 0} at the end. Malformed bytes read as U+FFFD of one byte.
inline CodePoint DecodeAt(std::string_view text, size_t offset) {
  if (offset >= text.size()) return {0, offset, 0};
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  if (byte(0) < 0x80) return {byte(0), offset, 1};
  // CJK: E1 to EC begin three bytes whose others are any continuation bytes.
  if (byte(0) >= 0xE1 && byte(0) <= 0xEC && text.size() - offset >= 3 && (byte(1) & 0xC0) == 0x80 &&
      (byte(2) & 0xC0) == 0x80) {
    return {(byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu), offset, 3};
  }
  return DecodeRareAt(text, offset);
}

// The code point that ends before `offset`; {0, 0, 0} at the beginning. Malformed bytes read as U+FFFD of one byte.
CodePoint DecodeBefore(std::string_view text, size_t offset);

// Whether `offset` is the end of `text` or the first byte of a code point. `text` must be valid.
inline bool IsCodePointBoundary(std::string_view text, size_t offset) {
  return offset == text.size() || (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80);
}

// Appends `value` in UTF-8; U+FFFD for a surrogate or beyond U+10FFFF.
void AppendUtf8(char32_t value, std::string* out);

// How many code points `text` has. `text` must be valid.
size_t CountCodePoints(std::string_view text);

// The first `count` code points of `text`, or all if there are fewer. `text` must be valid.
std::string_view FirstCodePoints(std::string_view text, size_t count);

// Ideographs: CJK Unified with its extensions, compatibility ideographs, Kangxi radicals, and 〇.
bool IsHan(char32_t c);

// ASCII digits and their full-width forms.
bool IsDigit(char32_t c);

// ASCII letters and their full-width forms.
bool IsLatinLetter(char32_t c);

// White space of any width, line breaks too, and invisible characters: U+200B-U+200D, U+2060, U+FEFF, soft hyphen.
bool IsSpace(char32_t c);

// Punctuation of ASCII, General Punctuation, CJK, and the full-width forms of ASCII punctuation.
bool IsPunctuation(char32_t c);

// `text` without white space (IsSpace) at both ends.
std::string_view TrimSpace(std::string_view text);

// `text` without any white space (IsSpace).
std::string WithoutSpace(std::string_view text);

// The code points of a text, for a range-based for loop. `text` must outlive the loop.
class CodePoints {
 public:
  class Iterator {
   public:
    using value_type = CodePoint;
    using difference_type = std::ptrdiff_t;
    using reference = const CodePoint&;
    using pointer = const CodePoint*;
    using iterator_category = std::input_iterator_tag;

    Iterator(std::string_view text, size_t offset) : text_(text), at_(DecodeAt(text, offset)) {}
    reference operator*() const { return at_; }
    pointer operator->() const { return &at_; }
    Iterator& operator++() {
      at_ = DecodeAt(text_, at_.offset + at_.size);
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_.offset == other.at_.offset; }

   private:
    std::string_view text_;
    CodePoint at_;
  };

  explicit CodePoints(std::string_view text) : text_(text) {}
  Iterator begin() const { return Iterator(text_, 0); }
  Iterator end() const { return Iterator(text_, text_.size()); }

 private:
  std::string_view text_;
};

}  // namespace duban
