// SPDX-License-Identifier: Apache-2.0
// common/text/offsets.h: byte offsets of a text as UTF-16 code units or code points, and back.
//
//   OffsetConverter converter(document.text(), request.encoding_type());
//   converter.FromUtf8(6);                       // "合同" is 2 code points: 2
//   ConvertSpans(converter, &outline);           // every Span inside, in place
//
// A converter is immutable: safe to use from any thread. Built in linear time; each conversion is O(1) (FromUtf8) or
// O(log n) (ToUtf8).

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "duban/v1/document.pb.h"
#include "google/protobuf/message.h"

namespace duban {

class OffsetConverter {
 public:
  // `text` must be valid UTF-8 and outlive the converter. UNSPECIFIED is UTF8: offsets stay as they are.
  OffsetConverter(std::string_view text, v1::EncodingType encoding);

  // The offset in the encoding of byte `offset`, which is a code point boundary. Beyond the text: its length.
  size_t FromUtf8(size_t offset) const;

  // The byte of an offset in the encoding. One inside a surrogate pair is that of the character's first byte; beyond
  // the text: its size.
  size_t ToUtf8(size_t offset) const;

  // The same range in the encoding.
  v1::Span FromUtf8(const v1::Span& span) const;

 private:
  // Units of text_[begin, end), which begins at a code point.
  size_t Units(size_t begin, size_t end) const;

  std::string_view text_;
  bool identity_;
  bool utf16_;
  std::vector<uint32_t> units_before_;  // at every kStride bytes: units of code points that begin before them
};

// Replaces every duban.v1.Span inside `message`, at any depth, by the same range in the converter's encoding. All spans
// must refer to the converter's text.
void ConvertSpans(const OffsetConverter& converter, google::protobuf::Message* message);

}  // namespace duban
