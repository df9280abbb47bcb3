// SPDX-License-Identifier: Apache-2.0
// Any bytes: what the validator accepts decodes forth and back, folds, and converts without loss of place.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "common/text/fold.h"
#include "common/text/offsets.h"
#include "common/text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace duban;
  const std::string_view bytes(reinterpret_cast<const char*>(data),
                               std::min<size_t>(size, 1024));  // offsets are found in linear time
  const std::string_view text = bytes.substr(0, ValidUtf8Prefix(bytes));
  if (!IsValidUtf8(text)) std::abort();
  const FoldedText folded(text);
  if (!IsValidUtf8(folded.text()) || folded.text() != Fold(text)) std::abort();
  const OffsetConverter utf16(text, v1::UTF16);
  for (const CodePoint& c : CodePoints(text)) {
    if (DecodeBefore(text, c.offset + c.size).offset != c.offset) std::abort();
    if (utf16.ToUtf8(utf16.FromUtf8(c.offset)) != c.offset) std::abort();
    if (FoldCodePoint(c.value) != 0 && folded.ToOriginal(folded.ToFolded(c.offset)) != c.offset) std::abort();
  }
  return 0;
}
