// SPDX-License-Identifier: Apache-2.0
// Every kStride bytes the number of units so far is kept; an offset is that plus a count over less than kStride bytes.
// A unit is counted at a code point's first byte: one for each, and in UTF-16 one more for a lead byte of four (a
// surrogate pair).
#include "common/text/offsets.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr size_t kStride = 256;

}  // namespace

OffsetConverter::OffsetConverter(std::string_view text, v1::EncodingType encoding)
    : text_(text),
      identity_(encoding != v1::EncodingType::UTF16 && encoding != v1::EncodingType::UTF32),
      utf16_(encoding == v1::EncodingType::UTF16) {
  if (identity_) return;
  units_before_.reserve(text.size() / kStride + 1);
  uint32_t units = 0;
  for (size_t at = 0; at <= text.size(); at += kStride) {
    units_before_.push_back(units);
    units += static_cast<uint32_t>(Units(at, std::min(at + kStride, text.size())));
  }
}

size_t OffsetConverter::Units(size_t begin, size_t end) const {
  size_t units = 0;
  for (size_t at = begin; at < end; ++at) {
    const auto byte = static_cast<unsigned char>(text_[at]);
    units += (byte & 0xC0) != 0x80;
    units += utf16_ && byte >= 0xF0;
  }
  return units;
}

size_t OffsetConverter::FromUtf8(size_t offset) const {
  offset = std::min(offset, text_.size());
  if (identity_) return offset;
  const size_t block = offset / kStride;
  return units_before_[block] + Units(block * kStride, offset);
}

size_t OffsetConverter::ToUtf8(size_t offset) const {
  if (identity_) return std::min(offset, text_.size());
  const auto next = std::upper_bound(units_before_.begin(), units_before_.end(), offset);
  const size_t block = static_cast<size_t>(next - units_before_.begin()) - 1;
  size_t at = block * kStride;
  size_t units = units_before_[block];
  // A stride may begin inside a code point that was counted before it.
  while (at < text_.size() && !IsCodePointBoundary(text_, at)) ++at;
  while (at < text_.size()) {
    const CodePoint c = DecodeAt(text_, at);
    units += utf16_ && c.size == 4 ? 2 : 1;
    if (units > offset) break;
    at += c.size;
  }
  return at;
}

v1::Span OffsetConverter::FromUtf8(const v1::Span& span) const {
  v1::Span out;
  out.set_begin(static_cast<int32_t>(FromUtf8(static_cast<size_t>(std::max(span.begin(), 0)))));
  out.set_end(static_cast<int32_t>(FromUtf8(static_cast<size_t>(std::max(span.end(), 0)))));
  return out;
}

void ConvertSpans(const OffsetConverter& converter, google::protobuf::Message* message) {
  if (message->GetDescriptor() == v1::Span::descriptor()) {
    auto* span = static_cast<v1::Span*>(message);
    *span = converter.FromUtf8(*span);
    return;
  }
  const google::protobuf::Reflection* reflection = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      ConvertSpans(converter, reflection->MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      ConvertSpans(converter, reflection->MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace duban
