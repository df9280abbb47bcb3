// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/squeeze.h"

#include "common/text/fold.h"
#include "common/text/utf8.h"

namespace duban {

SqueezedText::SqueezedText(std::string_view original) {
  text_.reserve(original.size());
  bytes_.reserve(original.size());
  for (const CodePoint& c : CodePoints(original)) {
    const char32_t folded = IsSpace(c.value) ? 0 : FoldCodePoint(c.value);
    if (folded == 0 || IsSpace(folded)) continue;
    AppendUtf8(folded, &text_);
    bytes_.resize(text_.size(), {static_cast<uint32_t>(c.offset), static_cast<uint32_t>(c.offset + c.size)});
  }
}

std::pair<size_t, size_t> SqueezedText::ToOriginal(size_t begin, size_t end) const {
  return {bytes_[begin].begin, bytes_[end - 1].end};
}

}  // namespace duban
