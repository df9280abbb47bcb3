// SPDX-License-Identifier: Apache-2.0
// services/ingest/squeeze.h: a short text folded and without blanks, with the way back to the text as written.
//
//   SqueezedText title("某某县 司法局２０２３年");
//   title.text();             // "某某县司法局2023年"
//   title.ToOriginal(18, 25)  // the bytes of "２０２３年"
//
// Immutable: safe to read from any thread. Linear; keeps a number for every byte, so it is for lines and not for
// documents.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace duban {

class SqueezedText {
 public:
  // `original` must be valid UTF-8; it is not kept.
  explicit SqueezedText(std::string_view original);

  const std::string& text() const { return text_; }

  // Begin and end of what became bytes [begin, end) of text(), which are code point boundaries with begin < end.
  std::pair<size_t, size_t> ToOriginal(size_t begin, size_t end) const;

 private:
  // Of the character that became a byte of text_.
  struct Bytes {
    uint32_t begin, end;
  };

  std::string text_;
  std::vector<Bytes> bytes_;
};

}  // namespace duban
