// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/page_text.h"

#include <algorithm>

namespace duban {

PageText::PageText(const CleanPage& page) {
  Add(Proof::kTitle, 0, page.title);
  for (size_t i = 0; i < page.fields.size(); ++i) Add(Proof::kField, static_cast<int>(i), page.fields[i].value);
  Add(Proof::kAround, 0, page.around);
  Add(Proof::kText, 0, page.text);
}

void PageText::Add(Proof::Place place, int field, std::string_view written) {
  if (!all_.empty()) all_ += '\n';
  parts_.push_back({place, field, all_.size(), FoldedText(written)});
  all_ += parts_.back().folded.text();
}

Proof PageText::ProofOf(size_t begin, size_t end) const {
  const auto behind = std::upper_bound(parts_.begin(), parts_.end(), begin,
                                       [](size_t offset, const Part& part) { return offset < part.begin; });
  const Part& part = *(behind - 1);
  return {part.place, part.folded.ToOriginal(begin - part.begin), part.folded.ToOriginal(end - part.begin), part.field};
}

}  // namespace duban
